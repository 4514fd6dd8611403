import { Decimal } from 'decimal.js'
import { DateTime } from 'luxon'
import type {
  Condition,
  CrossNode,
  Expression,
  Leaf,
  MathNode,
  MetricNode,
  MoveNode,
  SeriesNode,
} from '../../src/condition/ast.ts'
import type { Cell, Terms } from '../../src/condition/evaluate.ts'
import { FUNCTIONS, type Row } from '../../src/condition/functions.ts'
import { type Candle, INTERVALS, type Interval, intervalFor, type Series } from '../../src/condition/history.ts'
import type { Memory, Trace } from '../../src/condition/memory.ts'
import { keyOf, leavesOf, metricsIn, valuesOf } from '../../src/condition/symbols.ts'
import {
  type Fraction,
  fraction,
  furthest,
  negative,
  order,
  over,
  plus,
  rounded,
  size,
  times,
  ZERO,
} from './fractions.ts'

/** What there is to see, and how. */
export type World = { readonly cellOf: (written: string) => Cell; readonly terms: Terms }

const UNMET = -1
const UNKNOWN = 0
const MET = 1

/** One look at a trigger: its truth, and what it remembers after it and after a firing. Slow, and plainly right. */
export function naiveLook(
  trigger: Condition,
  world: World,
  memory: Memory,
): { truth: number; after: Memory; begun: Memory } {
  const remembering = leavesOf(trigger).filter(isRemembering)
  const traces = new Map(remembering.map((leaf, i) => [leaf as Leaf, memory[i] ?? blankOf(leaf)]))
  const truth = truthOf(trigger, world, traces)
  const after = (fired: boolean) => remembering.map((leaf) => traceAfter(leaf, world, traces.get(leaf)!, truth, fired))
  return { truth, after: after(false), begun: after(true) }
}

function isRemembering(leaf: Leaf): boolean {
  return leaf.type === 'cross' || (leaf.type === 'move' && /^(peak|bottom|now)$/.test(leaf.since.type))
}

function blankOf(leaf: Leaf): Trace {
  return leaf.type === 'cross' ? { type: 'cross', side: null, crossed: false } : { type: 'mark', value: null }
}

function truthOf(condition: Condition, world: World, traces: ReadonlyMap<Leaf, Trace>): number {
  switch (condition.type) {
    case 'not':
      return 0 - truthOf(condition.item, world, traces)
    case 'and':
      return Math.min(...condition.items.map((item) => truthOf(item, world, traces)))
    case 'or':
      return Math.max(...condition.items.map((item) => truthOf(item, world, traces)))
    default:
      return isApart(condition, world) ? UNKNOWN : leafTruth(condition, world, traces.get(condition))
  }
}

function leafTruth(leaf: Leaf, world: World, trace: Trace | undefined): number {
  const see = (expression: Expression) => valueIn(expression, world)
  switch (leaf.type) {
    case 'compare':
      return compared(see(leaf.left), see(leaf.right), HOLDS[leaf.operator])
    case 'between':
      return Math.min(
        compared(see(leaf.value), see(leaf.low), HOLDS['>=']),
        compared(see(leaf.value), see(leaf.high), HOLDS['<=']),
      )
    case 'outside':
      return Math.max(
        compared(see(leaf.value), see(leaf.low), HOLDS['<']),
        compared(see(leaf.value), see(leaf.high), HOLDS['>']),
      )
    case 'cross': {
      const crossed = crossedNow(leaf, world, trace as CrossTrace)
      return crossed === undefined ? UNKNOWN : crossed.crossed ? MET : UNMET
    }
    case 'move':
      return moveTruth(leaf, world, trace)
  }
}

const HOLDS = {
  '>': (sign: number) => sign > 0,
  '>=': (sign: number) => sign >= 0,
  '<': (sign: number) => sign < 0,
  '<=': (sign: number) => sign <= 0,
  '=': (sign: number) => sign === 0,
  '!=': (sign: number) => sign !== 0,
}

