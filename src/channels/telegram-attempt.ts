import type { Clock } from './channel.ts'
import { Refusal } from './telegram-api.ts'

/** The waits after questions that failed, ms: doubled from the first to the longest. */
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000

/** `state` hears what is the matter, and undefined when Telegram answers again. */
export type AttemptPorts = { readonly clock: Clock; state(problem: string | undefined): void }

/** Asks until there is an answer; gives undefined when that was ended before. */
export type Attempt = <T>(ask: () => Promise<T>) => Promise<T | undefined>

/** For what the bot cannot do without: nothing but `ended` ends it, or what `ask` throws that is no `Refusal`. */
export function createAttempt({ clock, state }: AttemptPorts, ended: AbortSignal): Attempt {
  return async (ask) => {
    for (let wait = FIRST_WAIT; !ended.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        const answer = await ask()
        state(undefined)
        return answer
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        if (ended.aborted) return undefined
        state(problemOf(error))
        await clock.sleep(Math.max(wait, error.retryAfter ?? 0), ended)
      }
    }
    return undefined
  }
}

/** The bot's token is not one that Telegram knows. */
export function isTokenRefused({ code }: Refusal): boolean {
  return code === 401 || code === 404
}

function problemOf(error: Refusal): string {
  if (error.code === 409) return 'another program listens with the same token'
  return isTokenRefused(error) ? 'it does not accept TELEGRAM_BOT_TOKEN' : error.message
}
