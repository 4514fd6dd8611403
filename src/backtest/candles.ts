import { Decimal } from 'decimal.js'
import type { Content } from '../alert/change.ts'
import type { Minor } from '../condition/currency.ts'
import { type Candle, INTERVALS, type Interval } from '../condition/history.ts'
import { inMinorUnit } from '../condition/series.ts'
import { metricsOf } from '../condition/symbols.ts'
import type { Finished } from '../market/archive.ts'
import type { Quote } from '../market/provider.ts'
import { needsOf } from './needs.ts'
import type { Moment, Range, Sheet } from './scene.ts'

/** How one symbol went. Candles are oldest first, in the currency's main unit. */
export type Course = {
  readonly symbol: string
  readonly currency: string
  readonly minor?: Minor
  /** The provider's name. */
  readonly source: string
  /** The candles whose closes are looked at. */
  readonly steps: readonly Finished[]
  /** Candles of longer intervals that the condition needs. */
  readonly longer: ReadonlyMap<Interval, readonly Candle[]>
}

/** When the day began that the figures of the day at a candle are counted over; ms. */
export type DayStart = (symbol: string, candle: Finished) => number

/**
 * The closes of finished candles as the moments of a backtest, in the order of time: at each end of a candle of some
 * symbol its close is heard, with the figures of its day, the candles that the condition needs up to there, and how far
 * the price went. `resolution` is the interval of the steps. Of a longer candle that is not over yet only those steps of
 * it are seen that are.
 */
export function* momentsOf(
  content: Content,
  courses: readonly Course[],
  resolution: Interval,
  dayStart: DayStart,
): Generator<Moment> {
  const tellers = courses.map((course) => tellerOf(content, course, resolution, dayStart))
  const order = courses
    .flatMap(({ steps }, teller) => steps.map(({ end }, index) => ({ end, teller, index })))
    .sort((one, other) => one.end - other.end)
  for (let i = 0; i < order.length; ) {
    const at = order[i]!.end
    const told: Told[] = []
    for (; order[i]?.end === at; i += 1) told.push(tellers[order[i]!.teller]!(order[i]!.index))
    yield {
      at,
      quotes: told.map(({ quote }) => quote),
      sheets: told.flatMap(({ sheets }) => sheets),
      ranges: told.map(({ range }) => range),
    }
  }
}

/** What is heard of one symbol at the end of a step. */
type Told = { readonly quote: Quote; readonly sheets: readonly Sheet[]; readonly range: Range }

/** Tells what is heard of one symbol at the end of a step (by index); asked for each step in turn. */
function tellerOf(content: Content, course: Course, resolution: Interval, dayStart: DayStart): (index: number) => Told {
  const { symbol, currency, minor, source, steps } = course
  const inUnit = <C extends Candle>(candle: C): C => (minor ? { ...candle, ...inMinorUnit(candle, minor) } : candle)
  const known = { ...course, steps: steps.map(inUnit), longer: mapped(course.longer, inUnit) }
  const isFinal = content.options.atClose === true
  const sheetsAt = needsOf(symbol, content.needs).map(({ interval, count }) =>
    INTERVALS[interval] > INTERVALS[resolution]
      ? longerSheet(known, interval, count, isFinal)
      : stepSheet(known, interval, Math.ceil((count * INTERVALS[interval]) / INTERVALS[resolution]) + 1, isFinal),
  )
  const figuresAt = dayFigures(content, course, dayStart)
  return (index: number) => {
    const { close, end } = steps[index]!
    const { low, high } = known.steps[index]!
    const unit = minor ? { currency, minor } : { currency }
    const said = { symbol, price: close, ...unit, source, receivedAt: end, asOf: end, session: 'regular' as const }
    const quote: Quote = { ...said, ...figuresAt(index) }
    return { quote, sheets: sheetsAt.map((sheetAt) => sheetAt(index)), range: { symbol, low, high } }
  }
}

function mapped(candles: Course['longer'], change: (candle: Candle) => Candle): Course['longer'] {
  return new Map([...candles].map(([interval, all]) => [interval, all.map(change)]))
}

type SheetAt = (index: number) => Sheet

/** The steps themselves, also in place of shorter candles: nothing finer is looked at. */
function stepSheet({ symbol, steps }: Course, interval: Interval, keep: number, isFinal: boolean): SheetAt {
  return (index) => {
    const end = isFinal ? index + 1 : index
    return {
      symbol,
      interval,
      finished: steps.slice(Math.max(0, end - keep), end),
      live: isFinal ? undefined : steps[index],
    }
  }
}

/** Longer candles: one is over when the next has begun; of the one that is being made there is what its steps show. */
function longerSheet({ symbol, steps, longer }: Course, interval: Interval, keep: number, isFinal: boolean): SheetAt {
  const all = longer.get(interval) ?? []
  let begun = 0
  let over = Number.NaN
  let finished: readonly Candle[] = []
  let live: Candle | undefined
  return (index) => {
    const step = steps[index]!
    while (begun < all.length && all[begun]!.start <= step.start) begun += 1
    const last = all[begun - 1]
    // A hole in what the provider keeps must not make a candle go on for ever.
    const isLastOver = last !== undefined && step.start >= last.start + INTERVALS[interval]
    const nowOver = last === undefined || isLastOver ? begun : begun - 1
    if (nowOver !== over) {
      over = nowOver
      finished = all.slice(Math.max(0, over - keep), over)
      live = undefined
    }
    live = live ? joined(live, step) : step
    return { symbol, interval, finished, live: isFinal ? undefined : live }
  }
}

function joined(first: Candle, second: Candle): Candle {
  return {
    start: first.start,
    open: first.open,
    high: Number(second.high) > Number(first.high) ? second.high : first.high,
    low: Number(second.low) < Number(first.low) ? second.low : first.low,
    close: second.close,
    volume: sum(first.volume, second.volume),
  }
}

function sum(one: string | null, other: string | null): string | null {
  return one === null || other === null ? null : new Decimal(one).plus(other).toFixed()
}

type DayFigures = Pick<Quote, 'open' | 'high' | 'low' | 'previousClose' | 'volume'>

/** The figures of the day up to a step, as far as the condition looks at any; asked for each step in turn. */
function dayFigures(content: Content, course: Course, dayStart: DayStart): (index: number) => DayFigures {
  const { symbol, steps } = course
  const isCounted = metricsOf(content.condition).some(({ metric }) => metric === 'volume')
  const isWanted = content.daySymbols.includes(symbol)
  if (!isCounted && !isWanted) return () => ({})
  let first = 0
  return (index) => {
    const since = dayStart(symbol, steps[index]!)
    while (first < index && steps[first]!.start < since) first += 1
    const day = steps.slice(first, index + 1)
    const previousClose = steps[first - 1]?.close
    return {
      ...(isWanted ? { open: day[0]!.open, ...rangeOf(day) } : {}),
      ...(isWanted && previousClose !== undefined ? { previousClose } : {}),
      ...(isCounted ? volumeOf(day) : {}),
    }
  }
}

function rangeOf([first, ...rest]: readonly Candle[]): { high: string; low: string } {
  const highest = (best: string, { high }: Candle) => (Number(high) > Number(best) ? high : best)
  const lowest = (best: string, { low }: Candle) => (Number(low) < Number(best) ? low : best)
  return { high: rest.reduce(highest, first!.high), low: rest.reduce(lowest, first!.low) }
}

function volumeOf(day: readonly Candle[]): { volume?: string } {
  const volume = day.map((candle) => candle.volume).reduce(sum)
  return volume === null || volume === undefined ? {} : { volume }
}
