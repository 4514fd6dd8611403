import { classOf } from '../condition/name.ts'
import type { AssetClass, Session } from './provider.ts'

const MINUTE = 60_000
/** Ms after which a quote is stale while its market trades. */
const FRESH: Readonly<Record<AssetClass, number>> = { crypto: 2 * MINUTE, fx: 5 * MINUTE, stock: 5 * MINUTE }
/** Extended hours are thin and not every provider covers them. */
const FRESH_EXTENDED = 15 * MINUTE

/** A quote that says nothing new is written all the same after this long, ms, so that it does not become stale. */
export const FRESHEN = 30_000

/**
 * How long (ms) a quote can be trusted from its `receivedAt` on, in the session its market is in now. Crypto 2 min, FX
 * and stocks 5 min, extended hours 15 min; the last price of a closed market does not grow stale.
 */
export function freshFor(symbol: string, session: Session = 'regular'): number {
  if (session === 'closed') return Number.POSITIVE_INFINITY
  return session === 'regular' ? FRESH[classOf(symbol)] : FRESH_EXTENDED
}
