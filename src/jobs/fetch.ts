import { classOf } from '../condition/name.ts'
import type { Log } from '../log.ts'
import type { Chain } from '../market/chain.ts'
import type { Days } from '../market/days.ts'
import type { Sieve } from '../market/held-back.ts'
import type { AssetClass, Quote, Unknown } from '../market/provider.ts'
import { FRESHEN } from '../market/quotes.ts'
import type { Calendar } from '../market/sessions.ts'

/** What a round of fetching works with. */
export type FetchPorts = {
  /** The class whose symbols are asked for. */
  readonly kind: AssetClass
  readonly chain: Pick<Chain, 'quotes' | 'watch'>
  /** Tells which quotes may be believed. */
  readonly sift: Sieve['sift']
  /** The distinct symbols of all watched alerts, and those of which a figure of the day is looked at. */
  symbols(): Promise<{ symbols: readonly string[]; daySymbols: readonly string[] }>
  readonly days: Pick<Days, 'soon'>
  readonly calendar: Pick<Calendar, 'sessionAt'>
  kept(symbols: readonly string[]): Promise<Map<string, Quote>>
  write(quotes: readonly Quote[]): Promise<void>
  /** Takes what was answered for each symbol, to tell which of them are lost. */
  note?(answers: Iterable<Quote | Unknown>): Promise<void>
  /** Called when quotes have been written. */
  written(): Promise<void>
  /** Called when a round is over. */
  done(): Promise<void>
  now(): number
  readonly log: Log
}

/** The symbols of a closed market are asked for so often, ms. */
const CLOSED_EVERY = 15 * 60_000

/**
 * One round: every distinct symbol of the class is asked for once, what is a quote and is news is written as it comes, so
 * that a slow provider keeps no other's quotes waiting. What nobody answers for becomes stale by itself.
 */
export function createFetch(ports: FetchPorts): () => Promise<void> {
  const { kind, chain, log } = ports
  const askedAt = new Map<string, number>()

  return async () => {
    const wanted = await ports.symbols()
    chain.watch(wanted.symbols)
    const ours = wanted.symbols.filter((symbol) => classOf(symbol) === kind)
    // Others write too: the round before may have run in another process, and a person may have asked for a price.
    const last = ours.length === 0 ? new Map<string, Quote>() : await ports.kept(ours)
    const symbols = ours.filter((symbol) => isDue(ports, last.get(symbol), askedAt.get(symbol), symbol))
    for (const symbol of symbols) askedAt.set(symbol, ports.now())
    if (symbols.length > 0) {
      const keeper = createKeeper(ports, last, new Set(wanted.daySymbols))
      const { quotes } = await chain.quotes(symbols, { for: 'round', arrived: keeper.take })
      for (const answer of quotes.values())
        if ('unknown' in answer) log.debug({ symbol: answer.symbol, why: answer.unknown }, 'no quote')
      await keeper.settled()
      await ports.note?.(quotes.values())
    }
    await ports.done()
  }
}

/** A market that is closed is asked seldom, by whoever asked last. */
function isDue({ calendar, now }: FetchPorts, before: Quote | undefined, askedAt = 0, symbol: string): boolean {
  if (calendar.sessionAt(symbol, now()).session !== 'closed') return true
  return now() - Math.max(before?.receivedAt ?? 0, askedAt) >= CLOSED_EVERY
}

/** Writes what comes and may be believed: one write at a time, what came meanwhile with the next. */
function createKeeper(ports: FetchPorts, last: Map<string, Quote>, ofTheDay: ReadonlySet<string>) {
  let waiting: Quote[] = []
  let work: Promise<void> = Promise.resolve()

  const write = async () => {
    const quotes = waiting
    waiting = []
    if (quotes.length === 0) return
    await ports.write(quotes)
    await ports.written()
  }

  const keep = (quotes: readonly Quote[]) => {
    for (const quote of quotes) {
      if (isNews(last.get(quote.symbol), quote)) waiting.push(quote)
      last.set(quote.symbol, quote)
    }
    work = work.then(write)
    // What comes after the end of the round is waited for by nobody.
    work.catch((err: unknown) => ports.log.warn({ err }, 'quotes could not be written'))
  }

  return {
    take(given: readonly Quote[]) {
      // The prices of all do not wait for the candles of some.
      const quotes = given.map((quote) => (ofTheDay.has(quote.symbol) ? ports.days.soon(quote) : quote))
      const { sure, confirmed } = ports.sift(last, quotes)
      keep(sure)
      void confirmed.then((late) => late.length > 0 && keep(late))
    },
    settled: () => work,
  }
}

function isNews(before: Quote | undefined, quote: Quote): boolean {
  if (!before || quote.receivedAt - before.receivedAt >= FRESHEN) return true
  const names = Object.keys({ ...before, ...quote }) as (keyof Quote)[]
  return names.some((name) => name !== 'receivedAt' && !isSame(before[name], quote[name]))
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other))
}
