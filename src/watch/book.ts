import type { During } from '../condition/ast.ts'
import { blankCell, emptyCell, FIGURES, fillCell } from '../condition/cell.ts'
import type { Cell } from '../condition/evaluate.ts'
import type { Interval } from '../condition/history.ts'
import { classOf } from '../condition/name.ts'
import type { Quote, Session } from '../market/provider.ts'
import { regularOf } from '../market/regular.ts'
import { breakLine, extendLine, isOfDays, type Line } from './line.ts'

/** What the watch room must know of markets: when they trade, and for how long a quote can be trusted. */
export type Hours = {
  /** The session a moment (ms) falls into for a symbol, and when that session ends (ms). */
  sessionAt(symbol: string, at: number): { session: Session; until: number }
  /** How much trading time (ms) a quote stays fresh for after it was received. */
  freshFor(symbol: string): number
  /** When the candle that a moment falls into begins, and when the one after it does; ms. */
  candleAt(symbol: string, interval: Interval, at: number): { from: number; until: number }
  /** Every price there is will be heard: a recording has no more than its rows. */
  readonly hearsAll: boolean
  /** What it means that nothing newer of a symbol came after what a source (a provider's name) gave, in words a person may read. */
  silence(source: string, symbol: string): string
}

/** One symbol in the book in some hours: its cell, which compiled conditions hold on to, and the quote that filled it. */
export type Held = {
  readonly symbol: string
  /** Quotes of these hours are heard. */
  readonly during: During
  readonly cell: Cell
  quote: Quote | undefined
  /** When the quote becomes stale if no newer one comes; ms. */
  staleAt: number
  /** The candles that somebody looks at; mostly none. */
  readonly lines: Line[]
  /** A list of this place alone, for the many that look at no other. */
  readonly alone: readonly Held[]
}

/** What a quote was: `news` changes what conditions see; `heard`: only time has passed; `ignored`: too old, or outside the hours. */
export type Hearing = 'news' | 'heard' | 'ignored'

/** The last quotes of all watched symbols, as cells. */
export type Book = {
  /** The place of a symbol in some hours; made, with nothing known, when there is none. */
  held(symbol: string, during?: During): Held
  /** All places of a symbol: one for each kind of hours that somebody asked for. */
  placesOf(symbol: string): readonly Held[]
  /** Lets go of a place that nobody looks at. */
  forget(held: Held): void
  /** Takes a quote into one place of its symbol. */
  hear(held: Held, quote: Quote): Hearing
  /** Makes a symbol unknown if its quote is stale by now: true when that changes what conditions see. */
  expire(held: Held, now: number): boolean
  /** Whether its market is in the hours that count there. */
  isOpen(held: Held, at: number): boolean
  /** When the session that `at` falls into ends; ms. */
  sessionEnd(held: Held, at: number): number
}

/** The sessions that count in some hours. */
const SESSIONS: Readonly<Record<During, readonly Session[]>> = {
  regular: ['regular'],
  extended: ['pre', 'regular', 'post'],
  always: ['pre', 'regular', 'post', 'closed'],
}

/** No stretch without trading has more sessions than this; a market with more of them does not trade at all. */
const MOST_SESSIONS = 64
const NEVER = Number.POSITIVE_INFINITY
const NOWHERE: readonly Held[] = []

/** When a quote was true, as far as we know; ms. */
export function timeOf(quote: Quote): number {
  return quote.asOf ?? quote.receivedAt
}

/** An empty book. */
export function createBook(hours: Hours): Book {
  const all = new Map<string, Held[]>()
  return {
    held: (symbol, during = 'regular') => {
      const lane = laneOf(symbol, during)
      const places = all.get(symbol) ?? []
      const known = places.find((held) => held.during === lane)
      if (known) return known
      const made = emptyHeld(symbol, lane)
      all.set(symbol, [...places, made])
      return made
    },
    placesOf: (symbol) => all.get(symbol) ?? NOWHERE,
    forget: (held) => {
      const left = all.get(held.symbol)?.filter((other) => other !== held) ?? []
      if (left.length > 0) all.set(held.symbol, left)
      else all.delete(held.symbol)
    },
    hear: (held, quote) => hear(held, quote, hours),
    expire: (held, now) => expire(held, now, hours),
    isOpen: ({ symbol, during }, at) => counts(during, hours.sessionAt(symbol, at).session),
    sessionEnd: ({ symbol, during }, at) => (during === 'always' ? NEVER : hours.sessionAt(symbol, at).until),
  }
}

function emptyHeld(symbol: string, during: During): Held {
  const cell = emptyCell(symbol, 'no quote yet')
  const alone: Held[] = []
  const held: Held = { symbol, during, cell, quote: undefined, staleAt: NEVER, lines: [], alone }
  alone.push(held)
  return held
}

/** What never closes has one kind of hours. */
function laneOf(symbol: string, during: During): During {
  return classOf(symbol) === 'crypto' ? 'regular' : during
}

function counts(during: During, session: Session): boolean {
  return SESSIONS[during].includes(session)
}

function hear(held: Held, told: Quote, hours: Hours): Hearing {
  const before = held.quote
  // The closing price may first be heard beside one of the hours after it.
  const quote = held.during === 'regular' ? regularOf(told) : told
  const at = timeOf(quote)
  if (before && (quote.receivedAt <= before.receivedAt || at < timeOf(before))) return 'ignored'
  const { session } = hours.sessionAt(quote.symbol, at)
  const heardIn = quote.session ?? session
  const isCounted = counts(held.during, heardIn)
  if (!isCounted && before) return 'ignored'
  const isGap = !hours.hearsAll && before !== undefined && quote.receivedAt >= held.staleAt
  const isNews = !before || held.cell.why !== undefined || !isSame(quote, before, hours)
  held.quote = quote
  held.staleAt = staleAt(quote, hours)
  if (isNews) fillCell(held.cell, quote)
  held.cell.at = at
  held.cell.heardAt = quote.receivedAt
  held.cell.sessionEnd = sessionEndFrom(held, at, hours)
  for (const line of held.lines) {
    if (isGap) breakLine(line, quote.receivedAt)
    // Days and weeks are made of regular trading, as those of providers are.
    if (isCounted && (heardIn === 'regular' || !isOfDays(line))) extendLine(line, held.cell, hours)
  }
  return isNews ? 'news' : 'heard'
}

/** The first quote of a session is news whatever it says: what could not happen while the market was closed now may. */
function isSame(quote: Quote, before: Quote, hours: Hours): boolean {
  if (!FIGURES.every((figure) => quote[figure] === before[figure])) return false
  return timeOf(quote) < hours.sessionAt(quote.symbol, timeOf(before)).until
}

/** When the hours that count and that `at` falls into end; `at` itself where they do not count. */
function sessionEndFrom({ symbol, during }: Held, at: number, hours: Hours): number {
  if (during === 'always') return NEVER
  let until = at
  for (let i = 0; i < SESSIONS.extended.length; i++) {
    const segment = hours.sessionAt(symbol, until)
    if (!counts(during, segment.session)) break
    until = segment.until
    if (until === NEVER || during === 'regular') break
  }
  return until
}

function expire(held: Held, now: number, hours: Hours): boolean {
  if (held.quote === undefined || now < held.staleAt || held.cell.why !== undefined) return false
  blankCell(held.cell, hours.silence(held.quote.source, held.quote.symbol))
  return true
}

/**
 * The moment at which a quote will have been on the book for its span of regular trading; other hours do not age it:
 * before the open and after the close hardly anybody trades, and not every provider tells.
 */
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
  return NEVER
}
