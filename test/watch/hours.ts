import { INTERVALS } from '../../src/condition/history.ts'
import type { Hours } from '../../src/watch/book.ts'

/** A market that never closes, quotes that never become stale, and candles from multiples of their length on. */
export function someHours(given: Partial<Hours> = {}): Hours {
  return {
    sessionAt: () => ({ session: 'regular', until: Number.POSITIVE_INFINITY }),
    freshFor: () => Number.POSITIVE_INFINITY,
    candleAt: (_symbol, interval, at) => {
      const from = Math.floor(at / INTERVALS[interval]) * INTERVALS[interval]
      return { from, until: from + INTERVALS[interval] }
    },
    hearsAll: false,
    silence: (source) => `${source} has not answered`,
    ...given,
  }
}

/** Open for the first 60 of every 100 ms: from 0 to 60, from 100 to 160, … */
export const sixtyOfHundred: Hours['sessionAt'] = (_symbol, at) => {
  const start = Math.floor(at / 100) * 100
  const isOpen = at - start < 60
  return { session: isOpen ? 'regular' : 'closed', until: start + (isOpen ? 60 : 100) }
}
