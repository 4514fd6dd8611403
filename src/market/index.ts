import { classOf } from '../condition/name.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { alpaca } from './alpaca.ts'
import { binance } from './binance.ts'
import type { Counters } from './budget.ts'
import { type Chain, createChain, isDaily } from './chain.ts'
import { coinbase } from './coinbase.ts'
import { coindesk } from './coindesk.ts'
import { coingecko } from './coingecko.ts'
import { createExchangeHours, type ExchangeHours } from './exchange-hours.ts'
import { frankfurter } from './frankfurter.ts'
import type { HttpPorts } from './http.ts'
import { kraken } from './kraken.ts'
import { nasdaq } from './nasdaq.ts'
import { isOutdated } from './outdated.ts'
import type { AssetClass, Provider, Quote } from './provider.ts'
import { FRESHEN, freshFor } from './quotes.ts'
import { createReplay, loadReplay, type Replay, type Tick } from './replay.ts'
import { type Calendar, calendar } from './sessions.ts'
import { simulated } from './simulated.ts'
import { SOURCES, type SourceName } from './sources.ts'
import { tiingo } from './tiingo.ts'
import { twelvedata } from './twelvedata.ts'
import { yahoo } from './yahoo.ts'

/** Which providers there are for live quotes. */
export type LiveOptions = {
  /** Where each provider is, without a slash at the end. */
  readonly urls: Readonly<Record<SourceName, string>>
  /** The keys there are, by the names of their settings. */
  readonly keys: Readonly<Record<string, string | undefined>>
  /** Which providers are asked for a class, in their order. */
  readonly order: Readonly<Record<AssetClass, readonly SourceName[]>>
}

/** Which market is wanted, where its providers are, and the clock. */
export type MarketOptions = {
  readonly market: 'live' | 'simulated' | { readonly replay: string }
  /** How many times faster than real time a simulated or replayed market moves. */
  readonly speed: number
  readonly seed: number
  /** The providers of the live market; it cannot do without. */
  readonly live?: LiveOptions
  /** How often quotes are asked for, ms. */
  readonly interval: number
  /** The machine's clock, ms. */
  readonly now: () => number
  readonly log: Log
  /** Counts what providers were asked for; without it nothing is counted. */
  readonly counters?: Counters
  /** For tests: how requests are made. */
  readonly http?: HttpPorts
}

/** The markets as the rest of the program sees them. */
export type Market = {
  readonly mode: 'live' | 'simulated' | 'replay'
  /** As they are, each once. */
  readonly providers: readonly Provider[]
  /** The providers of a class, in the order they are asked; what they are asked for counts in their budgets. */
  providersFor(kind: AssetClass): readonly Provider[]
  readonly chain: Chain
  readonly calendar: Calendar
  /** What exchanges told of their days; only in the live market. */
  readonly exchangeHours?: ExchangeHours
  /** The clock of evaluation, ms: the machine's, or the replay's. */
  now(): number
  readonly replay?: Replay
  /** How much trading time (ms) a quote of a symbol stays fresh for. */
  freshFor(symbol: string): number
  /** How far apart (ms) quotes that are compared with each other may have been received. */
  readonly apart: number
  /** What it means that nothing newer of a symbol came after what a source gave, in words a person may read. */
  silence(source: string, symbol: string): string
  /** Where quotes come from, for a person. */
  readonly describe: string
}

type Setup = { readonly key: string; readonly baseUrl: string } & HttpPorts & {
    readonly now: () => number
    readonly keys: LiveOptions['keys']
  }

/** A new provider is a file of its own, a line here and one in `sources.ts`. `key`: the first of those it needs. */
const LIVE: Readonly<Record<SourceName, (setup: Setup) => Provider>> = {
  yahoo,
  nasdaq,
  tiingo,
  alpaca: (setup) => alpaca({ ...setup, secret: setup.keys.ALPACA_SECRET ?? '' }),
  twelvedata,
  coinbase,
  kraken,
  binance,
  coingecko: ({ key: _, ...setup }) =>
    coingecko({ ...setup, ...(setup.keys.COINGECKO_KEY ? { key: setup.keys.COINGECKO_KEY } : {}) }),
  coindesk,
  frankfurter,
}

const CLASSES: readonly AssetClass[] = ['stock', 'crypto', 'fx']
const TITLES: Readonly<Record<AssetClass, string>> = { stock: 'Stocks', crypto: 'crypto', fx: 'currencies' }

/** Sets up the markets that the configuration asks for. Throws `UserError` where a replay file is not good. */
export function createMarket(options: MarketOptions): Market {
  if (options.market === 'live') return live(options)
  return options.market === 'simulated' ? pretend(options) : recorded(options, options.market.replay)
}

