import { classOf, tickerOf } from '../condition/name.ts'
import type { Chain, Round } from './chain.ts'
import { COIN_AND_STOCK } from './coins.ts'
import { isSettled, type KeptSymbol, type KeptSymbols } from './kept-symbols.ts'
import { coinsNamed, nearest } from './near.ts'
import { inTime, PATIENCE } from './patience.ts'
import { type AssetClass, type Listing, type Provider, ProviderError } from './provider.ts'
import { guess, type Resolution } from './symbols.ts'

/** Who is asked whether a symbol exists, and for how long. */
export type ResolvePorts = {
  readonly chain: Pick<Chain, 'quotes'>
  /** Whose searches are asked for names. */
  readonly providersFor: (kind: AssetClass) => readonly Provider[]
  /** The longest (ms) a look-up may take; after that a symbol counts as not checked. */
  readonly patience?: number
  /** What was heard before: who was asked about lately is not asked about again. Without it every look-up asks. */
  readonly kept?: KeptSymbols
}

/** A name is worth no longer wait than this, ms. */
const NAME_WITHIN = 1_500

/**
 * Finds the instrument a person means: the plain guess, verified with the providers. A ticker that is both a coin and a
 * stock people trade gives both, unless a class stands in front or only one of them exists. A ticker nobody has gives
 * what a search of all classes finds of that name. A provider that is down leaves the guess unchecked. Throws only what
 * `kept` throws.
 */
export async function resolve(written: string, ports: ResolvePorts): Promise<Resolution> {
  const text = written.trim()
  const ticker = text.toUpperCase().replace(/^\$/, '')
  const both = COIN_AND_STOCK[ticker]
  if (both) return await choose(ticker, both, ports)
  const symbol = guess(text)
  if (symbol === null) return { kind: 'none', near: await near(text, ports) }
  const found = await verify(symbol, text, ports)
  // Whoever types the name of a coin while nobody answers does not mean a stock that is called so.
  const coins = coinsNamed(text)
  return found.kind === 'one' && !found.checked && coins.length > 0 ? { kind: 'none', near: coins } : found
}

async function choose(ticker: string, both: { coin: string; stock: string }, ports: ResolvePorts): Promise<Resolution> {
  const candidates: Listing[] = [
    { symbol: `stock:${ticker}`, name: both.stock },
    { symbol: `crypto:${ticker}/USD`, name: both.coin },
  ]
  const found = await Promise.all(candidates.map(({ symbol }) => verify(symbol, symbol, ports)))
  const alive = candidates.filter((_, index) => found[index]!.kind !== 'none')
  if (alive.length === 1) return found.find(({ kind }) => kind !== 'none')!
  return alive.length === 0 ? found[0]! : { kind: 'many', candidates }
}

/** What is kept of a symbol, while that is young; else what the providers say, which is kept then. */
async function verify(symbol: string, written: string, ports: ResolvePorts): Promise<Resolution> {
  const { kept } = ports
  if (!kept) return await check(symbol, written, ports)
  const before = await kept.recall(symbol)
  if (before && isSettled(before, kept.now())) return resolutionOf(before)
  const found = await check(symbol, written, ports)
  const news = keptOf(symbol, found, before, kept.now())
  if (news) await kept.remember(news)
  // Nobody answers: what was there within the month counts as there.
  return news || !before?.exists ? found : resolutionOf(before)
}

function resolutionOf({ symbol, exists, listing, near }: KeptSymbol): Resolution {
  return exists ? { kind: 'one', symbol, checked: true, ...(listing ? { listing } : {}) } : { kind: 'none', near }
}

function keptOf(symbol: string, found: Resolution, before: KeptSymbol | null, now: number): KeptSymbol | undefined {
  if (found.kind === 'none') return { symbol, exists: false, checkedAt: now, near: found.near }
  if (found.kind !== 'one' || !found.checked) return undefined
  const listing = found.listing ?? before?.listing
  return { symbol, exists: true, checkedAt: now, near: [], ...(listing ? { listing } : {}) }
}

