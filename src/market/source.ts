import { setTimeout as wait } from 'node:timers/promises'
import { tickerOf } from '../condition/name.ts'
import type { Answers } from './batches.ts'
import { afterFailure, type Breaker, stateOf, WELL } from './breaker.ts'
import type { Budget, Left } from './budget.ts'
import { toGo } from './client.ts'
import { inTime, PATIENCE } from './patience.ts'
import { type AssetClass, type Provider, ProviderError, type Quote, type Unknown } from './provider.ts'

/** How a provider is doing. Times are ms on the clock of evaluation, latencies ms. */
export type Health = {
  readonly name: string
  readonly classes: readonly AssetClass[]
  /** `unasked`: not needed so far; `failing`: its last answers failed; `resting`: left alone until `until`. */
  readonly state: 'unasked' | 'works' | 'failing' | 'resting'
  readonly until?: number
  /** When it last answered. */
  readonly answeredAt?: number
  /** Half of its last answers took no longer than the first, 95 % no longer than the second. */
  readonly latency?: { readonly p50: number; readonly p95: number }
  /** How many requests in a row failed, and what the last of them said. */
  readonly failures: number
  readonly problem?: string
}

/** How a provider is asked. */
export type Asking = {
  /** A person waits: what is kept back of the budget may be taken. */
  readonly isForPerson: boolean
  /** The longest (ms) a batch is waited for; the call itself goes on, and what it brings goes to `arrived`. */
  readonly patience: number
  /** Takes the quotes of each batch as soon as they are there. */
  arrived(quotes: readonly Quote[]): void
}

type Outcome = { readonly answers: Answers } | { readonly error: Error; readonly isOver: boolean }

/** What asking a provider gave: every symbol has an entry. `error`: why there is nothing for some. */
export type Asked = { readonly answers: Answers; readonly error?: Error }

/** A provider that is asked with care: batch by batch, within its budget, and left alone for a while when it fails. */
export type Source = {
  readonly provider: Provider
  /** The same provider for who does not care: its quotes asked as by `ask`, for a person, all else within its budget. */
  readonly careful: Provider
  ask(symbols: readonly string[], asking: Asking): Promise<Asked>
  /** What it said of a symbol that it was sure not to have, within the last hour. */
  lacks(symbol: string): Unknown | undefined
  /** The least time (ms) between two rounds of so many symbols that its budget allows. */
  interval(symbols: number): number
  health(): Health
  left(): Promise<Left[]>
}

/** What a source works with. `now`: the clock of evaluation, ms. `failed` hears of every request that failed. */
export type SourcePorts = {
  readonly budget: Budget
  now(): number
  failed(provider: string, error: Error): void
  /** Whether a quote is of another time although it comes now: there is none then. */
  isOutdated?(quote: Quote): boolean
}

/** How long it is remembered that a provider has no such symbol, ms. */
const LACKING_FOR = 3_600_000
/** So many answers are remembered for the latencies. */
const SAMPLES = 100
/** A budget that is free again so soon (ms) is waited for. */
const SHORT_WAIT = 1_000

