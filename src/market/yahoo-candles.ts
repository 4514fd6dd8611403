import { tickerOf } from '../condition/name.ts'
import { highest, lowest, rollUp } from './candles.ts'
import type { Client } from './client.ts'
import { dig, list, words } from './json.ts'
import { positive } from './numbers.ts'
import { type Candle, INTERVALS, type Interval, ProviderError, type Split } from './provider.ts'
import { errorOf, mainUnit, NAME, scaled, toYahoo } from './yahoo-names.ts'

const DAY = INTERVALS['1d']

/** How Yahoo names an interval, and how far back (ms) it keeps it; a request from further back fails as a whole. */
const CANDLES: Readonly<Record<Interval, { readonly name: string; readonly back: number; readonly from?: Interval }>> =
  {
    '1m': { name: '1m', back: 7 * DAY },
    '5m': { name: '5m', back: 59 * DAY },
    '15m': { name: '15m', back: 59 * DAY },
    '1h': { name: '60m', back: 729 * DAY },
    '4h': { name: '60m', back: 729 * DAY, from: '1h' },
    '1d': { name: '1d', back: Number.POSITIVE_INFINITY },
    '1w': { name: '1wk', back: Number.POSITIVE_INFINITY },
  }

/**
 * The candles of regular hours, as far as Yahoo keeps them at `now`; `from` included, `to` excluded, ms. Throws
 * `ProviderError`, also for an unknown symbol, and where it keeps nothing from before `to` any more.
 */
export async function askCandles(
  client: Client,
  symbol: string,
  interval: Interval,
  { from, to, now }: { readonly from: number; readonly to: number; readonly now: number },
): Promise<Candle[]> {
  if (from >= to) return []
  const { name, back, from: source = interval } = CANDLES[interval]
  const start = Math.max(from, now - back)
  if (start >= to) throw new ProviderError(NAME, `keeps candles of ${interval} for ${Math.floor(back / DAY)} days only`)
  const path = `/v8/finance/chart/${encodeURIComponent(toYahoo(symbol))}`
  const period = [
    ['period1', Math.floor(start / 1000)],
    ['period2', Math.ceil(to / 1000)],
  ] as const
  const query = [['interval', name], ...period.map(([key, value]) => [key, String(value)] as const)] as const
  const { body } = await client(path, [...query, ['includePrePost', 'false']], [404])
  const candles = parseCandles(body, symbol, source).filter((candle) => candle.start >= from && candle.start < to)
  return source === interval ? candles : rollUp(symbol, candles, interval)
}

/** The splits from `from` to `to` (ms). Throws `ProviderError`, also for an unknown symbol. */
export async function askSplits(client: Client, symbol: string, from: number, to: number): Promise<Split[]> {
  if (from >= to) return []
  const query = [
    ['interval', '1d'],
    ['period1', String(Math.floor(from / 1000))],
    ['period2', String(Math.ceil(to / 1000))],
    ['events', 'split'],
  ] as const
  const { body } = await client(`/v8/finance/chart/${encodeURIComponent(toYahoo(symbol))}`, query, [404])
  return parseSplits(body, symbol).filter(({ at }) => at >= from)
}

/** The splits among a chart's events, oldest first. Throws `ProviderError`, also for an unknown symbol. */
export function parseSplits(body: unknown, symbol: string): Split[] {
  refuse(body, symbol)
  const events = dig(body, 'chart', 'result', 0, 'events', 'splits')
  const splits = Object.values(typeof events === 'object' && events !== null ? events : {}).flatMap((event) => {
    const [at, up, down] = [Number(dig(event, 'date')) * 1000, dig(event, 'numerator'), dig(event, 'denominator')]
    const [numerator, denominator] = [positive(up), positive(down)]
    return at > 0 && numerator !== null && denominator !== null ? [{ at, numerator, denominator }] : []
  })
  return splits.sort((a, b) => a.at - b.at)
}

/**
 * The candles of a chart, oldest first; rows with a null are left out. While a market is open Yahoo adds a last row at
 * the present moment: it is joined to the candle it belongs to. Throws `ProviderError`, also for an unknown symbol.
 */
export function parseCandles(body: unknown, symbol: string, interval: Interval): Candle[] {
  refuse(body, symbol)
  const result = dig(body, 'chart', 'result', 0)
  const unit = words(result, 'meta', 'currency') ?? ''
  const [, divisor] = mainUnit(unit)
  const quote = dig(result, 'indicators', 'quote', 0)
  const out: Candle[] = []
  for (const [index, time] of list(result, 'timestamp').entries()) {
    const candle = candleAt(quote, index, time, divisor)
    if (candle === null) continue
    const last = out.at(-1)
    if (last && candle.start - last.start < SAME_CANDLE[interval]) out[out.length - 1] = extended(last, candle)
    else out.push(candle)
  }
  return out
}

/** Two rows nearer than this are one candle. Days: a night with a clock change has 23 hours. */
const SAME_CANDLE: Readonly<Record<Interval, number>> = { ...INTERVALS, '1d': DAY / 2, '1w': 4 * DAY }

function candleAt(quote: unknown, index: number, time: unknown, divisor: number): Candle | null {
  const figure = (name: string) => scaled(positive(dig(quote, name, index)), divisor)
  const [open, high, low, close] = [figure('open'), figure('high'), figure('low'), figure('close')]
  if (typeof time !== 'number' || open === null || high === null || low === null || close === null) return null
  return { start: time * 1000, open, high, low, close, volume: positive(dig(quote, 'volume', index)) }
}

/** The live row repeats the volume so far, or says 0. */
function extended(last: Candle, live: Candle): Candle {
  return {
    start: last.start,
    open: last.open,
    high: highest(last.high, live.high),
    low: lowest(last.low, live.low),
    close: live.close,
    volume: last.volume && live.volume ? highest(last.volume, live.volume) : (last.volume ?? live.volume),
  }
}

function refuse(body: unknown, symbol: string): void {
  const failure = errorOf(body, 'chart')
  if (failure?.code === 'Not Found') throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
  if (failure !== null) throw new ProviderError(NAME, `answered: ${failure.text}`)
}
