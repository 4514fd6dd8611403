import type { AssetClass } from '../condition/ast.ts'

/** A provider of live quotes as whoever sets up the bot chooses it. */
export type Listed = {
  /** What it can be asked for. */
  readonly classes: readonly AssetClass[]
  /** The settings without which it cannot be asked. */
  readonly needs: readonly string[]
}

/** Every provider of live quotes, by the name to write into MARKET_STOCKS, MARKET_CRYPTO and MARKET_FX. */
export const SOURCES = {
  yahoo: { classes: ['stock', 'fx'], needs: [] },
  nasdaq: { classes: ['stock'], needs: [] },
  tiingo: { classes: ['stock'], needs: ['TIINGO_KEY'] },
  alpaca: { classes: ['stock'], needs: ['ALPACA_KEY', 'ALPACA_SECRET'] },
  twelvedata: { classes: ['stock', 'fx', 'crypto'], needs: ['TWELVEDATA_KEY'] },
  coinbase: { classes: ['crypto'], needs: [] },
  kraken: { classes: ['crypto'], needs: [] },
  binance: { classes: ['crypto'], needs: [] },
  coingecko: { classes: ['crypto'], needs: [] },
  coindesk: { classes: ['crypto'], needs: ['COINDESK_KEY'] },
  frankfurter: { classes: ['fx'], needs: [] },
} as const satisfies Readonly<Record<string, Listed>>

/** The name of a provider of live quotes. */
export type SourceName = keyof typeof SOURCES

/** The order in which they are asked unless one is set. Those that need a key come first, and only where it is there. */
export const ORDER: Readonly<Record<AssetClass, readonly SourceName[]>> = {
  stock: ['tiingo', 'alpaca', 'twelvedata', 'yahoo', 'nasdaq'],
  crypto: ['coindesk', 'coinbase', 'kraken', 'binance', 'coingecko'],
  fx: ['yahoo', 'twelvedata', 'frankfurter'],
}

/** Those that can be asked for a class, in the order of the list above. */
export function sourcesOf(kind: AssetClass): SourceName[] {
  const classesOf = (name: SourceName): readonly AssetClass[] => SOURCES[name].classes
  return (Object.keys(SOURCES) as SourceName[]).filter((name) => classesOf(name).includes(kind))
}
