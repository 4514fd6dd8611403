import { tickerOf } from '../condition/name.ts'
import { candleRow } from './candle-row.ts'
import { rollUp } from './candles.ts'
import type { Client } from './client.ts'
import { dig, words } from './json.ts'
import { type Attempt, FOREIGN, type Forms, NAME } from './nasdaq-forms.ts'
import { plain } from './numbers.ts'
import { type Candle, type Interval, ProviderError } from './provider.ts'
import { isUsStock, usDate, usDay } from './us-stocks.ts'

/**
 * Days and weeks; `from` included, `to` excluded, ms. Finer prices it has of today alone and without extremes, so none are
 * taken. Throws `ProviderError`.
 */
export async function askCandles(
  client: Client,
  forms: Forms,
  symbol: string,
  interval: Interval,
  from: number,
  to: number,
): Promise<Candle[]> {
  if (interval !== '1d' && interval !== '1w') throw new ProviderError(NAME, `has no candles of ${interval}`)
  if (!isUsStock(symbol)) throw new ProviderError(NAME, `${FOREIGN} ${tickerOf(symbol)}`)
  const days = (await askDays(client, forms, symbol, from, to)).filter(({ start }) => start >= from && start < to)
  return interval === '1d' ? days : rollUp(symbol, days, interval)
}

async function askDays(client: Client, forms: Forms, symbol: string, from: number, to: number): Promise<Candle[]> {
  const path = `/api/quote/${encodeURIComponent(tickerOf(symbol))}/historical`
  const attempts: readonly Attempt[] = forms.isOpen(symbol) ? [0, 1] : [0]
  for (const attempt of attempts) {
    const query = [
      ['assetclass', forms.of(symbol, attempt).split('|')[1]!],
      ['fromdate', usDate(from)],
      ['todate', usDate(to)],
      ['limit', '9999'],
    ] as const
    const rows = dig((await client(path, query)).body, 'data', 'tradesTable', 'rows')
    if (Array.isArray(rows)) return parseDays(rows)
  }
  throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
}

/** The candles of days, oldest first; rows that lack a figure are left out. */
export function parseDays(rows: readonly unknown[]): Candle[] {
  const days = rows.flatMap((row) => {
    const [volume, ...figures] = ['volume', 'open', 'high', 'low', 'close'].map((name) => plain(dig(row, name)))
    const date = (words(row, 'date') ?? '').replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, '$3-$1-$2')
    return candleRow(usDay(date), figures, volume)
  })
  return days.sort((a, b) => a.start - b.start)
}
