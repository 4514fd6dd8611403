import { Decimal } from 'decimal.js'
import { INTERVALS, intervalFor } from '../condition/history.ts'
import { highest, lowest } from './candles.ts'
import type { History } from './history.ts'
import type { Quote } from './provider.ts'

/** The lowest and highest price over a time; decimal text, in the unit that the symbol is quoted in. */
export type Range = { readonly low: string; readonly high: string }

/** What a look at the time away is made from; `kept`: the last quotes, which tell the unit. */
export type AwayPorts = {
  readonly history: Pick<History, 'load'>
  kept(symbols: readonly string[]): Promise<ReadonlyMap<string, Quote>>
  /** How long (ms) a quote of a symbol is good for. */
  freshFor(symbol: string): number
}

/**
 * Where a price was between two moments (ms), by candles. It begins a little before the first: what was last seen then was
 * as old as a quote may be. Undefined where there are no candles of that time.
 */
export async function rangeWhileAway(
  symbol: string,
  from: number,
  to: number,
  { history, kept, freshFor }: AwayPorts,
): Promise<Range | undefined> {
  const since = from - freshFor(symbol)
  const interval = intervalFor(to - since)
  const size = INTERVALS[interval]
  const need = { symbol, interval, count: Math.ceil((to - since) / size) + 2 }
  const series = (await history.load([need])).get(symbol)?.get(interval)
  const all = series ? [...series.finished, ...(series.live ? [series.live] : [])] : []
  const candles = all.filter(({ start }) => start < to && start + size > since)
  if (candles.length === 0) return undefined
  const { per = 1 } = (await kept([symbol])).get(symbol)?.minor ?? {}
  const low = candles.map((candle) => candle.low).reduce((one, other) => lowest(one, other))
  const high = candles.map((candle) => candle.high).reduce((one, other) => highest(one, other))
  const inUnit = (price: string) => new Decimal(price).times(per).toFixed()
  return { low: inUnit(low), high: inUnit(high) }
}
