import { classOf, tickerOf } from '../condition/name.ts'
import type { Answers } from './batches.ts'
import { type Counters, createBudget, type Left, UNCOUNTED } from './budget.ts'
import { PATIENCE } from './patience.ts'
import { type AssetClass, INTERVALS, type Provider, type Quote, type Unknown } from './provider.ts'
import { createSource, type Health, type Source } from './source.ts'

/** A provider that did not answer, and why; also one that was not asked, as it is not to be asked now. */
export type Failure = { readonly provider: string; readonly error: Error }

/** What asking for quotes gave. */
export type Round = {
  /** Every symbol asked for has an entry. */
  readonly quotes: Map<string, Quote | Unknown>
  readonly failures: readonly Failure[]
}

/** Who asks for quotes, and what for. */
export type Wish = {
  /** `round`: what is watched, at the pace that budgets allow; `person`: somebody waits for an answer. */
  readonly for: 'round' | 'person'
  /** True: the rates of a day are good enough. They never are for what is watched. */
  readonly daily?: boolean
  /** Providers (their names) that are not asked: those whose word is to be confirmed by another. */
  readonly except?: readonly string[]
  /** The longest (ms) a person is kept waiting; 6 s unless told. */
  readonly patience?: number
  /** Takes quotes as soon as a provider has given them; they may come later than the answer. */
  readonly arrived?: (quotes: readonly Quote[]) => void
}

/** A provider's health, and what is left of its budget. */
export type Standing = Health & { readonly left: readonly Left[] }

/** Every source of quotes, asked in order. */
export type Chain = {
  /**
   * Asks the first provider of each symbol's class, and for what it lacks, fails or may not be asked for, the next one.
   * Classes do not wait for each other. Never throws.
   */
  quotes(symbols: readonly string[], wish: Wish): Promise<Round>
  /**
   * The providers of a class in their order, for everything else that can be asked of one: what they are asked for counts
   * in their budgets, and quotes are asked for as carefully as by `quotes`.
   */
  providersFor(kind: AssetClass): readonly Provider[]
  /** Tells what is watched: how often a provider can be asked depends on how much. */
  watch(symbols: readonly string[]): void
  /**
   * How often (ms) a symbol is looked at while its market trades, with as much to watch as was told. Infinity: it is not, as
   * there are but the rates of a day.
   */
  interval(symbol: string): number
  health(): Health[]
  standings(): Promise<Standing[]>
}

/** What a chain is made from. */
export type ChainPorts = {
  /** The providers of a class, in the order they are asked. */
  providersFor(kind: AssetClass): readonly Provider[]
  /** The clock of evaluation, ms. */
  now(): number
  /** How often quotes are wanted, ms; 10 s unless told. */
  readonly interval?: number
  readonly counters?: Counters
  /** Hears of every request that failed. */
  failed?(provider: string, error: Error): void
  /** Whether a quote is of another time although it comes now: the next provider is asked then. */
  isOutdated?(quote: Quote): boolean
}

const CLASSES: readonly AssetClass[] = ['stock', 'crypto', 'fx']
const INTERVAL = 10_000
/** Whoever is as late as this tells where a market stood, never where it stands. */
const DAILY = INTERVALS['1d']

/** True for a quote of a day, which no alert may be watched by. */
export function isDaily({ delay = 0 }: Pick<Quote, 'delay'>): boolean {
  return delay >= DAILY
}

/** Providers in the order in which they are asked for candles: who has but the rates of a day comes last, whatever its place. */
export function ratesLast(providers: readonly Provider[]): Provider[] {
  return [...providers.filter((provider) => !isDaily(provider)), ...providers.filter(isDaily)]
}

