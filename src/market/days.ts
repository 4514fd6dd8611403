import { classOf } from '../condition/name.ts'
import { highest, lowest } from './candles.ts'
import { type DailyReference, dailyReference } from './daily.ts'
import type { AssetClass, Provider, Quote } from './provider.ts'
import type { Calendar } from './sessions.ts'

/** Puts the figures of the day into quotes: open, high, low and previous close, counted from our own reference. */
export type Days = {
  /** The quote with the figures of its day, for which candles may have to be asked for; without them where there are none. */
  complete(quote: Quote): Promise<Quote>
  /** The same at once, with what is worked out by now; what is missing or nearly over is asked for meanwhile. */
  soon(quote: Quote): Quote
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
/** How long before its end a reference is asked for anew, ms. */
const AHEAD = 30_000

/** Days that ask for the candles of a symbol once for each stretch that they are good for. */
export function createDays({ providersFor, calendar, now, failed }: DaysPorts): Days {
  const known = new Map<string, DailyReference>()
  const asked = new Map<string, Promise<DailyReference>>()

  /** The next provider is asked where one fails. */
  const ask = async (symbol: string): Promise<DailyReference> => {
    const at = now()
    const providers = providersFor(classOf(symbol))
    for (const { candles } of providers) {
      try {
        return await dailyReference(symbol, at, candles, calendar)
      } catch (error) {
        failed(symbol, error)
      }
    }
    if (providers.length === 0) failed(symbol, new Error('no provider'))
    return { since: 0, at, validUntil: at + RETRY_AFTER }
  }

  /** One request at a time for each symbol, whoever needs it. */
  const askOnce = (symbol: string): Promise<DailyReference> => {
    const underWay = asked.get(symbol)
    if (underWay) return underWay
    const work = ask(symbol).then((reference) => {
      known.set(symbol, reference)
      asked.delete(symbol)
      return reference
    })
    asked.set(symbol, work)
    return work
  }

  const current = (symbol: string): DailyReference | undefined => {
    const reference = known.get(symbol)
    return reference && now() < reference.validUntil ? reference : undefined
  }

  return {
    async complete(quote) {
      return completed(quote, current(quote.symbol) ?? (await askOnce(quote.symbol)))
    },
    soon(quote) {
      const reference = current(quote.symbol)
      if (!reference || now() >= reference.validUntil - AHEAD) void askOnce(quote.symbol)
      return completed(quote, reference)
    },
  }
}

function completed(quote: Quote, reference: DailyReference | undefined): Quote {
  const { previousClose: _, open: __, high: ___, low: ____, ...rest } = quote
  // In the first moments of a session the last quote is still the day before's: it has no part in this day.
  if (!reference || (quote.asOf ?? quote.receivedAt) < reference.since) return rest
  const { previousClose, open, high, low } = reference
  return {
    ...rest,
    ...(previousClose === undefined ? {} : { previousClose }),
    ...(open === undefined ? {} : { open }),
    ...(high === undefined ? {} : { high: highest(high, quote.price) }),
    ...(low === undefined ? {} : { low: lowest(low, quote.price) }),
  }
}
