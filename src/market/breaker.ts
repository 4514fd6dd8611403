/** What is remembered of a provider's failures. Times are ms on the clock that is handed in. */
export type Breaker = {
  /** Failures in a row. */
  readonly failures: number
  /** It is left alone between these; only while it is. */
  readonly rest?: { readonly since: number; readonly until: number }
  /** How long it is left alone for when it fails next, ms. */
  readonly pause: number
}

/** `closed`: ask as always; `open`: ask nothing; `half-open`: ask one thing and see. */
export type BreakerState = 'closed' | 'open' | 'half-open'

const FAILURES = 3
const FIRST_PAUSE = 30_000
const LONGEST_PAUSE = 600_000

/** A provider of which nothing bad is known. */
export const WELL: Breaker = { failures: 0, pause: FIRST_PAUSE }

/** Whether a provider may be asked at `now`. A clock that was set back ends no rest later than it began. */
export function stateOf({ rest }: Breaker, now: number): BreakerState {
  if (rest === undefined) return 'closed'
  return now >= rest.since && now < rest.until ? 'open' : 'half-open'
}

/**
 * After a failure: the third in a row makes it rest for 30 s; each trial that fails after that for twice as long as
 * before, 10 min at the most. `retryAfter` (ms), where the provider told it, is how long it rests instead, at once.
 */
export function afterFailure(breaker: Breaker, now: number, retryAfter?: number): Breaker {
  const failures = breaker.failures + 1
  const state = stateOf(breaker, now)
  if (retryAfter !== undefined) return { ...breaker, failures, rest: { since: now, until: now + retryAfter } }
  if (state === 'open' || (state === 'closed' && failures < FAILURES)) return { ...breaker, failures }
  const rest = { since: now, until: now + breaker.pause }
  return { failures, rest, pause: Math.min(2 * breaker.pause, LONGEST_PAUSE) }
}