function live(options: MarketOptions): Market {
  const { live: given } = options
  if (!given) throw new Error('the live market has no providers')
  const made = new Map<SourceName, Provider>()
  const providerOf = (name: SourceName): Provider => {
    const provider = made.get(name) ?? create(name, given, options)
    made.set(name, provider)
    return provider
  }
  const table = new Map(CLASSES.map((kind) => [kind, given.order[kind].map(providerOf)]))
  const title = (kind: AssetClass) =>
    `${TITLES[kind]}: ${table
      .get(kind)!
      .map(({ name }) => name)
      .join(', ')}`
  const exchangeHours = createExchangeHours((symbol) => toldBy(table.get('stock')!, symbol))
  const hours = calendar({ alwaysOpen: false, told: exchangeHours.told })
  const isOld = (quote: Quote) => isOutdated(quote, hours, options.now())
  const asked = (symbol: string) =>
    table
      .get(classOf(symbol))!
      .filter((provider) => !isDaily(provider) && (provider.has?.(symbol) ?? true))
      .map(({ name }) => name)
  return {
    mode: 'live',
    ...registry([...made.values()], (kind) => table.get(kind)!, options, options.now, isOld),
    calendar: hours,
    exchangeHours,
    now: options.now,
    silence: (source, symbol) => silenceOf([...new Set([source, ...asked(symbol)])]),
    describe: CLASSES.map(title).join('; '),
  }
}

function toldBy(providers: readonly Provider[], symbol: string) {
  return providers.find((provider) => provider.told?.(symbol))?.told?.(symbol)
}

function create(name: SourceName, { urls, keys }: LiveOptions, { now, log, http }: MarketOptions): Provider {
  const needs: readonly string[] = SOURCES[name].needs
  const key = keys[needs[0] ?? ''] ?? ''
  return LIVE[name]({ onRetry: (what) => log.warn(what), ...http, baseUrl: urls[name], now, key, keys })
}

function pretend(options: MarketOptions): Market {
  const { seed, speed, now } = options
  const provider = simulated({ seed, speed, now })
  return {
    mode: 'simulated',
    ...registry([provider], () => [provider], options, now),
    calendar: calendar({ alwaysOpen: true }),
    now,
    silence: (source) => silenceOf([source]),
    describe: `simulated prices (seed ${seed}, speed ${speed}); nothing of it is real`,
  }
}

function recorded(options: MarketOptions, path: string): Market {
  const { speed, now } = options
  const ticks = loadReplay(path)
  const pace = paceOf(ticks)
  const hours = calendar({ alwaysOpen: false })
  const replay = createReplay({ ticks, speed, realNow: now, isOpen: hours.isOpen })
  const describe = `replay of ${path} at ${speed} times real time (${ticks.length} ticks${closedRows(ticks, hours)})`
  return {
    mode: 'replay',
    ...registry([replay.provider], () => [replay.provider], options, replay.now),
    calendar: hours,
    now: replay.now,
    replay,
    freshFor: freshAt(() => pace),
    apart: Math.max(2 * paceOfSymbols(ticks), LEAST_APART),
    silence: () => PLAYED_OUT,
    describe,
  }
}

const PLAYED_OUT = 'the recording has no newer price of it'

/** Whoever was asked, the one first who told the last price. */
function silenceOf(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]} has not answered`
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} have not answered`
}

/** A quote that comes seldom because it is asked for seldom is not stale for it. */
function freshAt(interval: (symbol: string) => number): (symbol: string) => number {
  return (symbol) => Math.max(freshFor(symbol), MISSED_ROUNDS * interval(symbol))
}

/** How many rounds in a row may bring nothing before a quote is stale. */
const MISSED_ROUNDS = 3

/** Two rounds of asking, in each of which a quote that says nothing new may go unwritten for a while; ms. */
function apartAt(interval: number): number {
  return 2 * interval + FRESHEN
}

/** In a recording quotes may be compared that are so far apart, however close to each other its rows are; ms. */
const LEAST_APART = 40_000

/** The usual time between two ticks of a recording, ms: the median. */
function paceOf(ticks: readonly Tick[]): number {
  return median(ticks.slice(1).map(({ at }, index) => at - ticks[index]!.at))
}

/** The usual time between two rows of the same symbol, ms: the median. */
function paceOfSymbols(ticks: readonly Tick[]): number {
  const last = new Map<string, number>()
  const gaps: number[] = []
  for (const { at, quotes } of ticks) {
    for (const { symbol } of quotes) {
      const before = last.get(symbol)
      if (before !== undefined) gaps.push(at - before)
      last.set(symbol, at)
    }
  }
  return median(gaps)
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

/** Says how much of a recording most alerts do not see, because its markets were closed then. */
function closedRows(ticks: readonly Tick[], hours: Calendar): string {
  const rows = ticks.flatMap(({ at, quotes }) => quotes.map(({ symbol }) => ({ symbol, at })))
  const closed = rows.filter(({ symbol, at }) => !hours.isOpen(symbol, at)).length
  return closed === 0 ? '' : `; ${closed} of ${rows.length} rows are ${OUTSIDE}`
}

const OUTSIDE = 'outside regular trading hours, seen only by alerts with during extended hours or always'

/** What follows from the providers, whichever they are. */
function registry(
  providers: readonly Provider[],
  providersFor: (kind: AssetClass) => readonly Provider[],
  { interval, log, counters }: MarketOptions,
  now: () => number,
  isOutdated: (quote: Quote) => boolean = () => false,
): Pick<Market, 'providers' | 'providersFor' | 'chain' | 'freshFor' | 'apart'> {
  const chain = createChain({
    providersFor,
    now,
    interval,
    isOutdated,
    ...(counters ? { counters } : {}),
    failed: (provider, error) => log.warn({ provider, why: messageOf(error) }, 'the provider did not answer'),
  })
  return {
    providers,
    providersFor: chain.providersFor,
    chain,
    freshFor: freshAt(chain.interval),
    apart: apartAt(interval),
  }
}