function compared(a: Fraction | undefined, b: Fraction | undefined, holds: (sign: number) => boolean): number {
  return a === undefined || b === undefined ? UNKNOWN : holds(order(a, b)) ? MET : UNMET
}

// ---- values

/** A value as a fraction; undefined where it is not known. */
export function valueIn(expression: Expression, world: World): Fraction | undefined {
  switch (expression.type) {
    case 'number':
      return fraction(expression.text)
    case 'metric':
      return metricOf(expression, world)
    case 'negate': {
      const item = valueIn(expression.item, world)
      return item && negative(item)
    }
    case 'arithmetic': {
      const [a, b] = [valueIn(expression.left, world), valueIn(expression.right, world)]
      if (!a || !b) return undefined
      if (expression.operator === '/') return over(a, b)
      if (expression.operator === '*') return times(a, b)
      return plus(a, expression.operator === '+' ? b : negative(b))
    }
    case 'math':
      return mathOf(expression, world)
    case 'series':
      return seriesOf(expression, world)
  }
}

function metricOf({ symbol, metric }: MetricNode, world: World): Fraction | undefined {
  const { text } = lookAt(world.cellOf(keyOf(symbol)), world.terms)
  if (metric !== 'change') return text[metric] === undefined ? undefined : fraction(text[metric])
  const [price, before] = [text.price, text['previous close']].map((one) => one && fraction(one))
  if (!price || !before || before.n <= 0n) return undefined
  return times(over(plus(price, negative(before)), before)!, fraction('100'))
}

function mathOf({ name, args }: MathNode, world: World): Fraction | undefined {
  const values = args.map((arg) => valueIn(arg, world))
  if (values.some((value) => value === undefined)) return undefined
  const known = values as Fraction[]
  if (name === 'min') return furthest(known, -1)
  if (name === 'max') return furthest(known, 1)
  if (name === 'abs') return size(known[0]!)
  const { n, d } = known[1] ?? ZERO
  const isWhole = n % d === 0n && n / d <= 12n && n / d >= -12n
  return isWhole ? rounded(known[0]!, Number(n / d)) : undefined
}

/** What a condition at close looks at in place of the cell. */
function lookAt(cell: Cell, terms: Terms): { text: Cell['text']; at: number } {
  if (!terms.atClose) return cell
  const days = cell.series.get('1d')?.finished ?? []
  const [last, before] = [days.at(-1), days.at(-2)]
  if (!last) return { text: {}, at: 0 }
  const { open, high, low, close, volume } = last
  const text = { price: close, open, high, low, volume: volume ?? undefined, 'previous close': before?.close }
  return { text, at: last.start + INTERVALS['1d'] }
}

// ---- candles

/** What leaves the candle out that the price is of: the unfinished one, at close the day that has closed. */
function leavesOut({ name, of }: SeriesNode): boolean {
  const entry = FUNCTIONS[name]
  return entry?.type !== 'series' || entry.unfinished === 'out' || of.metric === 'volume'
}

function takesLive(node: SeriesNode, terms: Terms): boolean {
  return !leavesOut(node) && !terms.atClose
}

function seriesOf(node: SeriesNode, world: World): Fraction | undefined {
  const entry = FUNCTIONS[node.name]
  const cell = world.cellOf(keyOf(node.of.symbol))
  const series = cell.series.get(node.interval)
  if (entry?.type !== 'series' || !series || series.why !== undefined) return undefined
  const { at } = lookAt(cell, world.terms)
  const live = takesLive(node, world.terms)
  if (live && cell.text.price === undefined) return undefined
  const until = leavesOut(node) ? at - INTERVALS['1d'] : at
  const finished = series.finished.filter(({ start }) => !world.terms.atClose || start < until)
  const all = [...finished, ...(live ? liveOf(series, cell, node.interval) : [])]
  const counting =
    node.span === undefined ? all.slice(-(entry.history(node.lengths) - 1)) : within(node, series, all, at)
  const indicator = entry.begin(node.span === undefined ? node.lengths : [counting.length], node.of.metric as 'price')
  const values = counting.map((candle) => indicator.update(rowOf(candle, node.of.metric), false))
  const value = values.at(-1)
  return value === undefined ? undefined : fraction(String(value))
}

