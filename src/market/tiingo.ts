import { Decimal } from 'decimal.js'
import { DateTime } from 'luxon'
import { tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches, askOurs } from './batches.ts'
import { candleRow } from './candle-row.ts'
import { rollUp } from './candles.ts'
import { type Client, createClient, type KeyedOptions } from './client.ts'
import { dig, list, words } from './json.ts'
import { known } from './known.ts'
import { positive } from './numbers.ts'
import {
  type Candle,
  type Interval,
  type Limits,
  type Listing,
  type Provider,
  ProviderError,
  type Quote,
  type Unknown,
} from './provider.ts'
import { guess } from './symbols.ts'
import { isUsStock, sessionOfTrade, usDate, usDay } from './us-stocks.ts'

/**
 * Tiingo: https://www.tiingo.com/documentation/iex and .../end-of-day. Its live prices are reference prices made from
 * IEX, one exchange of many: right, but of names that are seldom traded there minutes old, and the volume is IEX's alone,
 * so no volume is taken from them. Not verified live.
 */
const NAME = 'Tiingo'
/** Without tickers the whole market is sent; a hundred keep the address short. */
const BATCH = 100
/** The free plan: https://www.tiingo.com/about/pricing. It also has no more than 500 different symbols a month. */
const LIMITS: Limits = { perHour: 50, perDay: 1_000 }
const PACE = 200
const LISTINGS = 8

/** Candles of regular hours that ours are put together from; finer ones reach back some 2,000 to 10,000 rows. */
const FREQUENCY: Readonly<Partial<Record<Interval, string>>> = {
  '1m': '1min',
  '5m': '5min',
  '15m': '15min',
  '1h': '30min',
  '4h': '30min',
}

/** `stock:BRK.B` → `brk-b`. */
export function toTiingo(symbol: string): string {
  return tickerOf(symbol).replace('.', '-').toLowerCase()
}

/** Tiingo, for US stocks and funds. One round asks ceil(distinct symbols / 100) times. */
export function tiingo(options: KeyedOptions): Provider {
  const { key, now } = options
  const headers = { authorization: `Token ${key}` }
  const client = createClient({ ...options, provider: NAME, pace: PACE, retries: 0, headers })
  return {
    name: NAME,
    classes: ['stock'],
    batch: BATCH,
    pace: PACE,
    limits: LIMITS,
    has: isUsStock,
    quotes: (symbols) =>
      askOurs(symbols, isUsStock, foreign, (ours) =>
        askInBatches(ours, BATCH, async (batch) => {
          const query = [['tickers', batch.map(toTiingo).join(',')]] as const
          return parseTop((await client('/iex/', query)).body, batch, now())
        }),
      ),
    candles: (symbol, interval, from, to) => askCandles(client, symbol, interval, from, Math.min(to, now())),
    search: async (text) => {
      const query = [
        ['query', text],
        ['limit', String(LISTINGS)],
      ] as const
      return parseFound((await client('/tiingo/utilities/search', query)).body)
    },
  }
}

/**
 * The answers to a batch: `tngoLast`, as `last` is empty without a contract with IEX. A ticker Tiingo does not know is
 * missing from the list. Throws `ProviderError` for anything that is not a list.
 */
export function parseTop(body: unknown, asked: readonly string[], receivedAt: number): Answers {
  if (!Array.isArray(body)) throw new ProviderError(NAME, 'answered in a form this program does not know')
  const byTicker = new Map(body.map((row) => [words(row, 'ticker')?.toLowerCase(), row]))
  return new Map(asked.map((symbol) => [symbol, quoteFrom(byTicker.get(toTiingo(symbol)), symbol, receivedAt)]))
}

