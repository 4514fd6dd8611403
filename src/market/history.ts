import type { Candle, Interval, Need, Series } from '../condition/history.ts'
import { classOf, tickerOf } from '../condition/name.ts'
import { bucketStart, candleEnd, nextBucket } from './candles.ts'
import { isDaily, ratesLast } from './chain.ts'
import type { Gap } from './gaps.ts'
import { createHoles } from './holes.ts'
import type { CandlesKept } from './kept-candles.ts'
import { inTime, PATIENCE } from './patience.ts'
import { type AssetClass, INTERVALS, type Provider, ProviderError } from './provider.ts'
import { reachBack, reachFurther } from './reach.ts'
import type { Calendar } from './sessions.ts'
import type { Shares } from './shares.ts'

/** A need of somebody who hears prices by himself: `since` when (ms). Candles that end before it would leave a hole. */
export type Want = Need & { readonly since: number }

/** The candles of one symbol at one interval as they were at a moment. Times are ms. News are another object. */
export type Past = {
  readonly symbol: string
  readonly interval: Interval
  /** Oldest first, their starts those of `bucketStart`. */
  readonly candles: readonly Candle[]
  /** Candles that begin here or later are not over. */
  readonly liveFrom: number
  /** When the last one that is over ended, and when the one after it will end. */
  readonly closedAt: number
  readonly closesNext: number
  /** Up to when it reaches. */
  readonly at: number
  /** From when on it could be known. */
  readonly knownAt: number
  /** The provider's name. */
  readonly source: string
  /** Why it could not be had anew, in words a person may read. Candles that are here all the same are older ones. */
  readonly why?: string
  /** Of a stock that was split: since when (ms) that is known. Whoever has candles of another `sharesSince` has other shares. */
  readonly sharesSince?: number
  /** One rate a day: what lay between those is in no high and no low. */
  readonly isOfRates?: boolean
  /** Where candles are missing and nobody else has them, although there was trading; oldest first. */
  readonly gaps?: readonly Gap[]
}

/** Where candles come from, for whoever looks back. */
export type History = {
  /** What is needed, by symbol and interval; waits for at most `patience` ms, and what has not come by then is empty. */
  load(needs: readonly Need[], patience?: number): Promise<ReadonlyMap<string, ReadonlyMap<Interval, Series>>>
  /**
   * What is here of what is wanted at `now` (ms). What is missing or out of date is asked for, but waited for only in a
   * market that answers at once.
   */
  follow(wants: readonly Want[], now: number): Promise<readonly Past[]>
  /**
   * What is here of it, in memory or kept, however old: nobody is asked but a market that answers at once. Undefined
   * where there is nothing.
   */
  inHand(need: Need): Promise<Past | undefined>
}

/** What a history is made from. `failed` hears of candles that could not be had. */
export type HistoryPorts = {
  providersFor(kind: AssetClass): readonly Provider[]
  readonly calendar: Calendar
  /** The clock of evaluation, ms. */
  now(): number
  failed(symbol: string, error: unknown): void
  /** A made or recorded market: it answers at once and knows a candle the moment it is over. */
  readonly isInstant: boolean
  /** What was had before, by this process or by another: asked before the providers. */
  readonly kept?: CandlesKept
  /** Which candles are of the shares of today; without it all are. */
  readonly shares?: Pick<Shares, 'refresh' | 'since'>
}

const MINUTE = 60_000
/** How many requests are under way at a time; the others wait, so that quotes get through between them. */
const CONCURRENCY = 4
/** After candles could not be had, they are not asked for again for this long, ms. */
const RETRY_AFTER = MINUTE
/** Shorter candles than hours are had anew so often, ms: prices that were seen extend them, volumes and extremes do not come by those. */
const REFRESH = 5 * MINUTE
/** So much may have been missed (ms) by who hears prices since a little after the candles were asked for. */
const SLACK = 30_000
/** What nobody asked for is forgotten after this long, ms. */
const FORGET_AFTER = 60 * MINUTE
/** Rates of a day are made do with for so long, ms: then those who know the market are asked again. */
const RATES_FOR = 15 * MINUTE
/** Two providers say the same of a candle within this share of its price. */
const ALIKE = 0.03
/** A day without a candle so long after its end was a holiday that the calendar does not know, ms. */
const HOLIDAY_AFTER = 180 * MINUTE

