import { DateTime } from 'luxon'
import { classOf } from '../condition/name.ts'
import { bucketStart } from './candles.ts'
import { INTERVALS } from './provider.ts'

/**
 * When the day began (ms) that the figures of the day are counted over, as `dailyReference` counts them, at the end of a
 * candle from `start` to `end` (ms): the exchange's day for stocks, the last 24 h for crypto, 17:00 New York for FX.
 */
export function dayStart(symbol: string, { start, end }: { readonly start: number; readonly end: number }): number {
  const kind = classOf(symbol)
  if (kind === 'crypto') return end - INTERVALS['1d']
  return kind === 'fx' ? lastFive(start) : bucketStart(symbol, '1d', start)
}

/** The last 17:00 New York at or before a moment; nothing is traded at those that begin no day. */
function lastFive(at: number): number {
  const day = DateTime.fromMillis(at, { zone: 'America/New_York' })
  const five = day.set({ hour: 17, minute: 0, second: 0, millisecond: 0 })
  return (five.toMillis() <= at ? five : five.minus({ days: 1 })).toMillis()
}
