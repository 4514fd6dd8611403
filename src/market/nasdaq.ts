import { Decimal } from 'decimal.js'
import { DateTime } from 'luxon'
import { tickerOf } from '../condition/name.ts'
import { type Answers, askInBatches, askOurs } from './batches.ts'
import { type AdapterOptions, type Client, createClient } from './client.ts'
import { NEW_YORK } from './exchanges.ts'
import type { Answer } from './http.ts'
import { dig, list, words } from './json.ts'
import { known } from './known.ts'
import { askCandles } from './nasdaq-days.ts'
import { type Attempt, createForms, FOREIGN, type Forms, NAME } from './nasdaq-forms.ts'
import { plain, positive } from './numbers.ts'
import { type Listing, type Provider, ProviderError, type Quote, type Unknown } from './provider.ts'
import { guess } from './symbols.ts'
import { isUsStock, sessionOfTrade, sessionStart } from './us-stocks.ts'

/**
 * What nasdaq.com asks for its own pages: unofficial, no documentation, no promise. All figures are written for people.
 * The watch list silently drops what is beyond 20 symbols. Not verified live: what is read here is known from those who
 * used it between August and October 2026.
 */
const BATCH = 20
/** Limits are not published; 25 requests a minute, one after the other, have been borne. */
const PACE = 1_000
/** What a person types who knows no such ticker is asked as a share, as a fund, and searched for: in one go. */
const BURST = 3
const LISTINGS = 8
const FREE_DATA_IS_LATE = 15 * 60_000
/** Without these it does not answer, or turns us away. */
const HEADERS = {
  accept: 'application/json, text/plain, */*',
  origin: 'https://www.nasdaq.com',
  referer: 'https://www.nasdaq.com/',
}

/**
 * Nasdaq, for US stocks and funds, extended hours included. One round asks ceil(distinct symbols / 20) times, and for
 * those it has not answered before once more.
 */
export function nasdaq(options: AdapterOptions): Provider {
  const { now } = options
  const client = createClient({ ...options, provider: NAME, pace: PACE, burst: BURST, headers: HEADERS, check })
  const forms = createForms(now)
  return {
    name: NAME,
    classes: ['stock'],
    batch: BATCH,
    pace: PACE,
    has: isUsStock,
    quotes: (symbols) =>
      askOurs(symbols, isUsStock, foreign, (ours) =>
        askInBatches(ours, BATCH, (batch) => askWatchList(client, forms, batch, now)),
      ),
    candles: (symbol, interval, from, to) => askCandles(client, forms, symbol, interval, from, Math.min(to, now())),
    search: async (text) => {
      const { body } = await client(`/api/autocomplete/slookup/${LISTINGS}`, [['search', text]])
      for (const { symbol, isFund } of parseFound(body)) forms.settle(symbol, isFund ? 'etf' : 'stocks')
      return parseFound(body).map(({ isFund, ...listing }) => listing)
    },
  }
}

/** Throws where it says with status 200 that something went wrong on its side. */
function check({ body }: Answer): void {
  const trouble = words(dig(body, 'status', 'bCodeMessage', 0, 'errorMessage'))
  const code = Number(dig(body, 'status', 'rCode') ?? 200)
  if (dig(body, 'data') === null && trouble !== null && code === 200)
    throw new ProviderError(NAME, `answered: ${trouble}`)
}

/** What the likely form gives no price for is asked for in the other one too; see `nasdaq-forms.ts`. */
async function askWatchList(
  client: Client,
  forms: Forms,
  batch: readonly string[],
  now: () => number,
): Promise<Answers> {
  const first = await askForms(client, forms, batch, 0, now)
  const hasPrice = (answers: Answers, symbol: string) => 'price' in (answers.get(symbol) ?? {})
  const again = batch.filter((symbol) => !hasPrice(first, symbol) && forms.isOpen(symbol))
  const second: Answers = again.length > 0 ? await askForms(client, forms, again, 1, now) : new Map()
  for (const symbol of batch) forms.note(symbol, hasPrice(first, symbol) ? 0 : hasPrice(second, symbol) ? 1 : null)
  return new Map([...first, ...second])
}

