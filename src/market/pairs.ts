import { tickerOf } from '../condition/name.ts'
import { COINS } from './coins.ts'
import type { Listing } from './provider.ts'
import { currencyOf } from './symbols.ts'

const LISTINGS = 8
const QUOTE_ORDER = ['USD', 'EUR', 'GBP', 'USDC', 'USDT', 'BTC']

/** A pair of an exchange as a search finds it; `name` is the base's, a well-known one where it is left out. */
export function pairListing(symbol: string, exchange: string, name?: string | null): Listing {
  const base = tickerOf(symbol).split('/')[0]!
  return { symbol, name: name ?? COINS[base] ?? base, exchange, currency: currencyOf(symbol)! }
}

/**
 * Of an exchange's pairs those that a text may mean, best first: the same pair or coin, then names that begin like the
 * text; pairs in dollars before the others.
 */
export function bestPairs(listings: readonly Listing[], text: string): Listing[] {
  const wanted = text.trim().toUpperCase().replace('-', '/')
  if (wanted === '') return []
  const rank = ({ symbol, name, currency = '' }: Listing) => {
    const pair = tickerOf(symbol)
    const base = pair.split('/')[0]!
    const closeness = [
      pair === wanted,
      base === wanted,
      name.toUpperCase() === wanted,
      base.startsWith(wanted),
      name.toUpperCase().startsWith(wanted),
    ].indexOf(true)
    const order = QUOTE_ORDER.indexOf(currency)
    return closeness < 0 ? Number.POSITIVE_INFINITY : closeness * 10 + (order < 0 ? 9 : order)
  }
  return listings
    .map((listing) => ({ listing, rank: rank(listing) }))
    .filter((one) => one.rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, LISTINGS)
    .map(({ listing }) => listing)
}
