import { blankCell, emptyCell, FIGURES, fillCell } from '../condition/cell.ts'
import type { Cell } from '../condition/evaluate.ts'
import type { Quote, Session } from '../market/provider.ts'

/** What the watch room must know of markets: when they trade, and for how long a quote can be trusted. */
export type Hours = {
  /** The session a moment (ms) falls into for a symbol, and when that session ends (ms). */
  sessionAt(symbol: string, at: number): { session: Session; until: number }
  /** How much trading time (ms) a quote stays fresh for after it was received. */
  freshFor(symbol: string): number
  /** What it means that a source (a provider's name) has given nothing newer, in words a person may read. */
  silence(source: string): string
}

/** One symbol in the book: its cell, which compiled conditions hold on to, and the quote that filled it. */
export type Held = {
  readonly cell: Cell
  quote: Quote | undefined
  /** When the quote becomes stale if no newer one comes; ms. */
  staleAt: number
}

/** The last quotes of all watched symbols, as cells. */
export type Book = {
  /** The place of a symbol; made, with nothing known, when there is none. */
  held(symbol: string): Held
  /** Takes a quote in. True when it changes what conditions see; false when it is no news, or outside the hours that count. */
  hear(quote: Quote): boolean
  /** Makes a symbol unknown if its quote is stale by now: true when that changes what conditions see. */
  expire(held: Held, now: number): boolean
  isOpen(symbol: string, at: number): boolean
  /** When the session that `at` falls into ends; ms. */
  sessionEnd(symbol: string, at: number): number
}

/** No stretch without trading has more sessions than this; a market with more of them does not trade at all. */
const MOST_SESSIONS = 64

/** When a quote was true, as far as we know; ms. */
export function timeOf(quote: Quote): number {
  return quote.asOf ?? quote.receivedAt
}

/** An empty book. */
export function createBook(hours: Hours): Book {
  const all = new Map<string, Held>()
  const held = (symbol: string) => {
    const known = all.get(symbol)
    if (known) return known
    const made: Held = { cell: emptyCell(symbol, 'no quote yet'), quote: undefined, staleAt: Number.POSITIVE_INFINITY }
    all.set(symbol, made)
    return made
  }
  return {
    held,
    hear: (quote) => hear(held(quote.symbol), quote, hours),
    expire: (held, now) => expire(held, now, hours),
    isOpen: (symbol, at) => hours.sessionAt(symbol, at).session === 'regular',
    sessionEnd: (symbol, at) => hours.sessionAt(symbol, at).until,
  }
}

function hear(held: Held, quote: Quote, hours: Hours): boolean {
  const before = held.quote
  if (before && (quote.receivedAt <= before.receivedAt || timeOf(quote) < timeOf(before))) return false
  const session = quote.session ?? hours.sessionAt(quote.symbol, timeOf(quote)).session
  if (session !== 'regular' && before) return false
  held.quote = quote
  held.staleAt = staleAt(quote, hours)
  if (before && held.cell.why === undefined && isSame(quote, before, hours)) return false
  fillCell(held.cell, quote)
  return true
}

/** The first quote of a session is news whatever it says: what could not happen while the market was closed now may. */
function isSame(quote: Quote, before: Quote, hours: Hours): boolean {
  if (!FIGURES.every((figure) => quote[figure] === before[figure])) return false
  return timeOf(quote) < hours.sessionAt(quote.symbol, timeOf(before)).until
}

function expire(held: Held, now: number, hours: Hours): boolean {
  if (held.quote === undefined || now < held.staleAt || held.cell.why !== undefined) return false
  blankCell(held.cell, hours.silence(held.quote.source))
  return true
}

/** The moment at which a quote will have been on the book for its span of trading time; closed hours do not age it. */
function staleAt(quote: Quote, hours: Hours): number {
  let left = hours.freshFor(quote.symbol)
  let at = quote.receivedAt
  for (let i = 0; i < MOST_SESSIONS; i++) {
    const { session, until } = hours.sessionAt(quote.symbol, at)
    if (session === 'regular') {
      if (at + left <= until) return at + left
      left -= until - at
    }
    at = until
  }
  return Number.POSITIVE_INFINITY
}