async function check(symbol: string, written: string, ports: ResolvePorts): Promise<Resolution> {
  const unchecked: Resolution = { kind: 'one', symbol, checked: false }
  const patience = ports.patience ?? PATIENCE
  const round = await inTime(ports.chain.quotes([symbol], { for: 'person', daily: true, patience }), patience)
  const answer = round?.quotes.get(symbol)
  if (!round || !answer) return unchecked
  if (!('unknown' in answer) || answer.last) {
    const listing = await listingOf(symbol, ports)
    const quote = 'unknown' in answer ? {} : { quote: answer }
    return { kind: 'one', symbol, checked: true, ...quote, ...(listing ? { listing } : {}) }
  }
  if (answer.gone) return { kind: 'none', near: await near(written, ports) }
  // A coin may be at the exchange that did not answer.
  const isCoin = classOf(symbol) === 'crypto'
  const isOpen = isCoin ? round.failures.some(mayPass) : round.failures.length > 0 && answer.sure === undefined
  return isOpen ? unchecked : await look(symbol, written, ports)
}

/** A provider that does not serve this region will not have the symbol tomorrow either. */
function mayPass({ error }: Round['failures'][number]): boolean {
  return !(error instanceof ProviderError && error.permanent)
}

/** The name and exchange of a symbol: as a provider told them beside its quote, else as a search has them. */
async function listingOf(symbol: string, ports: ResolvePorts): Promise<Listing | undefined> {
  const providers = ports.providersFor(classOf(symbol))
  const told = providers.flatMap((provider) => provider.listing?.(symbol) ?? [])[0]
  if (told || !ports.kept || classOf(symbol) !== 'stock') return told
  const answers = await search(tickerOf(symbol), providers, askedOnce(NAME_WITHIN))
  return answers.flat().find((one) => one.symbol === symbol)
}

/**
 * The provider answers but has no price: what its search says decides. Whoever has to wait between two requests is asked
 * once, for the symbol and for what is near it; those of other classes are asked meanwhile.
 */
async function look(symbol: string, written: string, ports: ResolvePorts): Promise<Resolution> {
  const ask = askedOnce(ports.patience)
  const around = near(written, ports, ask)
  const answers = await search(tickerOf(symbol), ports.providersFor(classOf(symbol)), ask)
  const listing = answers.flat().find((one) => one.symbol === symbol)
  if (listing) return { kind: 'one', symbol, checked: true, listing }
  if (answers.length === 0) return { kind: 'one', symbol, checked: false }
  return { kind: 'none', near: await around }
}

const CLASSES: readonly AssetClass[] = ['stock', 'crypto', 'fx']

/** Instruments with a name like this, of every class. */
async function near(written: string, ports: ResolvePorts, ask = askedOnce(ports.patience)): Promise<Listing[]> {
  const first = CLASSES.find((kind) => written.toLowerCase().startsWith(`${kind}:`))
  const text = (first ? written.slice(first.length + 1) : written).replace(/^\$/, '').replace(/\/USD$/i, '')
  const providers = [...new Set(CLASSES.flatMap((kind) => ports.providersFor(kind)))]
  return nearest(text, [coinsNamed(text), ...(await search(text, providers, ask))], first)
}

/** What a provider finds, or undefined where it fails or takes too long. */
type Ask = (text: string, provider: Provider) => Promise<Listing[] | undefined>

/** Asks each provider for a text once, whatever its capitals, and waits at most `patience` (ms). */
function askedOnce(patience = PATIENCE): Ask {
  const asked = new Map<string, Promise<Listing[] | undefined>>()
  return (text, provider) => {
    const key = `${provider.name} ${text.toLowerCase()}`
    const found =
      asked.get(key) ??
      inTime(
        provider.search(text).catch(() => undefined),
        patience,
      )
    asked.set(key, found)
    return found
  }
}

/** What each provider that answers finds. */
async function search(text: string, providers: readonly Provider[], ask: Ask): Promise<Listing[][]> {
  const answers = await Promise.all(providers.map((provider) => ask(text, provider)))
  return answers.filter((answer) => answer !== undefined)
}