type Known = {
  readonly past: Past
  /** How many candles were asked for. */
  readonly count: number
  /** There are no more than these. */
  readonly isAll: boolean
  readonly validUntil: number
  usedAt: number
}

/** A history that asks for the candles of each symbol and interval once, however many want them. */
export function createHistory(ports: HistoryPorts): History {
  const { now, isInstant } = ports
  const known = new Map<string, Known>()
  const asked = new Map<string, Promise<void>>()
  const inTurn = createTurns(CONCURRENCY)
  const sharesSince = (symbol: string) => ports.shares?.since(symbol) ?? Number.NEGATIVE_INFINITY

  const holes = createHoles({ ...ports, align: aligned })

  /** With what others have of its holes. A recording has no more than its rows. */
  const whole = async (past: Past): Promise<Past> => {
    if (isInstant || past.candles.length === 0 || past.isOfRates) return past
    const { gaps: _, ...rest } = past
    const { candles, holes: gaps } = await holes.filled(past)
    return { ...rest, candles, ...(gaps.length > 0 ? { gaps } : {}) }
  }

  /** What is known; of candles of other shares only that they are of no use. */
  const knownTo = (need: Need): Known | undefined => {
    const found = known.get(keyOf(need))
    const since = sharesSince(need.symbol)
    if (!found || found.past.at >= since) return found
    const none = {
      ...pastOf(need, [], since, { name: '' }, ports),
      why: `The history of ${tickerOf(need.symbol)} is of before its split.`,
    }
    const useless = { ...knownOf({ ...none, sharesSince: since }, 0, found.usedAt), validUntil: since }
    known.set(keyOf(need), useless)
    return useless
  }

  const remember = (past: Past, count: number, at: number, validUntil: number) => {
    const since = sharesSince(past.symbol)
    const ours = since === Number.NEGATIVE_INFINITY ? past : { ...past, sharesSince: since }
    known.set(keyOf(past), { ...knownOf(ours, count, at), validUntil })
  }

  /** What cannot be read or written now is no reason to do without candles. */
  const recall = async (want: Want, at: number) => {
    const { symbol, interval } = want
    const found = await ports.kept?.read(symbol, interval).catch((error: unknown) => void ports.failed(symbol, error))
    const mine = knownTo(want)
    if (!found || found.at > at || found.at < sharesSince(symbol)) return
    const theirs = await whole(pastOf(found, found.candles, found.at, { name: found.source }, ports))
    if (!mine) return remember(theirs, found.count, at, validUntilOf(theirs, ports))
    const isNewer = found.at > mine.past.at
    if (!isNewer && found.count <= mine.count) return
    // The newer of the two, and what the other one has of before it.
    const count = Math.max(mine.count, found.count)
    const past = isNewer ? over(mine.past, theirs, count) : over(theirs, mine.past, count)
    remember(past, count, at, isNewer ? validUntilOf(past, ports) : mine.validUntil)
  }

  /** Rates of a day are made do with for a while: nobody else is to take them for candles. */
  const keep = async ({ symbol, interval, candles, source, why, at, isOfRates }: Past, count: number) => {
    if (why !== undefined || isOfRates) return
    const kept = { symbol, interval, candles, source, at, count }
    await ports.kept?.write(kept).catch((error: unknown) => ports.failed(symbol, error))
  }

  const ask = async (want: Want, at: number) => {
    await recall(want, at)
    if (isGood(want, at)) return
    const before = knownTo(want)
    const need = { ...want, count: Math.max(want.count, before?.count ?? 0) }
    const past = await whole(await bringUp(need, at, before, ports))
    // Those of before a split that was learned of meanwhile would be joined to those of after it.
    if (at < sharesSince(want.symbol)) return
    remember(past, need.count, at, past.why === undefined ? validUntilOf(past, ports) : at + RETRY_AFTER)
    for (const [key, { usedAt }] of known) if (at - usedAt > FORGET_AFTER) known.delete(key)
    await keep(past, need.count)
  }

  /** One request at a time for each symbol and interval. */
  const askOnce = (want: Want, at: number): Promise<void> => {
    const key = keyOf(want)
    const underWay = asked.get(key)
    if (underWay) return underWay
    const work = inTurn(() => ask(want, at))
      .catch((error: unknown) => ports.failed(want.symbol, error))
      .finally(() => asked.delete(key))
    asked.set(key, work)
    return work
  }

  const isGood = (want: Want, at: number) => {
    const found = knownTo(want)
    if (!found || at >= found.validUntil) return false
    return found.past.why !== undefined || (found.count >= want.count && reaches(found.past, want))
  }

  /** Whoever was asked for fewer before is asked again for all. */
  const bring = async (want: Want, at: number) => {
    if (!isGood(want, at)) await askOnce(want, at)
    if (!isGood(want, at)) await askOnce(want, at)
  }

  const reaches = ({ at, candles }: Past, { since }: Want) =>
    candles.length === 0 || at >= since - (isInstant ? 0 : SLACK)

  const find = (want: Want): Past[] => {
    const found = knownTo(want)
    return found && reaches(found.past, want) ? [found.past] : []
  }

  const use = (wants: readonly Want[], at: number) => {
    for (const want of wants) {
      const found = known.get(keyOf(want))
      if (found) found.usedAt = at
    }
  }

  return {
    async load(needs, patience = PATIENCE) {
      await ports.shares?.refresh()
      const at = now()
      const wants = together(needs).map((need) => ({ ...need, since: isInstant ? at : freshSince(need, at) }))
      use(wants, at)
      await inTime(Promise.all(wants.map((want) => bring(want, at))), patience)
      const table = new Map<string, Map<Interval, Series>>()
      for (const want of wants) {
        const bySymbol = table.get(want.symbol) ?? new Map<Interval, Series>()
        table.set(want.symbol, bySymbol.set(want.interval, seriesOf(find(want)[0])))
      }
      return table
    },
    async follow(wants, at) {
      const all = together(wants)
      // What others learned of is known before anything is looked at.
      if (all.some(({ symbol }) => classOf(symbol) === 'stock')) await ports.shares?.refresh()
      use(all, at)
      const work = all.filter((want) => !isGood(want, at)).map((want) => bring(want, at))
      if (isInstant) await Promise.all(work)
      return all.flatMap(find)
    },
    async inHand(need) {
      await ports.shares?.refresh()
      const at = now()
      const want = { ...need, since: at }
      const found = knownTo(need)
      if (isInstant) await bring(want, at)
      else if (!found || at - found.past.at > REFRESH) await recall(want, at)
      return knownTo(need)?.past
    },
  }
}

