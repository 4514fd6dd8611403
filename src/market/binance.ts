import { tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches, askOurs, createHalving } from './batches.ts'
import { candleRow } from './candle-row.ts'
import { type AdapterOptions, type Client, createClient } from './client.ts'
import { CRYPTO_QUOTES, CURRENCIES } from './currencies.ts'
import { dig, list, words } from './json.ts'
import { known } from './known.ts'
import { positive } from './numbers.ts'
import { bestPairs, pairListing } from './pairs.ts'
import {
  type Candle,
  INTERVALS,
  type Interval,
  type Limits,
  type Listing,
  type Provider,
  ProviderError,
  type Quote,
  type Unknown,
} from './provider.ts'
import { createRemembered } from './remembered.ts'
import { currencyOf } from './symbols.ts'

/**
 * Binance spot, market data without a key: https://github.com/binance/binance-spot-api-docs
 * Some regions get 451. It quotes no US dollars: BTC/USDT is another instrument than BTC/USD, so it is never given for it.
 * Not verified live.
 */
const NAME = 'Binance'
/** Up to 20 symbols weigh 2, up to 100 weigh 40. */
const BATCH = 20
const WEIGHT = 2
/** The address may spend a weight of 6,000 a minute: `exchangeInfo.rateLimits`. */
const LIMITS: Limits = { perMinute: 6_000, cost: (symbols) => Math.ceil(symbols / BATCH) * WEIGHT }
const PACE = 100
/** The most candles one request gives. */
const PAGE = 1_000
const CATALOGUE_AGE = 3_600_000
/** *Invalid symbol*, *illegal characters* and *not a valid symbol list*. */
const REFUSED = new Set([-1121, -1100, -1101])

/** `crypto:BTC/USDT` → `BTCUSDT`. */
export function toBinance(symbol: string): string {
  return tickerOf(symbol).replace('/', '')
}

/** `BTCUSDT` → `crypto:BTC/USDT`; null where the end is nothing that crypto is quoted in here. */
export function fromBinance(id: string): string | null {
  for (const length of [4, 3]) {
    const [base, quote] = [id.slice(0, -length), id.slice(-length)]
    if (base !== '' && (CRYPTO_QUOTES.has(quote) || CURRENCIES.has(quote))) return `crypto:${base}/${quote}`
  }
  return null
}

/** Binance, for crypto against stable coins and some currencies. One round asks ceil(distinct symbols / 20) times. */
export function binance(options: AdapterOptions): Provider {
  const { now } = options
  const client = createClient({ ...options, provider: NAME, pace: PACE })
  const ask = createHalving(now, (batch) => askTickers(client, batch, now))
  const catalogue = createRemembered(now, CATALOGUE_AGE, async () =>
    parseListings((await client('/api/v3/ticker/price', [])).body),
  )
  return {
    name: NAME,
    classes: ['crypto'],
    batch: BATCH,
    pace: PACE,
    limits: LIMITS,
    quotes: (symbols) => askOurs(symbols, isQuoted, noDollars, (ours) => askInBatches(ours, BATCH, ask)),
    candles: (symbol, interval, from, to) => askCandles(client, symbol, interval, from, Math.min(to, now())),
    search: async (text) => bestPairs(await catalogue(), text),
  }
}

function isQuoted(symbol: string): boolean {
  return currencyOf(symbol) !== 'USD'
}

function noDollars(symbol: string): Unknown {
  return { symbol, unknown: `${NAME} quotes nothing in US dollars, so not ${tickerOf(symbol)}`, gone: false }
}

async function askTickers(client: Client, batch: readonly string[], now: () => number): Promise<Answers | undefined> {
  const symbols = JSON.stringify(batch.map(toBinance))
  const { status, body } = await client('/api/v3/ticker/24hr', [['symbols', symbols]], [400])
  if (status < 400) return parseTickers(body, batch, now())
  const error = refusal(body)
  if (error) throw error
  return batch.length === 1 ? new Map([[batch[0]!, without(batch[0]!, 'has no', true)]]) : undefined
}

/** What a 400 says that is not about the symbol; null where it is. */
function refusal(body: unknown): ProviderError | null {
  if (REFUSED.has(Number(dig(body, 'code')))) return null
  return new ProviderError(NAME, `answered: ${words(body, 'msg') ?? 'with an error'}`)
}

/**
 * The answers to a batch. Figures are text and stay as sent; all are of the last 24 hours, so `openPrice` is the
 * reference of `change`. Throws `ProviderError` for anything that is not a list of tickers.
 */
export function parseTickers(body: unknown, asked: readonly string[], receivedAt: number): Answers {
  if (!Array.isArray(body)) throw new ProviderError(NAME, 'answered in a form this program does not know')
  const byId = new Map(body.map((ticker) => [words(ticker, 'symbol'), ticker]))
  return new Map(asked.map((symbol) => [symbol, quoteFrom(byId.get(toBinance(symbol)), symbol, receivedAt)]))
}

function quoteFrom(ticker: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  if (ticker === undefined) return without(symbol, 'says nothing of', false)
  const price = positive(dig(ticker, 'lastPrice'))
  if (price === null) return without(symbol, 'has no price for', false)
  const time = Number(dig(ticker, 'closeTime'))
  const figures = known({
    asOf: time > 0 ? time : null,
    high: positive(dig(ticker, 'highPrice')),
    low: positive(dig(ticker, 'lowPrice')),
    previousClose: positive(dig(ticker, 'openPrice')),
    volume: positive(dig(ticker, 'volume')),
    bid: positive(dig(ticker, 'bidPrice')),
    ask: positive(dig(ticker, 'askPrice')),
  })
  return { symbol, price, currency: currencyOf(symbol)!, source: NAME, receivedAt, ...figures }
}

/** Page by page, as a request gives at most 1,000 candles; Binance names the intervals as we do. */
async function askCandles(client: Client, symbol: string, interval: Interval, from: number, to: number) {
  if (!isQuoted(symbol)) throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
  const candles: Candle[] = []
  for (let start = from; start < to; start += PAGE * INTERVALS[interval]) {
    const end = Math.min(start + PAGE * INTERVALS[interval], to) - 1
    const query = [
      ['symbol', toBinance(symbol)],
      ['interval', interval],
      ['startTime', String(start)],
      ['endTime', String(end)],
      ['limit', String(PAGE)],
    ] as const
    const { status, body } = await client('/api/v3/klines', query, [400])
    if (status >= 400) throw refusal(body) ?? new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
    candles.push(...parseCandles(body).filter((candle) => candle.start >= start && candle.start <= end))
  }
  return candles
}

/** Candles as they came, oldest first; rows that lack a figure are left out. */
export function parseCandles(body: unknown): Candle[] {
  return list(body).flatMap((row) => {
    const [start, open, high, low, close, volume] = list(row)
    return candleRow(Number(start), [open, high, low, close], volume)
  })
}

/** The pairs of a list of all prices. Throws `ProviderError` for anything that is none. */
export function parseListings(body: unknown): Listing[] {
  if (!Array.isArray(body)) throw new ProviderError(NAME, 'answered in a form this program does not know')
  return body.flatMap((ticker) => {
    const symbol = fromBinance(words(ticker, 'symbol') ?? '')
    return symbol === null ? [] : [pairListing(symbol, NAME)]
  })
}

function without(symbol: string, what: string, gone: boolean): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${tickerOf(symbol)}`, gone }
}
