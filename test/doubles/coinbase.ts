import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'

/** `[start in s, open, high, low, close, volume]`, as text. */
export type CoinbaseRow = readonly [number, string, string, string, string, string]

export type CoinbaseDouble = HttpDouble & {
  /** Product id → price as text. Change it at will; a missing product does not exist. */
  readonly prices: Map<string, string>
  readonly rows: Map<string, readonly CoinbaseRow[]>
  /** Products that make it refuse the whole request with 400. */
  readonly poison: Set<string>
}

const PRODUCTS = '/api/v3/brokerage/market/products'
const PAGE = 350

/** Coinbase Advanced Trade's public products and candles on 127.0.0.1. */
export async function startCoinbase(given: Readonly<Record<string, string>> = {}): Promise<CoinbaseDouble> {
  const prices = new Map(Object.entries(given))
  const rows = new Map<string, readonly CoinbaseRow[]>()
  const poison = new Set<string>()
  const double = await startHttpDouble((url) => {
    const candles = new RegExp(`^${PRODUCTS}/([^/]+)/candles$`).exec(url.pathname)
    if (candles) return page(rows.get(candles[1]!), url)
    const asked = url.searchParams.getAll('product_ids')
    if (asked.some((id) => poison.has(id))) return { status: 400, body: { error: 'INVALID_ARGUMENT' } }
    const ids = asked.length > 0 ? asked.filter((id) => prices.has(id)) : [...prices.keys()]
    const products = ids.map((id) => product(id, prices.get(id)!))
    return { body: { products, num_products: products.length } }
  })
  return { ...double, prices, rows, poison }
}

function product(id: string, price: string) {
  return {
    product_id: id,
    price,
    volume_24h: '1000.5',
    base_name: id.split('-')[0],
    status: 'online',
    trading_disabled: false,
  }
}

/** Both ends included, newest first, at most 350. */
function page(rows: readonly CoinbaseRow[] | undefined, url: URL) {
  if (!rows) return { status: 404, body: { error: 'NOT_FOUND', message: 'product not found' } }
  const [from, to] = ['start', 'end'].map((name) => Number(url.searchParams.get(name)))
  const found = rows.filter(([start]) => start >= from! && start <= to!).reverse()
  const candles = found
    .slice(0, PAGE)
    .map(([start, open, high, low, close, volume]) => ({ start: String(start), open, high, low, close, volume }))
  return { body: { candles } }
}
