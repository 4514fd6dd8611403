import { Decimal } from 'decimal.js'
import type { Prices } from '../delivery/lateness.ts'
import type { Market } from '../market/index.ts'
import type { Quotes } from '../store/quotes.ts'

/** The prices now, as far as they are kept and fresh, in the unit they are quoted in. Nobody outside is asked. */
export function pricesNow(
  kept: Quotes['read'],
  { now, freshFor }: Pick<Market, 'now' | 'freshFor'>,
): (symbols: readonly string[]) => Promise<Prices> {
  return async (symbols) => {
    const quotes = [...(await kept(symbols)).values()]
    const fresh = quotes.filter(({ symbol, receivedAt }) => now() - receivedAt < freshFor(symbol))
    return new Map(
      fresh.map(({ symbol, price, currency, minor }) => [
        symbol,
        minor ? { price: new Decimal(price).times(minor.per).toFixed(), currency: minor.name } : { price, currency },
      ]),
    )
  }
}
