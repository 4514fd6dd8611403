import type { Listing } from './provider.ts'

/** What was last heard of a symbol. Times are ms. */
export type KeptSymbol = {
  readonly symbol: string
  /** Whether there is such a symbol. */
  readonly exists: boolean
  /** When a provider said so. */
  readonly checkedAt: number
  /** Its name, exchange and currency, where a provider told them. */
  readonly listing?: Listing
  /** Of one that does not exist: what may have been meant. */
  readonly near: readonly Listing[]
}

/** Where what was heard of symbols is kept; `forgetAt` (ms): when it is of no use any more. */
export type SymbolPlace = {
  read(symbol: string): Promise<KeptSymbol | null>
  write(kept: KeptSymbol, forgetAt: number): Promise<void>
  use(symbol: string, forgetAt: number): Promise<void>
}

/** What was heard of symbols before, for who looks one up; `now` is the machine's clock, ms. */
export type KeptSymbols = {
  /** What is kept of a symbol, which from now on is kept for longer. */
  recall(symbol: string): Promise<KeptSymbol | null>
  remember(kept: KeptSymbol): Promise<void>
  now(): number
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A symbol that is there is not asked about again for this long, ms. */
const GOOD_FOR = DAY
/** One that is not there may be a new listing, or a slip of the provider. */
const GONE_FOR = HOUR
/** What nobody asks about is forgotten after this long, ms. */
const FORGET_AFTER = 30 * DAY

/** Whether nobody needs to be asked about a symbol at `now` (ms). */
export function isSettled({ exists, checkedAt }: KeptSymbol, now: number): boolean {
  const age = now - checkedAt
  return age >= 0 && age < (exists ? GOOD_FOR : GONE_FOR)
}

/** What was heard of symbols, kept in a place. */
export function createKeptSymbols(place: SymbolPlace, now: () => number): KeptSymbols {
  return {
    now,
    async recall(symbol) {
      const kept = await place.read(symbol)
      if (kept?.exists) await place.use(symbol, now() + FORGET_AFTER)
      return kept
    },
    async remember(kept) {
      await place.write(kept, kept.checkedAt + (kept.exists ? FORGET_AFTER : GONE_FOR))
    },
  }
}
