import type { Message } from '../channels/channel.ts'

/**
 * Who may talk with the bot, and who runs it. Each is a channel and, behind a colon, the platform's id of a person or the
 * address of a chat: `telegram:123`. Nobody is `allowed` by name: everybody may.
 */
export type Access = { readonly allowed: readonly string[]; readonly operators: readonly string[] }

/** Whoever sits at the terminal started the bot. */
const TERMINAL = 'console'

/** Whether a message comes from somebody who runs the bot. Chats are not asked for: in a group others write too. */
export function isOperator({ channel, address, sender, isGroup }: Message, { operators }: Access): boolean {
  if (channel === TERMINAL) return true
  const names = [...(sender ? [sender.id, `user/${sender.id}`] : []), ...(isGroup ? [] : [address])]
  return names.some((name) => operators.includes(`${channel}:${name}`))
}

/** Whether a message may be answered: its writer or its chat is allowed, or runs the bot. */
export function isAllowed(message: Message, access: Access): boolean {
  const { allowed } = access
  if (allowed.length === 0 || isOperator(message, access)) return true
  const { channel, address, sender } = message
  const names = [address, ...(sender ? [sender.id, `user/${sender.id}`] : [])]
  return names.some((name) => allowed.includes(`${channel}:${name}`))
}