function knownOf(past: Past, count: number, usedAt: number) {
  return { past, count, usedAt, isAll: past.why === undefined && past.candles.length < count }
}

function keyOf({ symbol, interval }: Pick<Need, 'symbol' | 'interval'>): string {
  return `${symbol} ${interval}`
}

/** Each symbol and interval once, with the largest count and the latest `since`. */
function together<N extends Need & { readonly since?: number }>(needs: readonly N[]): N[] {
  const found = new Map<string, N>()
  for (const need of needs) {
    const other = found.get(keyOf(need))
    if (!other) found.set(keyOf(need), need)
    else if (need.count > other.count || (need.since ?? 0) > (other.since ?? 0)) {
      const count = Math.max(need.count, other.count)
      const since = Math.max(need.since ?? 0, other.since ?? 0)
      found.set(keyOf(need), { ...need, count, ...(need.since === undefined ? {} : { since }) })
    }
  }
  return [...found.values()]
}

/** Who does not hear prices by himself wants short candles as they are now; of days the price now is enough. */
function freshSince({ interval }: Need, at: number): number {
  return INTERVALS[interval] < INTERVALS['1d'] ? at : Number.NEGATIVE_INFINITY
}

function seriesOf(past: Past | undefined): Series {
  const nothing = { finished: [], live: undefined, version: 0 }
  if (past === undefined) return { ...nothing, why: 'Its history is not here yet.' }
  const { candles, liveFrom, why, isOfRates, source, gaps } = past
  if (candles.length === 0) return { ...nothing, why: why ?? 'There is no history of it.' }
  return {
    finished: candles.filter(({ start }) => start < liveFrom),
    live: candles.find(({ start }) => start >= liveFrom),
    version: 0,
    why: undefined,
    ...(isOfRates ? { rates: source } : {}),
    ...(gaps ? { gaps } : {}),
  }
}

