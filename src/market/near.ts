import type { AssetClass } from '../condition/ast.ts'
import { classOf, tickerOf } from '../condition/name.ts'
import { COINS } from './coins.ts'
import type { Listing } from './provider.ts'

const NEAR = 5

/** The coins with that name, in dollars: `bitcoin` → BTC. */
export function coinsNamed(text: string): Listing[] {
  const wanted = plain(text)
  return Object.entries(COINS).flatMap(([ticker, name]) =>
    plain(name) === wanted && plain(ticker) !== wanted ? [{ symbol: `crypto:${ticker}/USD`, name }] : [],
  )
}

/**
 * What a text may mean, of what searches found (each best first), at most five. `first`: the class that was written before
 * it, whose instruments come first. Then counts how much of the text the name is, then the order of each search. Of a
 * coin's pairs only the best is there, unless the text is a pair itself.
 */
export function nearest(text: string, found: readonly (readonly Listing[])[], first?: AssetClass): Listing[] {
  const ranked = found.flatMap((listings) =>
    listings.map((listing, place) => ({ listing, rank: rankOf(text, listing, first), place })),
  )
  const best = new Map<string, Listing>()
  for (const { listing } of ranked.sort((a, b) => a.rank - b.rank || a.place - b.place)) {
    const { symbol } = listing
    const key = symbol.startsWith('crypto:') && !text.includes('/') ? symbol.split('/')[0]! : symbol
    if (!best.has(key)) best.set(key, listing)
  }
  return [...best.values()].slice(0, NEAR)
}

function rankOf(text: string, { symbol, name }: Listing, first: AssetClass | undefined): number {
  const [wanted, called] = [plain(text), plain(name)]
  const ticker = tickerOf(symbol).split('/')[0]!
  const closeness = [
    called === wanted || plain(ticker) === wanted,
    called.startsWith(`${wanted} `),
    called.startsWith(wanted),
  ].indexOf(true)
  return (closeness < 0 ? 3 : closeness) + (first === undefined || classOf(symbol) === first ? 0 : 10)
}

/** Letters and digits alone: `Tesla, Inc.` and `TESLA INC` are the same. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
