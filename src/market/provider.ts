import type { AssetClass } from '../condition/ast.ts'

export type { AssetClass }

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
}

/** Why there is no quote of a symbol, in words a person may read. */
export type Unknown = {
  readonly symbol: string
  readonly unknown: string
  /** True where the provider is sure that it has no such symbol; false where it could not say. */
  readonly gone: boolean
}

/** Open, high, low, close and volume of one symbol from `start` (ms) on; null where nothing was traded or known. */
export type Candle = {
  readonly start: number
  readonly open: string
  readonly high: string
  readonly low: string
  readonly close: string
  readonly volume: string | null
}

/** Every interval that candles come in, and how long it lasts, ms. */
export const INTERVALS = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
  '1w': 604_800_000,
} as const
/** How long one candle lasts; the values of `INTERVALS` are ms. */
export type Interval = keyof typeof INTERVALS

/** An instrument found by name or ticker. */
export type Listing = {
  readonly symbol: string
  readonly name: string
  readonly exchange?: string
  readonly currency?: string
}

/** A source of quotes and candles. A call that fails as a whole throws `ProviderError`. */
export type Provider = {
  readonly name: string
  readonly classes: readonly AssetClass[]
  /** How many symbols one upstream request can ask for. */
  readonly batch: number
  /** The least time between two upstream requests, ms. */
  readonly pace: number
  /** Every symbol asked for has an entry in the answer. `symbols` may be longer than `batch`. */
  quotes(symbols: readonly string[]): Promise<Map<string, Quote | Unknown>>
  /** Oldest first, from `from` (ms, included) to `to` (ms, excluded); the last may be unfinished. */
  candles(symbol: string, interval: Interval, from: number, to: number): Promise<Candle[]>
  search(text: string): Promise<Listing[]>
}

/** A provider could not answer: the message says what it did, `retryAfter` (ms) when it asked us to wait. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly retryAfter: number | undefined
  constructor(provider: string, what: string, retryAfter?: number) {
    super(`${provider} ${what}`)
    this.retryAfter = retryAfter
  }
}
