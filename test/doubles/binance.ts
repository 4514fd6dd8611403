import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'
import { type Row, rowsBetween } from './row.ts'

export type BinanceDouble = HttpDouble & {
  /** `BTCUSDT` → its price. Change it at will; a missing symbol does not exist. */
  readonly prices: Map<string, string>
  readonly rows: Map<string, readonly Row[]>
}

const PAGE = 1000

const UPDATED = Date.parse('2026-11-25T15:00:00Z')

/**
 * Binance's tickers, prices and klines on 127.0.0.1. One unknown symbol fails the whole request. `now`: when its prices
 * are true, ms.
 */
export async function startBinance(
  given: Readonly<Record<string, string>> = {},
  now: () => number = () => UPDATED,
): Promise<BinanceDouble> {
  const prices = new Map(Object.entries(given))
  const rows = new Map<string, readonly Row[]>()
  const double = await startHttpDouble((url) => {
    if (url.pathname === '/api/v3/ticker/price')
      return { body: [...prices].map(([symbol, price]) => ({ symbol, price })) }
    const asked: string[] = JSON.parse(url.searchParams.get('symbols') ?? `["${url.searchParams.get('symbol')}"]`)
    if (asked.some((symbol) => !prices.has(symbol)))
      return { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } }
    if (url.pathname === '/api/v3/klines') return klines(rows.get(asked[0]!), url)
    return { body: asked.map((symbol) => ticker(symbol, prices.get(symbol)!, now())) }
  })
  return { ...double, prices, rows }
}

function ticker(symbol: string, price: string, closeTime: number) {
  const figures = {
    lastPrice: price,
    bidPrice: price,
    askPrice: price,
    openPrice: price,
    highPrice: price,
    lowPrice: price,
  }
  return { symbol, ...figures, volume: '1000.50000000', closeTime }
}

/** Both ends included, oldest first, at most 1,000. */
function klines(all: readonly Row[] | undefined, url: URL) {
  const [from, to] = ['startTime', 'endTime'].map((name) => Number(url.searchParams.get(name)))
  const found = rowsBetween(all, from!, to!).slice(0, PAGE)
  return {
    body: found.map(([start, ...figures]) => [
      start,
      ...figures.map((figure) => figure.toFixed(8)),
      start + 59_999,
      '0',
    ]),
  }
}
