import type { Content } from '../../src/alert/change.ts'
import { type Course, momentsOf } from '../../src/backtest/candles.ts'
import type { Hours, Moment } from '../../src/backtest/scene.ts'
import { backtest, type Outcome, type Period } from '../../src/backtest.ts'
import { daySymbolsOf } from '../../src/condition/day.ts'
import { format } from '../../src/condition/format.ts'
import { INTERVALS, type Interval } from '../../src/condition/history.ts'
import { classOf } from '../../src/condition/name.ts'
import { needs } from '../../src/condition/needs.ts'
import { parse } from '../../src/condition/parse.ts'
import { keyOf, symbolsOf } from '../../src/condition/symbols.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { instantOf } from '../../src/condition/until.ts'
import type { Finished } from '../../src/market/archive.ts'
import { bucketStart, candleEnd } from '../../src/market/candles.ts'
import { dayStart } from '../../src/market/day-start.ts'
import type { Quote } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'
import { currencyOf, guess } from '../../src/market/symbols.ts'

/** Monday 2 March 2026, 15:00 UTC; 10:00 in New York: minute 0 of every story. */
export const START = Date.UTC(2026, 2, 2, 15)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const HOURS = calendar({ alwaysOpen: false })

/** A line as it would be understood at `now` (ms) in UTC. */
export function aContent(line: string, now = START): Content {
  const parsed = parse(line, { now, zone: 'UTC' })
  const bindings = Object.fromEntries(symbolsOf(parsed.condition).map((node) => [keyOf(node), guess(keyOf(node))!]))
  const { until } = parsed.options
  return {
    typed: line,
    text: format(parsed),
    ...parsed,
    until: until ? instantOf(until, 'UTC') : null,
    bindings,
    symbols: [...new Set(Object.values(bindings))],
    daySymbols: daySymbolsOf(parsed.condition).map((node) => bindings[keyOf(node)]!),
    needs: needs(parsed, (written) => classOf(bindings[written]!)).map((need) => ({
      ...need,
      symbol: bindings[need.symbol]!,
    })),
    zone: 'UTC',
    triggerCount: triggersOf(parsed).length,
  }
}

/** A recorded quote. */
export function aTick(symbol: string, at: number, price: string, volume?: string): Quote {
  const currency = currencyOf(symbol) ?? 'USD'
  return {
    symbol,
    price,
    currency,
    source: 'replay',
    receivedAt: at,
    asOf: at,
    ...(volume === undefined ? {} : { volume }),
  }
}

/** Runs a backtest to its end. */
export function run(content: Content, moments: Iterable<Moment>, period: Period, given: Partial<Hours> = {}): Outcome {
  const hours: Hours = {
    sessionAt: HOURS.sessionAt,
    bucketStart,
    candleEnd: (symbol, interval, start) => candleEnd(symbol, interval, start, HOURS),
    freshFor: () => Number.POSITIVE_INFINITY,
    silence: () => 'the recording has no newer price of it',
    ...given,
  }
  const work = backtest(content, moments, period, { hours, apart: Number.POSITIVE_INFINITY })
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

/** `0:490 1:510 2:490/80`: what symbols cost, in minutes from `START`. */
export function ticksOf(story: string, symbols: readonly string[]): Moment[] {
  return story.split(' ').map((event) => {
    const [minute = '', seen = ''] = event.split(':')
    const at = START + Number(minute) * MINUTE
    const prices = seen.split('/').flatMap((price, index) => (price === '' ? [] : [aTick(symbols[index]!, at, price)]))
    return { at, quotes: prices }
  })
}

/** `490 510 480-520:505`: candles one after another from `start` (ms) on; `low-high:close`, or the close alone. */
export function candlesOf(symbol: string, interval: Interval, start: number, story: string): Finished[] {
  let before: string | undefined
  return story.split(' ').map((text, index) => {
    const [close = '', range] = text.split(':').reverse()
    const open = before ?? close
    const [low, high] = range?.split('-') ?? [open, close].sort((a, b) => Number(a) - Number(b))
    before = close
    const from = start + index * INTERVALS[interval]
    return {
      start: from,
      open,
      high: high!,
      low: low!,
      close,
      volume: '100',
      end: candleEnd(symbol, interval, from, HOURS),
    }
  })
}

/** One symbol's past. */
export function aCourse(symbol: string, steps: readonly Finished[], longer: Course['longer'] = new Map()): Course {
  return { symbol, currency: currencyOf(symbol) ?? 'USD', source: 'test', steps, longer }
}

/** Runs a backtest over candles, from the first close to the last where no period is given. */
export function runCandles(line: string, courses: readonly Course[], resolution: Interval, period?: Period): Outcome {
  const content = aContent(line)
  const ends = courses.flatMap(({ steps }) => steps.map(({ end }) => end))
  const whole = period ?? { from: Math.min(...ends), to: Math.max(...ends) }
  return run(content, momentsOf(content, courses, resolution, dayStart), whole)
}
