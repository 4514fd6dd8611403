import { classOf } from '../condition/name.ts'
import { highest, lowest } from './candles.ts'
import { type DailyReference, dailyReference } from './daily.ts'
import type { AssetClass, Provider, Quote } from './provider.ts'
import type { Calendar } from './sessions.ts'

/** Puts the figures of the day into quotes. */
export type Days = {
  /** The quote with open, high, low and previous close counted from our own reference; without them where there is none. */
  complete(quote: Quote): Promise<Quote>
}

/** What days are worked out from. `failed` hears of candles that could not be had. */
export type DaysPorts = {
  providersFor(kind: AssetClass): readonly Provider[]
  readonly calendar: Calendar
  now(): number
  failed(symbol: string, error: unknown): void
}

/** After candles could not be had, they are not asked for again for this long, ms. */
const RETRY_AFTER = 60_000

/** Days that ask for the candles of a symbol once for each of its sessions. */
export function createDays({ providersFor, calendar, now, failed }: DaysPorts): Days {
  const references = new Map<string, Promise<DailyReference>>()
  const ends = new Map<string, number>()

  const ask = async (symbol: string): Promise<DailyReference> => {
    const [provider] = providersFor(classOf(symbol))
    const at = now()
    try {
      if (!provider) throw new Error('no provider')
      return await dailyReference(symbol, at, provider.candles, calendar)
    } catch (error) {
      failed(symbol, error)
      return { since: 0, at, validUntil: at + RETRY_AFTER }
    }
  }

  const referenceOf = async (symbol: string): Promise<DailyReference> => {
    const known = references.get(symbol)
    if (known && now() < (ends.get(symbol) ?? Number.POSITIVE_INFINITY)) return known
    const asked = ask(symbol)
    references.set(symbol, asked)
    ends.delete(symbol)
    const reference = await asked
    ends.set(symbol, reference.validUntil)
    return reference
  }

  return {
    async complete(quote) {
      const { since, previousClose, open, high, low } = await referenceOf(quote.symbol)
      const { previousClose: _, open: __, high: ___, low: ____, ...rest } = quote
      // In the first moments of a session the last quote is still the day before's: it has no part in this day.
      if ((quote.asOf ?? quote.receivedAt) < since) return rest
      return {
        ...rest,
        ...(previousClose === undefined ? {} : { previousClose }),
        ...(open === undefined ? {} : { open }),
        ...(high === undefined ? {} : { high: highest(high, quote.price) }),
        ...(low === undefined ? {} : { low: lowest(low, quote.price) }),
      }
    },
  }
}
