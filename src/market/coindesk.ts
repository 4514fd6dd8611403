import { tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches, createHalving } from './batches.ts'
import { candleRow } from './candle-row.ts'
import { rollUp } from './candles.ts'
import { type Client, createClient, type KeyedOptions } from './client.ts'
import { type Answer, tooMany } from './http.ts'
import { dig, list, words } from './json.ts'
import { known } from './known.ts'
import { positive } from './numbers.ts'
import {
  type Candle,
  INTERVALS,
  type Interval,
  type Provider,
  ProviderError,
  type Quote,
  type Unknown,
} from './provider.ts'
import { currencyOf } from './symbols.ts'

/**
 * CoinDesk Data, the former CryptoCompare: https://developers.coindesk.com/documentation/data-api. There is no access
 * without a subscription since 2026-05-21, and what one may ask for is in its contract, so no limits are known here.
 * Prices are those of the CADLI index. Not verified live: the number of instruments in a request, and how a missing one
 * is told.
 */
const NAME = 'CoinDesk Data'
const BATCH = 50
const PACE = 200
const MARKET = ['market', 'cadli'] as const
/** The most candles one request gives. */
const PAGE = 2_000

/** The candles there are; the others are put together from them. */
const CANDLES: Readonly<Record<Interval, { readonly path: string; readonly from: '1m' | '1h' | '1d' }>> = {
  '1m': { path: 'minutes', from: '1m' },
  '5m': { path: 'minutes', from: '1m' },
  '15m': { path: 'minutes', from: '1m' },
  '1h': { path: 'hours', from: '1h' },
  '4h': { path: 'hours', from: '1h' },
  '1d': { path: 'days', from: '1d' },
  '1w': { path: 'days', from: '1d' },
}

/** `crypto:BTC/USD` → `BTC-USD`. */
export function toCoinDesk(symbol: string): string {
  return tickerOf(symbol).replace('/', '-')
}

/** CoinDesk Data, for crypto. One round asks ceil(distinct symbols / 50) times. It has no search. */
export function coindesk(options: KeyedOptions): Provider {
  const { key, now } = options
  const client = createClient({
    ...options,
    provider: NAME,
    pace: PACE,
    headers: { authorization: `Apikey ${key}` },
    check,
  })
  const ask = createHalving(now, (batch) => askTicks(client, batch, now))
  return {
    name: NAME,
    classes: ['crypto'],
    batch: BATCH,
    pace: PACE,
    quotes: (symbols) => askInBatches([...new Set(symbols)], BATCH, ask),
    candles: (symbol, interval, from, to) => askCandles(client, symbol, interval, from, Math.min(to, now())),
    search: async () => [],
  }
}

/** The older half of the service tells errors with status 200; its type 99 is a limit. */
function check({ body }: Answer): void {
  const [type, text] = [dig(body, 'Type') ?? dig(body, 'Err', 'type'), errorOf(body)]
  if (text === null) return
  if (type === 99 || /rate limit/i.test(text)) throw tooMany(NAME, null)
  if (words(body, 'Response') === 'Error') throw new ProviderError(NAME, `answered: ${text}`)
}

function errorOf(body: unknown): string | null {
  return words(body, 'Err', 'message') ?? (words(body, 'Response') === 'Error' ? words(body, 'Message') : null)
}

async function askTicks(client: Client, batch: readonly string[], now: () => number): Promise<Answers | undefined> {
  const query = [MARKET, ['instruments', batch.map(toCoinDesk).join(',')]] as const
  const { status, body } = await client('/index/cc/v1/latest/tick', query, [400, 404])
  if (status < 400 || isFilled(dig(body, 'Data'))) return parseTicks(body, batch, now())
  return batch.length === 1 ? new Map([[batch[0]!, without(batch[0]!, 'has no', status === 404)]]) : undefined
}

function isFilled(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.keys(data).length > 0
}

/** The answers to a batch; an instrument may be missing from it. Throws `ProviderError` for what is no answer. */
export function parseTicks(body: unknown, asked: readonly string[], receivedAt: number): Answers {
  const data = dig(body, 'Data')
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new ProviderError(NAME, 'answered in a form this program does not know')
  return new Map(asked.map((symbol) => [symbol, quoteFrom(dig(data, toCoinDesk(symbol)), symbol, receivedAt)]))
}

/** All but the price is of the last 24 hours, by the hour. */
function quoteFrom(tick: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  if (tick === undefined) return without(symbol, 'says nothing of', false)
  const price = positive(dig(tick, 'VALUE'))
  if (price === null) return without(symbol, 'has no price for', false)
  const time = Number(dig(tick, 'VALUE_LAST_UPDATE_TS')) * 1000
  const figures = known({
    asOf: time > 0 ? time : null,
    high: positive(dig(tick, 'MOVING_24_HOUR_HIGH')),
    low: positive(dig(tick, 'MOVING_24_HOUR_LOW')),
    previousClose: positive(dig(tick, 'MOVING_24_HOUR_OPEN')),
    volume: positive(dig(tick, 'MOVING_24_HOUR_VOLUME')),
  })
  return { symbol, price, currency: currencyOf(symbol)!, source: NAME, receivedAt, ...figures }
}

/** Page by page, as a request gives at most 2,000 candles, the last of them at `to_ts`. */
async function askCandles(client: Client, symbol: string, interval: Interval, from: number, to: number) {
  const { path, from: source } = CANDLES[interval]
  const step = INTERVALS[source]
  const candles: Candle[] = []
  for (let start = Math.ceil(from / step) * step; start < to; start += PAGE * step) {
    const last = Math.min(start + (PAGE - 1) * step, Math.floor((to - 1) / step) * step)
    const query = [
      MARKET,
      ['instrument', toCoinDesk(symbol)],
      ['limit', String((last - start) / step + 1)],
      ['to_ts', String(last / 1000)],
    ] as const
    const { status, body } = await client(`/index/cc/v1/historical/${path}`, query, [400, 404])
    if (status >= 400) throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
    candles.push(...parseCandles(body).filter((candle) => candle.start >= start && candle.start <= last))
  }
  return source === interval ? candles : rollUp(symbol, candles, interval)
}

/** Candles, oldest first; rows that lack a figure are left out. */
export function parseCandles(body: unknown): Candle[] {
  const rows = list(body, 'Data').flatMap((row) => {
    const figures = ['OPEN', 'HIGH', 'LOW', 'CLOSE'].map((name) => dig(row, name))
    return candleRow(Number(dig(row, 'TIMESTAMP')) * 1000, figures, dig(row, 'VOLUME'))
  })
  return rows.sort((a, b) => a.start - b.start)
}

function without(symbol: string, what: string, gone: boolean): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${tickerOf(symbol)}`, gone }
}
