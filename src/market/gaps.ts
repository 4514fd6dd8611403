import { type Candle, INTERVALS, type Interval } from '../condition/history.ts'
import { classOf } from '../condition/name.ts'
import { nextBucket } from './candles.ts'
import { type Calendar, knowsHolidays } from './sessions.ts'

/** A stretch (ms) without a candle although there was trading, and how much (ms) of that. */
export type Gap = { readonly from: number; readonly until: number; readonly trading: number }

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** In a shorter stretch perhaps nobody traded. */
const QUIET = HOUR
/** The shortest trading day of New York has three and a half hours. */
const HALF_A_DAY = 3 * HOUR
/** A holiday in currencies is 24 hours long, and their Sunday has a few that not everybody has a candle for. */
const CURRENCY_HOLIDAY = 30 * HOUR
/** The longest rest of an exchange whose holidays are not known here. */
const LONGEST_REST = 12 * DAY

/**
 * Where candles (oldest first, their starts those of `bucketStart`) are missing although their market traded. An hour and
 * less is no gap, as in that time perhaps nobody traded, nor is what may be a holiday that the calendar does not know.
 */
export function gapsIn(
  symbol: string,
  interval: Interval,
  candles: readonly Candle[],
  sessionAt: Calendar['sessionAt'],
): Gap[] {
  const gaps: Gap[] = []
  for (const [index, { start: until }] of candles.entries()) {
    const before = candles[index - 1]
    if (!before || isNext(symbol, interval, before.start, until)) continue
    const from = nextBucket(symbol, interval, before.start)
    if (from >= until) continue
    const trading = tradingIn(symbol, from, until, sessionAt)
    if (isGap(symbol, interval, { from, until, trading })) gaps.push({ from, until, trading })
  }
  return gaps
}

/**
 * The gaps that are so long that no figure is to be counted over them: half a day of trading and more. In less perhaps
 * nobody traded, also where many do.
 */
export function holesIn(
  symbol: string,
  interval: Interval,
  candles: readonly Candle[],
  sessionAt: Calendar['sessionAt'],
): Gap[] {
  return gapsIn(symbol, interval, candles, sessionAt).filter(({ trading }) => trading >= HALF_A_DAY)
}

/** Without working out local days, which is slow: whether one follows the other, if need be over a weekend. */
function isNext(symbol: string, interval: Interval, start: number, until: number): boolean {
  const size = INTERVALS[interval]
  if (until - start <= size * 1.1) return true
  const isFriday = new Date(start + DAY / 2).getUTCDay() === 5
  return interval === '1d' && classOf(symbol) !== 'crypto' && isFriday && until - start <= 3.1 * DAY
}

function isGap(symbol: string, interval: Interval, { from, until, trading }: Gap): boolean {
  const kind = classOf(symbol)
  if (kind === 'fx') return trading >= CURRENCY_HOLIDAY
  if (!knowsHolidays(symbol, from)) return trading > 0 && until - from >= LONGEST_REST
  if (kind === 'stock' && INTERVALS[interval] >= DAY) return trading >= HALF_A_DAY
  return trading >= Math.max(QUIET, INTERVALS[interval])
}

/** How much of a stretch of time is regular trading, ms. */
function tradingIn(symbol: string, from: number, until: number, sessionAt: Calendar['sessionAt']): number {
  let trading = 0
  for (let at = from; at < until; ) {
    const segment = sessionAt(symbol, at)
    const end = Math.min(segment.until, until)
    if (segment.session === 'regular') trading += end - at
    at = end
  }
  return trading
}
