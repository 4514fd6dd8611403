import { emptyCell, type Figures, fillCell } from '../../src/condition/cell.ts'
import type { Cell } from '../../src/condition/evaluate.ts'
import { type Candle, INTERVALS, type Interval } from '../../src/condition/history.ts'
import { CLOCK } from './lines.ts'

/** A cell with the figures given as decimal text; the others are unknown. */
export function aCell(figures: Partial<Figures> = {}, symbol = 'stock:AAPL'): Cell {
  const cell = emptyCell(symbol, `${symbol} has no quote.`)
  if (Object.keys(figures).length > 0) fillCell(cell, { currency: 'USD', ...figures })
  return cell
}

/** A candle as a test writes it: one price, or open, high, low, close and perhaps a volume: `100`, `99 103 98 100 7000`. */
export function aCandle(text: string, start: number): Candle {
  const [open = '', high = open, low = open, close = open, volume = null] = text.split(' ')
  return { start, open, high, low, close, volume }
}

/**
 * Puts finished candles into a cell, the last of which ends at `until` (ms), and the live one that begins there, if
 * there is one. `prices` are candles (see `aCandle`), oldest first, with commas between them.
 */
export function withCandles(
  cell: Cell,
  interval: Interval,
  prices: string,
  { until = CLOCK.now, live }: { until?: number; live?: string } = {},
): Cell {
  const texts = prices.split(/ *, */).filter(Boolean)
  const start = (place: number) => until - (texts.length - place) * INTERVALS[interval]
  cell.series.set(interval, {
    finished: texts.map((text, place) => aCandle(text, start(place))),
    live: live === undefined ? undefined : aCandle(live, until),
    version: 1,
    why: undefined,
  })
  return cell
}
