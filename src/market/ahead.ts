import type { Quote } from './provider.ts'

/** Clocks differ; what is of a time further ahead than this was stamped by a clock that was wrong, ms. */
export const AHEAD = 60_000

/**
 * Quotes without those of a time to come: the clock of whoever heard them was set back since, and nothing that is heard
 * now would be newer than they. `now`: ms, the clock of evaluation.
 */
export function withoutAhead(quotes: readonly Quote[], now: number): Quote[] {
  return quotes.filter(({ receivedAt }) => receivedAt <= now + AHEAD)
}
