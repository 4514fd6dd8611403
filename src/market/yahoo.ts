import { Decimal } from 'decimal.js'
import { classOf, tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches } from './batches.ts'
import { highest, lowest, rollUp } from './candles.ts'
import { type Client, createClient } from './client.ts'
import type { HttpPorts } from './http.ts'
import { dig, list, words } from './json.ts'
import { positive } from './numbers.ts'
import {
  type Candle,
  INTERVALS,
  type Interval,
  type Listing,
  type Provider,
  ProviderError,
  type Quote,
  type Unknown,
} from './provider.ts'
import { guess } from './symbols.ts'

/** Unofficial, no documentation, no promise: what follows was learned from recorded answers and from those who use it. */
const NAME = 'Yahoo'
/** Spark drops or refuses what is beyond 20 symbols. */
const BATCH = 20
/** Limits are not published; five a second has been borne. */
const PACE = 200
const LISTINGS = 8
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

/** Minor units that listings are quoted in, their main currency and how many make one. */
const MINOR: Readonly<Record<string, readonly [string, number]>> = {
  GBp: ['GBP', 100],
  GBX: ['GBP', 100],
  ZAc: ['ZAR', 100],
  ILA: ['ILS', 100],
  USX: ['USD', 100],
  KWF: ['KWD', 1000],
}

/** `stock:BRK.B` → `BRK-B`, `fx:EUR/USD` → `EURUSD=X`. */
export function toYahoo(symbol: string): string {
  const ticker = tickerOf(symbol)
  if (classOf(symbol) === 'fx') return `${ticker.replace('/', '')}=X`
  // One letter after the point is a class of shares, except those that stand for an exchange: .L .F .T .V
  return ticker.replace(/^([A-Z]+)\.([A-EG-KM-SUW-Z])$/, '$1-$2')
}

/** `BRK-B` → `stock:BRK.B`, `EURUSD=X` → `fx:EUR/USD`; null for what is neither stock nor currency. */
export function fromYahoo(ticker: string): string | null {
  const name = ticker.toUpperCase()
  return guess(name.endsWith('=X') ? name : `stock:${name}`)
}

/** Where Yahoo is asked, and the clock. */
export type YahooOptions = HttpPorts & {
  /** `https://query1.finance.yahoo.com`, or a double's. */
  readonly baseUrl: string
  /** The clock of evaluation: stamps `receivedAt`. */
  readonly now: () => number
}

/**
 * Yahoo Finance, for stocks, funds, indices, futures and FX. One round asks ceil(distinct symbols / 20) times; a batch
 * of one goes to the chart, which also knows for certain when there is no such symbol.
 */
export function yahoo(options: YahooOptions): Provider {
  const client = createClient({ ...options, provider: NAME, pace: PACE })
  return {
    name: NAME,
    classes: ['stock', 'fx'],
    batch: BATCH,
    pace: PACE,
    quotes: (symbols) =>
      askInBatches([...new Set(symbols)], BATCH, (batch) =>
        batch.length === 1 ? askChart(client, batch[0]!, options.now) : askSpark(client, batch, options.now),
      ),
    candles: (symbol, interval, from, to) => askCandles(client, symbol, interval, from, Math.min(to, options.now())),
    search: async (text) => {
      const query = [
        ['q', text],
        ['quotesCount', String(LISTINGS)],
        ['newsCount', '0'],
      ] as const
      return parseSearch((await client('/v1/finance/search', query)).body)
    },
  }
}

async function askSpark(client: Client, batch: readonly string[], now: () => number): Promise<Answers> {
  const query = [
    ['symbols', batch.map(toYahoo).join(',')],
    ['range', '1d'],
    ['interval', '5m'],
  ] as const
  const { body } = await client('/v7/finance/spark', query, [404])
  return parseSpark(body, batch, now())
}

async function askChart(client: Client, symbol: string, now: () => number): Promise<Answers> {
  const path = `/v8/finance/chart/${encodeURIComponent(toYahoo(symbol))}`
  const { body } = await client(
    path,
    [
      ['range', '1d'],
      ['interval', '5m'],
    ],
    [404],
  )
  return new Map([[symbol, parseChart(body, symbol, now())]])
}

