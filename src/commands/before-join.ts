import { type Reply, say } from '../reply.ts'
import type { Context } from './command.ts'

/** A command that names an alert by its number. */
const NUMBERED = /^\/?[a-z]+ #?\d/i

/**
 * The answer to a button that was shown before its chat was joined to another one: the number on it may be that of another
 * alert now. Undefined where it means what it meant.
 */
export function ofBeforeJoin({ message, user, subscription }: Context): Reply | undefined {
  const { shownAt, text } = message
  const joinedAt = user.subscriptions.find(({ id }) => id === subscription)?.joinedAt
  if (shownAt === undefined || joinedAt === undefined || shownAt >= joinedAt || !NUMBERED.test(text)) return undefined
  return say(
    'That message is older than the joining of your chats, and your alerts here have new numbers since. Nothing was done: list shows them.',
    [{ label: 'List', command: 'list' }],
  )
}
