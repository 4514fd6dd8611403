import type { Channel, Receipt } from '../channels/channel.ts'
import type { EmailAddresses } from '../channels/sns-ports.ts'
import { SendError } from '../errors.ts'
import type { Reply } from '../reply.ts'
import type { Attempts } from '../store/attempts.ts'
import type { Claim } from '../store/claim.ts'
import type { Confirmations } from '../store/confirmations.ts'
import type { Joins } from '../store/joins.ts'
import type { Links } from '../store/links.ts'
import type { KeptConsents } from '../store/sms-consents.ts'
import type { Random } from '../users/codes.ts'
import type { Subscription } from '../users/types.ts'

/** Somewhere a message can go: an address, and for whom it is kept where that matters. */
export type Place = Pick<Subscription, 'channel' | 'address' | 'mailedAs'>

/** What commands have to find out where people are, and to write to them there. */
export type People = {
  readonly confirmations: Confirmations
  readonly links: Links
  readonly joins: Pick<Joins, 'join'>
  readonly claim: Claim
  readonly attempts: Attempts
  readonly consents: Pick<KeptConsents, 'find' | 'note'>
  /** The e-mail addresses as Amazon has them; left out where no mail is sent. */
  readonly emails?: EmailAddresses
  /** The countries whose phones are texted, two letters each. */
  readonly countries: readonly string[]
  /** The channels that can be sent on. */
  readonly channels: readonly string[]
  /** Sends now, to an address of a user. Throws a `SendError` where it was not taken, also where the channel is not there. */
  send(user: string, place: Place, reply: Reply, key: string): Promise<Receipt>
  readonly random: Random
}

/** What is kept of where people are. */
export type PeopleStore = Pick<People, 'confirmations' | 'links' | 'joins' | 'claim' | 'attempts'> & {
  readonly smsConsents: People['consents']
}

/** What this process can send on, and to whom; `random` makes codes. */
export type Reach = Pick<People, 'countries' | 'random'> & {
  readonly channels: readonly Pick<Channel, 'name' | 'send'>[]
  readonly emails?: EmailAddresses | undefined
}

/** Puts together what is kept and what can be sent on. */
export function createPeople(store: PeopleStore, { channels, emails, countries, random }: Reach): People {
  const { confirmations, links, joins, claim, attempts, smsConsents: consents } = store
  return {
    ...{ confirmations, links, joins, claim, attempts, consents, countries, random },
    ...(emails ? { emails } : {}),
    channels: channels.map(({ name }) => name),
    async send(user, { channel: name, address, mailedAs }, reply, key) {
      const channel = channels.find((one) => one.name === name)
      if (!channel) throw new SendError('that channel is not set up here', { permanent: false })
      return await channel.send(address, reply, key, mailedAs ?? user)
    },
  }
}
