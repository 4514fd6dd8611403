import { Decimal } from 'decimal.js'
import { classOf, tickerOf } from '../condition/name.ts'
import type { Answers } from './batches.ts'
import { type AssetClass, type Provider, ProviderError, type Quote, type Session, type Unknown } from './provider.ts'

/** Clocks differ; a quote from further ahead than this is an error, ms. */
const FUTURE = 60_000

const MINUTE = 60_000
/** Ms after which a quote is stale while its market trades. */
const FRESH: Readonly<Record<AssetClass, number>> = { crypto: 2 * MINUTE, fx: 5 * MINUTE, stock: 5 * MINUTE }
/** Extended hours are thin and not every provider covers them. */
const FRESH_EXTENDED = 15 * MINUTE

/** A quote that says nothing new is written all the same after this long, ms, so that it does not become stale. */
export const FRESHEN = 30_000

/** Whether a quote may be believed, and if not, why. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly why: string }

/**
 * Whether a quote may be believed, given the one we have. Refused: a price that is no number above zero; a time more
 * than 60 s ahead of `now`; one older than the previous (by `asOf` where both have it, else by `receivedAt`); and one
 * in another currency than the previous, because a level was typed in that one. `why` is fit for a person.
 */
export function accept(previous: Quote | undefined, quote: Quote, now: number): Verdict {
  const no = (what: string): Verdict => ({ ok: false, why: `${quote.source} ${what} for ${tickerOf(quote.symbol)}` })
  if (!isPrice(quote.price)) return no(`gave "${quote.price}" as the price`)
  if (Math.max(quote.asOf ?? 0, quote.receivedAt) > now + FUTURE) return no('gave a time in the future')
  if (previous === undefined) return { ok: true }
  if (quote.currency !== previous.currency) return no(`gave ${quote.currency} after ${previous.currency}`)
  const both = quote.asOf !== undefined && previous.asOf !== undefined
  const older = both ? quote.asOf < previous.asOf : quote.receivedAt < previous.receivedAt
  return older ? no('gave a quote older than the last one') : { ok: true }
}

function isPrice(text: string): boolean {
  try {
    const price = new Decimal(text)
    return price.isFinite() && price.gt(0)
  } catch {
    return false
  }
}

/**
 * How long (ms) a quote can be trusted from its `receivedAt` on, in the session its market is in now. Crypto 2 min, FX
 * and stocks 5 min, extended hours 15 min; the last price of a closed market does not grow stale.
 */
export function freshFor(symbol: string, session: Session = 'regular'): number {
  if (session === 'closed') return Number.POSITIVE_INFINITY
  return session === 'regular' ? FRESH[classOf(symbol)] : FRESH_EXTENDED
}

/** A provider that did not answer a round, and what it threw. */
export type Failure = { readonly provider: string; readonly error: Error }

/** What asking every provider once gave. */
export type Round = {
  /** Every symbol asked for has an entry. */
  readonly quotes: Map<string, Quote | Unknown>
  readonly failures: readonly Failure[]
}

/**
 * Asks the first provider of each symbol's class once with all its symbols, all providers at the same time. What stays
 * unknown is asked of the class's next provider, if there is one. A provider that throws gives `Unknown` with its
 * reason for its own symbols only. Never throws.
 */
export async function askAll(
  providersFor: (kind: AssetClass) => readonly Provider[],
  symbols: Iterable<string>,
): Promise<Round> {
  const quotes = new Map<string, Quote | Unknown>()
  const failures: Failure[] = []
  let open = [...new Set(symbols)]
  for (let rank = 0; open.length > 0; rank += 1) {
    const groups = groupByProvider(open, (symbol) => providersFor(classOf(symbol))[rank])
    const rounds = await Promise.all([...groups].map(([provider, group]) => askOne(provider, group)))
    for (const { answers, failure } of rounds) {
      if (failure) failures.push(failure)
      for (const [symbol, answer] of answers) quotes.set(symbol, better(quotes.get(symbol), answer))
    }
    for (const symbol of open) if (!quotes.has(symbol)) quotes.set(symbol, nobody(symbol))
    open = [...groups.values()].flat().filter((symbol) => 'unknown' in quotes.get(symbol)!)
  }
  return { quotes, failures }
}

function groupByProvider(symbols: readonly string[], providerOf: (symbol: string) => Provider | undefined) {
  const groups = new Map<Provider, string[]>()
  for (const symbol of symbols) {
    const provider = providerOf(symbol)
    if (!provider) continue
    const group = groups.get(provider)
    if (group) group.push(symbol)
    else groups.set(provider, [symbol])
  }
  return groups
}

async function askOne(
  provider: Provider,
  symbols: readonly string[],
): Promise<{ answers: Answers; failure?: Failure }> {
  try {
    const answers = await provider.quotes(symbols)
    const silent = (symbol: string): Unknown => ({
      symbol,
      unknown: `${provider.name} said nothing of ${tickerOf(symbol)}`,
      gone: false,
    })
    return { answers: new Map(symbols.map((symbol) => [symbol, answers.get(symbol) ?? silent(symbol)])) }
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    // A fault of ours is logged with its own words; a person is only told whose answer is missing.
    const unknown = error instanceof ProviderError ? error.message : `${provider.name} could not be understood`
    const answers: Answers = new Map(symbols.map((symbol) => [symbol, { symbol, unknown, gone: false }]))
    return { answers, failure: { provider: provider.name, error } }
  }
}

/** A quote before any reason; then the reasons of both. Gone only where everyone asked is sure of it. */
function better(known: Quote | Unknown | undefined, answer: Quote | Unknown): Quote | Unknown {
  if (known === undefined || !('unknown' in answer) || !('unknown' in known)) return answer
  return { symbol: answer.symbol, unknown: `${known.unknown}; ${answer.unknown}`, gone: known.gone && answer.gone }
}

function nobody(symbol: string): Unknown {
  return { symbol, unknown: `there is no source for ${tickerOf(symbol)}`, gone: false }
}