function within({ span, interval }: SeriesNode, { finished }: Series, all: readonly Candle[], at: number): Candle[] {
  const from = (at || (finished.at(-1)?.start ?? 0) + INTERVALS[interval]) - span!
  const week = INTERVALS[interval] >= INTERVALS['1d'] ? INTERVALS['1w'] : 0
  const [first] = finished
  if (!first || first.start > from + week) return []
  return all.filter(({ start }) => start >= from)
}

function liveOf({ live, finished }: Series, { text, at }: Cell, interval: Interval): Candle[] {
  const price = text.price!
  if (live) {
    const prices = [live.high, live.low, price].map(fraction)
    const [high, low] = [furthest(prices, 1)!, furthest(prices, -1)!].map(textOf)
    return [{ ...live, high: high!, low: low!, close: price }]
  }
  const last = finished.at(-1)
  const isNewer = last === undefined || at >= last.start + INTERVALS[interval]
  return isNewer ? [{ start: at, open: price, high: price, low: price, close: price, volume: null }] : []
}

function rowOf({ start, volume, ...prices }: Candle, of: string): Row {
  const [open, high, low, close] = [prices.open, prices.high, prices.low, prices.close].map(Number) as [
    number,
    number,
    number,
    number,
  ]
  const figures = { open, high, low, close, price: close, volume: volume === null ? Number.NaN : Number(volume) }
  return { start, open, high, low, close, volume: figures.volume, value: figures[of as keyof typeof figures] }
}

// ---- moves

function moveTruth(move: MoveNode, world: World, trace: Trace | undefined): number {
  const ways = move.direction === 'either' ? (['up', 'down'] as const) : [move.direction]
  return Math.max(...ways.map((way) => wayTruth(move, way, world, trace)))
}

function wayTruth(move: MoveNode, way: 'up' | 'down', world: World, trace: Trace | undefined): number {
  const reference = referenceOf(move, way, world, trace)
  if (!reference) return UNKNOWN
  const amount = fraction(move.amount.text)
  const distance = move.amount.unit === '%' ? times(size(reference), times(amount, fraction('0.01'))) : amount
  const target = plus(reference, way === 'up' ? distance : negative(distance))
  return compared(valueIn(move.value, world), target, way === 'up' ? HOLDS['>='] : HOLDS['<='])
}

function referenceOf(move: MoveNode, way: 'up' | 'down', world: World, trace: Trace | undefined): Fraction | undefined {
  const { since, value } = move
  const now = valueIn(value, world)
  if (!now) return undefined
  switch (since.type) {
    case 'level':
      return valueIn(since.level, world)
    case 'now':
      return markOf(trace) ?? now
    case 'peak':
    case 'bottom':
      return furthest([now, ...[markOf(trace)].filter((mark) => mark !== undefined)], since.type === 'peak' ? 1 : -1)
    case 'today':
      return today(move, world)
    case 'window':
      return pastOf(move, since.ms, way === 'up' ? 'low' : 'high', true, world, now)
    default:
      return pastOf(move, since.ms, since.type, false, world, now)
  }
}

function markOf(trace: Trace | undefined): Fraction | undefined {
  return trace?.type === 'mark' && trace.value !== null ? fraction(trace.value) : undefined
}

function today({ value }: MoveNode, world: World): Fraction | undefined {
  const node = metricsIn(value)[0]!
  const cell = world.cellOf(keyOf(node.symbol))
  if (world.terms.atClose || !cell.symbol.startsWith('crypto:'))
    return metricOf({ ...node, metric: 'previous close' }, world)
  const midnight = DateTime.fromMillis(cell.at, { zone: world.terms.zone }).startOf('day').toMillis()
  const series = cell.series.get('15m')
  if (!series || series.why !== undefined || cell.at === 0) return undefined
  const before = series.finished.filter(({ start }) => start < midnight).at(-1)
  return before && fraction(before.close)
}