/** A chain over the providers of each class. */
export function createChain({ providersFor, now, interval = INTERVAL, ...rest }: ChainPorts): Chain {
  const { counters = UNCOUNTED, failed = () => {}, isOutdated = () => false } = rest
  const given = CLASSES.map((kind) => [kind, providersFor(kind)] as const)
  const sources = new Map<Provider, Source>()
  for (const provider of given.flatMap(([, providers]) => providers)) {
    const budget = createBudget(provider.name, provider.limits, counters)
    if (!sources.has(provider)) sources.set(provider, createSource(provider, { budget, now, failed, isOutdated }))
  }
  const order = new Map(given.map(([kind, providers]) => [kind, providers.map((one) => sources.get(one)!)]))
  const careful = new Map([...order].map(([kind, all]) => [kind, all.map((source) => source.careful)]))
  const askedAt = new Map<string, number>()
  let watched = new Map<AssetClass, number>()

  /** All that a source may have to be asked for in a round, of every class it is there for. */
  const intervalOf = (source: Source) => {
    const kinds = CLASSES.filter((kind) => order.get(kind)!.includes(source))
    const symbols = kinds.reduce((sum, kind) => sum + (watched.get(kind) ?? 0), 0)
    return Math.max(interval, source.interval(symbols))
  }

  /** A budget that does not allow the wanted interval is spread evenly, so that it lasts. */
  const takeTurn = (source: Source, kind: AssetClass): boolean => {
    const key = `${source.provider.name} ${kind}`
    const every = intervalOf(source)
    const last = askedAt.get(key)
    if (every > interval && last !== undefined && now() >= last && now() - last < every) return false
    askedAt.set(key, now())
    return true
  }

  const askClass = async (kind: AssetClass, symbols: readonly string[], wish: Wish): Promise<Round> => {
    const round = { quotes: new Map<string, Quote | Unknown>(), failures: [] as Failure[] }
    const isMeant = ({ provider }: Source) =>
      (wish.daily || !isDaily(provider)) && !wish.except?.includes(provider.name)
    const chosen = order.get(kind)!.filter(isMeant)
    const share = createShares(wish, chosen.length)
    let open = symbols
    for (const [rank, source] of chosen.entries()) {
      const { name } = source.provider
      const asked = open.filter((symbol) => !source.lacks(symbol))
      for (const symbol of open) put(round.quotes, source.lacks(symbol))
      if (asked.length > 0 && wish.for === 'round' && !takeTurn(source, kind)) {
        for (const symbol of asked) put(round.quotes, notYet(name, symbol))
        continue
      }
      const { answers, error } = asked.length > 0 ? await source.ask(asked, share(rank)) : NOTHING
      if (error) round.failures.push({ provider: name, error })
      for (const answer of answers.values()) put(round.quotes, answer)
      open = open.filter((symbol) => 'unknown' in round.quotes.get(symbol)!)
      if (open.length === 0) break
    }
    for (const symbol of symbols)
      if (!round.quotes.has(symbol)) round.quotes.set(symbol, nobody(symbol, order.get(kind)!))
    return round
  }

  return {
    async quotes(symbols, wish) {
      const distinct = [...new Set(symbols)]
      const groups = CLASSES.map((kind) => [kind, distinct.filter((symbol) => classOf(symbol) === kind)] as const)
      const wanted = groups.filter(([, group]) => group.length > 0)
      const rounds = await Promise.all(wanted.map(([kind, group]) => askClass(kind, group, wish)))
      return {
        quotes: new Map(rounds.flatMap(({ quotes }) => [...quotes])),
        failures: rounds.flatMap(({ failures }) => failures),
      }
    },
    providersFor: (kind) => careful.get(kind)!,
    watch(symbols) {
      watched = new Map()
      for (const symbol of symbols) watched.set(classOf(symbol), (watched.get(classOf(symbol)) ?? 0) + 1)
    },
    interval(symbol) {
      const all = order.get(classOf(symbol))!.filter(({ provider }) => !isDaily(provider))
      return Math.min(...all.map(intervalOf))
    },
    health: () => [...sources.values()].map((source) => source.health()),
    standings: async () =>
      await Promise.all(
        [...sources.values()].map(async (source) => ({ ...source.health(), left: await leftOf(source) })),
      ),
  }
}

const NOTHING: { readonly answers: Answers; readonly error?: Error } = { answers: new Map() }

/** A person's time is shared out: each provider gets half of what is left, the last one all of it. */
function createShares({ for: who, patience = PATIENCE, arrived = () => {} }: Wish, count: number) {
  const end = performance.now() + patience
  return (rank: number) => {
    if (who === 'round') return { isForPerson: false, patience: PATIENCE, arrived }
    const time = Math.max(0, end - performance.now())
    return { isForPerson: true, patience: rank < count - 1 ? time / 2 : time, arrived }
  }
}

/** What cannot be counted now is not told. */
async function leftOf(source: Source): Promise<Left[]> {
  try {
    return await source.left()
  } catch {
    return []
  }
}

/** A quote before any reason; then the reasons of all. Gone only where everyone asked is sure of it. */
function put(quotes: Map<string, Quote | Unknown>, answer: Quote | Unknown | undefined): void {
  if (answer === undefined) return
  const known = quotes.get(answer.symbol)
  const isBoth = known !== undefined && 'unknown' in answer && 'unknown' in known
  quotes.set(answer.symbol, isBoth ? both(known, answer) : answer)
}

function both(known: Unknown, answer: Unknown): Unknown {
  const { symbol } = answer
  const unknown = `${known.unknown}; ${answer.unknown}`
  if (known.gone && answer.gone) return { symbol, unknown, gone: true }
  const sure = known.gone ? known.unknown : (known.sure ?? (answer.gone ? answer.unknown : undefined))
  const last = newer(known.last, answer.last)
  return { symbol, unknown, gone: false, ...(sure === undefined ? {} : { sure }), ...(last ? { last } : {}) }
}

function newer(one: Quote | undefined, other: Quote | undefined): Quote | undefined {
  return one && other && (other.asOf ?? 0) > (one.asOf ?? 0) ? other : (one ?? other)
}

function notYet(name: string, symbol: string): Unknown {
  return { symbol, unknown: `it is not ${name}'s turn yet`, gone: false }
}

function nobody(symbol: string, sources: readonly Source[]): Unknown {
  const rates = sources.map(({ provider }) => provider).find(isDaily)
  const reason = rates && `${rates.name} has but one rate a day of ${tickerOf(symbol)}, by which nothing is watched`
  return { symbol, unknown: reason ?? `there is no source for ${tickerOf(symbol)}`, gone: false }
}
