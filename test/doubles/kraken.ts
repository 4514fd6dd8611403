import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'
import { type Row, rowsBetween } from './row.ts'

export type KrakenDouble = HttpDouble & {
  /** Kraken's short name of a pair (`XBTUSD`) → its price. Those known at the start stay in the list of pairs. */
  readonly prices: Map<string, string>
  readonly rows: Map<string, readonly Row[]>
  /** What every answer says that something is wrong with, such as `EService:Unavailable`. */
  error: string | null
}

/** Pairs whose answers go by another name than the questions. */
const KEYS: Readonly<Record<string, string>> = { XBTUSD: 'XXBTZUSD', ETHUSD: 'XETHZUSD' }
const NAMES: Readonly<Record<string, string>> = { XBTUSD: 'XBT/USD', XDGUSD: 'XDG/USD' }

/** Kraken's public pairs, tickers and candles on 127.0.0.1: always status 200. One unknown pair fails the whole request. */
export async function startKraken(given: Readonly<Record<string, string>> = {}): Promise<KrakenDouble> {
  const prices = new Map(Object.entries(given))
  const rows = new Map<string, readonly Row[]>()
  const state: { error: string | null } = { error: null }
  const listed = Object.keys(given)
  const double = await startHttpDouble((url) => {
    if (state.error !== null) return fail(state.error)
    if (url.pathname === '/0/public/AssetPairs')
      return { body: { error: [], result: Object.fromEntries(listed.map(pairEntry)) } }
    const asked = (url.searchParams.get('pair') ?? '').split(',')
    if (asked.some((pair) => !prices.has(pair))) return fail('EQuery:Unknown asset pair')
    if (url.pathname === '/0/public/OHLC') return candles(asked[0]!, rows.get(asked[0]!), url)
    return {
      body: { error: [], result: Object.fromEntries(asked.map((pair) => tickerEntry(pair, prices.get(pair)!))) },
    }
  })
  return Object.assign(state, { ...double, prices, rows })
}

function fail(error: string) {
  return { body: { error: [error] } }
}

function pairEntry(altname: string) {
  const wsname = NAMES[altname] ?? `${altname.slice(0, -3)}/${altname.slice(-3)}`
  return [KEYS[altname] ?? altname, { altname, wsname, status: 'online' }]
}

function tickerEntry(pair: string, price: string) {
  const ticker = {
    c: [price, '0.1'],
    a: [price, '1', '1.000'],
    b: [price, '2', '2.000'],
    v: ['1', '2.5'],
    h: [price, price],
  }
  return [KEYS[pair] ?? pair, { ...ticker, l: [price, price], o: price }]
}

/** From the second after `since` on, 720 at the most; the newest are kept. */
function candles(pair: string, all: readonly Row[] | undefined, url: URL) {
  const since = Number(url.searchParams.get('since')) * 1000 + 1000
  const found = rowsBetween(all, since, Number.POSITIVE_INFINITY).slice(-720)
  const result = found.map(([start, open, high, low, close, volume]) => [
    start / 1000,
    ...[open, high, low, close, close, volume].map(String),
    7,
  ])
  return { body: { error: [], result: { [KEYS[pair] ?? pair]: result, last: 0 } } }
}
