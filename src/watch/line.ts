import type { Cell } from '../condition/evaluate.ts'
import { emptySeries, INTERVALS, type Interval, type Series } from '../condition/history.ts'
import { extend, inMinorUnit, load } from '../condition/series.ts'
import type { Past } from '../market/history.ts'
import type { Quote } from '../market/provider.ts'

/** The candles of one place at one interval: what a provider had of them, and every price that was heard since. */
export type Line = {
  readonly symbol: string
  readonly interval: Interval
  /** What conditions read. It stays empty, with the reason, until its past is here. */
  readonly series: Series
  /** What was heard before that. */
  seen: Series
  isHere: boolean
  /** How many candles somebody needs. */
  count: number
  /** Since when (ms) every price was heard; undefined before the first round. */
  since: number | undefined
  /** The past that was taken in last. */
  past: Past | undefined
  /** Of which shares what is here is; see `Past`. */
  sharesSince: number | undefined
  /** How many alerts look at it. */
  users: number
  /** Where the candle of the last price begins, and where the next one does; ms. */
  from: number
  until: number
}

const GAP = 'A part of its history is missing for now.'

/** The line of a place at an interval; made, with nothing here, when there is none. */
export function lineIn({ cell, lines }: { readonly cell: Cell; readonly lines: Line[] }, interval: Interval): Line {
  const known = lines.find((line) => line.interval === interval)
  if (known) return known
  const made = createLine(cell, interval)
  lines.push(made)
  return made
}

/** Compiled conditions may hold on to a series already: it is that one. */
function createLine({ symbol, series }: Cell, interval: Interval): Line {
  const held = series.get(interval) ?? emptySeries()
  series.set(interval, held)
  const empty = { seen: emptySeries(), isHere: false, past: undefined, sharesSince: undefined }
  const nothing = { ...empty, count: 0, since: undefined, users: 0 }
  return { symbol, interval, series: held, ...nothing, from: 0, until: 0 }
}

/** Lets go of a line that nobody looks at. */
export function forgetLine({ cell, lines }: { readonly cell: Cell; readonly lines: Line[] }, line: Line): void {
  cell.series.delete(line.interval)
  lines.splice(lines.indexOf(line), 1)
}

/** Whether its candles are days or weeks. */
export function isOfDays({ interval }: Line): boolean {
  return INTERVALS[interval] >= INTERVALS['1d']
}

/** Where the candle that a moment falls into begins, and where the next one does; ms. */
export type CandleAt = (symbol: string, interval: Interval, at: number) => { from: number; until: number }

/** Takes in the price of a cell. */
export function extendLine(line: Line, cell: Cell, { candleAt }: { readonly candleAt: CandleAt }): void {
  const { price, volume } = cell.text
  if (price === undefined) return
  if (cell.at < line.from || cell.at >= line.until) Object.assign(line, candleAt(line.symbol, line.interval, cell.at))
  // Only of a day is it known how much was traded in it: that is what quotes tell.
  const point = line.interval === '1d' && volume !== undefined ? { price, volume } : { price }
  extend(line.isHere ? line.series : line.seen, point, line.from, line.count)
}

/** Prices were missed up to `since` (ms): what is here has a hole, and is not looked at until it was had anew. */
export function breakLine(line: Line, since: number): void {
  line.since = since
  line.past = undefined
  line.isHere = false
  line.seen = emptySeries()
  Object.assign(line.series, { finished: [], live: undefined, version: line.series.version + 1, why: GAP })
}

/** Whether a split was learned of since: what is here is of other shares than what comes now. */
export function isOfOtherShares({ sharesSince }: Line, past: Past): boolean {
  return past.sharesSince !== sharesSince
}

/**
 * Takes in what a provider had, in the unit that the symbol is quoted in, which its `quote` tells. False where it is no
 * news, or has to wait for the first quote.
 */
export function takePast(line: Line, past: Past, quote: Quote | undefined): boolean {
  if (past === line.past || quote === undefined) return false
  if (isOfOtherShares(line, past)) {
    breakLine(line, Math.min(past.at, line.since ?? past.at))
    line.sharesSince = past.sharesSince
  }
  line.past = past
  const { minor } = quote
  const candles = minor ? past.candles.map((candle) => inMinorUnit(candle, minor)) : past.candles
  if (past.why !== undefined && (line.isHere || candles.length === 0)) {
    if (!line.isHere) line.series.why = past.why
    return true
  }
  if (past.gaps) line.series.gaps = past.gaps
  else delete line.series.gaps
  load(line.isHere ? line.series : line.seen, candles, ({ start }) => start < past.liveFrom)
  if (!line.isHere) begin(line)
  return true
}

/** From here on conditions see what is here. */
function begin(line: Line): void {
  const { finished, live } = line.seen
  const why = finished.length === 0 && live === undefined ? 'There is no history of it.' : undefined
  Object.assign(line.series, { finished, live, version: line.series.version + 1, why })
  line.isHere = true
}
