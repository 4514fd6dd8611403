import type { Log } from '../log.ts'
import { harmless, type Reply } from '../reply.ts'
import type { Clock, Handler, LongCommands, MenuEntry, Message } from './channel.ts'
import type { Responder } from './discord-interaction.ts'
import type { IsAdmin } from './discord-members.ts'
import type { News, Person, Place } from './discord-news.ts'
import { PATIENT, type Writer } from './discord-write.ts'
import type { Order } from './order.ts'
import type { Pressed } from './pressed.ts'

/** What answering works with. */
export type AnswerPorts = {
  readonly handle: Handler
  readonly menu: readonly MenuEntry[]
  readonly writer: Writer
  readonly responder: Responder
  /** Messages of one place are handled in order, and answers to typed ones leave in order. */
  readonly incoming: Order
  readonly outgoing: Order
  readonly isAdmin: IsAdmin
  readonly pressed: Pressed
  readonly long: LongCommands
  readonly clock: Clock
  readonly log: Log
}

type Asked = Extract<News, { kind: 'words' | 'command' | 'press' }>

const ANSWER_HERE = '\n\nReply to this message, or mention me, with your answer.'

/** What the handler says, as it may be shown there. Throws what the handler throws. */
export async function replyTo(
  news: Asked,
  text: string,
  ports: Pick<AnswerPorts, 'handle' | 'isAdmin'>,
): Promise<Reply> {
  const { place, from, kind, id } = news
  const message: Message = {
    channel: 'discord',
    address: place.address,
    id,
    text,
    sender: { id: from.id, name: from.name, isAdmin: from.isAdmin ?? (await ask(place, from, ports.isAdmin)) },
    ...(place.guild === undefined ? {} : { isGroup: true as const }),
    ...(kind === 'press' ? { isPress: true as const, shownAt: news.under.at } : {}),
  }
  const reply = harmless(await ports.handle(message))
  // In a server we hear only what mentions or answers us.
  return reply.isQuestion && place.guild !== undefined ? { ...reply, pieces: [...reply.pieces, ANSWER_HERE] } : reply
}

async function ask({ guild, channel }: Place, { id, roles }: Person, isAdmin: IsAdmin): Promise<boolean> {
  return guild === undefined || (await isAdmin({ guild, channel, person: id, roles }))
}

/** An answer that could not be given by an interaction's own token, because it came too late: as a message of the bot. */
export async function sendLate(
  reply: Reply,
  { place, from, id }: { readonly place: Place; readonly from: Person; readonly id: string },
  { writer }: Pick<AnswerPorts, 'writer'>,
): Promise<void> {
  const isForOne = place.guild === undefined || reply.isPrivate === true
  await writer.send(isForOne ? { person: from.id } : { channel: place.channel }, reply, `answer to ${id}`, PATIENT)
}
