import type { Message } from '../channels/channel.ts'
import type { Reply } from '../reply.ts'
import type { Context } from './command.ts'

/**
 * What is asked: the next words of whoever asked are put behind `command` and what was `typed` of it so far, as the
 * answer to `step`. `question` is what is said when they have to be asked again.
 */
export type Asked = {
  readonly command: string
  readonly step: 'symbol' | 'condition' | 'alert' | 'length' | 'code'
  readonly typed: string
  readonly question: string
}

/** Under which key an exchange is kept: in a group it belongs to who wrote, not to the group. */
export function keyOf({ channel, address, sender }: Message): string {
  return [channel, address, sender?.id ?? ''].join('\n')
}

/** Asks: remembers what the next words are the answer to, and gives the reply that asks for them. */
export async function ask(
  { conversations, message, realNow }: Context,
  { command, step, typed, question }: Asked,
  reply: Reply,
): Promise<Reply> {
  await conversations.keep(keyOf(message), { command, step, data: { typed, question } }, realNow())
  return { ...reply, isQuestion: true, place: 'instead' }
}
