import type { Content } from '../src/alert/change.ts'
import { momentsOf } from '../src/backtest/candles.ts'
import { backtest } from '../src/backtest.ts'
import { daySymbolsOf } from '../src/condition/day.ts'
import { format } from '../src/condition/format.ts'
import { type Candle, INTERVALS, type Interval } from '../src/condition/history.ts'
import { classOf } from '../src/condition/name.ts'
import { needs } from '../src/condition/needs.ts'
import { parse } from '../src/condition/parse.ts'
import { keyOf, symbolsOf } from '../src/condition/symbols.ts'
import { triggersOf } from '../src/condition/triggers.ts'
import type { Finished } from '../src/market/archive.ts'
import { bucketStart } from '../src/market/candles.ts'
import { dayStart } from '../src/market/day-start.ts'
import { calendar } from '../src/market/sessions.ts'
import { guess } from '../src/market/symbols.ts'
import { figure, median, quantile, type Say, table, timed } from './stats.ts'

const NOW = Date.UTC(2026, 10, 23)
const DAY = INTERVALS['1d']
const NEVER = Number.POSITIVE_INFINITY
const ROUNDS = 15
const WARM_UP = 5

/** What is looked back with: over how many days, at which interval. */
const CASES: readonly (readonly [line: string, days: number, interval: Interval])[] = [
  ['BTC > 105000 or < 95000', 30, '1h'],
  ['BTC crosses 100k cooldown 1h', 30, '1h'],
  ['BTC up 2% in 1h', 7, '5m'],
  ['BTC > sma(BTC, 50) and rsi(BTC, 14) < 60', 30, '1h'],
  ['BTC > sma(BTC, 50, 1h) for 1h', 30, '1h'],
  ['BTC drops 10% from its 30d high', 30, '1h'],
  ['BTC change > 2 or BTC volume > 1bn', 30, '1h'],
  ['BTC > 105000 or < 95000', 700, '1h'],
  ['BTC drops 10% from its 30d high', 700, '1d'],
  ['BTC > 105000 or < 95000', 50, '5m'],
]

/** Measures backtests over candles that are here already. */
export async function run(say: Say): Promise<void> {
  const rows = [['condition', 'looks', 'firings', 'ms', 'longest step, ms']]
  for (const [line, days, interval] of CASES) rows.push(await measure(line, days, interval))
  for (const text of table(rows)) say(text)
}

async function measure(line: string, days: number, interval: Interval): Promise<string[]> {
  const content = contentOf(line)
  const period = { from: NOW - days * DAY, to: NOW }
  const longer = content.needs.filter((need) => INTERVALS[need.interval] > INTERVALS[interval])
  const course = {
    symbol: 'crypto:BTC/USD',
    currency: 'USD',
    source: 'bench',
    steps: candles(interval, period.from - 3 * DAY, NOW),
    longer: new Map(longer.map((need) => [need.interval, candles(need.interval, period.from - 400 * DAY, NOW)])),
  }
  const { sessionAt } = calendar({ alwaysOpen: false })
  const hours = { sessionAt, bucketStart, candleEnd: () => NEVER, freshFor: () => NEVER, silence: () => '' }
  const times: number[] = []
  const steps: number[] = []
  let outcome = { looks: 0, firings: 0 }
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    if (round === 0) steps.length = 0
    const [ms] = await timed(() => {
      const work = backtest(content, momentsOf(content, [course], interval, dayStart), period, { hours, apart: NEVER })
      for (;;) {
        const begin = performance.now()
        const { done, value } = work.next()
        steps.push(performance.now() - begin)
        if (done) {
          outcome = { looks: value.looks, firings: value.firings.length }
          return
        }
      }
    })
    if (round >= 0) times.push(ms)
  }
  const title = `${line}, ${days} d by ${interval}`
  return [title, figure(outcome.looks), figure(outcome.firings), figure(median(times)), figure(quantile(steps, 0.9999))]
}

function contentOf(line: string): Content {
  const parsed = parse(line, { now: NOW, zone: 'UTC' })
  const bindings = Object.fromEntries(symbolsOf(parsed.condition).map((node) => [keyOf(node), guess(keyOf(node))!]))
  return {
    typed: line,
    text: format(parsed),
    ...parsed,
    until: null,
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

/** Two waves around 100,000: one of nine days, one of five hours. */
function priceAt(at: number): string {
  const wave = (days: number) => Math.sin((at / DAY / days) * 2 * Math.PI)
  return (100_000 + 8_000 * wave(9) + 1_500 * wave(5 / 24)).toFixed(2)
}

function candles(interval: Interval, from: number, to: number): Finished[] {
  const size = INTERVALS[interval]
  const made: Finished[] = []
  for (let start = Math.floor(from / size) * size; start + size <= to; start += size) {
    const prices = Array.from({ length: 5 }, (_, part) => priceAt(start + (size * part) / 4))
    const sorted = [...prices].sort((one, other) => Number(one) - Number(other))
    const candle: Candle = {
      start,
      open: prices[0]!,
      high: sorted.at(-1)!,
      low: sorted[0]!,
      close: prices.at(-1)!,
      volume: '1234.5678',
    }
    made.push({ ...candle, end: start + size })
  }
  return made
}
