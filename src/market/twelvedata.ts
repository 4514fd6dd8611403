import { classOf, tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches, askOurs } from './batches.ts'
import { createClient, type KeyedOptions } from './client.ts'
import { type Answer, tooMany } from './http.ts'
import { dig, list, words } from './json.ts'
import { known } from './known.ts'
import { positive } from './numbers.ts'
import { type Limits, type Listing, type Provider, ProviderError, type Quote, type Unknown } from './provider.ts'
import { currencyOf, guess } from './symbols.ts'
import { askCandles, FOREIGN, isOurs, NAME } from './twelvedata-candles.ts'
import { sessionOfTrade } from './us-stocks.ts'

/**
 * Twelve Data: https://twelvedata.com/docs. Errors may come with status 200. On the free plan currencies were gone for
 * days in October 2026. Listings from abroad and prices before and after hours need a paid plan, so they are not asked for.
 * Each symbol costs a credit and the free plan has 8 a minute, so one request may ask for 8 symbols. Not verified live.
 */
const BATCH = 8
/** The Basic plan: https://twelvedata.com/pricing. Counted in credits, one for each symbol. */
const LIMITS: Limits = { perMinute: 8, perDay: 800, cost: (symbols) => symbols }
const PACE = 1_000
const LISTINGS = 8
/** Credits of a day are back at 0:00 UTC; asking every hour does no harm. */
const NO_CREDITS_TODAY = 3_600_000

/** Twelve Data, for US stocks, currencies and crypto. One round asks ceil(distinct symbols / 8) times. */
export function twelvedata(options: KeyedOptions): Provider {
  const { key, now } = options
  const headers = { authorization: `apikey ${key}` }
  const client = createClient({ ...options, provider: NAME, pace: PACE, retries: 0, headers, check })
  return {
    name: NAME,
    classes: ['stock', 'fx', 'crypto'],
    batch: BATCH,
    pace: PACE,
    limits: LIMITS,
    quotes: (symbols) =>
      askOurs(symbols, isOurs, foreign, (ours) =>
        askInBatches(ours, BATCH, async (batch) => {
          const { body } = await client('/quote', [['symbol', batch.map(tickerOf).join(',')]], [400, 404])
          return parseQuotes(body, batch, now())
        }),
      ),
    candles: (symbol, interval, from, to) => askCandles(client, symbol, interval, from, Math.min(to, now())),
    search: async (text) => {
      const query = [
        ['symbol', text],
        ['outputsize', '30'],
      ] as const
      return parseFound((await client('/symbol_search', query)).body)
    },
  }
}

/** Throws where the body says that there are no credits left, that the key is not taken, or that it is out of order. */
function check({ body }: Answer): void {
  if (words(body, 'status') !== 'error') return
  const [code, text] = [Number(dig(body, 'code')), words(body, 'message') ?? 'with an error']
  if (code === 429) throw tooMany(NAME, /for the day/i.test(text) ? NO_CREDITS_TODAY : null)
  if (code === 401)
    throw new ProviderError(NAME, 'asks for a key, or does not take ours (code 401)', NO_CREDITS_TODAY, true)
  if (code >= 500) throw new ProviderError(NAME, `is in trouble (code ${code})`)
}

/**
 * The answers to a batch: by name, or for one symbol the quote itself. A symbol it does not know and one that the plan
 * does not have are refused with the same words, so nothing is `gone`. Throws `ProviderError` for what is no answer.
 */
export function parseQuotes(body: unknown, asked: readonly string[], receivedAt: number): Answers {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ProviderError(NAME, 'answered in a form this program does not know')
  const isSingle = asked.length === 1 && !Object.hasOwn(body, tickerOf(asked[0]!))
  const refusal = words(body, 'status') === 'error' ? body : undefined
  return new Map(
    asked.map((symbol) => {
      const quote = refusal ?? (isSingle ? body : dig(body, tickerOf(symbol)))
      return [symbol, quoteFrom(quote, symbol, receivedAt)]
    }),
  )
}

function quoteFrom(row: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  if (row === undefined) return without(symbol, 'says nothing of')
  if (words(row, 'status') === 'error') return without(symbol, 'does not give us')
  const price = positive(dig(row, 'close'))
  if (price === null) return without(symbol, 'has no price for')
  const currency = currencyOf(symbol) ?? words(row, 'currency')
  if (currency === null) return without(symbol, 'names no currency for')
  const isStock = classOf(symbol) === 'stock'
  const time = Number(dig(row, 'last_quote_at') ?? dig(row, 'timestamp')) * 1000
  const asOf = time > 0 ? time : null
  const figures = known({
    asOf,
    session: isStock && asOf !== null ? sessionOfTrade(symbol, asOf) : null,
    // The day of pairs begins elsewhere than ours.
    ...(isStock ? dayOf(row) : {}),
  })
  return { symbol, price, currency, source: NAME, receivedAt, ...figures }
}

function dayOf(row: unknown): Parameters<typeof known>[0] {
  return {
    open: positive(dig(row, 'open')),
    high: positive(dig(row, 'high')),
    low: positive(dig(row, 'low')),
    previousClose: positive(dig(row, 'previous_close')),
    volume: positive(dig(row, 'volume')),
  }
}

/** What a search found: what is listed in the US, pairs of currencies, and coins against them, each once. */
export function parseFound(body: unknown): Listing[] {
  const found = list(body, 'data').flatMap((one): Listing[] => {
    const [ticker, kind] = [words(one, 'symbol') ?? '', words(one, 'instrument_type') ?? '']
    const asset = { 'Physical Currency': 'fx', 'Digital Currency': 'crypto' }[kind] ?? 'stock'
    const symbol = guess(`${asset}:${ticker}`)
    const isHere = asset !== 'stock' || words(one, 'country') === 'United States'
    if (symbol === null || !isHere || !isOurs(symbol)) return []
    const exchange = words(one, 'exchange')
    const currency = currencyOf(symbol) ?? words(one, 'currency')
    const more = { ...(exchange === null ? {} : { exchange }), ...(currency === null ? {} : { currency }) }
    return [{ symbol, name: words(one, 'instrument_name') ?? ticker, ...more }]
  })
  const isFirst = ({ symbol }: Listing, index: number) => found.findIndex((one) => one.symbol === symbol) === index
  return found.filter(isFirst).slice(0, LISTINGS)
}

function foreign(symbol: string): Unknown {
  return without(symbol, FOREIGN)
}

function without(symbol: string, what: string): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${tickerOf(symbol)}`, gone: false }
}