/** A source over a provider. */
export function createSource(provider: Provider, { budget, now, failed, isOutdated }: SourcePorts): Source {
  const { name, limits } = provider
  const costOf = (symbols: number) => limits?.cost?.(symbols) ?? Math.ceil(symbols / provider.batch)
  const batch = batchOf(provider.batch, costOf, budget.most)
  const lacking = new Map<string, { readonly until: number; readonly answer: Unknown }>()
  const latencies: number[] = []
  let breaker: Breaker = WELL
  let problem: Error | undefined
  let answeredAt: number | undefined
  let isTrying = false
  /** Requests that nobody waits for any more. */
  let overdue = 0

  const note = (error: Error) => {
    breaker = afterFailure(breaker, now(), error instanceof ProviderError ? error.retryAfter : undefined)
    problem = error
    failed(name, error)
  }

  /** Answers of which none says anything of the provider itself leave it as it was. */
  const noteAnswers = (answers: Answers, took: number) => {
    const all = [...answers.values()]
    for (const answer of all) {
      if (!isQuote(answer) && answer.gone) lacking.set(answer.symbol, { until: now() + LACKING_FOR, answer })
    }
    if (!all.some((answer) => isQuote(answer) || answer.gone)) return
    breaker = WELL
    answeredAt = now()
    latencies.push(took)
    if (latencies.length > SAMPLES) latencies.shift()
  }

  const current = (answers: Answers): Answers =>
    new Map(
      [...answers].map(([symbol, answer]) =>
        isQuote(answer) && isOutdated?.(answer) ? [symbol, outdated(answer, now())] : [symbol, answer],
      ),
    )

  /** Why it is not to be asked now; undefined where it may. */
  const refusal = async (symbols: number, isForPerson: boolean): Promise<Error | undefined> => {
    const state = stateOf(breaker, now())
    if (state === 'open' || (state === 'half-open' && isTrying)) return resting(name, breaker, problem, now())
    let left = await budget.take(costOf(symbols), isForPerson)
    if (left > 0 && left <= SHORT_WAIT) {
      await wait(left)
      left = await budget.take(costOf(symbols), isForPerson)
    }
    return left > 0 ? overLimit(name, left) : undefined
  }

  const askBatch = async (symbols: readonly string[], { patience, arrived }: Asking): Promise<Outcome> => {
    const begun = performance.now()
    let isLate = false
    const call = async (): Promise<Answers | Error> => {
      try {
        const answers = current(complete(await provider.quotes(symbols), symbols, provider))
        if (!isLate) noteAnswers(answers, Math.round(performance.now() - begun))
        arrived([...answers.values()].filter(isQuote))
        return answers
      } catch (thrown) {
        return thrown instanceof Error ? thrown : new Error(String(thrown))
      } finally {
        if (isLate) overdue -= 1
      }
    }
    const outcome = await inTime(call(), patience)
    if (outcome instanceof Map) return { answers: outcome }
    isLate = outcome === undefined
    if (isLate) overdue += 1
    const error = outcome ?? new ProviderError(name, 'has not answered yet')
    note(error)
    return { error, isOver: isLate || stateOf(breaker, now()) === 'open' }
  }

  const askOnce = async (symbols: readonly string[], asking: Asking): Promise<Outcome> => {
    const refused = await refusal(symbols.length, asking.isForPerson)
    if (refused) return { error: refused, isOver: true }
    const isTrial = stateOf(breaker, now()) === 'half-open'
    if (isTrial) isTrying = true
    try {
      return await askBatch(symbols, asking)
    } finally {
      if (isTrial) isTrying = false
    }
  }

  /** Busy with what was asked of it in a round before. */
  const busy = ({ isForPerson }: Asking): Outcome | undefined => {
    if (overdue === 0) return undefined
    const error = new ProviderError(name, 'has not answered yet')
    // People may ask many times while one request is under way: that makes it no worse.
    if (!isForPerson) note(error)
    return { error, isOver: true }
  }

  const ask = async (symbols: readonly string[], asking: Asking): Promise<Asked> => {
    const answers: Answers = new Map()
    let error: Error | undefined
    let last = busy(asking)
    for (let start = 0; start < symbols.length; start += batch) {
      const some = symbols.slice(start, start + batch)
      if (!last || 'answers' in last || !last.isOver) last = await askOnce(some, asking)
      if ('error' in last) error = last.error
      for (const [symbol, answer] of 'answers' in last ? last.answers : missing(some, wordsOf(name, last.error)))
        answers.set(symbol, answer)
    }
    return { answers, ...(error === undefined ? {} : { error }) }
  }

  return {
    provider,
    careful: carefully(provider, budget, ask, () => {
      answeredAt = now()
    }),
    ask,
    lacks(symbol) {
      const found = lacking.get(symbol)
      if (found && found.until > now()) return found.answer
      lacking.delete(symbol)
      return undefined
    },
    interval(symbols) {
      const rest = symbols % batch
      return budget.interval(Math.floor(symbols / batch) * costOf(batch) + (rest > 0 ? costOf(rest) : 0))
    },
    health: () => healthOf(provider, breaker, { answeredAt, problem, latencies }, now()),
    left: budget.left,
  }
}

