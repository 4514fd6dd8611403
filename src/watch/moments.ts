import type { Past } from '../market/history.ts'
import type { Quote } from '../market/provider.ts'

/** What came at one moment (ms). */
export type Moment = { readonly at: number; readonly quotes: Quote[]; readonly pasts: Past[] }

/** Quotes by the time we had them, and candles by the time they could be known, the oldest first. */
export function momentsOf(quotes: readonly Quote[], pasts: readonly Past[]): Moment[] {
  const moments = new Map<number, Moment>()
  const momentAt = (at: number) => {
    const known = moments.get(at)
    if (known) return known
    const made: Moment = { at, quotes: [], pasts: [] }
    moments.set(at, made)
    return made
  }
  for (const quote of quotes) momentAt(quote.receivedAt).quotes.push(quote)
  for (const past of pasts) momentAt(past.knownAt).pasts.push(past)
  return [...moments.values()].sort((one, other) => one.at - other.at)
}
