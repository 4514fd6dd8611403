import { tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches, createHalving } from './batches.ts'
import { candleRow } from './candle-row.ts'
import { rollUp } from './candles.ts'
import { type AdapterOptions, type Client, createClient } from './client.ts'
import { dig, list, words } from './json.ts'
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

/** Coinbase Advanced Trade, the public half: https://docs.cdp.coinbase.com/advanced-trade/reference */
const NAME = 'Coinbase'
const PRODUCTS = '/api/v3/brokerage/market/products'
/** Ids are repeated in the address: fifty keep it near 1,200 characters, under the 2,000 that every proxy takes. */
const BATCH = 50
/** 10 requests a second and address: https://docs.cdp.coinbase.com/exchange/rest-api/rate-limits */
const LIMITS: Limits = { perSecond: 10 }
const PACE = 110
/** The most candles one request gives. */
const PAGE = 350
const CATALOGUE_AGE = 3_600_000

/** The granularities there are; 4 h and weeks are put together from shorter ones. */
const GRANULARITY: Readonly<Record<Interval, { readonly name: string; readonly from?: Interval }>> = {
  '1m': { name: 'ONE_MINUTE' },
  '5m': { name: 'FIVE_MINUTE' },
  '15m': { name: 'FIFTEEN_MINUTE' },
  '1h': { name: 'ONE_HOUR' },
  '4h': { name: 'ONE_HOUR', from: '1h' },
  '1d': { name: 'ONE_DAY' },
  '1w': { name: 'ONE_DAY', from: '1d' },
}

/** `crypto:BTC/USD` → `BTC-USD`. */
export function toCoinbase(symbol: string): string {
  return tickerOf(symbol).replace('/', '-')
}

/** `BTC-USD` → `crypto:BTC/USD`; null for what is no pair, such as a future. */
export function fromCoinbase(id: string): string | null {
  return /^[A-Z0-9]+-[A-Z0-9]+$/.test(id) ? `crypto:${id.replace('-', '/')}` : null
}

/** Coinbase, for crypto against currencies and stable coins. One round asks ceil(distinct symbols / 50) times. */
export function coinbase(options: AdapterOptions): Provider {
  const client = createClient({ ...options, provider: NAME, pace: PACE })
  const ask = createHalving(options.now, (batch) => askProducts(client, batch, options.now))
  const catalogue = createRemembered(options.now, CATALOGUE_AGE, async () =>
    parseListings((await client(PRODUCTS, [['product_type', 'SPOT']])).body),
  )
  return {
    name: NAME,
    classes: ['crypto'],
    batch: BATCH,
    pace: PACE,
    limits: LIMITS,
    quotes: (symbols) => askInBatches([...new Set(symbols)], BATCH, ask),
    candles: (symbol, interval, from, to) => askCandles(client, symbol, interval, from, Math.min(to, options.now())),
    search: async (text) => bestPairs(await catalogue(), text),
  }
}

/** One id it does not like may fail the whole batch. */
async function askProducts(client: Client, batch: readonly string[], now: () => number): Promise<Answers | undefined> {
  const query = batch.map((symbol) => ['product_ids', toCoinbase(symbol)] as const)
  const { status, body } = await client(PRODUCTS, query, [400, 404])
  if (status < 400) return parseProducts(body, batch, now())
  return batch.length === 1 ? new Map([[batch[0]!, without(batch[0]!, 'has no', status === 404)]]) : undefined
}

/**
 * The answers to a batch of products. Prices are text and stay as sent; Coinbase tells no time, so `asOf` is missing.
 * A product that is absent, has no price, or in which trading is halted is `Unknown`. Throws `ProviderError` for
 * anything that is not a list of products.
 */
export function parseProducts(body: unknown, asked: readonly string[], receivedAt: number): Answers {
  const products = dig(body, 'products')
  if (!Array.isArray(products)) throw new ProviderError(NAME, 'answered in a form this program does not know')
  const byId = new Map(products.map((product) => [words(product, 'product_id'), product]))
  return new Map(asked.map((symbol) => [symbol, quoteFrom(byId.get(toCoinbase(symbol)), symbol, receivedAt)]))
}

function quoteFrom(product: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  if (product === undefined) return without(symbol, 'has no', false)
  if (isHalted(product)) return without(symbol, 'has halted trading in', false)
  const price = positive(dig(product, 'price'))
  if (price === null) return without(symbol, 'has no price for', false)
  const volume = positive(dig(product, 'volume_24h'))
  const currency = currencyOf(symbol)!
  return { symbol, price, currency, source: NAME, receivedAt, ...(volume === null ? {} : { volume }) }
}

function isHalted(product: unknown): boolean {
  const status = words(product, 'status')
  return (
    dig(product, 'trading_disabled') === true ||
    dig(product, 'is_disabled') === true ||
    (status !== null && status !== 'online')
  )
}

/** Page by page, as a request gives at most 350 candles, both ends included. */
async function askCandles(client: Client, symbol: string, interval: Interval, from: number, to: number) {
  const { name, from: source = interval } = GRANULARITY[interval]
  const step = INTERVALS[source]
  const candles: Candle[] = []
  for (let start = Math.ceil(from / step) * step; start < to; start += PAGE * step) {
    const end = Math.min(start + (PAGE - 1) * step, to - 1)
    const query = [
      ['start', seconds(start)],
      ['end', seconds(end)],
      ['granularity', name],
    ] as const
    const { status, body } = await client(`${PRODUCTS}/${toCoinbase(symbol)}/candles`, query, [400, 404])
    if (status >= 400) throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
    candles.push(...parseCandles(body).filter((candle) => candle.start >= start && candle.start <= end))
  }
  return source === interval ? candles : rollUp(symbol, candles, interval)
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000))
}

/** Candles in whatever order they came, as oldest first, each once; rows that lack a figure are left out. */
export function parseCandles(body: unknown): Candle[] {
  const rows = list(body, 'candles').flatMap((row) => {
    const figures = ['open', 'high', 'low', 'close'].map((name) => dig(row, name))
    return candleRow(Number(dig(row, 'start')) * 1000, figures, dig(row, 'volume'))
  })
  const distinct = new Map(rows.map((candle) => [candle.start, candle]))
  return [...distinct.values()].sort((a, b) => a.start - b.start)
}

/** The pairs of a list of products that can be traded. */
export function parseListings(body: unknown): Listing[] {
  return list(body, 'products').flatMap((product) => {
    const id = words(product, 'product_id')
    const symbol = id === null ? null : fromCoinbase(id)
    if (symbol === null || isHalted(product)) return []
    return [pairListing(symbol, NAME, words(product, 'base_name'))]
  })
}

function without(symbol: string, what: string, gone: boolean): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${toCoinbase(symbol)}`, gone }
}
