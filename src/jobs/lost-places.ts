import type { EmailAddresses } from '../channels/sns-ports.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Reply, say } from '../reply.ts'
import type { LostPlace, LostPlaces } from '../store/lost-places.ts'
import type { Users } from '../store/users.ts'
import { chatOf } from '../users/has-written.ts'
import type { Subscription } from '../users/types.ts'

/** What telling people of lost addresses works with. `emails` is left out where no mail is sent. */
export type LostPlacePorts = {
  readonly lostPlaces: Pick<LostPlaces, 'untold' | 'told'>
  readonly users: Pick<Users, 'byIds'>
  readonly emails?: Pick<EmailAddresses, 'remove'>
  /** Sends now, to an address of a user; throws where it was not taken. */
  send(user: string, place: Subscription, reply: Reply, key: string): Promise<unknown>
  readonly log: Log
}

/**
 * One round, to be run each minute: who lost an address to somebody who proved that it is theirs hears of it in a chat, as
 * soon as there is one that takes messages, and their mail there is ended at Amazon.
 */
export function createLostPlaceRound(ports: LostPlacePorts): () => Promise<void> {
  return async () => {
    for (const { user, lost } of await ports.lostPlaces.untold())
      await tell(user, lost, ports).catch((error: unknown) =>
        ports.log.warn({ why: messageOf(error) }, 'a person could not be told of an address they lost'),
      )
  }
}

async function tell(id: string, lost: LostPlace, { users, emails, send, lostPlaces }: LostPlacePorts): Promise<void> {
  const user = (await users.byIds([id])).get(id)
  const chat = user && chatOf(user)
  if (!user || !chat) return
  const { channel, address, mailedAs = id, at } = lost
  if (channel === 'email') await emails?.remove(mailedAs, address)
  const words = say([
    `${address} is not yours any more: somebody else has just proved that it is theirs. Nothing of yours is sent there.`,
    `Your alerts stay, and are told at your other addresses. If it is yours still: subscribe ${channel} ${address}`,
  ])
  await send(user.id, chat, { ...words, isPrivate: true }, `lost ${id} ${channel} ${address} ${at}`)
  await lostPlaces.told(id, lost)
}