function quoteFrom(row: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  if (row === undefined) return without(symbol, 'says nothing of')
  const price = positive(dig(row, 'tngoLast')) ?? positive(dig(row, 'last'))
  if (price === null) return without(symbol, 'has no price for')
  const time = DateTime.fromISO(words(row, 'timestamp') ?? '')
  const asOf = time.isValid ? time.toMillis() : null
  const figures = known({
    asOf,
    session: asOf === null ? null : sessionOfTrade(symbol, asOf),
    open: positive(dig(row, 'open')),
    high: positive(dig(row, 'high')),
    low: positive(dig(row, 'low')),
    previousClose: positive(dig(row, 'prevClose')),
    bid: positive(dig(row, 'bidPrice')),
    ask: positive(dig(row, 'askPrice')),
  })
  return { symbol, price, currency: 'USD', source: NAME, receivedAt, ...figures }
}

async function askCandles(
  client: Client,
  symbol: string,
  interval: Interval,
  from: number,
  to: number,
): Promise<Candle[]> {
  if (!isUsStock(symbol)) throw new ProviderError(NAME, `${FOREIGN} ${tickerOf(symbol)}`)
  if (from >= to) return []
  const frequency = FREQUENCY[interval]
  const path = frequency === undefined ? `/tiingo/daily/${toTiingo(symbol)}/prices` : `/iex/${toTiingo(symbol)}/prices`
  // Days are asked for to the last one: a split after `to` changes those before it too.
  const fine = [
    ['endDate', usDate(to)],
    ['resampleFreq', frequency ?? ''],
    ['columns', 'date,open,high,low,close'],
  ] as const
  const query = [['startDate', usDate(from)] as const, ...(frequency === undefined ? [] : fine)]
  const { status, body } = await client(path, query, [404])
  if (status >= 400) throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
  const candles = frequency === undefined ? parseDays(body) : parseFine(body)
  return rollUp(symbol, candles, interval).filter(({ start }) => start >= from && start < to)
}

/**
 * Candles of days, oldest first, as if every share had always been what it is now: `splitFactor` is told on the first day
 * at the new price, so what lies before it is divided by it. (Tiingo's adjusted prices also leave out dividends.)
 */
export function parseDays(body: unknown): Candle[] {
  let factor = new Decimal(1)
  const days = list(body)
    .toReversed()
    .flatMap((row) => {
      const figures = ['open', 'high', 'low', 'close'].map((name) => positive(dig(row, name)))
      const prices = figures.map((figure) => figure && new Decimal(figure).div(factor).toFixed())
      const volume = positive(dig(row, 'volume'))
      const shares = volume && new Decimal(volume).mul(factor).toFixed()
      factor = factor.mul(positive(dig(row, 'splitFactor')) ?? 1)
      return candleRow(usDay(words(row, 'date')?.slice(0, 10) ?? ''), prices, shares)
    })
  return days.reverse()
}

/** Candles shorter than days, oldest first; their volume is that of one exchange, so it is left out. */
export function parseFine(body: unknown): Candle[] {
  return list(body).flatMap((row) => {
    const figures = ['open', 'high', 'low', 'close'].map((name) => dig(row, name))
    return candleRow(DateTime.fromISO(words(row, 'date') ?? '').toMillis(), figures)
  })
}

/** What a search found: shares and funds that are still traded in the US. */
export function parseFound(body: unknown): Listing[] {
  return list(body).flatMap((found) => {
    const symbol = guess(`stock:${words(found, 'ticker') ?? ''}`)
    const isListed = ['Stock', 'ETF'].includes(words(found, 'assetType') ?? '') && dig(found, 'isActive') !== false
    if (symbol === null || !isListed || !isUsStock(symbol)) return []
    return [{ symbol, name: words(found, 'name') ?? tickerOf(symbol), currency: 'USD' }]
  })
}

const FOREIGN = 'has US stocks and funds alone, not'

function foreign(symbol: string): Unknown {
  return without(symbol, FOREIGN)
}

function without(symbol: string, what: string): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${tickerOf(symbol)}`, gone: false }
}
