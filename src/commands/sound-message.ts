import type { Message, Sender } from '../channels/channel.ts'
import { harmlessText } from '../reply.ts'

/** Longer than any platform's ids and addresses, and than a name that is to be shown; UTF-16 units. */
const LONGEST_ID = 200
const LONGEST_NAME = 100

/**
 * A message as it may go on: what is text is text, whatever the platform was sent; characters that give orders are blanks;
 * one way of writing each letter (NFC), so that what is kept can be found again. Undefined where it is no message.
 */
export function soundMessage(message: Message): Message | undefined {
  const { channel, address, id, text, sender, isGroup, isPress, shownAt } = message
  if (![channel, address, id].every(isId) || typeof text !== 'string') return undefined
  const writer = sender === undefined ? undefined : soundSender(sender)
  if (sender !== undefined && writer === undefined) return undefined
  return {
    ...{ channel, address, id, text: harmlessText(text.normalize('NFC')) },
    ...(writer === undefined ? {} : { sender: writer }),
    ...(isGroup === true ? { isGroup } : {}),
    ...(isPress === true ? { isPress } : {}),
    ...(Number.isFinite(shownAt) ? { shownAt: shownAt as number } : {}),
  }
}

function soundSender({ id, name, isAdmin }: Sender): Sender | undefined {
  if (!isId(id) || typeof name !== 'string') return undefined
  const shown = harmlessText(name.normalize('NFC')).replace(/\s+/g, ' ').trim().slice(0, LONGEST_NAME)
  return { id, name: harmlessText(shown).trim() || id, isAdmin: isAdmin === true }
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_ID && !/\p{Cc}/u.test(value)
}
