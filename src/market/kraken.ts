import { tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches, askOurs, createHalving } from './batches.ts'
import { candleRow } from './candle-row.ts'
import { rollUp } from './candles.ts'
import { type AdapterOptions, type Client, createClient } from './client.ts'
import { CURRENCIES } from './currencies.ts'
import { type Answer, tooMany } from './http.ts'
import { dig, list, words } from './json.ts'
import { known } from './known.ts'
import { positive } from './numbers.ts'
import { bestPairs, pairListing } from './pairs.ts'
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
import { createRemembered } from './remembered.ts'
import { currencyOf } from './symbols.ts'

/**
 * Kraken's public REST: https://docs.kraken.com/api/docs/rest-api/get-ticker-information
 * Every answer has status 200; `error` in it says whether it is one. Not verified live.
 */
const NAME = 'Kraken'
const BATCH = 50
/** One request a second and address: Kraken support, and what ccxt keeps to. */
const LIMITS: Limits = { perSecond: 1 }
const PACE = 1_000
const CATALOGUE_AGE = 3_600_000
const LOCKOUT = 15 * 60_000

/** The lengths of candles in minutes. Kraken's weeks begin on a Thursday, so ours are put together from days. */
const MINUTES: Readonly<Record<Interval, number>> = {
  ...{ '1m': 1, '5m': 5, '15m': 15 },
  ...{ '1h': 60, '4h': 240, '1d': 1440, '1w': 1440 },
}

/** Coins that Kraken calls otherwise than everybody else. */
const RENAMED: Readonly<Record<string, string>> = { XBT: 'BTC', XDG: 'DOGE' }

/** `XBT/USD`, as `wsname` says it, → `crypto:BTC/USD`. */
export function fromKraken(name: string): string {
  const coins = name.split('/').map((coin) => RENAMED[coin] ?? coin)
  return `crypto:${coins.join('/')}`
}

/** A pair as Kraken asks for it (`altname`) and as it answers (`key`): `XBTUSD`, `XXBTZUSD`. */
export type KrakenPair = { readonly key: string; readonly altname: string; readonly halted: boolean }

/** Kraken, for crypto against currencies and stable coins. One round asks ceil(distinct symbols / 50) times. */
export function kraken(options: AdapterOptions): Provider {
  const { now } = options
  const client = createClient({ ...options, provider: NAME, pace: PACE, check })
  const catalogue = createRemembered(now, CATALOGUE_AGE, async () =>
    parsePairs((await client('/0/public/AssetPairs', [])).body),
  )
  const ask = createHalving(now, async (batch) => await askTicker(client, await catalogue(), batch, now))
  return {
    name: NAME,
    classes: ['crypto'],
    batch: BATCH,
    pace: PACE,
    limits: LIMITS,
    quotes: async (symbols) => {
      const pairs = await catalogue()
      return await askOurs(
        symbols,
        (symbol) => pairs.has(symbol),
        missing,
        (ours) => askInBatches(ours, BATCH, ask),
      )
    },
    candles: async (symbol, interval, from, to) =>
      await askCandles(client, symbol, (await catalogue()).get(symbol), interval, from, Math.min(to, now())),
    search: async (text) => bestPairs(listingsOf(await catalogue()), text),
  }
}

/** Throws for an answer that says that we ask too often, or that Kraken is out of order. */
function check({ body }: Answer): void {
  const error = errorOf(body)
  if (error === null) return
  if (/lockout/i.test(error)) throw tooMany(NAME, LOCKOUT)
  if (/too many requests|rate limit/i.test(error)) throw tooMany(NAME, null)
  if (!/^EQuery|invalid arguments/i.test(error)) throw new ProviderError(NAME, `answered: ${error}`)
}

function errorOf(body: unknown): string | null {
  return words(list(body, 'error').find((error) => typeof error === 'string' && error.startsWith('E')))
}

async function askTicker(
  client: Client,
  pairs: ReadonlyMap<string, KrakenPair>,
  batch: readonly string[],
  now: () => number,
): Promise<Answers | undefined> {
  const names = batch.map((symbol) => pairs.get(symbol)?.altname ?? tickerOf(symbol))
  const { body } = await client('/0/public/Ticker', [['pair', names.join(',')]])
  if (errorOf(body) === null) return parseTicker(body, batch, pairs, now())
  return batch.length === 1 ? new Map([[batch[0]!, missing(batch[0]!)]]) : undefined
}

