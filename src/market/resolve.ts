import { classOf, tickerOf } from '../condition/name.ts'
import { COIN_AND_STOCK } from './coins.ts'
import { inTime, PATIENCE } from './patience.ts'
import type { AssetClass, Listing, Provider } from './provider.ts'
import { askAll } from './quotes.ts'
import { guess, type Resolution } from './symbols.ts'

/** Who is asked whether a symbol exists, and for how long. */
export type ResolvePorts = {
  readonly providersFor: (kind: AssetClass) => readonly Provider[]
  /** The longest (ms) a look-up may take; after that a symbol counts as not checked. */
  readonly patience?: number
}

const NEAR = 5

/**
 * Finds the instrument a person means: the plain guess, verified with the providers. A ticker that is both a coin and a
 * stock people trade gives both, unless a class stands in front or only one of them exists. A ticker nobody has gives
 * the nearest names. Never throws: a provider that is down leaves the guess unchecked.
 */
export async function resolve(written: string, ports: ResolvePorts): Promise<Resolution> {
  const ticker = written.trim().toUpperCase().replace(/^\$/, '')
  const both = COIN_AND_STOCK[ticker]
  if (both) return await choose(ticker, both, ports)
  const symbol = guess(written)
  return symbol === null ? { kind: 'none', near: await near(written, ports) } : await verify(symbol, ports)
}

async function choose(ticker: string, both: { coin: string; stock: string }, ports: ResolvePorts): Promise<Resolution> {
  const candidates: Listing[] = [
    { symbol: `stock:${ticker}`, name: both.stock },
    { symbol: `crypto:${ticker}/USD`, name: both.coin },
  ]
  const found = await Promise.all(candidates.map(({ symbol }) => verify(symbol, ports)))
  const alive = candidates.filter((_, index) => found[index]!.kind !== 'none')
  if (alive.length === 1) return found.find(({ kind }) => kind !== 'none')!
  return alive.length === 0 ? found[0]! : { kind: 'many', candidates }
}

async function verify(symbol: string, ports: ResolvePorts): Promise<Resolution> {
  const unchecked: Resolution = { kind: 'one', symbol, checked: false }
  const round = await inTime(askAll(ports.providersFor, [symbol]), ports.patience ?? PATIENCE)
  const answer = round?.quotes.get(symbol)
  if (!round || !answer) return unchecked
  if (!('unknown' in answer)) return { kind: 'one', symbol, checked: true, quote: answer }
  if (answer.gone) return { kind: 'none', near: await near(symbol, ports) }
  if (round.failures.length > 0) return unchecked
  return await look(symbol, ports)
}

/** The provider answers but has no price: what its search says decides. */
async function look(symbol: string, ports: ResolvePorts): Promise<Resolution> {
  const providers = ports.providersFor(classOf(symbol))
  const text = tickerOf(symbol)
  const found = await inTime(
    Promise.allSettled(providers.map((provider) => provider.search(text))),
    ports.patience ?? PATIENCE,
  )
  const answers = (found ?? []).flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const listing = answers.flat().find((one) => one.symbol === symbol)
  if (listing) return { kind: 'one', symbol, checked: true, listing }
  if (answers.length === 0) return { kind: 'one', symbol, checked: false }
  return { kind: 'none', near: await near(symbol, ports) }
}

/** Instruments with a name like this, of every class, the written class first. */
async function near(written: string, ports: ResolvePorts): Promise<Listing[]> {
  const text = written.replace(/^(stock|crypto|fx):/i, '').replace(/\/USD$/, '')
  const classes: AssetClass[] = ['stock', 'crypto', 'fx']
  const first = classes.find((kind) => written.toLowerCase().startsWith(`${kind}:`))
  const order = first ? [first, ...classes.filter((kind) => kind !== first)] : classes
  const providers = [...new Set(order.flatMap((kind) => ports.providersFor(kind)))]
  const found = await inTime(
    Promise.allSettled(providers.map((provider) => provider.search(text))),
    ports.patience ?? PATIENCE,
  )
  const listings = (found ?? []).flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []))
  return [...new Map(listings.map((listing) => [listing.symbol, listing])).values()].slice(0, NEAR)
}
