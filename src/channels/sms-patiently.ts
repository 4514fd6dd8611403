import type { Clock, Memory } from './channel.ts'

/** The wait between two tries, ms: asking an absent database takes long by itself. */
const AGAIN_AFTER = 500

/** Does work again while the database is away, up to a moment (ms). Gives what the work gives, undefined when that was over. */
export type Patiently = <T>(work: () => Promise<T>, until: number) => Promise<T | undefined>

/** Work is done once where `memory` is left out. What it throws for other reasons comes out. */
export function createPatiently({ clock, memory }: { readonly clock: Clock; readonly memory?: Memory }): Patiently {
  return async (work, until) => {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (!memory?.isAway(error)) throw error
        if (clock.now() >= until) return undefined
        await clock.sleep(AGAIN_AFTER)
      }
    }
  }
}
