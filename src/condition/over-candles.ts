import type { Metric, SeriesNode } from './ast.ts'
import type { Cell } from './cell.ts'
import { type Figure, told } from './exact.ts'
import { duration, formatExpression } from './format.ts'
import { type CandleMetric, FUNCTIONS, type Indicator, type Row, type SeriesFunction } from './functions.ts'
import { type Candle, INTERVALS, type Interval, type Series } from './history.ts'
import { firstFrom, rowsOf, seriesIn } from './rows.ts'
import type { Scene } from './scene.ts'
import { keyOf } from './symbols.ts'

/** A function over candles compiled for reading again and again. */
export type OverCandles = {
  readonly figure: Figure
  /** Why its value is not known, in words a person may read; asked only while it is not. */
  why(): string
}

/** What one function looks at. */
type Source = {
  readonly node: SeriesNode
  readonly definition: SeriesFunction
  readonly of: CandleMetric
  readonly cell: Cell
  readonly series: Series
  /** The unfinished candle is looked at too. */
  readonly isLive: boolean
  readonly isAtClose: boolean
}

/** The candles a value is computed from: those of `rows` from `first` to before `end`, then the live one. */
type View = {
  readonly rows: readonly Row[]
  readonly first: number
  readonly end: number
  readonly live: Row | undefined
}

/**
 * A function over candles: over the last so many of them, or over those that began in a length of time. What it makes of
 * finished candles is computed once for each list; the price now is then taken in as the close of the unfinished candle,
 * where that one counts. Its value is a double by nature; as a decimal it is the shortest that has this double. Of older
 * candles than it must have it takes none, so that its value does not depend on what others have asked for.
 */
export function overCandles(node: SeriesNode, scene: Scene): OverCandles {
  const source = sourceOf(node, scene)
  const liveRow = liveRowOf(source)
  let seen: View | undefined
  let indicator: Indicator | undefined
  let value: number | undefined
  const begin = (view: View) => {
    seen = view
    indicator = source.definition.begin(lengthsOf(node, view), source.of)
    value = undefined
    for (let i = view.first; i < view.end; i++) value = indicator.update(view.rows[i]!, false)
    if (view.live) value = indicator.update(view.live, false)
  }
  const read = () => {
    if (source.series.why !== undefined || (source.isLive && Number.isNaN(source.cell.price))) return Number.NaN
    const view = viewOf(source, liveRow())
    if (!seen || !isAlike(view, seen)) begin(view)
    else if (view.live && view.live !== seen.live) {
      value = indicator!.update(view.live, true)
      seen = view
    }
    return isComplete(source, view) && !hasGap(source, view) ? (value ?? Number.NaN) : Number.NaN
  }
  return {
    figure: told(
      read,
      () => String(read()),
      () => true,
    ),
    why: () => whyUnknown(source, liveRow),
  }
}

function sourceOf(node: SeriesNode, { cellOf, terms }: Scene): Source {
  const definition = FUNCTIONS[node.name]
  if (definition?.type !== 'series') throw new Error(`there is no function ${node.name} over candles`)
  const of = node.of.metric as CandleMetric
  const cell = cellOf(keyOf(node.of.symbol))
  return {
    node,
    definition,
    of,
    cell,
    series: seriesIn(cell, node.interval),
    isLive: takesLive(node, terms.atClose),
    isAtClose: terms.atClose,
  }
}

/** Whether the value of a function depends on the price now. */
export function takesLive({ name, of }: SeriesNode, atClose: boolean): boolean {
  const definition = FUNCTIONS[name]
  return definition?.type === 'series' && !isBefore(definition, of.metric) && !atClose
}

/**
 * Whether a function is of the candles before the one that the price is of: what leaves the unfinished one out leaves out,
 * at close, the day that has closed, so that `AAPL > high(AAPL, 20) at close` is a new high there too.
 */
export function isBefore({ unfinished }: SeriesFunction, of: Metric): boolean {
  return unfinished === 'out' || of === 'volume'
}

function viewOf({ node, definition, of, cell, series, isAtClose }: Source, live: Row | undefined): View {
  const rows = rowsOf(series.finished, of)
  const end = isAtClose ? firstFrom(rows, cell.at - (isBefore(definition, of) ? INTERVALS['1d'] : 0)) : rows.length
  if (node.span !== undefined) {
    const from = nowOf(cell, rows, node.interval) - node.span
    return { rows, first: firstFrom(rows, from), end, live: live && live.start >= from ? live : undefined }
  }
  const most = definition.history(node.lengths) - 1 - (live ? 1 : 0)
  return { rows, first: Math.max(0, end - most), end, live }
}

/** Without a quote, time has gone at least as far as the last candle. */
function nowOf(cell: Cell, rows: readonly Row[], interval: Interval): number {
  return cell.at || (rows.at(-1)?.start ?? 0) + INTERVALS[interval]
}

