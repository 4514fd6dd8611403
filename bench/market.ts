import { create } from '../src/alert/change.ts'
import type { Alert } from '../src/alert/types.ts'
import { format } from '../src/condition/format.ts'
import { parse } from '../src/condition/parse.ts'
import { triggersOf } from '../src/condition/triggers.ts'
import { bucketStart, nextBucket } from '../src/market/candles.ts'
import type { Quote } from '../src/market/provider.ts'
import { freshFor } from '../src/market/quotes.ts'
import { calendar } from '../src/market/sessions.ts'
import type { Hours } from '../src/watch/book.ts'

/** One two-sided rule: its symbol (an index) is above `high` or below `low`. */
export type Rule = { readonly symbol: number; readonly high: number; readonly low: number }

/** Alerts on each symbol. */
export const PER_SYMBOL = 20
/** Symbols that get a new price in one tick: 1 % of 5,000. */
export const MOVING = 50
/** Of the moving ones, those that cross levels. */
const JUMPING = 10
/** Levels that a jump crosses, so alerts that fire for each jump. */
const CROSSED = 5
/** Firings of each tick. */
export const FIRINGS = JUMPING * CROSSED

/** Distance between the levels on each side of a symbol's price, as a share of it. */
const STEP = 0.005

/** How far apart (ms) quotes that are compared with each other may have been received. */
export const QUOTES_APART = 50_000

/** The hours of a market that never closes, so that the time of day is no matter. */
export const HOURS: Hours = {
  sessionAt: calendar({ alwaysOpen: true }).sessionAt,
  freshFor,
  silence: String,
  candleAt: (symbol, interval, at) => {
    const from = bucketStart(symbol, interval, at)
    return { from, until: nextBucket(symbol, interval, from) }
  },
  hearsAll: false,
}

/** The canonical name of symbol number `index`: `stock:QAAA`, `stock:QAAB`… */
export function nameOf(index: number): string {
  const letter = (place: number) => String.fromCharCode(65 + (Math.floor(index / 26 ** place) % 26))
  return `stock:Q${letter(2)}${letter(1)}${letter(0)}`
}

/** The price around which a symbol moves. */
export function baseOf(symbol: number): number {
  return 50 + ((symbol * 7919) % 900) + (symbol % 100) / 100
}

/** The rules of a market: 20 for each symbol, their levels 0.5 % to 10 % away on both sides. */
export function rulesOf(symbols: number): Rule[] {
  return Array.from({ length: symbols * PER_SYMBOL }, (_, index) => {
    const symbol = Math.floor(index / PER_SYMBOL)
    const distance = STEP * ((index % PER_SYMBOL) + 1)
    return { symbol, high: cents(baseOf(symbol) * (1 + distance)), low: cents(baseOf(symbol) * (1 - distance)) }
  })
}

/**
 * The prices of tick number `tick` by symbol: the next 50 symbols in turn. 40 of them move by less than 0.5 % of their base
 * price and cross nothing; 10 jump from 2.6 % on one side to 2.6 % on the other and cross 5 levels.
 */
export function movesOf(tick: number, symbols: number): Map<number, number> {
  const turn = Math.floor((tick * MOVING) / symbols)
  const side = turn % 2 === 0 ? 1 : -1
  const moves = new Map<number, number>()
  for (let place = 0; place < MOVING; place++) {
    const symbol = (tick * MOVING + place) % symbols
    const share = place < JUMPING ? STEP * (CROSSED + 0.2) : STEP * (0.1 + (0.8 * ((symbol + turn) % 97)) / 97)
    moves.set(symbol, cents(baseOf(symbol) * (1 + side * share)))
  }
  return moves
}

/** A quote of a symbol, received at `at` (ms). */
export function quoteOf(symbol: number, price: number | string, at: number): Quote {
  const volume = String(1_000_000 + symbol)
  return { symbol: nameOf(symbol), price: String(price), currency: 'USD', source: 'bench', receivedAt: at, volume }
}

/** The text a person would type for a rule. */
export function textOf({ symbol, high, low }: Rule): string {
  const ticker = nameOf(symbol).slice('stock:'.length)
  return `${ticker} > ${high} or ${ticker} < ${low} repeat`
}

/** An armed alert made of a rule, as it is after its baseline: both sides unmet. */
export function alertOf(rule: Rule, index: number, now: number): Alert {
  const typed = textOf(rule)
  const parsed = parse(typed, { now, zone: 'UTC' })
  const name = nameOf(rule.symbol)
  const blank = create({
    id: `bench-${index}`,
    user: `user-${Math.floor(index / PER_SYMBOL)}`,
    subscription: `subscription-${Math.floor(index / PER_SYMBOL)}`,
    createdAt: now,
    typed,
    text: format(parsed),
    ...parsed,
    until: null,
    bindings: { [name.slice('stock:'.length)]: name },
    symbols: [name],
    daySymbols: [],
    needs: [],
    zone: 'UTC',
    triggerCount: triggersOf(parsed).length,
  })
  const triggers = blank.triggers.map((trigger) => ({ ...trigger, side: 'unmet' as const }))
  return { ...blank, triggers, number: (index % PER_SYMBOL) + 1, revision: 1, unsent: [] }
}

function cents(value: number): number {
  return Number(value.toFixed(2))
}
