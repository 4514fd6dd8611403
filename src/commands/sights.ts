import { compileTriggers, explainAll, lookAt, type Question, type Sight } from '../alert/look.ts'
import type { Evaluation } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import type { Options } from '../condition/ast.ts'
import { emptyCell, fillCell } from '../condition/cell.ts'
import type { Leaf } from '../condition/evaluate.ts'
import type { Interval, Series } from '../condition/history.ts'
import { inMinorUnit } from '../condition/series.ts'
import type { Quote, Unknown } from '../market/provider.ts'
import { regularOf } from '../market/regular.ts'
import type { Context, Services } from './command.ts'

/** What a command sees of the market: the quote of each symbol, or why there is none, and the candles it needs. */
export type Seen = {
  readonly quotes: ReadonlyMap<string, Quote | Unknown>
  /** By canonical name; in the currency's main unit. */
  readonly series: ReadonlyMap<string, ReadonlyMap<Interval, Series>>
}

/** What alerts look at, seen now, whatever hours they look at it in. */
export async function see(
  { symbols, daySymbols, needs }: Pick<Alert, 'symbols' | 'daySymbols' | 'needs'>,
  { desk, history }: Pick<Services, 'desk' | 'history'>,
): Promise<Seen> {
  const [quotes, series] = await Promise.all([desk.lookFor({ symbols, daySymbols }), history.load(needs)])
  return { quotes, series }
}

/** The same as an alert of these hours sees it: without those before and after regular trading unless it asked for them. */
export function inHoursOf({ during = 'regular' }: Pick<Options, 'during'>, seen: Seen): Seen {
  if (during !== 'regular') return seen
  const regular = (quote: Quote | Unknown) => ('unknown' in quote ? quote : regularOf(quote))
  return { ...seen, quotes: new Map([...seen.quotes].map(([symbol, quote]) => [symbol, regular(quote)])) }
}

/** What is seen for several alerts, as one of them sees it: its own symbols alone, in its hours. */
export function seenBy({ symbols, options }: Pick<Alert, 'symbols' | 'options'>, { quotes, series }: Seen): Seen {
  const own = <T>(all: ReadonlyMap<string, T>) =>
    new Map(symbols.flatMap((symbol) => (all.has(symbol) ? [[symbol, all.get(symbol)!] as const] : [])))
  return inHoursOf(options, { quotes: own(quotes), series: own(series) })
}

type SightOf = (symbol: string) => Sight

/** Many alerts look at the same: it is laid out once. */
const laidOut = new WeakMap<Seen, SightOf>()

/** What is seen of each symbol; a symbol without a quote is unknown, with the reason. */
export function sightsOf(seen: Seen, sessionAt: Services['sessionAt']): SightOf {
  const known = laidOut.get(seen) ?? layOut(seen, sessionAt)
  laidOut.set(seen, known)
  return known
}

function layOut({ quotes, series }: Seen, sessionAt: Services['sessionAt']): SightOf {
  const sights = new Map<string, Sight>()
  for (const [symbol, quote] of quotes) {
    const sight =
      'unknown' in quote ? { cell: emptyCell(symbol, quote.unknown), source: '', at: 0 } : sightOf(quote, sessionAt)
    for (const [interval, one] of series.get(symbol) ?? []) sight.cell.series.set(interval, inUnitOf(quote, one))
    sights.set(symbol, sight)
  }
  return (symbol) => sights.get(symbol) ?? { cell: emptyCell(symbol, 'no quote yet'), source: '', at: 0 }
}

function sightOf(quote: Quote, sessionAt: Services['sessionAt']): Sight {
  const at = quote.asOf ?? quote.receivedAt
  const cell = emptyCell(quote.symbol, '')
  const { session, until } = sessionAt(quote.symbol, at)
  fillCell(cell, { ...quote, at, heardAt: quote.receivedAt, sessionEnd: session === 'regular' ? until : at })
  return { cell, source: quote.source, at, ...(quote.delay === undefined ? {} : { delay: quote.delay }) }
}

/** A listing that is quoted in pence is looked at in pence. */
function inUnitOf(quote: Quote | Unknown, series: Series): Series {
  if ('unknown' in quote || !quote.minor) return series
  const { minor } = quote
  const { finished, live } = series
  return {
    ...series,
    finished: finished.map((candle) => inMinorUnit(candle, minor)),
    live: live && inMinorUnit(live, minor),
  }
}

/** One look at what an alert asks, on what a command sees. */
export function lookWith(question: Question, seen: Seen, { now, apart, sessionAt }: Context): Evaluation {
  const sightOf = sightsOf(seen, sessionAt)
  const watchers = compileTriggers(question, (symbol) => sightOf(symbol).cell, apart)
  return lookAt(question, watchers, sightOf, { at: now(), open: true, apart })
}

/** Each part of an alert with its value, on what a command sees. */
export function explainWith(question: Question, seen: Seen, { apart, sessionAt }: Context): Leaf[] {
  return explainAll(question, sightsOf(seen, sessionAt), apart)
}
