import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'
import { type Row, rowsBetween } from './row.ts'

export type TiingoDouble = HttpDouble & {
  /** Tiingo's ticker (`brk-b`) → its reference price. Change it at will; a missing ticker is unknown. */
  readonly prices: Map<string, number>
  readonly rows: Map<string, readonly Row[]>
  /** The date (`2026-11-20`) on which so many shares were made of one, by ticker. */
  readonly splits: Map<string, readonly [date: string, factor: number]>
}

const UPDATED = Date.parse('2026-11-25T14:59:59Z')

/** Tiingo's IEX prices, days and search on 127.0.0.1, for who has the key `good`. `now`: when its prices are true, ms. */
export async function startTiingo(
  given: Readonly<Record<string, number>> = {},
  now: () => number = () => UPDATED,
): Promise<TiingoDouble> {
  const prices = new Map(Object.entries(given))
  const rows = new Map<string, readonly Row[]>()
  const splits = new Map<string, readonly [string, number]>()
  const double = await startHttpDouble((url, { authorization }) => {
    if (authorization !== 'Token good') return { status: 401, body: { detail: 'Invalid token.' } }
    if (url.pathname === '/tiingo/utilities/search') return search(prices, url)
    const history = /^\/(iex|tiingo\/daily)\/([^/]+)\/prices$/.exec(url.pathname)
    if (history) return candles(rows.get(history[2]!), splits.get(history[2]!), url)
    const asked = (url.searchParams.get('tickers') ?? '').split(',').filter((ticker) => prices.has(ticker))
    return { body: asked.map((ticker) => top(ticker, prices.get(ticker)!, now())) }
  })
  return { ...double, prices, rows, splits }
}

function top(ticker: string, price: number, at: number) {
  const empty = { last: null, bidPrice: null, askPrice: null, lastSaleTimestamp: null, quoteTimestamp: null }
  const day = { open: price, high: price, low: price, prevClose: price, volume: 355259 }
  return {
    ticker: ticker.toUpperCase(),
    timestamp: new Date(at).toISOString().replace(/\d{3}Z$/, '123456789Z'),
    tngoLast: price,
    ...day,
    ...empty,
  }
}

function candles(all: readonly Row[] | undefined, split: readonly [string, number] | undefined, url: URL) {
  if (!all) return { status: 404, body: { detail: 'Not found.' } }
  const [from, to] = ['startDate', 'endDate'].map((name) => url.searchParams.get(name))
  const until = to === null ? Number.POSITIVE_INFINITY : Date.parse(to!) + 2 * 86_400_000
  return {
    body: rowsBetween(all, Date.parse(from!), until).map(([start, open, high, low, close, volume]) => {
      const date = new Date(start).toISOString()
      return { date, open, high, low, close, volume, splitFactor: split && date.startsWith(split[0]) ? split[1] : 1 }
    }),
  }
}

function search(prices: ReadonlyMap<string, number>, url: URL) {
  const text = (url.searchParams.get('query') ?? '').toLowerCase()
  const found = [...prices.keys()].filter((ticker) => ticker.includes(text))
  return {
    body: found.map((ticker) => ({
      ticker: ticker.toUpperCase(),
      name: `${ticker} Inc`,
      assetType: 'Stock',
      isActive: true,
    })),
  }
}
