import type { Log } from '../log.ts'
import { coinbase } from './coinbase.ts'
import type { HttpPorts } from './http.ts'
import type { AssetClass, Provider } from './provider.ts'
import { FRESHEN, freshFor } from './quotes.ts'
import { createReplay, loadReplay, type Replay, type Tick } from './replay.ts'
import { type Calendar, calendar } from './sessions.ts'
import { simulated } from './simulated.ts'
import { yahoo } from './yahoo.ts'

/** Which market is wanted, where its providers are, and the clock. */
export type MarketOptions = {
  readonly market: 'live' | 'simulated' | { readonly replay: string }
  /** How many times faster than real time a simulated or replayed market moves. */
  readonly speed: number
  readonly seed: number
  readonly yahooUrl: string
  readonly coinbaseUrl: string
  /** How often quotes are asked for, ms. */
  readonly interval: number
  /** The machine's clock, ms. */
  readonly now: () => number
  readonly log: Log
  /** For tests: how requests are made. */
  readonly http?: HttpPorts
}

/** The markets as the rest of the program sees them. */
export type Market = {
  readonly mode: 'live' | 'simulated' | 'replay'
  readonly providers: readonly Provider[]
  /** The providers of a class, in the order they are asked. */
  providersFor(kind: AssetClass): readonly Provider[]
  readonly calendar: Calendar
  /** The clock of evaluation, ms: the machine's, or the replay's. */
  now(): number
  readonly replay?: Replay
  /** How much trading time (ms) a quote of a symbol stays fresh for. */
  freshFor(symbol: string): number
  /** How far apart (ms) quotes that are compared with each other may have been received. */
  readonly apart: number
  /** What it means that a source has given nothing newer, in words a person may read. */
  silence(source: string): string
  /** Where quotes come from, for a person. */
  readonly describe: string
}

/** A new provider is a file of its own and one line here; of two for one class the first is asked first. */
const LIVE: Readonly<Record<string, (options: MarketOptions, ports: HttpPorts) => Provider>> = {
  yahoo: ({ yahooUrl, now }, ports) => yahoo({ ...ports, baseUrl: yahooUrl, now }),
  coinbase: ({ coinbaseUrl, now }, ports) => coinbase({ ...ports, baseUrl: coinbaseUrl, now }),
}

/** Sets up the markets that the configuration asks for. Throws `UserError` where a replay file is not good. */
export function createMarket(options: MarketOptions): Market {
  if (options.market === 'live') return live(options)
  return options.market === 'simulated' ? pretend(options) : recorded(options, options.market.replay)
}

function live(options: MarketOptions): Market {
  const { log, now } = options
  const ports: HttpPorts = { onRetry: (what) => log.warn(what), ...options.http }
  const providers = Object.values(LIVE).map((create) => create(options, ports))
  const describe = providers.map(({ name, classes }) => `${name} (${classes.join(', ')})`).join(', ')
  const hours = calendar({ alwaysOpen: false })
  return {
    mode: 'live',
    ...registry(providers),
    calendar: hours,
    now,
    freshFor: freshAt(options.interval),
    apart: apartAt(options.interval),
    silence,
    describe,
  }
}

function pretend({ seed, speed, now, interval }: MarketOptions): Market {
  const describe = `simulated prices (seed ${seed}, speed ${speed}); nothing of it is real`
  const providers = [simulated({ seed, speed, now })]
  const hours = calendar({ alwaysOpen: true })
  return {
    mode: 'simulated',
    ...registry(providers),
    calendar: hours,
    now,
    freshFor: freshAt(interval),
    apart: apartAt(interval),
    silence,
    describe,
  }
}

function recorded({ speed, now }: MarketOptions, path: string): Market {
  const ticks = loadReplay(path)
  const hours = calendar({ alwaysOpen: false })
  const replay = createReplay({ ticks, speed, realNow: now, isOpen: hours.isOpen })
  const describe = `replay of ${path} at ${speed} times real time (${ticks.length} ticks${closedRows(ticks, hours)})`
  const rest = {
    calendar: hours,
    now: replay.now,
    replay,
    freshFor: freshAt(paceOf(ticks)),
    apart: Math.max(2 * paceOfSymbols(ticks), LEAST_APART),
    silence: () => PLAYED_OUT,
    describe,
  }
  return { mode: 'replay', ...registry([replay.provider]), ...rest }
}

const PLAYED_OUT = 'the recording has no newer price of it'

function silence(source: string): string {
  return `${source} has not answered`
}

/** A quote that comes seldom because it is asked for seldom is not stale for it. */
function freshAt(interval: number): (symbol: string) => number {
  return (symbol) => Math.max(freshFor(symbol), MISSED_ROUNDS * interval)
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

function registry(providers: readonly Provider[]): Pick<Market, 'providers' | 'providersFor'> {
  const classes: AssetClass[] = ['stock', 'crypto', 'fx']
  const table = new Map(classes.map((kind) => [kind, providers.filter((provider) => provider.classes.includes(kind))]))
  return { providers, providersFor: (kind) => table.get(kind) ?? [] }
}
