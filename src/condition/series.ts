import { inMinor } from './cell.ts'
import type { Minor } from './currency.ts'
import type { Candle, Series } from './history.ts'
import { Exact } from './numbers.ts'

/** A price as it was seen; decimal text. `volume`: what was traded in its candle up to then, where that is known. */
export type SeenPrice = { readonly price: string; readonly volume?: string }

/**
 * Takes a price in that belongs to the candle which begins at `start` (ms): it joins the live candle, or finishes it and
 * begins the next one. Of the finished ones the last `keep` stay. A price from before the live candle, or from one that
 * is finished, comes too late and changes nothing.
 */
export function extend(series: Series, point: SeenPrice, start: number, keep: number): void {
  const { live } = series
  if (live?.start === start) {
    series.live = withPrice(live, point)
    return
  }
  const last = live ?? series.finished.at(-1)
  if (last !== undefined && start <= last.start) return
  finish(series, keep)
  series.live = candleOf(point, start)
  series.why = undefined
}

/** Ends the live candle, if there is one: it becomes the last finished one. Of these the last `keep` stay. */
export function finish(series: Series, keep: number): void {
  if (series.live === undefined) return
  const from = Math.max(0, series.finished.length + 1 - keep)
  series.finished = [...series.finished, series.live].slice(from)
  series.live = undefined
  series.version += 1
}

/**
 * Takes in candles of a provider, oldest first, in place of those that were here. What lies before them stays where they
 * join it without a hole, as some providers tell less than others. What was seen live since stays: candles after the
 * provider's last one, and the extremes and the close of the live one. A candle is finished where `isFinished`
 * says that it is over, or where there is one after it. No candles change nothing.
 */
export function load(series: Series, candles: readonly Candle[], isFinished: (candle: Candle) => boolean): void {
  const last = candles.at(-1)
  if (last === undefined) return
  const seen = [...series.finished, ...(series.live ? [series.live] : [])]
  const newer = seen.filter(({ start }) => start > last.start)
  const known = [...olderOf(seen, candles[0]!), ...candles.slice(0, -1), lastOf(last, seen, isFinished), ...newer]
  const end = known.at(-1)!
  // Our own live candle may be over by now, but only a newer price or `finish` ends it.
  const isLive = end === series.live || !isFinished(end)
  series.finished = isLive ? known.slice(0, -1) : known
  series.live = isLive ? end : undefined
  series.version += 1
  series.why = undefined
}

/** A candle in a minor unit, for a listing that is quoted in one. */
export function inMinorUnit(candle: Candle, minor: Minor): Candle {
  const figure = (amount: string) => inMinor(amount, minor)
  return {
    ...candle,
    open: figure(candle.open),
    high: figure(candle.high),
    low: figure(candle.low),
    close: figure(candle.close),
  }
}

function olderOf(seen: readonly Candle[], { start: first }: Candle): Candle[] {
  return seen.some(({ start }) => start === first) ? seen.filter(({ start }) => start < first) : []
}

/** The provider's last candle; while it is not over it goes as far as what we saw of it. */
function lastOf(last: Candle, seen: readonly Candle[], isFinished: (candle: Candle) => boolean): Candle {
  const ours = seen.find(({ start }) => start === last.start)
  if (ours === undefined || isFinished(last)) return last
  return {
    start: last.start,
    open: last.open,
    high: isAbove(ours.high, last.high) ? ours.high : last.high,
    low: isAbove(last.low, ours.low) ? ours.low : last.low,
    close: ours.close,
    volume: last.volume ?? ours.volume,
  }
}

function candleOf({ price, volume = null }: { price: string; volume?: string | null }, start: number): Candle {
  return { start, open: price, high: price, low: price, close: price, volume }
}

/** The same object where the price says nothing new. */
function withPrice(live: Candle, { price, volume }: SeenPrice): Candle {
  if (price === live.close && (volume === undefined || volume === live.volume)) return live
  return {
    start: live.start,
    open: live.open,
    high: isAbove(price, live.high) ? price : live.high,
    low: isAbove(live.low, price) ? price : live.low,
    close: price,
    volume: volume ?? live.volume,
  }
}

/** Whether one figure is greater than another; exact, and with doubles alone where they tell. */
function isAbove(one: string, other: string): boolean {
  const [left, right] = [Number(one), Number(other)]
  return left === right ? new Exact(one).gt(other) : left > right
}
