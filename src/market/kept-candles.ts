import type { Candle, Interval } from '../condition/history.ts'

/** The candles of one symbol at one interval, as they were had at `at` (ms), kept for who starts later or runs beside. */
export type KeptCandles = {
  readonly symbol: string
  readonly interval: Interval
  /** Oldest first, their starts those of `bucketStart`; the last may be unfinished. */
  readonly candles: readonly Candle[]
  readonly at: number
  /** The provider's name. */
  readonly source: string
  /** How many were asked for. */
  readonly count: number
}

/** Where candles are kept. */
export type CandlesKept = {
  read(symbol: string, interval: Interval): Promise<KeptCandles | null>
  /** Replaces what is kept of the symbol and interval, unless that is of later. */
  write(kept: KeptCandles): Promise<void>
}
