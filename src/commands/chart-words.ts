import { Decimal } from 'decimal.js'
import { DateTime } from 'luxon'
import { INTERVALS, type Interval } from '../condition/history.ts'
import { tickerOf } from '../condition/name.ts'
import type { Finished } from '../market/archive.ts'
import type { Stretch } from '../market/trading-day.ts'
import type { Level, Piece } from '../reply.ts'
import { changeBetween } from './change-words.ts'
import type { Context } from './command.ts'
import { sparkline } from './sparkline.ts'
import { moment } from './words.ts'

/** How a symbol went over a stretch; prices are decimal text in the unit that it is quoted in. Times are ms. */
export type Course = {
  readonly symbol: string
  readonly stretch: Stretch
  readonly interval: Interval
  /** At least one, the oldest first. */
  readonly candles: readonly Finished[]
  readonly currency: string
  readonly source: string
  /** The newest price, where it belongs to the stretch and is newer than the candles. */
  readonly now?: { readonly at: number; readonly price: string }
}

/** How close to each other the points of a chart are. */
export const PACE: Readonly<Record<Interval, string>> = {
  '1m': 'minute by minute',
  '5m': 'every 5 minutes',
  '15m': 'every 15 minutes',
  '1h': 'hour by hour',
  '4h': 'every 4 hours',
  '1d': 'day by day',
  '1w': 'week by week',
}

/**
 * What a chart shows, in words: a row of bars, first and last with the change, low and high with their times, the levels of
 * alerts, and who says so.
 */
export function chartWords(
  course: Course,
  levels: readonly Level[],
  { zone, now }: Pick<Context, 'zone' | 'now'>,
): Piece[] {
  const { symbol, candles, currency, source, interval } = course
  const at = (time: number) => moment(time, zone, now())
  const day = (time: number) => DateTime.fromMillis(time, { zone }).toFormat('ccc d LLL yyyy')
  const isLong = INTERVALS[interval] >= INTERVALS['1d']
  const [first, last] = [candles[0]!, candles.at(-1)!]
  const end = course.now ?? { at: last.end, price: last.close }
  const [low, high] = extremes(
    course,
    ({ start, end: over }) => {
      const middle = (start + over) / 2
      return interval === '1w' ? `in the week to ${day(over)}` : isLong ? `on ${day(middle)}` : `around ${at(middle)}`
    },
    at,
  )
  const change = changeBetween(Number(first.open), Number(end.price))
  const lines = [
    `From ${first.open} ${isLong ? `on ${day((first.start + first.end) / 2)}` : `at ${at(first.start)}`} to ${end.price} at ${at(end.at)}: ${change}`,
    `Low ${low}`,
    `High ${high}`,
    ...(levels.length > 0 ? [`Your alerts: ${levels.map(({ label }) => label).join(', ')}`] : []),
    `In ${currency}, ${PACE[interval]}, ${source}.`,
  ]
  const bars = sparkline([...candles.map(({ close }) => Number(close)), Number(end.price)])
  return [{ strong: tickerOf(symbol) }, '\n', ...(bars === '' ? [] : [{ block: bars }, '\n']), lines.join('\n')]
}

/** The lowest and the highest price, each with when that was. */
function extremes(
  { candles, now }: Course,
  during: (candle: Finished) => string,
  at: (time: number) => string,
): [low: string, high: string] {
  const low = candles.reduce((least, one) => (new Decimal(one.low).lt(least.low) ? one : least))
  const high = candles.reduce((most, one) => (new Decimal(one.high).gt(most.high) ? one : most))
  const newest = now && `${now.price} at ${at(now.at)}`
  return [
    newest && new Decimal(now.price).lt(low.low) ? newest : `${low.low} ${during(low)}`,
    newest && new Decimal(now.price).gt(high.high) ? newest : `${high.high} ${during(high)}`,
  ]
}