function lengthsOf({ span, lengths }: SeriesNode, view: View): readonly number[] {
  return span === undefined ? lengths : [sizeOf(view)]
}

function sizeOf({ first, end, live }: View): number {
  return Math.max(0, end - first) + (live ? 1 : 0)
}

/** Whether two views differ in nothing but how far the live candle is: another live one comes only after a new list. */
function isAlike(one: View, other: View): boolean {
  const isBothLive = (one.live === undefined) === (other.live === undefined)
  return one.rows === other.rows && one.first === other.first && one.end === other.end && isBothLive
}

/**
 * Gives the unfinished candle as it is at this moment: its close is the price now. Where there is none yet and the price
 * is newer than the last finished one, the price begins it. The same object as long as nothing has changed.
 */
function liveRowOf({ cell, series, of, node, isLive }: Source): () => Row | undefined {
  if (!isLive) return () => undefined
  let candle: Candle | undefined
  let price = Number.NaN
  let row: Row | undefined
  return () => {
    const { live } = series
    if (live === undefined && !isNewer(cell, series, node.interval)) return undefined
    if (row === undefined || live !== candle || price !== cell.price || (live === undefined && row.start !== cell.at)) {
      row = joined(live, cell, of)
      candle = live
      price = cell.price
    }
    return row
  }
}

function isNewer(cell: Cell, { finished }: Series, interval: Interval): boolean {
  const last = finished.at(-1)
  return last === undefined || cell.at >= last.start + INTERVALS[interval]
}

/** A live candle with the price now as its close. */
function joined(live: Candle | undefined, { at, price }: Cell, of: CandleMetric): Row {
  const start = live?.start ?? at
  const figures = {
    open: live ? Number(live.open) : price,
    high: live ? Math.max(Number(live.high), price) : price,
    low: live ? Math.min(Number(live.low), price) : price,
    close: price,
    volume: Number(live?.volume ?? Number.NaN),
  }
  return { start, ...figures, value: figures[of === 'price' ? 'close' : of] }
}

/** Daily candles may leave out a weekend and holidays. */
const LONGEST_BREAK = 7 * INTERVALS['1d']

/** Whether the candles go back far enough for a length of time; a number of them is either there or not. */
function isComplete({ node, cell }: Source, { rows }: View): boolean {
  if (node.span === undefined) return true
  const from = nowOf(cell, rows, node.interval) - node.span
  const tolerance = INTERVALS[node.interval] >= INTERVALS['1d'] ? LONGEST_BREAK : 0
  return rows[0] !== undefined && rows[0].start <= from + tolerance
}

/** Whether candles are missing among those that are looked at, although there was trading. */
function hasGap({ series: { gaps } }: Source, { rows, first, end, live }: View): boolean {
  const from = rows[first]?.start
  const until = live?.start ?? rows[end - 1]?.start
  if (gaps === undefined || from === undefined || until === undefined || first >= end) return false
  return gaps.some((gap) => gap.from > from && gap.until <= until)
}

const SAID: Readonly<Record<Interval, string>> = {
  '1m': '1-minute',
  '5m': '5-minute',
  '15m': '15-minute',
  '1h': 'hourly',
  '4h': '4-hour',
  '1d': 'daily',
  '1w': 'weekly',
}

function whyUnknown(source: Source, liveRow: () => Row | undefined): string {
  const { node, definition, cell, series } = source
  const name = keyOf(node.of.symbol)
  const said = SAID[node.interval]
  if (series.why !== undefined) return series.why
  if (source.isLive && Number.isNaN(cell.price)) return cell.why ?? `The price of ${name} is not known.`
  const view = viewOf(source, liveRow())
  const here = sizeOf(view)
  if (node.span !== undefined) {
    const span = duration(node.span)
    if (!isComplete(source, view)) return `The ${said} candles of ${name} that are here do not go back ${span}.`
    if (here === 0) return `No ${said} candle of ${name} has finished in the last ${span}.`
  } else if (here < definition.first(node.lengths)) return tooFew(here, definition.first(node.lengths), said, name)
  if (hasGap(source, view)) return `Some of the ${said} candles of ${name} are missing, and nobody has them now.`
  const isGap = view.rows.slice(view.first, view.end).some(({ value, volume }) => Number.isNaN(value + volume))
  if (isGap) return `The volume of some ${said} candles of ${name} is not known.`
  return `${formatExpression(node)} has no value now.`
}

function tooFew(here: number, needed: number, said: string, name: string): string {
  const count = here === 0 ? 'None' : `Only ${here}`
  return `${count} of the ${needed} ${said} candles of ${name} ${here > 1 ? 'are' : 'is'} here.`
}
