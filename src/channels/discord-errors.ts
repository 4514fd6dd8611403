import { SendError } from '../errors.ts'
import { Refusal } from './discord-api.ts'

/**
 * Refusals after which an address will take nothing any more, by Discord's number (docs.discord.com/developers, Opcodes and
 * Status Codes, JSON error codes), and what its owner may read of them.
 */
const FOR_GOOD: Readonly<Record<number, string>> = {
  10003: 'Discord knows no such channel',
  10004: 'that server is gone',
  10013: 'Discord knows no such person',
  50001: 'the bot cannot see that channel',
  50007: 'that person takes no direct messages from the bot',
  50008: 'nobody can write in that channel',
  50013: 'the bot may not write there',
  50033: 'Discord knows no such person',
  50083: 'that thread is closed',
  50278: 'the bot shares no server with that person any more',
  160005: 'that thread is closed',
}

/** Why Discord did not take a message, for whoever sends it: for good, or for now and how long. */
export function sendErrorOf(error: unknown): SendError {
  if (error instanceof SendError) return error
  if (!(error instanceof Refusal)) return new SendError('it could not be sent by Discord', { permanent: false })
  const { status, code, message, retryAfter } = error
  const reason = FOR_GOOD[code]
  if (reason !== undefined) return new SendError(reason, { permanent: true })
  if (status === 429)
    return new SendError('Discord asks for a pause', { permanent: false, retryAfter: retryAfter ?? 5_000 })
  if (status === 401) return new SendError("Discord does not accept the bot's token", { permanent: false })
  return new SendError(`Discord did not take it: ${message}`, { permanent: false })
}

/** The bot may write there, but not show what it wanted to show. */
export function isForbidden(error: unknown): boolean {
  return error instanceof Refusal && error.code === 50013
}

/** The bot may not see what was said before, and so cannot answer a message as such. */
export function isBlind(error: unknown): boolean {
  return error instanceof Refusal && error.code === 160002
}

/** The channel is there no more. */
export function isGone(error: unknown): boolean {
  return error instanceof Refusal && error.code === 10003
}

/** The interaction was answered already: by a try of ours whose answer got lost. */
export function isAnswered(error: unknown): boolean {
  return error instanceof Refusal && error.code === 40060
}

/** It may pass if it is tried again. */
export function mayPass(error: unknown): boolean {
  return error instanceof Refusal && (error.status === 0 || error.status === 429 || error.status >= 500)
}
