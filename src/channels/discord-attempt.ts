import type { Clock } from './channel.ts'
import { Refusal } from './discord-api.ts'

/** The waits after questions that failed, ms: doubled from the first to the longest. */
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000

/** What is said of the connection while Discord refuses the token. */
export const NOT_ACCEPTED = 'Discord does not accept DISCORD_TOKEN'

/** `state` hears what is the matter. */
export type AttemptPorts = { readonly clock: Clock; state(problem: string): void }

/** Asks until there is an answer; gives undefined when that was ended before. */
export type Attempt = <T>(ask: () => Promise<T>) => Promise<T | undefined>

/** For what the bot cannot do without: nothing but `ended` ends it, or what `ask` throws that is no `Refusal`. */
export function createAttempt({ clock, state }: AttemptPorts, ended: AbortSignal): Attempt {
  return async (ask) => {
    for (let wait = FIRST_WAIT; !ended.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        if (ended.aborted) return undefined
        state(error.status === 401 ? NOT_ACCEPTED : error.message)
        await clock.sleep(Math.max(wait, error.retryAfter ?? 0), ended)
      }
    }
    return undefined
  }
}
