import { type Candle, INTERVALS, type Interval } from '../condition/history.ts'
import type { Heard } from './heard.ts'
import type { History } from './history.ts'
import type { Quote } from './provider.ts'
import type { Segment } from './sessions.ts'
import { type Stretch, tradingDay } from './trading-day.ts'

/** How a price went, to be drawn: points from the oldest on, in the unit that the symbol is quoted in. Times are ms. */
export type Line = {
  readonly points: readonly { readonly at: number; readonly price: number }[]
  /** Who told it. */
  readonly source: string
  /** The name of that unit: `USD`, `GBp`. */
  readonly currency: string
}

/** What a line is found with. `kept`: the last quotes, which tell the unit. */
export type LinePorts = {
  readonly history: Pick<History, 'inHand'>
  readonly heard?: Heard
  kept(symbols: readonly string[]): Promise<ReadonlyMap<string, Quote>>
  sessionAt(symbol: string, at: number): Segment
}

/** Which candles are taken, the first that are good enough. */
const FITTING: readonly Interval[] = ['5m', '15m', '1m', '1h']
/** Fewer points are no line. */
const LEAST = 4
/** A line that ends longer before the moment it is for (ms) does not show how it came to that. */
const OPEN_END = 45 * 60_000

/**
 * The line of a symbol over its trading day up to `at` (ms), from what is here: candles in memory or kept, or the prices
 * that were heard. Nobody is asked for it but a market that answers at once. Undefined where that is no line.
 */
export async function lineInHand(symbol: string, at: number, ports: LinePorts): Promise<Line | undefined> {
  const quote = (await ports.kept([symbol])).get(symbol)
  // Without a quote it is not known whether its prices are read in pence or in pounds.
  if (!quote) return undefined
  const stretch = tradingDay(symbol, at, ports.sessionAt)
  const { per, name: currency } = unitOf(quote)
  for (const interval of FITTING) {
    const past = await ports.history.inHand({ symbol, interval, count: countOf(stretch, interval) })
    const points = past ? pointsOf(past.candles, interval, { ...stretch, to: Math.min(stretch.to, past.at) }, per) : []
    if (past && isLine(points, stretch)) return { points, source: past.source, currency }
  }
  const heard = (ports.heard?.since(symbol, stretch.from) ?? []).map((point) => ({
    ...point,
    price: point.price * per,
  }))
  return isLine(heard, stretch) ? { points: heard, source: quote.source, currency } : undefined
}

/** What a symbol's prices are read in, and how many of it make one of the main unit. */
export function unitOf({ currency, minor }: Pick<Quote, 'currency' | 'minor'>): { name: string; per: number } {
  return minor ?? { name: currency, per: 1 }
}

/** How many candles there may be of a stretch, the unfinished one and one at its edge among them. */
export function countOf({ from, to }: Stretch, interval: Interval): number {
  return Math.ceil((to - from) / INTERVALS[interval]) + 2
}

/** Candles as points: where the first opened, and where each closed. Those outside of the stretch are left out. */
export function pointsOf(
  candles: readonly Candle[],
  interval: Interval,
  { from, to }: Stretch,
  per: number,
): Line['points'] {
  const inside = candles.filter(({ start }) => start >= from && start < to)
  const first = inside[0]
  if (!first) return []
  const closes = inside.map(({ start, close }) => ({
    at: Math.min(start + INTERVALS[interval], to),
    price: Number(close) * per,
  }))
  return [{ at: first.start, price: Number(first.open) * per }, ...closes]
}

function isLine(points: Line['points'], { to }: Stretch): boolean {
  return points.length >= LEAST && to - points.at(-1)!.at <= OPEN_END
}
