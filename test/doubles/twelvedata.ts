import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'
import { type Row, rowsBetween } from './row.ts'

export type TwelveDataDouble = HttpDouble & {
  /** `AAPL`, `EUR/USD` → its price. Change it at will; a missing symbol is refused. */
  readonly prices: Map<string, string>
  readonly rows: Map<string, readonly Row[]>
  /** So many credits are left; each symbol costs one. */
  credits: number
}

const REFUSAL = '**symbol** or **figi** parameter is missing or invalid. Please provide a valid symbol.'
const SPENT = 'You have run out of API credits for the current minute. Wait for the next minute.'

const UPDATED = Date.parse('2026-11-25T14:59:00Z')

/**
 * Twelve Data's quotes, candles and search on 127.0.0.1, for who has the key `good`; its errors have status 200. `now`:
 * when its prices are true, ms.
 */
export async function startTwelveData(
  given: Readonly<Record<string, string>> = {},
  now: () => number = () => UPDATED,
): Promise<TwelveDataDouble> {
  const prices = new Map(Object.entries(given))
  const rows = new Map<string, readonly Row[]>()
  const state = { credits: Number.POSITIVE_INFINITY }
  const double = await startHttpDouble((url, { authorization }) => {
    if (authorization !== 'apikey good') return failure(401, 'Invalid API key')
    const asked = (url.searchParams.get('symbol') ?? '').split(',')
    if (url.pathname === '/symbol_search') return search(prices, asked[0]!)
    state.credits -= asked.length
    if (state.credits < 0) return failure(429, SPENT)
    if (url.pathname === '/time_series') return series(asked[0]!, rows, url)
    const quotes = asked.map(
      (symbol) =>
        [symbol, prices.has(symbol) ? quote(symbol, prices.get(symbol)!, now()) : failure(404, REFUSAL).body] as const,
    )
    return { body: quotes.length === 1 ? quotes[0]![1] : Object.fromEntries(quotes) }
  })
  return Object.assign(state, { ...double, prices, rows })
}

function failure(code: number, message: string) {
  return { body: { code, message, status: 'error' } }
}

function quote(symbol: string, price: string, at: number) {
  const figures = { open: price, high: price, low: price, close: price, previous_close: price, volume: '1000' }
  const names = symbol.includes('/') ? {} : { currency: 'USD', mic_code: 'XNGS' }
  return {
    symbol,
    name: symbol,
    ...names,
    datetime: new Date(at).toISOString().slice(0, 10),
    timestamp: Math.floor(at / 1000) + 60,
    last_quote_at: Math.floor(at / 1000),
    ...figures,
  }
}

/** Newest first, times in UTC; days by their date alone. */
function series(symbol: string, rows: ReadonlyMap<string, readonly Row[]>, url: URL) {
  const all = rows.get(symbol)
  if (!all) return failure(404, REFUSAL)
  const [from, to] = ['start_date', 'end_date'].map((name) =>
    Date.parse(`${url.searchParams.get(name)!.replace(' ', 'T')}Z`),
  )
  const found = rowsBetween(all, from!, to!)
  if (found.length === 0)
    return failure(400, 'No data is available on the specified dates. Try setting different start/end dates.')
  const length = url.searchParams.get('interval') === '1day' ? 10 : 19
  const values = found.toReversed().map(([start, ...figures]) => {
    const [open, high, low, close, volume] = figures.map(String)
    return {
      datetime: new Date(start).toISOString().slice(0, length).replace('T', ' '),
      open,
      high,
      low,
      close,
      volume,
    }
  })
  return { body: { meta: { symbol }, values, status: 'ok' } }
}

function search(prices: ReadonlyMap<string, string>, text: string) {
  const found = [...prices.keys()].filter((symbol) => symbol.includes(text.toUpperCase()))
  const data = found.map((symbol) => ({
    symbol,
    instrument_name: `${symbol} name`,
    exchange: symbol.includes('/') ? 'PHYSICAL CURRENCY' : 'NASDAQ',
    instrument_type: symbol.includes('/') ? 'Physical Currency' : 'Common Stock',
    country: symbol.includes('/') ? '' : 'United States',
    currency: symbol.includes('/') ? '' : 'USD',
  }))
  return { body: { data, status: 'ok' } }
}
