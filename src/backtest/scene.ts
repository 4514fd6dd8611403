import type { Content } from '../alert/change.ts'
import type { Sight } from '../alert/look.ts'
import type { During } from '../condition/ast.ts'
import { blankCell, emptyCell, fillCell, inMinor } from '../condition/cell.ts'
import type { Cell } from '../condition/evaluate.ts'
import type { Candle, Interval, Need, Series } from '../condition/history.ts'
import { seriesIn } from '../condition/rows.ts'
import { extend, finish } from '../condition/series.ts'
import type { Quote, Session } from '../market/provider.ts'
import { needsOf } from './needs.ts'

/** What the past must know of markets; times and lengths of time in ms. */
export type Hours = {
  /** The session a moment falls into for a symbol, and when that session ends. */
  sessionAt(symbol: string, at: number): { readonly session: Session; readonly until: number }
  /** When the candle that a moment falls into begins. */
  bucketStart(symbol: string, interval: Interval, at: number): number
  /** When the candle that begins at a moment is over. */
  candleEnd(symbol: string, interval: Interval, start: number): number
  /** How much trading time a quote stays fresh for after it was received; Infinity where it is believed until the next. */
  freshFor(symbol: string): number
  /** What it means that there is no newer quote, in words a person may read. */
  silence(source: string, symbol: string): string
}

/** The candles of one symbol as they are to be seen from a moment on, in place of those before. */
export type Sheet = {
  readonly symbol: string
  readonly interval: Interval
  readonly finished: readonly Candle[]
  readonly live: Candle | undefined
}

/** How far a price went on its way to a moment; decimal text, in the unit it is watched in. */
export type Range = { readonly symbol: string; readonly low: string; readonly high: string }

/** What was heard at one moment (ms). */
export type Moment = {
  readonly at: number
  readonly quotes: readonly Quote[]
  /** Where it rests on candles. Left out, the series are made from the quotes that were heard. */
  readonly sheets?: readonly Sheet[]
  readonly ranges?: readonly Range[]
}

/** What an alert sees of the market as time goes by. */
export type Scene = {
  sightOf(symbol: string): Sight
  /** Takes in what was heard. False where nothing of it is of the hours that count. */
  hear(moment: Moment): boolean
  /** When the next quote becomes stale if nothing is heard; ms. */
  nextStale(): number
  /** Makes unknown what is stale at this time (ms). */
  expire(at: number): void
  /** When the next candle that is made from quotes is over; ms. */
  nextEnd(): number
  /** Finishes the candles that are over at this time (ms). True where a day is. */
  finish(at: number): boolean
  /** Some symbol's market is in the hours that count. */
  isOpen(at: number): boolean
  /** When the first of its markets opens or closes; ms. */
  sessionEnd(at: number): number
}

type Held = { readonly cell: Cell; readonly lines: Line[]; quote: Quote | undefined; staleAt: number }

/** Candles that are made from quotes; `end`: when the one under way is over, ms. */
type Line = { readonly interval: Interval; readonly series: Series; readonly keep: number; end: number }

const NEVER = Number.POSITIVE_INFINITY
/** No stretch without trading has more sessions than this; a market with more of them does not trade at all. */
const MOST_SESSIONS = 64

const SESSIONS: Readonly<Record<During, readonly Session[]>> = {
  regular: ['regular'],
  extended: ['pre', 'regular', 'post'],
  always: ['pre', 'regular', 'post', 'closed'],
}

