import { classOf } from '../condition/name.ts'
import { highest, lowest } from './candles.ts'
import { type DailyReference, dailyReference } from './daily.ts'
import { known } from './known.ts'
import type { AssetClass, Provider, Quote } from './provider.ts'
import type { Calendar } from './sessions.ts'
import type { Shares } from './shares.ts'

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
  /** Which figures are of the shares of today; without it all are. */
  readonly shares?: Pick<Shares, 'since'>
}

/** After candles could not be had, they are not asked for again for this long, ms. */
const RETRY_AFTER = 60_000
/** How long before its end a reference is asked for anew, ms. */
const AHEAD = 30_000

/** Days that ask for the candles of a symbol once for each stretch that they are good for. */
export function createDays({ providersFor, calendar, now, failed, shares }: DaysPorts): Days {
  const references = new Map<string, DailyReference>()
  const asked = new Map<string, Promise<DailyReference>>()

  /** The next provider is asked where one fails, or lacks the close that the day is counted from. */
  const ask = async (symbol: string): Promise<DailyReference> => {
    const at = now()
    const providers = providersFor(classOf(symbol))
    let partial: DailyReference | undefined
    for (const { candles } of providers) {
      try {
        const reference = await dailyReference(symbol, at, candles, calendar)
        if (reference.previousClose !== undefined) return reference
        partial ??= reference
      } catch (error) {
        failed(symbol, error)
      }
    }
    if (providers.length === 0) failed(symbol, new Error('no provider'))
    return partial ?? { since: 0, at, validUntil: at + RETRY_AFTER }
  }

  /** One request at a time for each symbol, whoever needs it. */
  const askOnce = (symbol: string): Promise<DailyReference> => {
    const underWay = asked.get(symbol)
    if (underWay) return underWay
    const work = ask(symbol).then((reference) => {
      references.set(symbol, reference)
      asked.delete(symbol)
      return reference
    })
    asked.set(symbol, work)
    return work
  }

  const current = (symbol: string): DailyReference | undefined => {
    const reference = references.get(symbol)
    const isOfToday = reference && reference.at >= (shares?.since(symbol) ?? reference.at)
    return isOfToday && now() < reference.validUntil ? reference : undefined
  }

  return {
    async complete(quote) {
      return completed(quote, current(quote.symbol) ?? (await askOnce(quote.symbol)), calendar)
    },
    soon(quote) {
      const reference = current(quote.symbol)
      if (!reference || now() >= reference.validUntil - AHEAD) void askOnce(quote.symbol)
      return completed(quote, reference, calendar)
    },
  }
}

type Figures = Pick<Quote, 'open' | 'high' | 'low' | 'previousClose'>

/** The figures of the day are those of regular trading, also beside a price of the hours around it. */
function completed(quote: Quote, reference: DailyReference | undefined, { sessionAt }: Calendar): Quote {
  const { previousClose: _, open: __, high: ___, low: ____, ...rest } = quote
  const at = quote.asOf ?? quote.receivedAt
  // In the first moments of a session the last quote is still the day before's: it has no part in this day.
  if (!reference || at < reference.since) return rest
  const session = quote.session ?? sessionAt(quote.symbol, at).session
  if (session === 'regular' || classOf(quote.symbol) !== 'stock')
    return { ...rest, ...figuresAt(reference, quote.price) }
  const figures = figuresAt(reference, quote.regular?.price)
  const regular = quote.regular && { regular: { ...quote.regular, ...figures } }
  // Before the opening the new day has no figures yet; what it is counted from is the close that has been.
  const own = session === 'pre' ? known({ previousClose: reference.lastClose }) : figures
  return { ...rest, ...own, ...regular }
}

/** The price may have gone further than the candles that the reference is from. */
function figuresAt({ previousClose, open, high, low }: DailyReference, price: string | undefined): Figures {
  return known({
    previousClose,
    open,
    high: high === undefined || price === undefined ? high : highest(high, price),
    low: low === undefined || price === undefined ? low : lowest(low, price),
  })
}
