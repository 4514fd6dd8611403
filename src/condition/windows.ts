import { INTERVALS, type Interval, intervalFor } from './history.ts'

/** What candles a move over the last `ms` looks at. */
export type Window = { readonly interval: Interval; readonly count: number }

/**
 * The candles that tell the prices of the last `ms`: the unfinished one and the one in which that time begins among them.
 * At close that time ends with the last finished day, which may be a day ago.
 */
export function windowOf(ms: number, atClose: boolean): Window {
  const back = atClose ? ms + INTERVALS['1d'] : ms
  const interval = intervalFor(back)
  return { interval, count: Math.ceil(back / INTERVALS[interval]) + 2 }
}

/** The candles that tell the last price before midnight: those of a day of 25 hours, and one on either side. */
export const TODAY: Window = { interval: '15m', count: 102 }
