import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'

export type NasdaqListing = {
  readonly kind: 'stocks' | 'etf'
  /** How the symbol is asked for where it is not its own small letters: `brk/b`. */
  readonly form?: string
  readonly name?: string
  /** The row of the watch list; `lastSalePrice` at least. */
  readonly row: Readonly<Record<string, unknown>>
  /** `[date as 10/06/2026, open, high, low, close, volume]`, newest first, written as Nasdaq does. */
  readonly days?: readonly (readonly [string, string, string, string, string, string])[]
}

export type NasdaqDouble = HttpDouble & {
  /** By ticker. Change it at will. */
  readonly listings: Map<string, NasdaqListing>
}

const MOST = 20

/** api.nasdaq.com on 127.0.0.1: turns away who does not come from its pages, and says nothing of a wrong class. */
export async function startNasdaq(given: Readonly<Record<string, NasdaqListing>> = {}): Promise<NasdaqDouble> {
  const listings = new Map(Object.entries(given))
  const double = await startHttpDouble((url, { origin }) => {
    if (origin !== 'https://www.nasdaq.com') return { status: 403, body: 'Access denied' }
    if (url.pathname === '/api/quote/watchlist') return watchList(listings, url)
    if (url.pathname.startsWith('/api/autocomplete/')) return search(listings, url)
    const ticker = decodeURIComponent(/^\/api\/quote\/([^/]+)\/historical$/.exec(url.pathname)?.[1] ?? '')
    return history(listings.get(ticker), url)
  })
  return { ...double, listings }
}

function watchList(listings: ReadonlyMap<string, NasdaqListing>, url: URL) {
  const rows = url.searchParams.getAll('symbol').flatMap((asked) => {
    const [name, kind] = asked.split('|')
    const found = [...listings].find(([ticker, { form }]) => (form ?? ticker.toLowerCase()) === name)
    if (!found) return []
    const [symbol, listing] = found
    return listing.kind === kind ? [{ symbol, ...listing.row }] : [{ symbol, lastSalePrice: 'N/A' }]
  })
  return { body: { data: rows.slice(0, MOST), message: null, status: { rCode: 200 } } }
}

function search(listings: ReadonlyMap<string, NasdaqListing>, url: URL) {
  const text = (url.searchParams.get('search') ?? '').toUpperCase()
  const found = [...listings].filter(([ticker, { name = '' }]) => `${ticker} ${name.toUpperCase()}`.includes(text))
  const data = found.map(([symbol, { name = symbol, kind }]) => ({
    ...{ symbol, name, asset: kind === 'etf' ? 'ETF' : 'STOCKS', exchange: 'NASDAQ-GS' },
  }))
  return { body: { data, message: null, status: { rCode: 200 } } }
}

function history(listing: NasdaqListing | undefined, url: URL) {
  if (!listing?.days || url.searchParams.get('assetclass') !== listing.kind)
    return {
      body: {
        data: null,
        message: null,
        status: { rCode: 400, bCodeMessage: [{ errorMessage: 'Symbol not exists.' }] },
      },
    }
  const rows = listing.days.map(([date, open, high, low, close, volume]) => ({ date, close, volume, open, high, low }))
  return { body: { data: { tradesTable: { rows } }, message: null, status: { rCode: 200 } } }
}
