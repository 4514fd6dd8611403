import { NOTHING_DONE, type Reply, say } from '../reply.ts'

/** What waiting for the database works with; times in ms. */
export type AwayPorts = {
  /** Whether something was thrown because the database could not be reached. */
  isAway(error: unknown): boolean
  sleep(ms: number): Promise<void>
  now(): number
}

/** How far the answer to a message has got: a command that is begun may have been carried out. */
export type Headway = { isBegun: boolean; mayRepeat: boolean }

/** Answers messages while the database comes and goes. `attempt` notes its headway. */
export type Patiently = (attempt: (headway: Headway) => Promise<Reply>) => Promise<Reply>

/** For so long (ms) a message waits for the database to come back; while it is away for longer, each is tried once. */
export const WAITS_FOR = 60_000
const AGAIN_AFTER = 500

/** Said of one of which nobody knows. */
export const NOBODY_KNOWS =
  'I lost touch with my memory while I did that, and do not know whether it is done. Look with list in a minute, and type it again if it is not.'

/**
 * Tries until the database is there again. What was not begun, or can be done twice without harm, is tried anew; of anything
 * else it says that nobody knows whether it is done, and where the database stays away it says that nothing was changed.
 * Throws what has other reasons.
 */
export function createPatiently({ isAway, sleep, now }: AwayPorts): Patiently {
  let awaySince: number | undefined
  return async (attempt) => {
    for (let isUnsure = false; ; ) {
      const headway: Headway = { isBegun: false, mayRepeat: false }
      try {
        const reply = await attempt(headway)
        awaySince = undefined
        return reply
      } catch (error) {
        if (!isAway(error)) throw error
        awaySince ??= now()
        isUnsure ||= headway.isBegun
        const isOver = now() - awaySince >= WAITS_FOR
        if (isOver || (headway.isBegun && !headway.mayRepeat)) return say(isUnsure ? NOBODY_KNOWS : NOTHING_DONE)
        await sleep(AGAIN_AFTER)
      }
    }
  }
}
