import { SendError } from '../errors.ts'
import { Refusal } from './telegram-api.ts'

/**
 * Refusals after which an address will take nothing any more, and what its owner may read of them. Telegram names its
 * reasons only in words (core.telegram.org/bots/api, and as the public server writes them).
 */
const FOR_GOOD: readonly (readonly [RegExp, string])[] = [
  [/blocked by the user/i, 'the bot was blocked there'],
  [/user is deactivated/i, 'that Telegram account is gone'],
  [/bot was kicked|not a member/i, 'the bot was removed from that chat'],
  [/can't initiate conversation/i, 'nobody has opened a chat with the bot there yet'],
  [/chat not found|user not found|PEER_ID_INVALID/i, 'Telegram knows no such chat'],
  [/chat was deactivated|CHANNEL_PRIVATE/i, 'that group is gone'],
  [/message thread not found|TOPIC_DELETED/i, 'that topic is gone'],
  [
    /not enough rights|no rights to send|CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED|need administrator rights/i,
    'the bot may not write there',
  ],
]

/** Why Telegram did not take a message, for whoever sends it: for good, or for now and how long. */
export function sendErrorOf(error: unknown): SendError {
  if (error instanceof SendError) return error
  if (!(error instanceof Refusal)) return new SendError('it could not be sent by Telegram', { permanent: false })
  const { code, message } = error
  if (code === 400 || code === 403) {
    const [, reason] = FOR_GOOD.find(([pattern]) => pattern.test(message)) ?? []
    if (reason !== undefined) return new SendError(reason, { permanent: true })
    if (code === 403) return new SendError(`Telegram forbids it: ${message}`, { permanent: true })
  }
  if (code === 429)
    return new SendError('Telegram asks for a pause', { permanent: false, retryAfter: error.retryAfter ?? 1_000 })
  if (code === 401 || code === 404)
    return new SendError("Telegram does not accept the bot's token", { permanent: false })
  return new SendError(`Telegram did not take it: ${message}`, { permanent: false })
}

/** The message is already as it was to become. */
export function isUnchanged(error: unknown): boolean {
  return error instanceof Refusal && error.code === 400 && /message is not modified/i.test(error.message)
}

/** There is no such message to change any more, or not by us. */
export function isUneditable(error: unknown): boolean {
  return (
    error instanceof Refusal &&
    error.code === 400 &&
    /message to edit not found|message can't be edited|MESSAGE_ID_INVALID|no text in the message/i.test(error.message)
  )
}

/** What was marked up is not understood: a fault of ours that must not cost anybody the message. */
export function isMarkupRefused(error: unknown): boolean {
  return error instanceof Refusal && error.code === 400 && /can't parse entities/i.test(error.message)
}
