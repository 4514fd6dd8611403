import type { AssetClass } from '../condition/ast.ts'
import { type Candle, INTERVALS, type Interval } from '../condition/history.ts'
import type { Told } from './told.ts'

export { type AssetClass, type Candle, INTERVALS, type Interval }

/** The trading hours a moment falls into. What never closes is always `regular`. */
export type Session = 'pre' | 'regular' | 'post' | 'closed'

/**
 * What a provider last said of a symbol. Figures are decimal text: what the provider sent where it sent text,
 * else the shortest text that gives the same number. Times are ms since 1970.
 */
export type Quote = {
  /** The canonical name: `stock:AAPL`, `crypto:BTC/USD`, `fx:EUR/USD`. */
  readonly symbol: string
  readonly price: string
  /** ISO 4217; prices are always in the main unit (pounds, never pence). */
  readonly currency: string
  /** The listing is traded in a minor unit: `per` of it make one of `currency`. People type and read its prices in that. */
  readonly minor?: { readonly name: string; readonly per: number }
  /** The provider's name. */
  readonly source: string
  /** When we had it, on the clock of evaluation. */
  readonly receivedAt: number
  /** The session its price belongs to, where the provider tells it; else the calendar decides by the quote's time. */
  readonly session?: Session
  /** When it was true, where the provider tells it. */
  readonly asOf?: number
  readonly open?: string
  readonly high?: string
  readonly low?: string
  /** The reference of `change`: the last regular close (stocks), 24 h ago (crypto), 17:00 New York (FX). */
  readonly previousClose?: string
  readonly volume?: string
  readonly bid?: string
  readonly ask?: string
  /** How late the provider has this listing, ms, where that is not so of all it has (`Provider.delay`). */
  readonly delay?: number
  /** What the regular session said last, beside a `price` of extended hours; the figures of its day are ours to add. */
  readonly regular?: {
    readonly price: string
    readonly asOf?: number
    readonly open?: string
    readonly high?: string
    readonly low?: string
    readonly previousClose?: string
  }
}

/** Why there is no quote of a symbol, in words a person may read. */
export type Unknown = {
  readonly symbol: string
  readonly unknown: string
  /** True where the provider is sure that it has no such symbol; false where it could not say. */
  readonly gone: boolean
  /** Of several providers: what the one said who is sure, where others could not say. */
  readonly sure?: string
  /** What was told of it although it is of another time: nothing is watched by it, and yet there is such a symbol. */
  readonly last?: Quote
}

/** An instrument found by name or ticker. */
export type Listing = {
  readonly symbol: string
  readonly name: string
  readonly exchange?: string
  readonly currency?: string
}

/** At `at` (ms) each `denominator` shares became `numerator`: 4 and 1 where four were made of one. Decimal text. */
export type Split = { readonly at: number; readonly numerator: string; readonly denominator: string }

/**
 * What a provider lets one address or key ask for, as it publishes it. `cost` is what asking for the quotes of so many
 * symbols takes from these (weights, credits); one for each batch where it is left out.
 */
export type Limits = {
  readonly perSecond?: number
  readonly perMinute?: number
  readonly perHour?: number
  readonly perDay?: number
  readonly perMonth?: number
  cost?(symbols: number): number
}

/** A source of quotes and candles. A call that fails as a whole throws `ProviderError`. */
export type Provider = {
  readonly name: string
  readonly classes: readonly AssetClass[]
  /** How many symbols one upstream request can ask for. */
  readonly batch: number
  /** The least time between two upstream requests, ms. */
  readonly pace: number
  /** Left out where nothing is published and the pace alone is kept. */
  readonly limits?: Limits
  /** How late its quotes are at the most, ms; left out where they are of now. */
  readonly delay?: number
  /** Whether it may have a symbol of its classes, which is told without asking it; left out where it may have any. */
  has?(symbol: string): boolean
  /** Every symbol asked for has an entry in the answer. `symbols` may be longer than `batch`. */
  quotes(symbols: readonly string[]): Promise<Map<string, Quote | Unknown>>
  /** Oldest first, from `from` (ms, included) to `to` (ms, excluded); the last may be unfinished. */
  candles(symbol: string, interval: Interval, from: number, to: number): Promise<Candle[]>
  search(text: string): Promise<Listing[]>
  /** What its last answers told of an instrument beside the price; left out where they never do. */
  listing?(symbol: string): Listing | undefined
  /** What it told of the days on which the exchange of a stock trades; the same object until there are news. */
  told?(symbol: string): Told | undefined
  /** Those from `from` (ms, included) on, oldest first; left out where the provider tells none. */
  splits?(symbol: string, from: number): Promise<Split[]>
}

/** A provider could not answer: the message says what it did, `retryAfter` (ms) when it asked us to wait. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  /** The message without the provider's name. */
  readonly what: string
  readonly retryAfter: number | undefined
  /** Waiting alone will not help: this region is not served, or the key is not taken. */
  readonly permanent: boolean
  constructor(provider: string, what: string, retryAfter?: number, permanent = false) {
    super(`${provider} ${what}`)
    this.what = what
    this.retryAfter = retryAfter
    this.permanent = permanent
  }
}