/**
 * Brings what is known up to `at`, without a hole in between: asked for is at least what came since. Where that makes too
 * few candles, and it was not seen yet that there are no more, further back is asked too.
 */
async function bringUp(need: Need, at: number, before: Known | undefined, ports: HistoryPorts): Promise<Past> {
  const { symbol, interval, count } = need
  const furthest = reachFurther(need, at, ports.calendar)
  const since = before ? bucketStart(symbol, interval, before.past.at) : Number.POSITIVE_INFINITY
  const from = Math.max(furthest, Math.min(reachBack(need, at, ports.calendar), since))
  const joins = before !== undefined && since >= from
  // Rates of a day are better than nothing, but never in place of candles.
  const isOfRates = !joins || before.past.candles.length === 0 || before.past.isOfRates === true
  const past = over(joins ? before.past : undefined, await askProviders(need, from, at, ports, isOfRates), count)
  const isKnown = joins && before.isAll && before.count === count
  if (past.why !== undefined || past.candles.length >= count || isKnown || from <= furthest) return past
  const further = await askProviders(need, furthest, at, ports, isOfRates)
  return further.why === undefined ? over(past, further, count) : past
}

/** What is known after candles were had anew, or could not be: what lies further back than they reach stays. */
function over(before: Past | undefined, past: Past, count: number): Past {
  if (before === undefined) return past
  if (past.why !== undefined) return { ...before, why: past.why }
  const first = past.candles[0]?.start ?? Number.POSITIVE_INFINITY
  const older = past.candles.length < count ? before.candles.filter(({ start }) => start < first) : []
  return older.length === 0 || !isAlike(before, past)
    ? past
    : { ...past, candles: [...older, ...past.candles].slice(-count) }
}

/** Whether two answers are of the same thing: they say the same of the first candle that both have. */
function isAlike(one: Past, other: Past): boolean {
  const [first] = other.candles
  const same = one.candles.find(({ start }) => start === first?.start)
  if (!first || !same) return true
  return Math.abs(Number(first.open) / Number(same.open) - 1) <= ALIKE
}

/**
 * Asks the providers of the symbol's class, one after the other until one has candles; who has but one rate a day last, and
 * only where `areRatesWanted`. Never throws.
 */
async function askProviders(
  need: Need,
  from: number,
  at: number,
  ports: HistoryPorts,
  areRatesWanted: boolean,
): Promise<Past> {
  const { symbol, interval, count } = need
  const problems: string[] = []
  let silent: string | undefined
  for (const provider of ratesLast(ports.providersFor(classOf(symbol)))) {
    if (isDaily(provider) && !areRatesWanted) continue
    try {
      const candles = await provider.candles(symbol, interval, from, at)
      if (candles.length > 0) {
        const past = pastOf(need, aligned(symbol, interval, candles).slice(-count), at, provider, ports)
        return isDaily(provider) ? { ...past, isOfRates: true } : past
      }
      silent ??= provider.name
    } catch (error) {
      ports.failed(symbol, error)
      problems.push(error instanceof ProviderError ? error.message : `${provider.name} could not be understood`)
    }
  }
  const none = pastOf(need, [], at, { name: silent ?? '' }, ports)
  // An empty answer is an answer: nothing was traded yet.
  if (silent !== undefined) return none
  const reason = problems.length > 0 ? problems.join('; ') : `there is no source for ${tickerOf(symbol)}`
  return { ...none, why: `Its history could not be had: ${reason}.` }
}

/**
 * Candles with the starts that ours have. A provider's day may begin at the opening, or at midnight in London: noon is in
 * the same day for all.
 */
