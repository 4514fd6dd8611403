import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition, Expression, Leaf, NumberNode, Since } from '../../src/condition/ast.ts'
import { blankCell, emptyCell, fillCell } from '../../src/condition/cell.ts'
import { type Cell, compileTrigger, explain, type Terms } from '../../src/condition/evaluate.ts'
import { type Candle, INTERVALS, type Interval } from '../../src/condition/history.ts'
import { type Memory, NOTHING } from '../../src/condition/memory.ts'
import { needs } from '../../src/condition/needs.ts'
import { keyOf, symbolsOf } from '../../src/condition/symbols.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import { CLOCK } from './lines.ts'
import { naiveLook } from './naive.ts'
import { conditions } from './trees.ts'

// ---- conditions whose levels lie where the prices are, and whose windows are short

const LEVELS = ['1', '2', '3', '0.1', '0.3', '0.95', '1.05', '5', '10', '50', '0.1000000000000000055']
/** Sums, products and quotients of these often come out even, or a hair beside it. */
const PRICES = [
  '0.1',
  '0.2',
  '0.3',
  '0.95',
  '1',
  '1.05',
  '1.1',
  '2',
  '3',
  '0.1000000000000000055',
  '2.00000000000000000001',
]

function near(condition: Condition): Condition {
  switch (condition.type) {
    case 'not':
      return { ...condition, item: near(condition.item) }
    case 'and':
    case 'or':
      return { ...condition, items: condition.items.map(near) }
    default:
      return nearLeaf(condition)
  }
}

function nearLeaf(leaf: Leaf): Leaf {
  switch (leaf.type) {
    case 'compare':
      return { ...leaf, left: nearValue(leaf.left), right: nearValue(leaf.right) }
    case 'between':
    case 'outside':
      return { ...leaf, value: nearValue(leaf.value), low: nearValue(leaf.low), high: nearValue(leaf.high) }
    case 'cross':
      return { ...leaf, value: nearValue(leaf.value), level: nearValue(leaf.level) }
    case 'move':
      return { ...leaf, value: nearValue(leaf.value), amount: nearNumber(leaf.amount), since: nearSince(leaf.since) }
  }
}

function nearSince(since: Since): Since {
  if (since.type === 'level') return { ...since, level: nearValue(since.level) }
  return 'ms' in since ? { ...since, ms: (1 + (since.ms % 7)) * 60_000 } : since
}

function nearNumber(node: NumberNode): NumberNode {
  return { ...node, text: LEVELS[[...node.text].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % LEVELS.length]! }
}

function nearValue(value: Expression): Expression {
  switch (value.type) {
    case 'number':
      return nearNumber(value)
    case 'negate':
      return { ...value, item: nearValue(value.item) }
    case 'arithmetic':
      return { ...value, left: nearValue(value.left), right: nearValue(value.right) }
    case 'math':
      return { ...value, args: value.args.map(nearValue) }
    case 'series':
      return {
        ...value,
        lengths: value.lengths.map((length) => 1 + (length % 3)),
        ...(value.span === undefined ? {} : { span: (1 + (value.span % 3)) * INTERVALS[value.interval] }),
      }
    default:
      return value
  }
}

// ---- what happens

const price = fc.constantFrom(...PRICES)
const volume = fc.constantFrom('1', '2', '1000', null)

const candle = fc
  .tuple(price, price, price, price, volume)
  .map(([open, close, one, other, traded]): Omit<Candle, 'start'> => {
    const [low = '', high = ''] = [one, other].sort((a, b) => Number(a) - Number(b))
    return { open, high, low, close, volume: traded }
  })

/** What changes between two looks: for some symbols a quote or silence, for some a candle that finishes. */
const event = fc.record({
  symbol: fc.nat(9),
  later: fc.constantFrom(0, 1, 999, 20_000, 60_000, 61_000, 3_600_000, 86_400_000),
  quote: fc.option(
    fc.record(
      { price, open: price, high: price, low: price, previousClose: price, volume: price, bid: price, ask: price },
      { requiredKeys: [] },
    ),
    { freq: 6 },
  ),
  closesIn: fc.constantFrom(-1, 0, 1, 30_000, Number.POSITIVE_INFINITY),
  candles: fc.option(fc.array(candle, { maxLength: 4 })),
  live: fc.option(candle),
  isKnown: fc.boolean(),
})
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never

const story = fc.record({
  events: fc.array(fc.array(event, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 7 }),
  fires: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
  terms: fc.record({
    zone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata'),
    atClose: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
    apart: fc.constantFrom(0, 20_000, Number.POSITIVE_INFINITY),
  }),
})

function happen(cells: readonly Cell[], intervals: readonly Interval[], event: Event, clock: { now: number }): void {
  const cell = cells[event.symbol % cells.length]!
  clock.now += event.later
  const times = { at: clock.now, heardAt: clock.now, sessionEnd: clock.now + event.closesIn }
  if (event.quote) fillCell(cell, { currency: 'USD', ...times, ...event.quote })
  else blankCell(cell, 'It is silent.')
  for (const interval of intervals) addCandles(cell, interval, event, clock.now)
}

