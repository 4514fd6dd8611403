import { providerError } from './batches.ts'
import type { Client } from './client.ts'
import { dig, words } from './json.ts'
import { type Listing, ProviderError } from './provider.ts'
import { createRemembered } from './remembered.ts'

const DAY = 86_400_000
/** So many coins beyond the 250 largest are looked up in one round: each takes a request. */
const LOOK_UPS = 3
const LISTINGS = 8

/** CoinGecko's ids by tickers. */
export type CoinIds = {
  /**
   * The id of each ticker: of several coins with the same ticker, the one with the greatest market value. Null where no
   * coin has that ticker; missing where it was not asked yet. Throws `ProviderError` where the list could not be had.
   */
  of(tickers: readonly string[]): Promise<ReadonlyMap<string, string | null>>
}

/** Ids are had for a day at a time: the 250 largest coins with one request, any other with one of its own. */
export function createCoinIds(client: Client, now: () => number): CoinIds {
  const largest = createRemembered(now, DAY, async () => parseIds((await client('/coins/markets', LARGEST)).body))
  const found = new Map<string, { readonly id: string | null; readonly at: number }>()

  /** A failure leaves the ticker for the next round; it must not cost the others their prices. */
  async function lookUp(ticker: string): Promise<void> {
    const answer = await client('/search', [['query', ticker]]).catch(providerError)
    if (!(answer instanceof ProviderError))
      found.set(ticker, { id: bestOf(parseRanked(answer.body), ticker), at: now() })
  }

  return {
    async of(tickers) {
      const ids = await largest()
      const others = [...new Set(tickers)].filter((ticker) => !ids.has(ticker))
      const due = others.filter((ticker) => now() - (found.get(ticker)?.at ?? Number.NEGATIVE_INFINITY) >= DAY)
      for (const ticker of due.slice(0, LOOK_UPS)) await lookUp(ticker)
      const looked = others.flatMap((ticker) => (found.has(ticker) ? [[ticker, found.get(ticker)!.id] as const] : []))
      return new Map<string, string | null>([...ids, ...looked])
    },
  }
}

const LARGEST = [
  ['vs_currency', 'usd'],
  ['order', 'market_cap_desc'],
  ['per_page', '250'],
  ['page', '1'],
] as const

type Ranked = { readonly id: string; readonly ticker: string; readonly name: string; readonly rank: number }

function parseRanked(body: unknown): Ranked[] {
  const coins = Array.isArray(body) ? body : dig(body, 'coins')
  if (!Array.isArray(coins)) throw new ProviderError('CoinGecko', 'answered in a form this program does not know')
  return coins.flatMap((coin) => {
    const [id, ticker] = [words(coin, 'id'), words(coin, 'symbol')?.toUpperCase() ?? null]
    const rank = Number(dig(coin, 'market_cap_rank') ?? Number.POSITIVE_INFINITY)
    return id === null || ticker === null ? [] : [{ id, ticker, name: words(coin, 'name') ?? ticker, rank }]
  })
}

function bestOf(coins: readonly Ranked[], ticker: string): string | null {
  const same = coins.filter((coin) => coin.ticker === ticker).sort((a, b) => a.rank - b.rank)
  return same[0]?.id ?? null
}

/** The ids of a list of coins by ticker; of several with the same ticker the one of the best rank. */
export function parseIds(body: unknown): Map<string, string> {
  const ids = new Map<string, string>()
  for (const { ticker, id } of parseRanked(body).sort((a, b) => a.rank - b.rank))
    if (!ids.has(ticker)) ids.set(ticker, id)
  return ids
}

/** What a search found, best rank first, each ticker once: the others by that ticker could not be asked for. */
export function parseCoins(body: unknown): Listing[] {
  const coins = parseRanked(body).filter(({ ticker }) => /^[A-Z0-9]{1,12}$/.test(ticker))
  const best = new Map(coins.sort((a, b) => b.rank - a.rank).map((coin) => [coin.ticker, coin]))
  return [...best.values()]
    .sort((a, b) => a.rank - b.rank)
    .slice(0, LISTINGS)
    .map(({ ticker, name }) => ({ symbol: `crypto:${ticker}/USD`, name, exchange: 'CoinGecko', currency: 'USD' }))
}
