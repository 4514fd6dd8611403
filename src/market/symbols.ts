import { classOf } from '../condition/name.ts'
import { COINS } from './coins.ts'
import { CRYPTO_QUOTES, CURRENCIES } from './currencies.ts'
import type { Listing, Quote } from './provider.ts'

/**
 * What a written symbol stands for. `checked` is false where no provider could say whether it exists; `quote` is there
 * where one was had on the way, `listing` where a search named it.
 */
export type Resolution =
  | {
      readonly kind: 'one'
      readonly symbol: string
      readonly checked: boolean
      readonly quote?: Quote
      readonly listing?: Listing
    }
  | { readonly kind: 'many'; readonly candidates: readonly Listing[] }
  | { readonly kind: 'none'; readonly near: readonly Listing[] }

/** Currencies that the market quotes in dollars, so that the bare code has one plain meaning. */
const IN_DOLLARS = new Set(['EUR', 'GBP', 'AUD', 'NZD'])
const STOCK = /^(?=.*[A-Z]|\d+\.)[A-Z0-9]{1,12}(-[A-Z0-9]{1,4})?(\.[A-Z]{1,4})?$/
const COIN = /^[A-Z0-9]{1,12}$/
/** One letter after a point or a dash is a class of shares, unless it is a letter that stands for an exchange. */
const SHARE_CLASS = /^([A-Z]{1,5})[.-]([A-EG-KM-SUW-Z])$/

/** The currency a pair is quoted in (`crypto:BTC/EUR` → `EUR`); undefined for stocks, where only a provider knows. */
export function currencyOf(symbol: string): string | undefined {
  return classOf(symbol) === 'stock' ? undefined : symbol.slice(symbol.indexOf('/') + 1)
}

/**
 * The canonical name a written symbol most plainly stands for, or null where it is none. Pure: it does not know whether
 * such an instrument exists. A class in front (`stock:`, `crypto:`, `fx:`) settles what could be two things.
 */
export function guess(written: string): string | null {
  const text = written.trim().toUpperCase()
  const prefixed = /^(STOCK|CRYPTO|FX):(.+)$/.exec(text)
  const ticker = (prefixed?.[2] ?? text).replace(/^\$/, '')
  if (prefixed?.[1] === 'STOCK') return stock(ticker)
  if (prefixed?.[1] === 'CRYPTO') return pairOf(ticker, coinPair) ?? (COIN.test(ticker) ? `crypto:${ticker}/USD` : null)
  if (prefixed?.[1] === 'FX') return pairOf(ticker, currencyPair) ?? dollars(ticker)
  return bare(ticker)
}

function bare(ticker: string): string | null {
  if (/^\^[A-Z0-9.-]{1,12}$|^[A-Z0-9]{1,8}=F$/.test(ticker)) return `stock:${ticker}`
  if (ticker in COINS) return `crypto:${ticker}/USD`
  const againstDollar = /^([A-Z]{3})=X$/.exec(ticker)?.[1]
  if (againstDollar !== undefined) return currencyPair('USD', againstDollar)
  return (
    pairOf(ticker, currencyPair) ??
    pairOf(ticker, (base, quote) => (base in COINS || isDollar(quote) ? coinPair(base, quote) : null)) ??
    (IN_DOLLARS.has(ticker) ? dollars(ticker) : stock(ticker))
  )
}

/** Splits `A/B`, `A-B`, `AB`, `AB=X` at each place that `make` accepts; the longest second half wins. */
function pairOf(ticker: string, make: (base: string, quote: string) => string | null): string | null {
  const text = ticker.replace(/=X$/, '')
  const halves = /^([A-Z0-9]+)[/-]([A-Z0-9]+)$/.exec(text)
  if (halves) return make(halves[1]!, halves[2]!)
  if (!COIN.test(text)) return null
  for (const length of [4, 3]) {
    const base = text.slice(0, -length)
    const quote = text.slice(-length)
    // FOOUSD may be a stock; FOOUSDT and a known coin's BTCUSD are not.
    if (base !== '' && (CURRENCIES.has(base) || base in COINS || (length === 4 && base.length > 1))) {
      const symbol = make(base, quote)
      if (symbol !== null) return symbol
    }
  }
  return null
}

function currencyPair(base: string, quote: string): string | null {
  return CURRENCIES.has(base) && CURRENCIES.has(quote) && base !== quote ? `fx:${base}/${quote}` : null
}

function coinPair(base: string, quote: string): string | null {
  const known = CURRENCIES.has(quote) || CRYPTO_QUOTES.has(quote)
  return known && base !== quote && !CURRENCIES.has(base) ? `crypto:${base}/${quote}` : null
}

function isDollar(quote: string): boolean {
  return quote === 'USD' || quote === 'USDT' || quote === 'USDC'
}

function dollars(currency: string): string | null {
  if (!CURRENCIES.has(currency) || currency === 'USD') return null
  return IN_DOLLARS.has(currency) ? `fx:${currency}/USD` : `fx:USD/${currency}`
}

function stock(ticker: string): string | null {
  if (/^\^[A-Z0-9.-]{1,12}$|^[A-Z0-9]{1,8}=F$/.test(ticker)) return `stock:${ticker}`
  const share = SHARE_CLASS.exec(ticker)
  if (share) return `stock:${share[1]}.${share[2]}`
  if (!STOCK.test(ticker)) return null
  // AAPL-MSFT is a difference, not a listing: after a dash come only preferred shares, warrants, units, or a suffix.
  const dashed = /-([A-Z0-9]+)$/.exec(ticker)
  return dashed && !/^(P[A-Z]?|W[STI]?|U|R[T]?)$/.test(dashed[1]!) ? null : `stock:${ticker}`
}
