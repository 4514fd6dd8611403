import { tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches } from './batches.ts'
import { rollUp } from './candles.ts'
import { type AdapterOptions, type Client, createClient } from './client.ts'
import { CURRENCIES } from './currencies.ts'
import { dig, words } from './json.ts'
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
import { createRemembered } from './remembered.ts'
import { currencyOf, guess } from './symbols.ts'

/**
 * Frankfurter, the daily rates of central banks: https://frankfurter.dev. A rate is one price a day: good to know
 * where a currency stands when nothing else answers, never to watch it by. It has no quotas and asks for fair use, so
 * the rates of a base are asked for once an hour. Not verified live.
 */
const NAME = 'Frankfurter'
/** One request has all rates of one base, so symbols of one base are asked for together, as many as there are. */
const BATCH = 200
const PACE = 1_000
const RATES_AGE = INTERVALS['1h']
const DAY = INTERVALS['1d']
const LISTINGS = 8

/** A rate on a date (`2026-03-25`). */
type Rate = { readonly date: string; readonly quote: string; readonly rate: string }

/** Frankfurter, for currencies, a day late. One round asks once for each base, at most once an hour. */
export function frankfurter(options: AdapterOptions): Provider {
  const { now } = options
  const client = createClient({ ...options, provider: NAME, pace: PACE })
  const bases = new Map<string, () => Promise<readonly Rate[] | null>>()
  const ratesOf = (base: string) => {
    const known = bases.get(base) ?? createRemembered(now, RATES_AGE, () => askRates(client, base))
    bases.set(base, known)
    return known()
  }
  const currencies = createRemembered(now, DAY, async () => parseCurrencies((await client('/currencies', [])).body))
  return {
    name: NAME,
    classes: ['fx'],
    batch: BATCH,
    pace: PACE,
    delay: DAY,
    quotes: (symbols) => askByBase([...new Set(symbols)], ratesOf, now),
    candles: (symbol, interval, from, to) => askCandles(client, symbol, interval, from, Math.min(to, now())),
    search: async (text) => matching(await currencies(), text),
  }
}

/** `EUR` of `fx:EUR/USD`. */
function baseOf(symbol: string): string {
  return tickerOf(symbol).split('/')[0]!
}

async function askByBase(
  symbols: readonly string[],
  ratesOf: (base: string) => Promise<readonly Rate[] | null>,
  now: () => number,
): Promise<Answers> {
  const bases = [...new Set(symbols.map(baseOf))]
  return await askInBatches(bases, 1, async ([base]) => {
    const rates = await ratesOf(base!)
    const ours = symbols.filter((symbol) => baseOf(symbol) === base)
    return new Map(ours.map((symbol) => [symbol, quoteFrom(rates, symbol, now())]))
  }).then((answers) => withReasons(answers, symbols))
}

/** A base whose rates could not be had stands in the answers under its own name: its symbols get its reason. */
function withReasons(answers: Answers, symbols: readonly string[]): Answers {
  return new Map(
    symbols.map((symbol) => {
      const answer = answers.get(symbol) ?? answers.get(baseOf(symbol))
      return [symbol, answer && 'unknown' in answer ? { ...answer, symbol } : answer!]
    }),
  )
}

/** All rates of a base; null where there is no such base. */
async function askRates(client: Client, base: string): Promise<readonly Rate[] | null> {
  const { status, body } = await client('/rates', [['base', base]], [404, 422])
  return status >= 400 ? null : parseRates(body)
}

/** The rates in an answer, in its order. Throws `ProviderError` for anything that is not a list. */
export function parseRates(body: unknown): Rate[] {
  if (!Array.isArray(body)) throw new ProviderError(NAME, 'answered in a form this program does not know')
  return body.flatMap((row) => {
    const [date, quote, rate] = [words(row, 'date'), words(row, 'quote'), positive(dig(row, 'rate'))]
    const isDate = date !== null && Number.isFinite(Date.parse(date))
    return isDate && quote !== null && rate !== null ? [{ date, quote, rate }] : []
  })
}

/**
 * A quote as of the beginning (UTC) of the rate's day, so that it never looks fresher than it is. Where the rate is
 * already of tomorrow, as of today's.
 */
export function quoteFrom(rates: readonly Rate[] | null, symbol: string, receivedAt: number): Quote | Unknown {
  const currency = currencyOf(symbol)!
  const found = rates?.find(({ quote }) => quote === currency)
  // An empty list says nothing of what there is.
  const gone = rates === null || rates.length > 0
  if (found === undefined) return { symbol, unknown: `${NAME} has no rate for ${tickerOf(symbol)}`, gone }
  const asOf = Math.min(Date.parse(found.date), Math.floor(receivedAt / DAY) * DAY)
  return { symbol, price: found.rate, currency, source: NAME, receivedAt, asOf }
}

/** Days and weeks of one rate a day, Monday to Friday: their extremes are those of the rates, not of the market. */
async function askCandles(client: Client, symbol: string, interval: Interval, from: number, to: number) {
  if (interval !== '1d' && interval !== '1w') throw new ProviderError(NAME, `has no candles of ${interval}`)
  if (from >= to) return []
  const query = [
    ['base', baseOf(symbol)],
    ['quotes', currencyOf(symbol)!],
    ['from', dateOf(from)],
    ['to', dateOf(to)],
  ] as const
  const { status, body } = await client('/rates', query, [404, 422])
  if (status >= 400) throw new ProviderError(NAME, `has no prices of ${tickerOf(symbol)}`)
  const days = candlesOf(parseRates(body), symbol).filter(({ start }) => start >= from && start < to)
  return interval === '1d' ? days : rollUp(symbol, days, interval)
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** A candle of each day's rate, oldest first; the rates of weekends are Friday's once more. */
export function candlesOf(rates: readonly Rate[], symbol: string): Candle[] {
  return rates
    .filter(({ quote }) => quote === currencyOf(symbol))
    .map(({ date, rate }) => ({
      start: Date.parse(date),
      open: rate,
      high: rate,
      low: rate,
      close: rate,
      volume: null,
    }))
    .filter(({ start }) => ![0, 6].includes(new Date(start).getUTCDay()))
    .sort((a, b) => a.start - b.start)
}

/** The currencies there are, as pairs with the dollar. */
export function parseCurrencies(body: unknown): Listing[] {
  if (!Array.isArray(body)) throw new ProviderError(NAME, 'answered in a form this program does not know')
  return body.flatMap((row) => {
    const code = words(row, 'iso_code')
    const symbol = code === null || !CURRENCIES.has(code) ? null : guess(`fx:${code}`)
    if (symbol === null) return []
    return [{ symbol, name: words(row, 'name') ?? code!, exchange: NAME, currency: currencyOf(symbol)! }]
  })
}

function matching(listings: readonly Listing[], text: string): Listing[] {
  const wanted = text.trim().toUpperCase()
  if (wanted === '') return []
  const isMeant = ({ symbol, name }: Listing) => symbol.includes(wanted) || name.toUpperCase().includes(wanted)
  return listings.filter(isMeant).slice(0, LISTINGS)
}