function aligned(symbol: string, interval: Interval, candles: readonly Candle[]): Candle[] {
  const shift = INTERVALS[interval] < INTERVALS['1d'] ? 0 : INTERVALS['1d'] / 2
  const starts = new Map<number, Candle>()
  for (const candle of candles) {
    const start = bucketStart(symbol, interval, candle.start + shift)
    starts.set(start, start === candle.start ? candle : { ...candle, start })
  }
  return [...starts.values()]
}

function pastOf(
  { symbol, interval }: Need,
  candles: readonly Candle[],
  at: number,
  { name }: Pick<Provider, 'name'>,
  ports: HistoryPorts,
): Past {
  const end = (start: number) => candleEnd(symbol, interval, start, ports.calendar)
  const last = candles.at(-1)
  const live = last !== undefined && end(last.start) + lateness(symbol, ports) > at ? last : undefined
  const finished = live ? candles.at(-2) : last
  const closedAt = finished ? end(finished.start) : Number.NEGATIVE_INFINITY
  return {
    symbol,
    interval,
    candles,
    liveFrom: live?.start ?? Number.POSITIVE_INFINITY,
    closedAt,
    closesNext: live ? end(live.start) : nextEnd({ symbol, interval }, finished?.start, at, ports),
    at,
    knownAt: ports.isInstant ? closedAt : at,
    source: name,
  }
}

/** The closing price takes a minute or two to arrive, and elsewhere most prices are told 15 to 20 minutes late; ms. */
function lateness(symbol: string, { isInstant }: HistoryPorts): number {
  if (isInstant) return 0
  if (classOf(symbol) !== 'stock') return 10_000
  return tickerOf(symbol).includes('.') ? 25 * MINUTE : 2 * MINUTE
}

type Line = Pick<Need, 'symbol' | 'interval'>

/** When the first candle ends (ms) that is to come at `at`, after the last finished one, which begins at `start`. */
function nextEnd(line: Line, start: number | undefined, at: number, ports: HistoryPorts): number {
  const { symbol, interval } = line
  // Of short candles some are missing where nobody trades: only for days and weeks is one that does not come worth a wait.
  const wait = INTERVALS[interval] < INTERVALS['1d'] ? 0 : HOLIDAY_AFTER + lateness(symbol, ports)
  const earliest = bucketStart(symbol, interval, at - wait)
  const after = start === undefined ? at : nextBucket(symbol, interval, start)
  let next = tradingBucket(line, Math.max(earliest, after), ports)
  while (candleEnd(symbol, interval, next, ports.calendar) + wait <= at)
    next = tradingBucket(line, nextBucket(symbol, interval, next), ports)
  return candleEnd(symbol, interval, next, ports.calendar)
}

/** The start (ms) of the first candle with trading in it: the one that `from` falls into, or one after it. */
function tradingBucket({ symbol, interval }: Line, from: number, { calendar }: HistoryPorts): number {
  const start = bucketStart(symbol, interval, from)
  const end = candleEnd(symbol, interval, start, calendar)
  if (calendar.isOpen(symbol, end - 1)) return start
  const opening = calendar.nextOpen(symbol, end - 1)
  return opening === Number.POSITIVE_INFINITY ? start : bucketStart(symbol, interval, opening)
}

/** When candles are to be had anew, ms. */
function validUntilOf({ symbol, interval, at, closesNext, liveFrom, isOfRates }: Past, ports: HistoryPorts): number {
  if (isOfRates) return at + RATES_FOR
  const size = INTERVALS[interval]
  const isTrading = liveFrom <= at || ports.calendar.isOpen(symbol, at)
  // A recording must give the same at any speed: there each candle comes at its own end.
  if (size < INTERVALS['1h'] && isTrading && !ports.isInstant) return at + Math.max(REFRESH, size)
  const due = closesNext + lateness(symbol, ports)
  // One that should be here and is not is asked for after as long again as it has been due.
  return due > at ? due : at + Math.max(RETRY_AFTER, at - due)
}

/** Lets so many pieces of work run at a time, the others in their order. */
function createTurns(size: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = size
  return async (work) => {
    if (free === 0) await new Promise<void>((go) => waiting.push(go))
    else free -= 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
