import { setImmediate as turn } from 'node:timers/promises'
import type { Need } from '../condition/history.ts'
import { classOf, tickerOf } from '../condition/name.ts'
import { bucketStart, candleEnd, nextBucket } from './candles.ts'
import { ratesLast } from './chain.ts'
import { type AssetClass, type Candle, INTERVALS, type Interval, type Provider, ProviderError } from './provider.ts'
import { reachBack } from './reach.ts'
import type { Calendar } from './sessions.ts'

/** A candle that is over, when it was (ms): at the end of its trading; and the provider that told it, where that is known. */
export type Finished = Candle & { readonly end: number; readonly source?: string }

/**
 * The candles of a symbol that were over between `from` and `to` (ms, both included), and the `want.count` before them, as
 * far as there are so many; oldest first. Throws the `ProviderError` of the first provider where nobody could answer.
 */
export type Archive = (want: Need, from: number, to: number) => Promise<readonly Finished[]>

/** Who keeps the past, and the clock of evaluation (ms). */
export type ArchivePorts = {
  providersFor(kind: AssetClass): readonly Provider[]
  readonly calendar: Calendar
  now(): number
}

/** A candle is believed to be whole this long after its end, ms: the closing price takes a while to arrive. */
const SETTLED_AFTER = 120_000

/** An archive that asks the providers of a symbol's class one after another, until one has candles. */
export function createArchive({ providersFor, calendar, now }: ArchivePorts): Archive {
  return async (want, from, to) => {
    const { symbol, interval } = want
    const { candles, source } = await askFirst(
      ratesLast(providersFor(classOf(symbol))),
      want,
      reachBack(want, from, calendar),
      to,
    )
    const latest = Math.min(to, now() - SETTLED_AFTER)
    const finished: Finished[] = []
    for (const [index, candle] of candles.entries()) {
      // Years of trading hours take a while to work out: others have their turn in between.
      if (index % AT_A_TIME === AT_A_TIME - 1) await turn()
      const end = endOf(symbol, interval, candle.start, calendar)
      if (end <= latest) finished.push({ ...candle, end, source })
    }
    return finished
  }
}

const AT_A_TIME = 20

/** As `candleEnd`; most candles begin in the trading that they end with. */
function endOf(symbol: string, interval: Interval, start: number, calendar: Calendar): number {
  if (interval === '1w' || classOf(symbol) !== 'stock') return candleEnd(symbol, interval, start, calendar)
  const { session, until } = calendar.sessionAt(symbol, interval === '1d' ? noonOf(symbol, start) : start)
  if (session !== 'regular') return candleEnd(symbol, interval, start, calendar)
  return Math.min(until, nextBucket(symbol, interval, start))
}

/** Providers begin a day at midnight or at its opening; at noon every exchange trades. */
function noonOf(symbol: string, start: number): number {
  return bucketStart(symbol, '1d', start) + INTERVALS['1d'] / 2
}

async function askFirst(providers: readonly Provider[], { symbol, interval }: Need, from: number, to: number) {
  let failure: unknown
  let isAnswered = false
  for (const provider of providers) {
    try {
      const candles = await provider.candles(symbol, interval, from, to)
      if (candles.length > 0) return { candles, source: provider.name }
      isAnswered = true
    } catch (error) {
      failure ??= error
    }
  }
  if (isAnswered) return { candles: [], source: '' }
  throw failure ?? new ProviderError('Nobody', `has prices of ${tickerOf(symbol)}`)
}
