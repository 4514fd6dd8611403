import { DateTime } from 'luxon'
import { tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches, askOurs, createHalving } from './batches.ts'
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
  type Provider,
  ProviderError,
  type Quote,
  type Unknown,
} from './provider.ts'
import { isRegular, isUsStock, sessionOfTrade } from './us-stocks.ts'

/**
 * Alpaca Market Data: https://docs.alpaca.markets/docs/about-market-data-api. The free plan has the feed of IEX, one
 * exchange of many: its trades are of now, but names that are seldom traded there are minutes old, and volumes are its
 * own alone, so none are taken. Not verified live.
 */
const NAME = 'Alpaca'
const BATCH = 100
/** The Basic plan: https://docs.alpaca.markets/docs/about-market-data-api#subscription-plans */
const LIMITS: Limits = { perMinute: 200 }
const PACE = 300
const SIP_IS_LATE = 15 * 60_000
/** The most candles one request gives. */
const PAGE = '10000'
/** So many pages of candles are asked for at the most. */
const PAGES = 20

/** Candles that ours are put together from: Alpaca's hours begin at the full hour, ours at the opening. */
const TIMEFRAME: Readonly<Record<Interval, string>> = {
  '1m': '1Min',
  '5m': '5Min',
  '15m': '15Min',
  '1h': '30Min',
  '4h': '30Min',
  '1d': '1Day',
  '1w': '1Day',
}

/** Where Alpaca is asked, with both halves of a key; `feed` is what the plan has, `iex` where it is left out. */
export type AlpacaOptions = KeyedOptions & {
  readonly secret: string
  readonly feed?: 'iex' | 'sip' | 'delayed_sip'
}

/** Alpaca, for US stocks and funds. One round asks ceil(distinct symbols / 100) times. It has no search. */
export function alpaca(options: AlpacaOptions): Provider {
  const { key, secret, feed = 'iex', now } = options
  const headers = { 'apca-api-key-id': key, 'apca-api-secret-key': secret }
  const client = createClient({ ...options, provider: NAME, pace: PACE, headers })
  const ask = createHalving(now, (batch) => askSnapshots(client, feed, batch, now))
  return {
    name: NAME,
    classes: ['stock'],
    batch: BATCH,
    pace: PACE,
    limits: LIMITS,
    has: isUsStock,
    ...(feed === 'delayed_sip' ? { delay: SIP_IS_LATE } : {}),
    quotes: (symbols) => askOurs(symbols, isUsStock, foreign, (ours) => askInBatches(ours, BATCH, ask)),
    candles: (symbol, interval, from, to) => askCandles(client, feed, symbol, interval, from, Math.min(to, now())),
    search: async () => [],
  }
}

/** A symbol that is not well formed fails the whole batch; one that does not exist is missing from the answer. */
async function askSnapshots(
  client: Client,
  feed: string,
  batch: readonly string[],
  now: () => number,
): Promise<Answers | undefined> {
  const query = [
    ['symbols', batch.map(tickerOf).join(',')],
    ['feed', feed],
  ] as const
  const { status, body } = await client('/v2/stocks/snapshots', query, [400, 404, 422])
  if (status < 400) return parseSnapshots(body, batch, now(), feed)
  return batch.length === 1 ? new Map([[batch[0]!, without(batch[0]!, 'has no')]]) : undefined
}

/** The answers to a batch, by ticker at the top or under `snapshots`. Throws `ProviderError` for what is no answer. */
export function parseSnapshots(body: unknown, asked: readonly string[], receivedAt: number, feed = 'iex'): Answers {
  const all = dig(body, 'snapshots') ?? body
  if (typeof all !== 'object' || all === null || Array.isArray(all))
    throw new ProviderError(NAME, 'answered in a form this program does not know')
  return new Map(asked.map((symbol) => [symbol, quoteFrom(dig(all, tickerOf(symbol)), symbol, receivedAt, feed)]))
}

function quoteFrom(snapshot: unknown, symbol: string, receivedAt: number, feed: string): Quote | Unknown {
  if (snapshot === undefined || snapshot === null) return without(symbol, 'says nothing of')
  const price = positive(dig(snapshot, 'latestTrade', 'p'))
  if (price === null) return without(symbol, 'has no price for')
  const time = DateTime.fromISO(words(snapshot, 'latestTrade', 't') ?? '')
  const asOf = time.isValid ? time.toMillis() : null
  const figures = known({
    asOf,
    session: asOf === null ? null : sessionOfTrade(symbol, asOf),
    open: positive(dig(snapshot, 'dailyBar', 'o')),
    high: positive(dig(snapshot, 'dailyBar', 'h')),
    low: positive(dig(snapshot, 'dailyBar', 'l')),
    previousClose: positive(dig(snapshot, 'prevDailyBar', 'c')),
    volume: feed === 'iex' ? null : positive(dig(snapshot, 'dailyBar', 'v')),
    bid: positive(dig(snapshot, 'latestQuote', 'bp')),
    ask: positive(dig(snapshot, 'latestQuote', 'ap')),
  })
  return { symbol, price, currency: 'USD', source: NAME, receivedAt, ...figures }
}

/** Page by page, of regular hours, adjusted for splits. */
async function askCandles(
  client: Client,
  feed: string,
  symbol: string,
  interval: Interval,
  from: number,
  to: number,
): Promise<Candle[]> {
  if (!isUsStock(symbol)) throw new ProviderError(NAME, `${FOREIGN} ${tickerOf(symbol)}`)
  if (from >= to) return []
  const query = [
    ['symbols', tickerOf(symbol)],
    ['timeframe', TIMEFRAME[interval]],
    ['start', new Date(from).toISOString()],
    ['end', new Date(to - 1).toISOString()],
    ['limit', PAGE],
    ['adjustment', 'split'],
    ['feed', feed],
  ] as const
  const candles: Candle[] = []
  let token: string | null = null
  for (let page = 0; page < PAGES; page += 1) {
    const next = token === null ? query : [...query, ['page_token', token] as const]
    const { status, body } = await client('/v2/stocks/bars', next, [400, 404, 422])
    if (status >= 400) throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
    candles.push(...parseBars(body, symbol, feed))
    token = words(body, 'next_page_token')
    if (token === null) break
  }
  const isDay = interval === '1d' || interval === '1w'
  const regular = isDay ? candles : candles.filter(({ start }) => isRegular(symbol, start))
  return rollUp(symbol, regular, interval).filter(({ start }) => start >= from && start < to)
}

/** The bars of a symbol, oldest first; rows that lack a figure are left out, and the volume of one exchange alone. */
export function parseBars(body: unknown, symbol: string, feed = 'iex'): Candle[] {
  return list(body, 'bars', tickerOf(symbol)).flatMap((bar) => {
    const figures = ['o', 'h', 'l', 'c'].map((name) => dig(bar, name))
    const start = DateTime.fromISO(words(bar, 't') ?? '').toMillis()
    return candleRow(start, figures, feed === 'iex' ? null : dig(bar, 'v'))
  })
}

const FOREIGN = 'has US stocks and funds alone, not'

function foreign(symbol: string): Unknown {
  return without(symbol, FOREIGN)
}

function without(symbol: string, what: string): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${tickerOf(symbol)}`, gone: false }
}
