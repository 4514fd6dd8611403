import { Decimal } from 'decimal.js'
import { DateTime } from 'luxon'
import { classOf, tickerOf } from '../condition/name.ts'
import { exchangeOf } from './exchanges.ts'
import { type Candle, INTERVALS, type Interval } from './provider.ts'
import type { Calendar } from './sessions.ts'

const DAY = INTERVALS['1d']
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY = 4 * DAY

/** A price at a moment (ms); decimal text. */
export type Point = { readonly at: number; readonly price: string; readonly volume?: string }

/**
 * When the candle that `at` falls into begins (ms). Crypto and FX: UTC days, weeks from Monday. Stocks: days and weeks
 * of the exchange's zone, shorter intervals counted from its opening time, as charts of stocks do.
 */
export function bucketStart(symbol: string, interval: Interval, at: number): number {
  const size = INTERVALS[interval]
  if (classOf(symbol) !== 'stock') {
    return interval === '1w' ? floor(at - FIRST_MONDAY, size) + FIRST_MONDAY : floor(at, size)
  }
  const { zone, open } = exchangeOf(tickerOf(symbol)) ?? { zone: 'utc', open: 0 }
  const midnight = midnightOf(zone, at)
  if (interval === '1d') return midnight
  if (interval === '1w') return DateTime.fromMillis(midnight, { zone }).startOf('week').toMillis()
  const opening = midnight + open * 60_000
  return opening + floor(at - opening, size)
}

/** When the candle after the one that begins at `start` begins (ms). */
export function nextBucket(symbol: string, interval: Interval, start: number): number {
  const size = INTERVALS[interval]
  // A local day may have 25 hours: half a candle past its nominal end is inside the next one either way.
  return Math.max(bucketStart(symbol, interval, start + size * 1.5), start + 1)
}

/** No day or week has more sessions than this. */
const MOST_SESSIONS = 32

/**
 * When nothing can be added any more to the candle that begins at `start` (ms): where the next one begins, or for stocks
 * already at the end of the last regular trading in it. Without any trading in it: where the next one begins.
 */
export function candleEnd(symbol: string, interval: Interval, start: number, calendar: Calendar): number {
  const next = nextBucket(symbol, interval, start)
  if (classOf(symbol) !== 'stock') return next
  let until = next
  for (let i = 0; i < MOST_SESSIONS && until > start; i += 1) {
    const { session, from } = calendar.sessionAt(symbol, until - 1)
    if (session === 'regular') return until
    until = from
  }
  return next
}

/** Puts short candles (oldest first) together into longer ones; an unknown volume makes the sum unknown. */
export function rollUp(symbol: string, candles: readonly Candle[], interval: Interval): Candle[] {
  const out: Candle[] = []
  let bucket = Number.NaN
  for (const candle of candles) {
    const start = bucketStart(symbol, interval, candle.start)
    const last = out.at(-1)
    if (last && start === bucket) out[out.length - 1] = joined(last, candle)
    else out.push(candle)
    bucket = start
  }
  return out
}

/** Two neighbouring candles as one. */
export function joined(first: Candle, second: Candle): Candle {
  return {
    start: first.start,
    open: first.open,
    high: highest(first.high, second.high),
    low: lowest(first.low, second.low),
    close: second.close,
    volume: first.volume && second.volume ? new Decimal(first.volume).plus(second.volume).toFixed() : null,
  }
}

/**
 * Candles of prices in order of time. A day's candle has the last volume told on that day (it is a running total);
 * for other intervals the volume is not known.
 */
export function candlesOf(symbol: string, points: readonly Point[], interval: Interval): Candle[] {
  const out: Candle[] = []
  for (const { at, price, volume = null } of points) {
    const start = bucketStart(symbol, interval, at)
    const last = out.at(-1)
    const known = interval === '1d' ? volume : null
    const next: Candle = { start, open: price, high: price, low: price, close: price, volume: known }
    if (last?.start === start) out[out.length - 1] = { ...joined(last, next), volume: known ?? last.volume }
    else out.push(next)
  }
  return out
}

/** The greater of two figures. */
export function highest(a: string, b: string): string {
  return new Decimal(a).gte(b) ? a : b
}

/** The lesser of two figures. */
export function lowest(a: string, b: string): string {
  return new Decimal(a).lte(b) ? a : b
}

function floor(at: number, size: number): number {
  return Math.floor(at / size) * size
}

type Day = { readonly from: number; readonly until: number }

const days = new Map<string, readonly Day[]>()
/** Enough for today, the days beside it and those a caller goes through. */
const REMEMBERED_DAYS = 8

/** Local midnight; the last days asked for in each zone are remembered, as working one out is slow. */
function midnightOf(zone: string, at: number): number {
  const known = days.get(zone) ?? []
  const found = known.find(({ from, until }) => at >= from && at < until)
  if (found) return found.from
  const midnight = DateTime.fromMillis(at, { zone }).startOf('day')
  const day = { from: midnight.toMillis(), until: midnight.plus({ days: 1 }).toMillis() }
  days.set(zone, [day, ...known.slice(0, REMEMBERED_DAYS - 1)])
  return day.from
}
