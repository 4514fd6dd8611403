import { DateTime } from 'luxon'
import { classOf, tickerOf } from '../condition/name.ts'
import { candleRow } from './candle-row.ts'
import { bucketStart, rollUp } from './candles.ts'
import type { Client } from './client.ts'
import { dig, list, words } from './json.ts'
import { type Candle, INTERVALS, type Interval, ProviderError } from './provider.ts'
import { isUsStock } from './us-stocks.ts'

/** How Twelve Data is called in what people read. */
export const NAME = 'Twelve Data'
/** Why listings from abroad are not asked for. */
export const FOREIGN = 'has listings from abroad on some plans alone, so it is not asked for'
/** The most candles one request gives. */
const PAGE = 5_000

/** The candles that ours are put together from: its longer ones begin when ours do not. */
const SOURCE: Readonly<Record<Interval, { readonly name: string; readonly of: Interval }>> = {
  '1m': { name: '1min', of: '1m' },
  '5m': { name: '5min', of: '5m' },
  '15m': { name: '15min', of: '15m' },
  '1h': { name: '15min', of: '15m' },
  '4h': { name: '1h', of: '1h' },
  '1d': { name: '1day', of: '1d' },
  '1w': { name: '1day', of: '1d' },
}

/** Whether Twelve Data is asked for a symbol: pairs, and what is listed in the US. */
export function isOurs(symbol: string): boolean {
  return classOf(symbol) !== 'stock' || isUsStock(symbol)
}

/**
 * Page by page, as a request gives at most 5,000 candles; each costs a credit. `from` included, `to` excluded, ms. Throws
 * `ProviderError`.
 */
export async function askCandles(
  client: Client,
  symbol: string,
  interval: Interval,
  from: number,
  to: number,
): Promise<Candle[]> {
  if (!isOurs(symbol)) throw new ProviderError(NAME, `${FOREIGN} ${tickerOf(symbol)}`)
  const { name, of } = SOURCE[interval]
  const candles: Candle[] = []
  for (let start = from; start < to; start += PAGE * INTERVALS[of]) {
    const query = [
      ['symbol', tickerOf(symbol)],
      ['interval', name],
      ['start_date', timeText(start)],
      ['end_date', timeText(Math.min(start + PAGE * INTERVALS[of], to) - 1)],
      ['outputsize', String(PAGE)],
      ['timezone', 'UTC'],
    ] as const
    const { body } = await client('/time_series', query, [400, 404])
    if (isEmpty(body)) continue
    if (words(body, 'status') === 'error') throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
    candles.push(...parseCandles(body, symbol))
  }
  const distinct = [...new Map(candles.map((candle) => [candle.start, candle])).values()]
  return rollUp(symbol, distinct, interval).filter(({ start }) => start >= from && start < to)
}

/** *No data is available on the specified dates*: a weekend, say. */
function isEmpty(body: unknown): boolean {
  return /no data is available/i.test(words(body, 'message') ?? '')
}

function timeText(at: number): string {
  return DateTime.fromMillis(at, { zone: 'utc' }).toFormat('yyyy-MM-dd HH:mm:ss')
}

/** Candles, oldest first. Times are UTC; a date alone is a day of the exchange. */
export function parseCandles(body: unknown, symbol: string): Candle[] {
  const rows = list(body, 'values').flatMap((row) => {
    const figures = ['open', 'high', 'low', 'close'].map((name) => dig(row, name))
    const text = words(row, 'datetime') ?? ''
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
    const time = DateTime.fromSQL(isDay ? `${text} 12:00:00` : text, { zone: 'utc' })
    if (!time.isValid) return []
    const start = isDay ? bucketStart(symbol, '1d', time.toMillis()) : time.toMillis()
    return candleRow(start, figures, dig(row, 'volume'))
  })
  return rows.sort((a, b) => a.start - b.start)
}