function addCandles(cell: Cell, interval: Interval, { candles, live, isKnown }: Event, now: number): void {
  const size = INTERVALS[interval]
  const series = cell.series.get(interval)
  if (!series || candles === null) return
  const begun = Math.floor(now / size) * size
  const from = (series.finished.at(-1)?.start ?? begun - 9 * size) + size
  const more = candles
    .map((one, place) => ({ ...one, start: from + place * size }))
    .filter(({ start }) => start + size <= begun)
  series.finished = [...series.finished, ...more]
  series.version += 1
  series.live = live && series.finished.at(-1)?.start !== begun ? { ...live, start: begun } : undefined
  series.why = isKnown || series.finished.length > 0 ? undefined : 'There are none.'
}

function watch(trigger: Condition, terms: Terms, { events, fires }: { events: Event[][]; fires: boolean[] }): void {
  const names = symbolsOf(trigger).map(keyOf)
  const cells = names.map((name, i) => emptyCell(i % 2 === 0 ? `stock:${name}` : `crypto:${name}`, 'no quote yet'))
  const cellOf = (written: string) => cells[names.indexOf(written)]!
  const held = compileTrigger(trigger, cellOf, terms)
  const wanted = needs({ condition: trigger, options: { mode: 'once' } }, () => 'crypto')
  const intervals = [...new Set([...wanted.map(({ interval }) => interval), '1d', '5m', '15m', '1h'] as const)]
  const clock = { now: CLOCK.now }
  let memory: Memory = NOTHING
  for (const [i, look] of events.entries()) {
    for (const one of look) happen(cells, intervals, one, clock)
    const expected = naiveLook(trigger, { cellOf, terms }, memory)
    const anew = compileTrigger(trigger, cellOf, terms)
    anew.recall(JSON.parse(JSON.stringify(memory)))
    for (const watcher of [held, anew]) {
      expect(watcher.truth() + 0).toBe(expected.truth)
      if (expected.after.length > 0) {
        expect(filled(watcher.after(expected.truth), expected.after)).toEqual(expected.after)
        if (expected.truth === 1) expect(filled(watcher.begun(), expected.begun)).toEqual(expected.begun)
      } else expect(watcher.after(expected.truth)).toBe(NOTHING)
    }
    explains(explain(trigger, cellOf, terms, memory), trigger, expected.truth)
    memory = expected.truth === 1 && fires[i] ? expected.begun : expected.after
    held.recall(memory)
  }
}

/** As long as nothing was known, nothing is remembered. */
function filled(memory: Memory, blank: Memory): Memory {
  return memory.length === 0
    ? blank.map((trace) =>
        trace.type === 'mark' ? { type: 'mark', value: null } : { type: 'cross', side: null, crossed: false },
      )
    : memory
}

/** The leaves together make the truth; each has a reason iff it is unknown, and its figures are numbers. */
function explains(leaves: readonly ReturnType<typeof explain>[number][], trigger: Condition, truth: number): void {
  const truths = leaves.map((leaf) => ({ met: 1, unknown: 0, unmet: -1 })[leaf.truth])
  expect(together(trigger, truths) + 0).toBe(truth)
  expect(truths).toEqual([])
  for (const { truth, why, operands } of leaves) {
    expect(why !== undefined).toBe(truth === 'unknown')
    if (why !== undefined) expect(why).toMatch(/^(?!.*(?:undefined|NaN)).+$/)
    for (const { value } of operands) if (value !== undefined) expect(value).toMatch(/^-?\d+(?:\.\d+)?$/)
  }
}

/** Takes the truths of the leaves, one after the other. */
function together(condition: Condition, truths: number[]): number {
  if (condition.type === 'not') return 0 - together(condition.item, truths)
  if (condition.type === 'and') return Math.min(...condition.items.map((item) => together(item, truths)))
  if (condition.type === 'or') return Math.max(...condition.items.map((item) => together(item, truths)))
  return truths.shift()!
}

describe('any condition, whatever happens', () => {
  test('is what it is by fractions and common sense', () => {
    fc.assert(
      fc.property(conditions, story, (condition, { terms, ...happening }) => {
        for (const trigger of triggersOf({ condition: near(condition), options: { mode: 'once' } })) {
          watch(trigger, terms, happening)
        }
      }),
      { numRuns: 600 },
    )
  })

  test('so are the conditions as they are typed, with their long windows', () => {
    fc.assert(
      fc.property(conditions, story, (condition, { terms, ...happening }) => {
        for (const trigger of triggersOf({ condition, options: { mode: 'once' } })) watch(trigger, terms, happening)
      }),
      { numRuns: 200 },
    )
  })
})