/** Every pair by its canonical name. Throws `ProviderError` for anything that is not a list of pairs. */
export function parsePairs(body: unknown): Map<string, KrakenPair> {
  const result = dig(body, 'result')
  if (typeof result !== 'object' || result === null || Object.keys(result).length === 0)
    throw new ProviderError(NAME, 'answered in a form this program does not know')
  return new Map(
    Object.entries(result).flatMap(([key, pair]) => {
      const [altname, name, status] = [words(pair, 'altname'), words(pair, 'wsname'), words(pair, 'status')]
      // Currencies against each other at a coin exchange are none of ours.
      if (altname === null || name === null || CURRENCIES.has(name.split('/')[0]!)) return []
      return [[fromKraken(name), { key, altname, halted: status !== null && status !== 'online' }] as const]
    }),
  )
}

/**
 * The answers to a batch of pairs. Volume, high and low are of the last 24 hours. Kraken tells no time, so `asOf` is
 * missing, and its `o` is the price at 0:00 UTC, not of 24 hours ago. Throws `ProviderError` for what is no answer.
 */
export function parseTicker(
  body: unknown,
  asked: readonly string[],
  pairs: ReadonlyMap<string, KrakenPair>,
  receivedAt: number,
): Answers {
  const result = dig(body, 'result')
  if (typeof result !== 'object' || result === null)
    throw new ProviderError(NAME, 'answered in a form this program does not know')
  return new Map(
    asked.map((symbol) => {
      const pair = pairs.get(symbol)
      if (pair === undefined) return [symbol, missing(symbol)]
      if (pair.halted) return [symbol, without(symbol, 'has halted trading in')]
      return [symbol, quoteFrom(dig(result, pair.key) ?? dig(result, pair.altname), symbol, receivedAt)]
    }),
  )
}

function quoteFrom(row: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  const price = positive(dig(row, 'c', 0))
  if (price === null) return without(symbol, 'has no price for')
  const figures = known({
    high: positive(dig(row, 'h', 1)),
    low: positive(dig(row, 'l', 1)),
    volume: positive(dig(row, 'v', 1)),
    bid: positive(dig(row, 'b', 0)),
    ask: positive(dig(row, 'a', 0)),
  })
  return { symbol, price, currency: currencyOf(symbol)!, source: NAME, receivedAt, ...figures }
}

/** Kraken keeps the last 720 candles of each length; what lies before them cannot be had. */
async function askCandles(
  client: Client,
  symbol: string,
  pair: KrakenPair | undefined,
  interval: Interval,
  from: number,
  to: number,
): Promise<Candle[]> {
  if (pair === undefined) throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
  const query = [
    ['pair', pair.altname],
    ['interval', String(MINUTES[interval])],
    ['since', String(Math.floor(from / 1000) - 1)],
  ] as const
  const { body } = await client('/0/public/OHLC', query)
  if (errorOf(body) !== null) throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
  const candles = parseCandles(body).filter(({ start }) => start >= from && start < to)
  return interval === '1w' ? rollUp(symbol, candles, '1w') : candles
}

/** The candles under the one key that is no cursor, oldest first; rows that lack a figure are left out. */
export function parseCandles(body: unknown): Candle[] {
  const rows = Object.entries(dig(body, 'result') ?? {}).find(([key]) => key !== 'last')?.[1]
  return list(rows).flatMap((row) => {
    const [time, open, high, low, close, , volume] = list(row)
    return candleRow(Number(time) * 1000, [open, high, low, close], volume)
  })
}

function listingsOf(pairs: ReadonlyMap<string, KrakenPair>): Listing[] {
  return [...pairs].flatMap(([symbol, { halted }]) => (halted ? [] : [pairListing(symbol, NAME)]))
}

function missing(symbol: string): Unknown {
  return without(symbol, 'has no', true)
}

function without(symbol: string, what: string, gone = false): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${tickerOf(symbol)}`, gone }
}