/** One request for anything but quotes costs one. A search may be for a slip of the pen: it takes nothing that is kept back. */
function carefully(provider: Provider, budget: Budget, ask: Source['ask'], answered: () => void): Provider {
  const { name, splits } = provider
  const paid = async <T>(work: () => Promise<T>, isForPerson = true): Promise<T> => {
    const left = await budget.take(1, isForPerson)
    if (left > 0) throw overLimit(name, left)
    const answer = await work()
    answered()
    return answer
  }
  return {
    ...provider,
    async quotes(symbols) {
      const { answers, error } = await ask(symbols, { isForPerson: true, patience: PATIENCE, arrived: () => {} })
      if (error && ![...answers.values()].some(isQuote)) throw error
      return answers
    },
    candles: (...what) => paid(() => provider.candles(...what)),
    search: (text) => paid(() => provider.search(text), false),
    ...(splits ? { splits: (symbol: string, from: number) => paid(() => splits(symbol, from)) } : {}),
  }
}

function overLimit(name: string, left: number): ProviderError {
  return new ProviderError(name, `may not be asked now: its limit is reached; ${toGo(left)} to go`)
}

/** As many symbols as one request can ask for and pay. */
function batchOf(batch: number, costOf: (symbols: number) => number, most: number): number {
  let size = batch
  while (size > 1 && costOf(size) > most) size -= 1
  return size
}

/** What a provider left out is unknown; a quote says how late it is. */
function complete(given: Answers, symbols: readonly string[], { name, delay }: Provider): Answers {
  const answerOf = (symbol: string): Quote | Unknown => {
    const answer = given.get(symbol)
    if (!answer) return { symbol, unknown: `${name} said nothing of ${tickerOf(symbol)}`, gone: false }
    return delay === undefined || !isQuote(answer) || answer.delay !== undefined ? answer : { ...answer, delay }
  }
  return new Map(symbols.map((symbol) => [symbol, answerOf(symbol)]))
}

function missing(symbols: readonly string[], unknown: string): Answers {
  return new Map(symbols.map((symbol) => [symbol, { symbol, unknown, gone: false }]))
}

function outdated(last: Quote, now: number): Unknown {
  const { symbol, source, price, currency, asOf = 0 } = last
  const age = toGo(now - asOf)
  const unknown = `${source} has nothing newer of ${tickerOf(symbol)} than ${price} ${currency} of ${age} ago`
  return { symbol, unknown, gone: false, last }
}

function isQuote(answer: Quote | Unknown): answer is Quote {
  return !('unknown' in answer)
}

/** A fault of ours is logged with its own words; a person is only told whose answer is missing. */
function wordsOf(name: string, error: Error): string {
  return error instanceof ProviderError ? error.message : `${name} could not be understood`
}

/** What a provider that rests would say: how long it asked us to wait, else what it failed with. */
function resting(name: string, { rest }: Breaker, problem: Error | undefined, now: number): Error {
  const left = Math.max(0, (rest?.until ?? now) - now)
  if (!(problem instanceof ProviderError)) return problem ?? new ProviderError(name, 'has not answered yet')
  if (problem.retryAfter === undefined || problem.permanent) return problem
  return new ProviderError(name, `asked us to wait; ${toGo(left)} to go`, left)
}

function healthOf(
  { name, classes }: Provider,
  breaker: Breaker,
  known: { answeredAt: number | undefined; problem: Error | undefined; latencies: readonly number[] },
  now: number,
): Health {
  const { failures, rest } = breaker
  const isResting = stateOf(breaker, now) === 'open'
  const isUnasked = failures === 0 && known.answeredAt === undefined
  const sorted = known.latencies.toSorted((a, b) => a - b)
  const share = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!
  return {
    name,
    classes,
    failures,
    state: isResting ? 'resting' : failures > 0 ? 'failing' : isUnasked ? 'unasked' : 'works',
    ...(isResting && rest ? { until: rest.until } : {}),
    ...(known.answeredAt === undefined ? {} : { answeredAt: known.answeredAt }),
    ...(failures > 0 && known.problem !== undefined ? { problem: wordsOf(name, known.problem) } : {}),
    ...(sorted.length > 0 ? { latency: { p50: share(0.5), p95: share(0.95) } } : {}),
  }
}