async function askCandles(client: Client, symbol: string, interval: Interval, from: number, to: number) {
  const { name, back, from: source = interval } = CANDLES[interval]
  const start = Math.max(from, to - back)
  if (start >= to) return []
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

/**
 * The answers to a batch, from either of spark's two shapes: v7 (`spark.result[].response[0].meta`, all we need) and v8
 * (a flat object by symbol, which names no currency). A symbol that is absent may be unknown to Yahoo or just missing
 * today, so it is not `gone`. Throws `ProviderError` for an error of the whole batch.
 */
export function parseSpark(body: unknown, asked: readonly string[], receivedAt: number): Answers {
  const failure = errorOf(body, 'spark')
  if (failure !== null && failure.code !== 'Not Found') throw new ProviderError(NAME, `answered: ${failure.text}`)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ProviderError(NAME, 'answered in a form this program does not know')
  const results = list(body, 'spark', 'result')
  const metas = new Map(results.map((one) => [words(one, 'symbol')?.toUpperCase(), dig(one, 'response', 0, 'meta')]))
  return new Map(
    asked.map((symbol) => {
      const name = toYahoo(symbol)
      const meta = metas.get(name)
      if (meta !== undefined) return [symbol, quoteFromMeta(meta, symbol, receivedAt)]
      const flat = dig(body, name)
      return [symbol, flat === undefined ? absent(symbol) : quoteFromFlat(flat, symbol, receivedAt)]
    }),
  )
}

/** The answer of a chart: a quote from its `meta`, or `gone` for a 404's *Not Found* and for the phantom of a ticker that is none. */
export function parseChart(body: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  const failure = errorOf(body, 'chart')
  if (failure?.code === 'Not Found') return gone(symbol)
  if (failure !== null) throw new ProviderError(NAME, `answered: ${failure.text}`)
  return quoteFromMeta(dig(body, 'chart', 'result', 0, 'meta'), symbol, receivedAt)
}

/**
 * Figures are the shortest text of the double Yahoo sent, not rounded to `priceHint`: rounding could carry a price over
 * the level someone set. `previousClose` only for stocks and where the range is one day, else it is another day's.
 */
function quoteFromMeta(meta: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  const price = positive(dig(meta, 'regularMarketPrice'))
  const unit = words(meta, 'currency')
  // A ticker that looks like one of Nasdaq's gets HTTP 200 and a form without content.
  if (unit === null && (price === null || dig(meta, 'instrumentType') === 'ECNQUOTE')) return gone(symbol)
  if (unit === null) return without(symbol, 'names no currency for')
  if (price === null) return without(symbol, 'has no price for')
  const isStock = classOf(symbol) === 'stock'
  const time = dig(meta, 'regularMarketTime')
  const [currency, divisor] = MINOR[unit] ?? [unit, 1]
  const figure = (value: unknown) => scaled(positive(value), divisor)
  const optional = {
    asOf: typeof time === 'number' && time > 0 ? time * 1000 : null,
    high: figure(dig(meta, 'regularMarketDayHigh')),
    low: figure(dig(meta, 'regularMarketDayLow')),
    previousClose: isStock && dig(meta, 'range') === '1d' ? figure(dig(meta, 'chartPreviousClose')) : null,
    volume: isStock ? positive(dig(meta, 'regularMarketVolume')) : null,
  }
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)) as Partial<Quote>
  const minor = divisor === 1 ? {} : { minor: { name: unit, per: divisor } }
  const said = { price: scaled(price, divisor)!, currency, ...minor }
  return { symbol, ...said, source: NAME, receivedAt, session: 'regular', ...known }
}

/** The last close that is not null, and its time; the currency follows from the name, or is not known. */
function quoteFromFlat(flat: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  const closes = list(flat, 'close').map(positive)
  const index = closes.findLastIndex((close) => close !== null)
  if (index < 0) return without(symbol, 'has no price for')
  const currency = words(flat, 'currency') ?? plainCurrency(symbol)
  if (currency === null) return without(symbol, 'names no currency for')
  const [main, divisor] = MINOR[currency] ?? [currency, 1]
  const time = dig(flat, 'timestamp', index)
  const asOf = typeof time === 'number' ? { asOf: time * 1000 } : {}
  const price = scaled(closes[index]!, divisor)!
  const minor = divisor === 1 ? {} : { minor: { name: currency, per: divisor } }
  return { symbol, price, currency: main, ...minor, source: NAME, receivedAt, session: 'regular', ...asOf }
}

/** A pair's second half; dollars for a plain US ticker; for other listings it could be pence or pounds. */
function plainCurrency(symbol: string): string | null {
  if (classOf(symbol) === 'fx') return symbol.slice(symbol.indexOf('/') + 1)
  return /^[A-Z]{1,5}(-[A-Z])?$/.test(toYahoo(symbol)) ? 'USD' : null
}

/**
 * The candles of a chart, oldest first; rows with a null are left out. While a market is open Yahoo adds a last row at
 * the present moment: it is joined to the candle it belongs to. Throws `ProviderError`, also for an unknown symbol.
 */
export function parseCandles(body: unknown, symbol: string, interval: Interval): Candle[] {
  const failure = errorOf(body, 'chart')
  if (failure?.code === 'Not Found') throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
  if (failure !== null) throw new ProviderError(NAME, `answered: ${failure.text}`)
  const result = dig(body, 'chart', 'result', 0)
  const unit = words(result, 'meta', 'currency') ?? ''
  const divisor = MINOR[unit]?.[1] ?? 1
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

/** What a search found, best first, without options, coins and what is not traded. */
export function parseSearch(body: unknown): Listing[] {
  const wanted = new Set(['EQUITY', 'ETF', 'INDEX', 'MUTUALFUND', 'FUTURE', 'CURRENCY'])
  return list(body, 'quotes').flatMap((found) => {
    const ticker = words(found, 'symbol')
    const symbol = ticker === null ? null : fromYahoo(ticker)
    const real = dig(found, 'isYahooFinance') !== false && wanted.has(words(found, 'quoteType') ?? '')
    if (symbol === null || !real) return []
    const exchange = words(found, 'exchDisp')
    const name = words(found, 'longname') ?? words(found, 'shortname') ?? ticker!
    return [{ symbol, name, ...(exchange === null ? {} : { exchange }) }]
  })
}

function errorOf(body: unknown, kind: 'spark' | 'chart'): { code: string; text: string } | null {
  const error = dig(body, kind, 'error') ?? dig(body, 'finance', 'error')
  if (error === undefined || error === null) return null
  const code = words(error, 'code') ?? ''
  return { code, text: words(error, 'description') ?? (code || 'with an error') }
}

/** 15 to 17 digits by 100 or 1000: exact. */
function scaled(figure: string | null, divisor: number): string | null {
  return figure === null || divisor === 1 ? figure : new Decimal(figure).div(divisor).toFixed()
}

function gone(symbol: string): Unknown {
  return { symbol, unknown: `${NAME} has no symbol ${tickerOf(symbol)}`, gone: true }
}

function absent(symbol: string): Unknown {
  return without(symbol, 'says nothing of')
}

function without(symbol: string, what: string): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${tickerOf(symbol)}`, gone: false }
}
