import type { Cell } from './cell.ts'
import type { CandleMetric, Row } from './functions.ts'
import { type Candle, emptySeries, type Interval, type Series } from './history.ts'

/** The candles of a cell at an interval, to hold on to; an empty series is put there where there is none. */
export function seriesIn(cell: Cell, interval: Interval): Series {
  const known = cell.series.get(interval)
  if (known) return known
  const made = emptySeries()
  cell.series.set(interval, made)
  return made
}

/** Lists of candles are never changed, so whoever looks at the same one shares its numbers. */
const made = new WeakMap<readonly Candle[], Map<CandleMetric, readonly Row[]>>()

/** A list of candles as numbers; `of` says what the `value` of each is. */
export function rowsOf(candles: readonly Candle[], of: CandleMetric): readonly Row[] {
  const known = made.get(candles) ?? new Map<CandleMetric, readonly Row[]>()
  const rows = known.get(of) ?? candles.map((candle) => knownRowOf(candle, of))
  if (known.size === 0) made.set(candles, known)
  known.set(of, rows)
  return rows
}

/** A list that is longer by one candle has the others of the list before it. */
const madeOf = new WeakMap<Candle, Partial<Record<CandleMetric, Row>>>()

function knownRowOf(candle: Candle, of: CandleMetric): Row {
  const known = madeOf.get(candle)
  const row = known?.[of] ?? rowOf(candle, of)
  if (known === undefined) madeOf.set(candle, { [of]: row })
  else known[of] = row
  return row
}

function rowOf({ start, open, high, low, close, volume }: Candle, of: CandleMetric): Row {
  const figures = {
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
    volume: volume === null ? Number.NaN : Number(volume),
  }
  return { start, ...figures, value: figures[of === 'price' ? 'close' : of] }
}

/** The place of the first row that begins at `start` (ms) or later; as many as there are where none does. */
export function firstFrom(rows: readonly Row[], start: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle]!.start < start) low = middle + 1
    else high = middle
  }
  return low
}