/** Nothing is known yet of the symbols of an alert. */
export function createScene({ symbols, needs, options }: Content, hours: Hours): Scene {
  const counts = (session: Session) => SESSIONS[options.during ?? 'regular'].includes(session)
  const all = new Map<string, Held>(symbols.map((symbol) => [symbol, emptyHeld(symbol, needs)]))
  const each = <Result>(of: (held: Held) => Result) => [...all.values()].map(of)

  const hearOne = (quote: Quote, isMadeFromQuotes: boolean) => {
    const held = all.get(quote.symbol)
    if (!held) return false
    const at = timeOf(quote)
    const session = quote.session ?? hours.sessionAt(quote.symbol, at).session
    const isCounted = counts(session)
    if (!isCounted && held.quote !== undefined) return false
    held.quote = quote
    held.staleAt = staleAt(quote, hours)
    // Candles are of one market's hours each, and are not held against each other's times.
    const sessionEnd = isMadeFromQuotes ? tradingEnd(quote.symbol, at, hours, counts) : NEVER
    fillCell(held.cell, { ...quote, at, heardAt: quote.receivedAt, sessionEnd })
    if (isMadeFromQuotes && isCounted) for (const line of held.lines) extendLine(line, quote, hours)
    return true
  }

  return {
    sightOf(symbol) {
      const { cell, quote } = all.get(symbol)!
      return { cell, source: quote?.source ?? '', at: quote ? timeOf(quote) : 0 }
    },
    hear({ quotes, sheets }) {
      for (const sheet of sheets ?? []) show(sheet, all.get(sheet.symbol)?.cell)
      let isNews = false
      for (const quote of quotes) isNews = hearOne(quote, sheets === undefined) || isNews
      return isNews
    },
    nextStale: () => Math.min(...each(({ cell, staleAt }) => (cell.why === undefined ? staleAt : NEVER))),
    expire(at) {
      for (const { cell, quote, staleAt } of all.values())
        if (quote && at >= staleAt && cell.why === undefined) blankCell(cell, hours.silence(quote.source, quote.symbol))
    },
    nextEnd: () => Math.min(...each(({ lines }) => Math.min(...lines.map(({ end }) => end)))),
    finish: (at) => each(({ lines }) => finishLines(lines, at)).includes(true),
    isOpen: (at) => symbols.some((symbol) => counts(hours.sessionAt(symbol, at).session)),
    sessionEnd: (at) =>
      counts('closed') ? NEVER : Math.min(...symbols.map((symbol) => hours.sessionAt(symbol, at).until)),
  }
}

function emptyHeld(symbol: string, needs: readonly Need[]): Held {
  const cell = emptyCell(symbol, 'no quote yet')
  const lines = needsOf(symbol, needs).map(({ interval, count }) => ({
    interval,
    series: seriesIn(cell, interval),
    keep: count,
    end: NEVER,
  }))
  return { cell, lines, quote: undefined, staleAt: NEVER }
}

/** True where one of them is a day. */
function finishLines(lines: readonly Line[], at: number): boolean {
  const over = lines.filter(({ end }) => at >= end)
  for (const line of over) {
    finish(line.series, line.keep)
    line.end = NEVER
  }
  return over.some(({ interval }) => interval === '1d')
}

/** A price joins the candle that it belongs to. */
function extendLine(line: Line, { symbol, price, volume, minor, ...quote }: Quote, hours: Hours): void {
  const { series, interval, keep } = line
  const start = hours.bucketStart(symbol, interval, quote.asOf ?? quote.receivedAt)
  // What a quote tells of volume is the day's so far.
  const traded = interval === '1d' && volume !== undefined ? { volume } : {}
  const begun = series.live?.start
  extend(series, { price: minor ? inMinor(price, minor) : price, ...traded }, start, keep)
  if (series.live && series.live.start !== begun) line.end = hours.candleEnd(symbol, interval, series.live.start)
}

function timeOf({ asOf, receivedAt }: Quote): number {
  return asOf ?? receivedAt
}

function show({ interval, finished, live }: Sheet, cell: Cell | undefined): void {
  const series: Series | undefined = cell?.series.get(interval)
  if (!series) return
  if (series.finished !== finished) series.version += 1
  series.finished = finished
  series.live = live
  series.why = undefined
}

/** The moment at which a quote will have been there for its span of regular trading; other hours do not age it. */
function staleAt(quote: Quote, hours: Hours): number {
  let left = hours.freshFor(quote.symbol)
  let at = quote.receivedAt
  for (let sessions = 0; sessions < MOST_SESSIONS && left < NEVER; sessions += 1) {
    const { session, until } = hours.sessionAt(quote.symbol, at)
    if (session === 'regular') {
      if (at + left <= until) return at + left
      left -= until - at
    }
    at = until
  }
  return NEVER
}

/** When the trading that a moment falls into ends (ms); that moment itself where there is none. */
function tradingEnd(symbol: string, at: number, hours: Hours, counts: (session: Session) => boolean): number {
  if (counts('closed')) return NEVER
  let end = at
  while (end < NEVER) {
    const { session, until } = hours.sessionAt(symbol, end)
    if (!counts(session)) return end
    end = until
  }
  return end
}
