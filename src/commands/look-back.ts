import { setImmediate as turn } from 'node:timers/promises'
import type { Content } from '../alert/change.ts'
import { type Course, momentsOf } from '../backtest/candles.ts'
import { needsOf } from '../backtest/needs.ts'
import { resolutionFor } from '../backtest/resolution.ts'
import { backtest, type Outcome, type Period } from '../backtest.ts'
import { INTERVALS, type Interval, type Need } from '../condition/history.ts'
import { classOf, tickerOf } from '../condition/name.ts'
import { messageOf, UserError } from '../errors.ts'
import type { Archive } from '../market/archive.ts'
import { bucketStart } from '../market/candles.ts'
import { dayStart } from '../market/day-start.ts'
import { ProviderError, type Quote, type Unknown } from '../market/provider.ts'
import type { Segment } from '../market/sessions.ts'

/** What looking back works with; times are ms. */
export type LookBackPorts = {
  readonly archive: Archive
  sessionAt(symbol: string, at: number): Segment
  now(): number
}

/** What would have come of an alert in a period, and how closely that was looked at. */
export type LookBack = Outcome & {
  /** What was looked at of the period that was asked for. */
  readonly period: Period
  readonly resolution: Interval | 'quotes'
  /** What was not there to be looked at, in whole sentences. */
  readonly missing: readonly string[]
}

/**
 * What would have come of an alert, by the closes of finished candles. `quotes`: what its symbols are quoted in. Throws a
 * `UserError` where the candles are too long for it, or cannot be had.
 */
export async function lookBack(
  content: Content,
  quotes: ReadonlyMap<string, Quote | Unknown>,
  asked: Period,
  ports: LookBackPorts,
): Promise<LookBack> {
  const now = ports.now()
  const whole = { from: asked.from, to: Math.min(asked.to, now) }
  if (whole.from >= whole.to) throw new UserError('That time is still to come: I can only look back.')
  const resolution = resolutionFor(content, whole, now)
  const courses = await Promise.all(
    content.symbols.map((symbol) =>
      courseOf(symbol, content.needs, quotes.get(symbol), whole, resolution, ports.archive),
    ),
  )
  const { period, missing } = whatIsThere(courses, whole)
  const hours = { ...BELIEVED, sessionAt: ports.sessionAt }
  const moments = momentsOf(content, courses, resolution, dayStart)
  const outcome = await inTurns(backtest(content, moments, period, { hours, apart: NEVER }))
  return { ...outcome, period, resolution, missing: [...missing, ...unseenHours(content)] }
}

/** Candles are of regular trading. */
function unseenHours({ options, symbols }: Content): string[] {
  const isWider = options.during !== undefined && options.during !== 'regular'
  if (!isWider || !symbols.some((symbol) => classOf(symbol) === 'stock')) return []
  return ['Past prices of stocks are of regular trading: extended hours could not be looked at.']
}

const NEVER = Number.POSITIVE_INFINITY
/** A candle's close is believed until the next one, and no candle is made from quotes. */
const BELIEVED = { bucketStart, candleEnd: () => NEVER, freshFor: () => NEVER, silence: () => '' }

/** How long work may hold up everybody else, ms. */
const TURN = 20

/** Does work bit by bit, and lets others have their turn in between. */
export async function inTurns<Result>(work: Generator<void, Result>): Promise<Result> {
  for (;;) {
    const end = performance.now() + TURN
    do {
      const { done, value } = work.next()
      if (done) return value
    } while (performance.now() < end)
    await turn()
  }
}

async function courseOf(
  symbol: string,
  needs: readonly Need[],
  quote: Quote | Unknown | undefined,
  period: Period,
  resolution: Interval,
  archive: Archive,
): Promise<Course> {
  if (quote === undefined || 'unknown' in quote)
    throw new UserError(`I cannot look back: ${quote?.unknown ?? `there is no price of ${tickerOf(symbol)} now`}.`)
  const own = needsOf(symbol, needs)
  const longer = own.filter(({ interval }) => INTERVALS[interval] > INTERVALS[resolution])
  const count = Math.max(...own.map((need) => stepsBefore(need, resolution)), stepsOf(DAY, resolution))
  const wants = [{ symbol, interval: resolution, count }, ...longer]
  const [steps = [], ...others] = await Promise.all(wants.map((want) => ask(want, period, archive)))
  const { currency, minor, source } = quote
  const unit = minor ? { currency, minor } : { currency }
  return {
    symbol,
    ...unit,
    source,
    steps,
    longer: new Map(longer.map(({ interval }, index) => [interval, others[index]!])),
  }
}

/** How many steps are needed before the first look: for a window, or for a longer candle that had begun by then. */
function stepsBefore({ interval, count }: Need, resolution: Interval): number {
  const isLonger = INTERVALS[interval] > INTERVALS[resolution]
  return stepsOf(INTERVALS[interval] * (isLonger ? 1 : count), resolution)
}

/** How many steps there are in a stretch of time (ms), and two more for its edges. */
function stepsOf(ms: number, resolution: Interval): number {
  return Math.ceil(ms / INTERVALS[resolution]) + 2
}

async function ask(want: Need, { from, to }: Period, archive: Archive) {
  try {
    return await archive(want, from, to)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new UserError(`I cannot look back at ${tickerOf(want.symbol)}: ${messageOf(error)}.`)
  }
}

const DAY = INTERVALS['1d']
/** So much of a period may lack prices at its beginning without a word, ms: a long weekend. */
const UNTOLD = 5 * DAY

/** A period from where there are prices of every symbol on. Throws a `UserError` where there are none of one. */
function whatIsThere(courses: readonly Course[], { from, to }: Period): { period: Period; missing: string[] } {
  const begins = courses.map(({ symbol, steps: [first] }) => {
    if (!first) throw new UserError(`There are no past prices of ${tickerOf(symbol)} to look back at.`)
    return { symbol, at: first.end }
  })
  const late = begins.filter(({ at }) => at > from + UNTOLD)
  return {
    period: { from: Math.max(from, ...late.map(({ at }) => at)), to },
    missing: late.map(({ symbol }) => `There are no older prices of ${tickerOf(symbol)}.`),
  }
}
