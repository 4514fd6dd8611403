import { DateTime } from 'luxon'
import type { Cell } from './cell.ts'
import { type Figure, told } from './exact.ts'
import type { Row } from './functions.ts'
import type { Candle, Series } from './history.ts'
import { Exact, isLong } from './numbers.ts'
import { firstFrom, rowsOf, seriesIn } from './rows.ts'
import { TODAY, windowOf } from './windows.ts'

/** A price out of the past as decimal text, and its nearest double. */
type Price = { readonly value: number; readonly text: string }

/** Which end of the prices counts. */
export type End = 'high' | 'low'

/**
 * The highest or lowest price of the last `ms`, up to the time of the quote now, which counts too. `before`: so does the
 * last price before that time; the candle in which it begins counts with its close alone, as that price. Unknown while
 * there are no candles or there is no price.
 */
export function extremeOf(cell: Cell, end: End, ms: number, options: { before: boolean; atClose: boolean }): Figure {
  const series = seriesIn(cell, windowOf(ms, options.atClose).interval)
  const ofFinished = extremeOfFinished(series, end, options.before)
  const ofLive = memo((candle: Candle) => priceOf(candle[end]))
  return ofPrice(() => {
    if (series.why !== undefined || Number.isNaN(cell.price)) return undefined
    const from = cell.at - ms
    const now = { value: cell.price, text: cell.text.price ?? String(cell.price) }
    if (options.atClose) return further(ofFinished(from, cell.at - 1), now, end)
    const { live } = series
    const isLive = live !== undefined && live.start >= from && live.start <= cell.at
    return further(further(ofFinished(from, cell.at), isLive ? ofLive(live) : undefined, end), now, end)
  })
}

/** The last price before midnight in a zone (IANA), by the time of the quote now. Unknown where no candle shows it. */
export function midnightPrice(cell: Cell, zone: string): Figure {
  const series = seriesIn(cell, TODAY.interval)
  let day = { from: 0, until: 0 }
  return ofPrice(() => {
    if (series.why !== undefined || cell.at === 0) return undefined
    if (cell.at < day.from || cell.at >= day.until) day = dayOf(cell.at, zone)
    const candle = series.finished[firstFrom(rowsOf(series.finished, 'price'), day.from) - 1]
    return candle && priceOf(candle.close)
  })
}

function dayOf(at: number, zone: string): { from: number; until: number } {
  const midnight = DateTime.fromMillis(at, { zone }).startOf('day')
  return { from: midnight.toMillis(), until: midnight.plus({ days: 1 }).toMillis() }
}

function ofPrice(find: () => Price | undefined): Figure {
  return told(
    () => find()?.value ?? Number.NaN,
    () => find()!.text,
    () => isLong(find()?.text),
  )
}

/** Remembers what it found for as long as the same candles are asked for. */
function extremeOfFinished(series: Series, end: End, before: boolean): (from: number, to: number) => Price | undefined {
  let rows: readonly Row[] | undefined
  let range = { first: 0, last: 0 }
  let found: Price | undefined
  return (from, to) => {
    const known = rowsOf(series.finished, 'price')
    const first = firstFrom(known, from)
    const last = firstFrom(known, to + 1)
    if (known !== rows || first !== range.first || last !== range.last) {
      rows = known
      range = { first, last }
      found = extremeIn(series.finished, known, range, end)
      if (before) found = further(found, first > 0 ? priceOf(series.finished[first - 1]!.close) : undefined, end)
    }
    return found
  }
}

function extremeIn(
  candles: readonly Candle[],
  rows: readonly Row[],
  { first, last }: { first: number; last: number },
  end: End,
): Price | undefined {
  let found: Price | undefined
  for (let i = first; i < last; i++) found = further(found, { value: rows[i]![end], text: candles[i]![end] }, end)
  return found
}

/** The higher or the lower of two prices; compared as decimals where their doubles do not tell. */
function further(one: Price | undefined, other: Price | undefined, end: End): Price | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const isClose = one.value === other.value && (isLong(one.text) || isLong(other.text))
  const order = isClose ? new Exact(one.text).cmp(other.text) : one.value - other.value
  return order > 0 === (end === 'high') ? one : other
}

function priceOf(text: string): Price {
  return { value: Number(text), text }
}

/** Computes anew only for another argument. */
function memo<A, R>(compute: (argument: A) => R): (argument: A) => R {
  let last: { argument: A; result: R } | undefined
  return (argument) => {
    if (last?.argument !== argument) last = { argument, result: compute(argument) }
    return last!.result
  }
}
