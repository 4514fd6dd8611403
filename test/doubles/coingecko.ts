import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'
import { type Row, rowsBetween } from './row.ts'

export type Coin = {
  readonly id: string
  readonly symbol: string
  readonly name: string
  readonly rank: number | null
  readonly usd: number
}

export type CoinGeckoDouble = HttpDouble & {
  /** Change it at will. Those with a rank up to 250 are in the list of the largest. */
  readonly coins: Coin[]
  readonly rows: Map<string, readonly Row[]>
}

const EUROS = 0.9
const UPDATED = Date.parse('2026-11-25T14:59:30Z')

/**
 * CoinGecko's list of the largest coins, its search, prices in dollars and euros, and candles on 127.0.0.1. `now`: when
 * its prices are true, ms.
 */
export async function startCoinGecko(coins: Coin[] = [], now: () => number = () => UPDATED): Promise<CoinGeckoDouble> {
  const rows = new Map<string, readonly Row[]>()
  const double = await startHttpDouble((url) => {
    if (url.pathname === '/coins/markets')
      return { body: coins.filter(({ rank }) => rank !== null && rank <= 250).map(entry) }
    if (url.pathname === '/search') return search(coins, url.searchParams.get('query') ?? '')
    const ohlc = /^\/coins\/([^/]+)\/ohlc$/.exec(url.pathname)
    if (ohlc) return candles(coins, rows, ohlc[1]!, url)
    return { body: Object.fromEntries(priced(coins, url, Math.floor(now() / 1000))) }
  })
  return { ...double, coins, rows }
}

function entry({ id, symbol, name, rank }: Coin) {
  return { id, symbol: symbol.toLowerCase(), name, market_cap_rank: rank }
}

function search(coins: readonly Coin[], query: string) {
  const text = query.toLowerCase()
  const found = coins.filter(({ symbol, name }) => symbol.toLowerCase() === text || name.toLowerCase().includes(text))
  return { body: { coins: found.map((coin) => ({ ...entry(coin), symbol: coin.symbol })) } }
}

function priced(coins: readonly Coin[], url: URL, last_updated_at: number) {
  const [ids, units] = ['ids', 'vs_currencies'].map((name) => (url.searchParams.get(name) ?? '').split(','))
  return coins
    .filter(({ id }) => ids!.includes(id))
    .map(({ id, usd }) => {
      const prices = { usd, eur: usd * EUROS }
      const asked = Object.entries(prices).filter(([unit]) => units!.includes(unit))
      return [id, { ...Object.fromEntries(asked), last_updated_at }]
    })
}

/** The time of each is when it closes. */
function candles(coins: readonly Coin[], rows: ReadonlyMap<string, readonly Row[]>, id: string, url: URL) {
  if (!coins.some((coin) => coin.id === id)) return { status: 404, body: { error: 'coin not found' } }
  const length = url.searchParams.get('days') === '1' ? 30 * 60_000 : 4 * 3_600_000
  const found = rowsBetween(rows.get(id), 0, Number.POSITIVE_INFINITY)
  return { body: found.map(([start, open, high, low, close]) => [start + length, open, high, low, close]) }
}
