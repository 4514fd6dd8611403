import type { SendError } from '../errors.ts'
import type { Outcome, Tracked } from './types.ts'

/** The first wait after a failed try, doubled each time up to the longest; ms. */
const FIRST_WAIT = 2_000
const LONGEST_WAIT = 600_000
/** How long a notification is tried before it is given up, ms. */
export const GIVE_UP_AFTER = 24 * 3_600_000

/**
 * What becomes of a notification whose try number `tries` failed at `now` (ms): given up when the address will never
 * take it or the day is over, else tried again after a doubled wait, with up to a quarter of it on top so that many
 * do not come back at the same moment (`random` in [0, 1)), and never before the platform allows it.
 */
export function afterFailure(notification: Tracked, error: SendError, now: number, random: number): Outcome {
  const reason = error.message
  if (error.permanent) return { state: 'failed', reason }
  const backoff = Math.min(FIRST_WAIT * 2 ** Math.max(0, notification.tries - 1), LONGEST_WAIT)
  const dueAt = now + Math.max(Math.round(backoff * (1 + random / 4)), error.retryAfter ?? 0)
  if (dueAt - notification.createdAt > GIVE_UP_AFTER)
    return { state: 'failed', reason: `given up after 24 h: ${reason}` }
  return { state: 'due', dueAt, reason }
}
