import { positive } from './numbers.ts'
import type { Candle } from './provider.ts'

/**
 * A list of one candle: from `start` (ms) on, with open, high, low and close as a provider sent them. An empty list where
 * one of them, or the time, is missing or no figure above zero.
 */
export function candleRow(start: number, figures: readonly unknown[], volume: unknown = null): Candle[] {
  const [open, high, low, close] = figures.map(positive)
  if (!open || !high || !low || !close || !(start > 0)) return []
  return [{ start, open, high, low, close, volume: positive(volume) }]
}
