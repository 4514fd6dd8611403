/** Open, high, low, close and volume of one symbol from `start` (ms) on; decimal text; null where nothing is known. */
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

/** The candles of one symbol at one interval. Mutable: the watch room writes it, compiled conditions read it. */
export type Series = {
  /** Oldest first, all over. */
  finished: readonly Candle[]
  /** The one that is being made; undefined before its first price. */
  live: Candle | undefined
  /** Grows whenever `finished` is another list. */
  version: number
  /** Why there are no candles, in words a person may read; undefined where there are some. */
  why: string | undefined
  /** Whose rates they are, where they are made of one rate a day: no high and no low between those is in them. */
  rates?: string
  /** Stretches (ms) without candles although there was trading, oldest first: no figure is counted over one. */
  gaps?: readonly { readonly from: number; readonly until: number }[]
}

/** A series of which nothing is known. */
export function emptySeries(why = 'Its history is not here yet.'): Series {
  return { finished: [], live: undefined, version: 0, why }
}

/** What history of a symbol is needed: the last `count` candles, the unfinished one among them. */
export type Need = { readonly symbol: string; readonly interval: Interval; readonly count: number }

/**
 * At which interval a length of time (ms) is looked back on: fine enough that the candle at its edge is a small part of it,
 * coarse enough that no provider has to send more than some hundred candles.
 */
export function intervalFor(ms: number): Interval {
  if (ms <= 4 * INTERVALS['1h']) return '1m'
  if (ms <= INTERVALS['1d']) return '5m'
  if (ms <= 7 * INTERVALS['1d']) return '15m'
  return ms <= 35 * INTERVALS['1d'] ? '1h' : '1d'
}
