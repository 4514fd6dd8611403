import { tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches } from './batches.ts'
import { candleRow } from './candle-row.ts'
import { rollUp } from './candles.ts'
import { type AdapterOptions, type Client, createClient } from './client.ts'
import { createCoinIds, parseCoins } from './coingecko-ids.ts'
import { dig, list } from './json.ts'
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
import { currencyOf } from './symbols.ts'

/**
 * CoinGecko: https://docs.coingecko.com. Its prices are averages over exchanges, kept for a minute, each with its time.
 * Coins are asked for by CoinGecko's ids (`coingecko-ids.ts`). Not verified live.
 */
const NAME = 'CoinGecko'
/** Ids are about 12 characters long: a hundred keep the address under 2,000. */
const BATCH = 100
/**
 * https://docs.coingecko.com/docs/common-errors-rate-limit: without a key by address, without a number (five a minute
 * have been borne); https://www.coingecko.com/en/api/pricing: 30 a minute and 10,000 a month with a demo key.
 */
const KEYLESS: Limits = { perMinute: 5 }
const DEMO: Limits = { perMinute: 30, perMonth: 10_000 }
const PACE = 2_000
const CACHED = 60_000

/** The days that can be asked for, and how long the candles are then; shorter ones there are none of. */
const CANDLES: Readonly<Partial<Record<Interval, { readonly days: number; readonly length: number }>>> = {
  '1h': { days: 1, length: 30 * 60_000 },
  '4h': { days: 30, length: 4 * 3_600_000 },
  '1d': { days: 30, length: 4 * 3_600_000 },
  '1w': { days: 30, length: 4 * 3_600_000 },
}

/** Without a key CoinGecko answers seldom; the name of the header a key is sent in follows from the address. */
export type CoinGeckoOptions = AdapterOptions & { readonly key?: string }

/** CoinGecko, for almost every coin. One round asks ceil(distinct symbols / 100) times, and once more for each new coin. */
export function coingecko(options: CoinGeckoOptions): Provider {
  const { key, now, baseUrl } = options
  const header = /\/\/pro-api\./.test(baseUrl) ? 'x-cg-pro-api-key' : 'x-cg-demo-api-key'
  const headers = key === undefined ? {} : { headers: { [header]: key } }
  const client = createClient({ ...options, ...headers, provider: NAME, pace: PACE, retries: 0 })
  const ids = createCoinIds(client, now)
  return {
    name: NAME,
    classes: ['crypto'],
    batch: BATCH,
    pace: PACE,
    limits: key === undefined ? KEYLESS : DEMO,
    delay: CACHED,
    quotes: (symbols) =>
      askInBatches([...new Set(symbols)], BATCH, async (batch) =>
        askPrices(client, batch, await ids.of(batch.map(coinOf)), now),
      ),
    candles: async (symbol, interval, from, to) =>
      await askCandles(client, symbol, (await ids.of([coinOf(symbol)])).get(coinOf(symbol)), interval, from, to),
    search: async (text) => parseCoins((await client('/search', [['query', text]])).body),
  }
}

/** The coin of a pair: `BTC` of `crypto:BTC/USD`. */
function coinOf(symbol: string): string {
  return tickerOf(symbol).split('/')[0]!
}

async function askPrices(
  client: Client,
  batch: readonly string[],
  ids: ReadonlyMap<string, string | null>,
  now: () => number,
): Promise<Answers> {
  const wanted = batch.flatMap((symbol) => ids.get(coinOf(symbol)) ?? [])
  const currencies = batch.map((symbol) => currencyOf(symbol)!.toLowerCase())
  const query = [
    ['ids', [...new Set(wanted)].join(',')],
    ['vs_currencies', [...new Set(currencies)].join(',')],
    ['include_last_updated_at', 'true'],
    ['precision', 'full'],
  ] as const
  const body = wanted.length === 0 ? {} : (await client('/simple/price', query)).body
  return parsePrices(body, batch, ids, now())
}

/**
 * The answers to a batch. `ids`: CoinGecko's id of each coin, null where it is sure to have none, missing where it could
 * not say. A currency it does not quote in is missing from the answer. Throws `ProviderError` for what is no answer.
 */
export function parsePrices(
  body: unknown,
  asked: readonly string[],
  ids: ReadonlyMap<string, string | null>,
  receivedAt: number,
): Answers {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ProviderError(NAME, 'answered in a form this program does not know')
  return new Map(
    asked.map((symbol) => {
      const id = ids.get(coinOf(symbol))
      if (id === null) return [symbol, without(symbol, 'has no coin', true)]
      if (id === undefined) return [symbol, without(symbol, 'could not say which coin is', false)]
      return [symbol, quoteFrom(dig(body, id), symbol, receivedAt)]
    }),
  )
}

function quoteFrom(prices: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  const currency = currencyOf(symbol)!
  const unit = currency.toLowerCase()
  const price = positive(dig(prices, unit))
  if (price === null) return without(symbol, 'has no price for', false)
  const time = Number(dig(prices, 'last_updated_at')) * 1000
  const figures = known({ asOf: time > 0 ? time : null })
  return { symbol, price, currency, source: NAME, receivedAt, ...figures }
}

async function askCandles(
  client: Client,
  symbol: string,
  id: string | null | undefined,
  interval: Interval,
  from: number,
  to: number,
): Promise<Candle[]> {
  const kind = CANDLES[interval]
  if (kind === undefined) throw new ProviderError(NAME, `has no candles of ${interval}`)
  if (!id) throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
  const query = [
    ['vs_currency', currencyOf(symbol)!.toLowerCase()],
    ['days', String(kind.days)],
    ['precision', 'full'],
  ] as const
  const { status, body } = await client(`/coins/${encodeURIComponent(id)}/ohlc`, query, [400, 404, 422])
  if (status >= 400) throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
  return rollUp(symbol, parseCandles(body, kind.length), interval).filter(({ start }) => start >= from && start < to)
}

/** Candles of `length` (ms), oldest first. CoinGecko gives the time when each closes; volumes it does not tell. */
export function parseCandles(body: unknown, length: number): Candle[] {
  return list(body).flatMap((row) => {
    const [closed, ...figures] = list(row)
    // The last one has not closed: its time is now.
    return candleRow(Math.ceil(Number(closed) / length) * length - length, figures)
  })
}

function without(symbol: string, what: string, gone: boolean): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${tickerOf(symbol)}`, gone }
}
