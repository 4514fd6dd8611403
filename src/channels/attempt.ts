import type { Clock } from './channel.ts'

/** The waits after questions that failed, ms: doubled from the first to the longest. */
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000

/** Asks until there is an answer; gives undefined when that was ended before. */
export type Attempt = <T>(ask: () => Promise<T>) => Promise<T | undefined>

/** What is the matter, and for how long (ms) the platform wants to be left alone. */
export type Problem = { readonly says: string; readonly retryAfter: number | undefined }

/** `problemOf` throws on what is no answer of the platform; `state` hears what is the matter. */
export type AttemptPorts = {
  readonly clock: Clock
  problemOf(error: unknown): Problem
  state(problem: string): void
}

/** For what the bot cannot do without: nothing but `ended` ends it, or what `problemOf` throws on. */
export function createAttempt({ clock, problemOf, state }: AttemptPorts, ended: AbortSignal): Attempt {
  return async (ask) => {
    for (let wait = FIRST_WAIT; !ended.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        return await ask()
      } catch (error) {
        const { says, retryAfter = 0 } = problemOf(error)
        if (ended.aborted) return undefined
        state(says)
        await clock.sleep(Math.max(wait, retryAfter), ended)
      }
    }
    return undefined
  }
}
