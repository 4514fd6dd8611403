import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'
import { type Row, rowsBetween } from './row.ts'

export type AlpacaDouble = HttpDouble & {
  /** Ticker → the price of the last trade. Change it at will; a missing ticker is missing from the answer. */
  readonly prices: Map<string, number>
  readonly rows: Map<string, readonly Row[]>
  /** Tickers that make it refuse the whole request with 400. */
  readonly poison: Set<string>
}

const PAGE = 500

const UPDATED = Date.parse('2026-11-25T14:59:59Z')

/**
 * Alpaca's snapshots and bars on 127.0.0.1, for who has the key `good` and the secret `secret`; pages of 500 bars.
 * `now`: when its prices are true, ms.
 */
export async function startAlpaca(
  given: Readonly<Record<string, number>> = {},
  now: () => number = () => UPDATED,
): Promise<AlpacaDouble> {
  const prices = new Map(Object.entries(given))
  const rows = new Map<string, readonly Row[]>()
  const poison = new Set<string>()
  const double = await startHttpDouble((url, headers) => {
    if (headers['apca-api-key-id'] !== 'good' || headers['apca-api-secret-key'] !== 'secret')
      return { status: 401, body: { message: 'unauthorized.' } }
    const asked = (url.searchParams.get('symbols') ?? '').split(',')
    if (asked.some((ticker) => poison.has(ticker))) return { status: 400, body: { message: 'invalid symbol' } }
    if (url.pathname === '/v2/stocks/bars') return bars(asked[0]!, rows.get(asked[0]!), url)
    const known = asked.filter((ticker) => prices.has(ticker))
    return { body: Object.fromEntries(known.map((ticker) => [ticker, snapshot(prices.get(ticker)!, now())])) }
  })
  return { ...double, prices, rows, poison }
}

function snapshot(price: number, at: number) {
  const time = new Date(at).toISOString()
  const bar = { t: `${time.slice(0, 10)}T05:00:00Z`, o: price, h: price, l: price, c: price, v: 1234, n: 10, vw: price }
  return {
    latestTrade: { t: time.replace(/\d{3}Z$/, '123456789Z'), x: 'V', p: price, s: 100, c: ['@'], i: 1, z: 'C' },
    latestQuote: { t: time, ap: price, as: 1, ax: 'V', bp: price, bs: 1, bx: 'V', c: ['R'] },
    ...{ minuteBar: bar, dailyBar: bar, prevDailyBar: bar },
  }
}

function bars(ticker: string, all: readonly Row[] | undefined, url: URL) {
  const [from, to] = ['start', 'end'].map((name) => Date.parse(url.searchParams.get(name) ?? ''))
  const found = rowsBetween(all, from!, to!)
  const first = Number(url.searchParams.get('page_token') ?? 0)
  const page = found
    .slice(first, first + PAGE)
    .map(([start, o, h, l, c, v]) => ({ t: new Date(start).toISOString(), o, h, l, c, v }))
  const next_page_token = first + PAGE < found.length ? String(first + PAGE) : null
  return { body: { bars: { [ticker]: page }, next_page_token } }
}
