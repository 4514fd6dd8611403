import type { Quote } from './provider.ts'

/** The prices that this process heard lately, so that a line can be drawn of them without asking anybody. */
export type Heard = {
  hear(quotes: readonly Quote[]): void
  /** What was heard of a symbol since `from` (ms), oldest first; prices in the currency's main unit. */
  since(symbol: string, from: number): { readonly at: number; readonly price: number }[]
}

/** Points of one symbol are at least so far apart, ms. */
const APART = 120_000
/** So many are kept of each symbol: a session of a stock, 16 bytes each. */
const MOST = 240

/** Nothing heard yet. */
export function createHeard(): Heard {
  /** A time and a price in turn: objects would take three times as much. */
  const known = new Map<string, number[]>()

  const add = (symbol: string, at: number, price: number) => {
    const line = known.get(symbol) ?? []
    const last = line.at(-2) ?? Number.NEGATIVE_INFINITY
    if (at - last < APART) return
    line.push(at, price)
    if (line.length > 2 * MOST) line.splice(0, MOST)
    known.set(symbol, line)
  }

  return {
    hear(quotes) {
      for (const { symbol, price, asOf, receivedAt } of quotes) add(symbol, asOf ?? receivedAt, Number(price))
    },
    since(symbol, from) {
      const line = known.get(symbol) ?? []
      const points = Array.from({ length: line.length / 2 }, (_, index) => ({
        at: line[2 * index]!,
        price: line[2 * index + 1]!,
      }))
      return points.filter(({ at }) => at >= from)
    },
  }
}