async function askForms(
  client: Client,
  forms: Forms,
  batch: readonly string[],
  attempt: Attempt,
  now: () => number,
): Promise<Answers> {
  const query = batch.map((symbol) => ['symbol', forms.of(symbol, attempt)] as const)
  return parseWatchList((await client('/api/quote/watchlist', query)).body, batch, now())
}

/** The answers to a batch. Throws `ProviderError` for anything that is neither a list nor the refusal of all. */
export function parseWatchList(body: unknown, asked: readonly string[], receivedAt: number): Answers {
  const data = dig(body, 'data')
  const rows = Array.isArray(data) ? data : dig(data, 'rows')
  const code = Number(dig(body, 'status', 'rCode'))
  if (!Array.isArray(rows) && !(code >= 400 && code < 500))
    throw new ProviderError(NAME, 'answered in a form this program does not know')
  const bySymbol = new Map(list(rows).map((row) => [words(row, 'symbol')?.toUpperCase().replace('/', '.'), row]))
  return new Map(asked.map((symbol) => [symbol, quoteFrom(bySymbol.get(tickerOf(symbol)), symbol, receivedAt)]))
}

/**
 * The last trade of whichever session. After hours `netChange` is counted from the close, so the close follows from it;
 * `previousClosePrice` is the day before's only while the market is open.
 */
function quoteFrom(row: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  if (row === undefined) return without(symbol, 'says nothing of')
  const price = positive(plain(dig(row, 'lastSalePrice')))
  if (price === null) return without(symbol, 'has no price for')
  const asOf = timeOf(row)
  const session = asOf === null ? null : sessionOfTrade(symbol, asOf)
  const change = plain(dig(row, 'netChange'))
  const isOpen = /open/i.test(words(row, 'marketStatus') ?? '')
  const close = session === 'post' && change !== null ? positive(new Decimal(price).minus(change).toFixed()) : null
  const figures = known({
    asOf,
    session,
    previousClose: isOpen ? positive(plain(dig(row, 'previousClosePrice'))) : null,
    volume: positive(plain(dig(row, 'volume'))),
    delay: dig(row, 'isRealTime') === false ? FREE_DATA_IS_LATE : null,
    regular: close === null ? null : { price: close, asOf: sessionStart(symbol, asOf!) },
  })
  return { symbol, price, currency: 'USD', source: NAME, receivedAt, ...figures }
}

/** Of the two ways in which the time is told the finer; null where it is a date alone, as at weekends. */
function timeOf(row: unknown): number | null {
  const fine = words(row, 'lastTradeTimestampDateTime')
  if (fine !== null && /T\d/.test(fine) && !/T00:00:00(\.0*)?$/.test(fine))
    return millis(DateTime.fromISO(fine, { zone: NEW_YORK.zone }))
  const coarse = words(row, 'lastTradeTimestamp')?.replace(/ ET$/, '') ?? ''
  return millis(DateTime.fromFormat(coarse, 'LLL d, yyyy h:mm a', { zone: NEW_YORK.zone, locale: 'en-US' }))
}

function millis(time: DateTime): number | null {
  return time.isValid ? time.toMillis() : null
}

/** What a search found, stocks and funds alone. */
export function parseFound(body: unknown): (Listing & { readonly isFund: boolean })[] {
  return list(body, 'data').flatMap((found) => {
    const asset = words(found, 'asset')?.toUpperCase()
    const symbol = guess(`stock:${words(found, 'symbol')?.replace('/', '.') ?? ''}`)
    if (symbol === null || (asset !== 'STOCKS' && asset !== 'ETF')) return []
    const [name, exchange] = [words(found, 'name') ?? tickerOf(symbol), words(found, 'exchange') ?? NAME]
    return [{ symbol, name, exchange, currency: 'USD', isFund: asset === 'ETF' }]
  })
}

function foreign(symbol: string): Unknown {
  return { symbol, unknown: `${NAME} ${FOREIGN} ${tickerOf(symbol)}`, gone: false }
}

function without(symbol: string, what: string): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${tickerOf(symbol)}`, gone: false }
}