function pastOf(
  { value }: MoveNode,
  ms: number,
  end: 'high' | 'low',
  withBefore: boolean,
  { cellOf, terms }: World,
  now: Fraction,
): Fraction | undefined {
  const cell = cellOf(keyOf(metricsIn(value)[0]!.symbol))
  const series = cell.series.get(intervalFor(ms + (terms.atClose ? INTERVALS['1d'] : 0)))
  if (!series || series.why !== undefined) return undefined
  const { at } = lookAt(cell, terms)
  const until = terms.atClose ? at - 1 : at
  const candles = [...series.finished, ...(series.live && !terms.atClose ? [series.live] : [])]
  const inside = candles.filter(({ start }) => start >= at - ms && start <= until).map((candle) => candle[end])
  const before = series.finished.filter(({ start }) => start < at - ms).at(-1)
  const prices = [...inside, ...(withBefore && before ? [before.close] : [])].map(fraction)
  return furthest([now, ...prices], end === 'high' ? 1 : -1)
}

// ---- memory

type CrossTrace = Extract<Trace, { type: 'cross' }>

/** The trace of a crossing after this look, whatever its trigger says; undefined where it cannot be seen. */
function crossedNow(
  { value, level, direction, touch }: CrossNode,
  world: World,
  trace: CrossTrace,
): CrossTrace | undefined {
  const [a, b] = [valueIn(value, world), valueIn(level, world)]
  if (!a || !b) return undefined
  const sign = order(a, b) || (touch ? (direction === 'above' ? 1 : -1) : 0)
  const side = sign > 0 ? 'above' : sign < 0 ? 'below' : trace.side
  if (trace.side === null || side === trace.side) return { ...trace, side }
  return { type: 'cross', side, crossed: side === direction }
}

function traceAfter(leaf: Leaf, world: World, trace: Trace, truth: number, fired: boolean): Trace {
  const isSeen = !isApart(leaf, world)
  if (leaf.type === 'cross') {
    const seen = (isSeen ? crossedNow(leaf, world, trace as CrossTrace) : undefined) ?? (trace as CrossTrace)
    return { ...seen, crossed: seen.crossed && (fired || truth !== UNMET) }
  }
  const { value, since } = leaf as MoveNode
  const now = isSeen ? valueIn(value, world) : undefined
  const mark = markOf(trace)
  if (fired && since.type !== 'now') return { type: 'mark', value: now ? textOf(now) : null }
  if (!now) return trace
  if (since.type === 'now') return mark ? trace : { type: 'mark', value: textOf(now) }
  const isFurther = !mark || order(now, mark) * (since.type === 'peak' ? 1 : -1) > 0
  return isFurther ? { type: 'mark', value: textOf(now) } : trace
}

const Digits = Decimal.clone({ precision: 40, toExpNeg: -9e15, toExpPos: 9e15 })

/** Decimal text with 40 digits. */
function textOf({ n, d }: Fraction): string {
  return new Digits(n.toString()).div(d.toString()).toFixed()
}

// ---- quotes that are apart

function isApart(leaf: Leaf, { cellOf, terms }: World): boolean {
  const names = new Set(valuesOf(leaf).flatMap((value) => quotedIn(value, terms)))
  if (names.size < 2 || terms.atClose) return false
  const cells = [...names].map(cellOf)
  const newest = Math.max(0, ...cells.map(({ heardAt }) => heardAt))
  return cells.some(({ heardAt, sessionEnd }) => newest < sessionEnd && newest - heardAt > terms.apart)
}

function quotedIn(value: Expression, terms: Terms): string[] {
  switch (value.type) {
    case 'number':
      return []
    case 'metric':
      return [keyOf(value.symbol)]
    case 'series':
      return takesLive(value, terms) ? [keyOf(value.of.symbol)] : []
    case 'negate':
      return quotedIn(value.item, terms)
    case 'arithmetic':
      return [...quotedIn(value.left, terms), ...quotedIn(value.right, terms)]
    case 'math':
      return value.args.flatMap((arg) => quotedIn(arg, terms))
  }
}
