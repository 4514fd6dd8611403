import type { AssetClass } from './ast.ts'

/** The asset class of a canonical name: `stock` of `stock:AAPL`. Throws where it is no such name. */
export function classOf(symbol: string): AssetClass {
  const name = symbol.slice(0, symbol.indexOf(':'))
  if (name === 'stock' || name === 'crypto' || name === 'fx') return name
  throw new Error(`${symbol} is not a canonical name`)
}

/** A canonical name without its class, as people say it: `AAPL` of `stock:AAPL`, `BTC/USD` of `crypto:BTC/USD`. */
export function tickerOf(symbol: string): string {
  return symbol.slice(symbol.indexOf(':') + 1)
}
