import { missedLines } from '../delivery/missed-words.ts'
import type { Reply } from '../reply.ts'
import type { Context } from './command.ts'
import { messageKey } from './message-key.ts'

/** The reply with what its person missed in front, where nothing could be sent to them before; each is told once. */
export async function missedFirst(reply: Reply, context: Context): Promise<Reply> {
  const { notifications, user, message, now } = context
  const missed = await notifications.takeMissed(user.id, messageKey(message))
  const lines = missedLines(missed, now())
  if (lines.length === 0) return reply
  const { brief: _, ...whole } = reply
  return { ...whole, pieces: [`${lines.join('\n')}\n\n`, ...reply.pieces] }
}
