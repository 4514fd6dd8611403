import { tickerOf } from '../condition/name.ts'
import { COINS } from './coins.ts'
import { inTime } from './patience.ts'
import type { AssetClass, Listing, Provider } from './provider.ts'

/** Whose searches are asked, and the clock, ms. */
export type FindPorts = {
  readonly providersFor: (kind: AssetClass) => readonly Provider[]
  readonly now: () => number
}

/** Instruments whose ticker or name begins like a text, or holds it; the likeliest first. Never throws. */
export type Find = (text: string) => Promise<readonly Listing[]>

/** How long a search may take, ms: somebody is typing. */
const PATIENCE = 1_200
/** How long what was found is good, ms, and of how many texts it is kept. */
const KEPT_FOR = 600_000
const MOST_KEPT = 500
const MOST_FOUND = 20
/** A shorter text says too little to be searched for. */
const SHORTEST = 2
const CLASSES: readonly AssetClass[] = ['stock', 'crypto', 'fx']

/** Finds what somebody may mean who is still typing. What was found lately is not searched for again. */
export function createFind(ports: FindPorts): Find {
  const kept = new Map<string, { readonly found: Promise<readonly Listing[]>; readonly until: number }>()
  return (text) => {
    const wanted = text.trim().toLowerCase()
    const now = ports.now()
    const before = kept.get(wanted)
    if (before && now < before.until) return before.found
    const found = look(wanted, ports).catch(() => [])
    kept.delete(wanted)
    kept.set(wanted, { found, until: now + KEPT_FOR })
    const oldest = kept.keys().next()
    if (kept.size > MOST_KEPT && !oldest.done) kept.delete(oldest.value)
    return found
  }
}

async function look(wanted: string, { providersFor }: FindPorts): Promise<readonly Listing[]> {
  if (wanted === '') return []
  const providers = wanted.length < SHORTEST ? [] : [...new Set(CLASSES.flatMap((kind) => askable(providersFor(kind))))]
  const search = (provider: Provider) => provider.search(wanted).catch(() => [])
  const answers = await Promise.all(providers.map((provider) => inTime(search(provider), PATIENCE)))
  const found = new Map<string, Listing>()
  for (const listing of [...coins(wanted), ...answers.flatMap((answer) => answer ?? [])])
    if (!found.has(listing.symbol)) found.set(listing.symbol, listing)
  return [...found.values()].sort((a, b) => rankOf(wanted, a) - rankOf(wanted, b)).slice(0, MOST_FOUND)
}

/** Those that count what they are asked by the day are kept for what matters more than a hint. */
function askable(providers: readonly Provider[]): Provider[] {
  const free = providers.filter(({ limits }) => limits?.perDay === undefined && limits?.perMonth === undefined)
  return free.slice(0, 1)
}

function coins(wanted: string): Listing[] {
  return Object.entries(COINS)
    .filter(([ticker, name]) => ticker.toLowerCase().startsWith(wanted) || name.toLowerCase().startsWith(wanted))
    .map(([ticker, name]) => ({ symbol: `crypto:${ticker}/USD`, name }))
}

function rankOf(wanted: string, { symbol, name }: Listing): number {
  const ticker = tickerOf(symbol).toLowerCase()
  const closeness = [
    ticker.split('/')[0] === wanted,
    ticker.startsWith(wanted),
    name.toLowerCase().startsWith(wanted),
  ].indexOf(true)
  return closeness < 0 ? 3 : closeness
}
