import fc from 'fast-check'
import {
  type Condition,
  DURING,
  type Expression,
  METRICS,
  type Metric,
  type MetricNode,
  type MoveNode,
  type NumberNode,
  type Options,
  type Parsed,
  type SeriesNode,
  type Since,
  type SymbolNode,
  VIA,
} from '../../src/condition/ast.ts'
import { spanInterval } from '../../src/condition/calls.ts'
import { checkCrossings } from '../../src/condition/crossings.ts'
import { Problem } from '../../src/condition/errors.ts'
import { FUNCTIONS, type SeriesFunction } from '../../src/condition/functions.ts'
import { INTERVALS, type Interval } from '../../src/condition/history.ts'
import { checkKinds } from '../../src/condition/kinds.ts'
import { exactOf } from '../../src/condition/numbers.ts'
import { checkSense } from '../../src/condition/sense.ts'
import { leavesOf, symbolsOf } from '../../src/condition/symbols.ts'

const at = { start: 0, end: 0 }
const DAY = 86_400_000

// ---- values; what is compared with each other is of one kind

type Kind = 'price' | 'volume' | 'percent' | 'ratio'

const symbol: fc.Arbitrary<SymbolNode> = fc.constantFrom(
  { type: 'symbol', ticker: 'AAPL', at },
  { type: 'symbol', ticker: 'MSFT', at },
  { type: 'symbol', ticker: 'OVER', at },
  { type: 'symbol', ticker: 'NOW', at },
  { type: 'symbol', ticker: 'BRK.B', at },
  { type: 'symbol', ticker: '1INCH', at },
  { type: 'symbol', ticker: 'BTC/USD', class: 'crypto', at },
  { type: 'symbol', ticker: 'ON', class: 'stock', at },
)

const METRICS_OF = {
  price: METRICS.filter((metric) => metric !== 'volume' && metric !== 'change'),
  volume: ['volume'],
  percent: ['change'],
} as const

const metricOf = (metrics: readonly Metric[]): fc.Arbitrary<MetricNode> =>
  fc.record({ type: fc.constant('metric'), symbol, metric: fc.constantFrom(...metrics), at: fc.constant(at) })

const digits = fc.oneof(
  fc.integer({ min: 1, max: 99_999 }).map(String),
  fc.integer({ min: 1, max: 99_999 }).map((n) => `${n}.5`),
  fc.integer({ min: 1, max: 999 }).map((n) => `${n}k`),
  fc.integer({ min: 1, max: 99 }).map((n) => `1.${n}m`),
  fc.integer({ min: 1, max: 9 }).map((n) => `${n}bn`),
  fc.integer({ min: 1, max: 9 }).map((n) => `${n}e-6`),
  fc.bigInt({ min: 10n ** 17n, max: 10n ** 18n }).map((n) => `0.${n}1`),
)

const UNITS = {
  price: [undefined, '$', '€'],
  volume: [undefined],
  percent: [undefined, '%'],
  ratio: [undefined],
} as const

const amount = (kind: Kind): fc.Arbitrary<NumberNode> =>
  fc
    .record({ text: digits, unit: fc.constantFrom(...UNITS[kind]) })
    .map(({ text, unit }) => ({ type: 'number', text, ...(unit === undefined ? {} : { unit }), at }))

const number = (kind: Kind): fc.Arbitrary<NumberNode> =>
  fc
    .tuple(amount(kind), fc.boolean())
    .map(([node, minus]) => (minus && kind === 'percent' ? { ...node, text: `-${node.text}` } : node))

/** The functions over candles whose value is of a kind, with what they may be taken of. */
function seriesFunctions(kind: Kind): { name: string; entry: SeriesFunction; of: Metric[] }[] {
  return Object.entries(FUNCTIONS).flatMap(([name, entry]) => {
    if (entry.type !== 'series') return []
    const kindOf = (metric: Metric) => (metric === 'volume' ? 'volume' : 'price')
    const gives = entry.gives === 'number' ? 'ratio' : entry.gives
    const of = entry.of.filter((metric) => (gives === 'same' ? kindOf(metric) : gives) === kind)
    return of.length > 0 ? [{ name, entry, of }] : []
  })
}

const interval = fc.constantFrom(...(Object.keys(INTERVALS) as Interval[]))

const spanned = fc
  .record({ seconds: fc.integer({ min: 60, max: 400 * 86_400 }), own: fc.option(interval, { nil: undefined }) })
  .map(({ seconds, own }) => ({ lengths: [], span: seconds * 1000, interval: own ?? spanInterval(seconds * 1000) }))
  .filter(({ span, interval }) => span >= INTERVALS[interval] && span <= 999 * INTERVALS[interval])

const series = (kind: Kind): fc.Arbitrary<SeriesNode> =>
  fc.constantFrom(...seriesFunctions(kind)).chain(({ name, entry, of }) => {
    const lengths = fc.tuple(...entry.lengths.map(({ least, most }) => fc.integer({ min: least, max: most })))
    const counted = fc.record({ lengths, interval })
    return fc
      .tuple(metricOf(of), entry.span ? fc.oneof(counted, spanned) : counted)
      .map(([metric, size]) => ({ type: 'series', name, of: metric, ...size, at }))
  })

const arithmetic = (operator: '+' | '-' | '*' | '/', left: Expression, right: Expression): Expression => ({
  type: 'arithmetic',
  operator,
  left,
  right,
  at,
})

const minus = (item: Expression): Expression => (item.type === 'number' ? item : { type: 'negate', item, at })

/** A value that names a symbol; `depth` is how many operations may lie one inside another. */
function value(kind: Kind, depth: number): fc.Arbitrary<Expression> {
  const plain = kind === 'ratio' ? series(kind) : metricOf(METRICS_OF[kind])
  if (depth === 0) return fc.oneof({ weight: 3, arbitrary: plain }, series(kind))
  const part = value(kind, depth - 1)
  const other = fc.oneof(part, number(kind))
  const quotient = fc.tuple(value('price', depth - 1), value('price', depth - 1))
  return fc.oneof(
    { weight: 8, arbitrary: plain },
    { weight: 3, arbitrary: series(kind) },
    fc.tuple(fc.constantFrom('+', '-'), part, other).map(([sign, left, right]) => arithmetic(sign, left, right)),
    fc.tuple(fc.constantFrom('+', '-'), other, part).map(([sign, left, right]) => arithmetic(sign, left, right)),
    fc
      .tuple(fc.constantFrom('*', '/'), part, number('ratio'))
      .map(([sign, left, right]) => arithmetic(sign, left, right)),
    fc.tuple(number('ratio'), part).map(([left, right]) => arithmetic('*', left, right)),
    part.map(minus),
    part.map((arg): Expression => ({ type: 'math', name: 'abs', args: [arg], at })),
    fc
      .tuple(fc.constantFrom('min', 'max'), part, other)
      .map(([name, ...args]): Expression => ({ type: 'math', name, args, at })),
    ...(kind === 'ratio' ? [quotient.map(([left, right]) => arithmetic('/', left, right))] : []),
  )
}

// ---- conditions

const kinds = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Kind>('price') },
  fc.constantFrom<Kind>('volume', 'percent', 'ratio'),
)

const level = (kind: Kind) => fc.oneof({ weight: 3, arbitrary: number(kind) }, value(kind, 1))

const compare = kinds.chain((kind) =>
  fc
    .record({ left: value(kind, 2), operator: fc.constantFrom('>', '>=', '<', '<=', '=', '!='), right: level(kind) })
    .map((parts): Condition => ({ type: 'compare', ...parts, at })),
)

const range = kinds.chain((kind) =>
  fc
    .record({
      type: fc.constantFrom('between', 'outside'),
      value: value(kind, 1),
      ends: fc.tuple(level(kind), level(kind)),
    })
    .map(({ type, value, ends: [one, other] }): Condition => {
      const reversed = one.type === 'number' && other.type === 'number' && exactOf(one.text).gt(exactOf(other.text))
      return { type, value, low: reversed ? other : one, high: reversed ? one : other, at }
    }),
)

const cross = kinds.chain((kind) =>
  fc
    .record({
      value: value(kind, 1),
      direction: fc.constantFrom('above', 'below', 'either'),
      touch: fc.boolean(),
      level: level(kind),
    })
    .map(({ touch, ...parts }): Condition => ({ type: 'cross', ...parts, ...(touch ? { touch } : {}), at })),
)

const WAYS = { peak: ['down'], high: ['down'], bottom: ['up'], low: ['up'] } as const
const lookBack = fc.integer({ min: 60, max: 366 * 86_400 }).map((seconds) => seconds * 1000)

const since = (kind: Kind): fc.Arbitrary<Since> =>
  fc.oneof(
    fc.constantFrom<Since>({ type: 'now' }, { type: 'peak' }, { type: 'bottom' }),
    level(kind).map((level): Since => ({ type: 'level', level })),
  )
const sincePast: fc.Arbitrary<Since> = fc.oneof(
  fc.constant<Since>({ type: 'today' }),
  fc.record({ type: fc.constantFrom('window', 'high', 'low'), ms: lookBack }),
)

const moveOf = (kind: Kind, value: Expression, from: fc.Arbitrary<Since>): fc.Arbitrary<Condition> =>
  from.chain((since) => {
    const ways: readonly MoveNode['direction'][] =
      since.type in WAYS ? WAYS[since.type as keyof typeof WAYS] : ['up', 'down', 'either']
    return fc
      .record({ direction: fc.constantFrom(...ways), amount: fc.oneof(amount('percent'), amount(kind)) })
      .map((parts): Condition => ({ type: 'move', value, ...parts, since, at }))
  })

const move = fc.oneof(
  metricOf(['price']).chain((price) => moveOf('price', price, fc.oneof(since('price'), sincePast))),
  kinds.chain((kind) => value(kind, 1).chain((any) => moveOf(kind, any, since(kind)))),
)

const leaf = fc.oneof({ weight: 4, arbitrary: compare }, range, cross, move)

const logic = (type: 'and' | 'or', items: Condition[]): Condition => ({
  type,
  items: items.flatMap((item) => (item.type === type ? item.items : [item])),
  at,
})

const anyCondition = fc.letrec<{ node: Condition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    fc.tuple(tie('node'), tie('node')).map((items) => logic('and', items)),
    fc.tuple(tie('node'), tie('node'), tie('node')).map((items) => logic('or', items)),
    tie('node').map((item): Condition => ({ type: 'not', item, at })),
  ),
})).node

/** Whether checks of the language let something pass. */
function passes(check: () => void): boolean {
  try {
    check()
    return true
  } catch (problem) {
    if (problem instanceof Problem) return false
    throw problem
  }
}

/** Conditions that make sense, as `parse` gives them. */
export const conditions = anyCondition.filter(
  (condition) =>
    leavesOf(condition).length <= 20 &&
    symbolsOf(condition).length <= 10 &&
    passes(() => {
      checkCrossings(condition, { mode: 'once' }, '')
      checkKinds(condition, '')
      checkSense(condition, '')
    }),
)

// ---- options

const seconds = fc.integer({ min: 1, max: 40 * 86_400 }).map((n) => n * 1000)
const until = fc.record(
  {
    date: fc
      .integer({ min: 0, max: 3000 })
      .map((days) => new Date(Date.UTC(2026, 9, 9) + days * DAY).toISOString().slice(0, 10)),
    time: fc.integer({ min: 0, max: 86_399 }).map((second) => {
      const text = new Date(second * 1000).toISOString().slice(11, 19)
      return text.endsWith(':00') ? text.slice(0, 5) : text
    }),
  },
  { requiredKeys: ['date'] },
)
const note = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom('buy?', 'say "hi"', 'a “b”', '  ≥ 5 – … ', 'note "x"', 'AAPL > 5 or < 3', 'repeat'),
  )
  .filter((text) => text.trim() !== '' && !/[”»＂]/.test(text))

const options: fc.Arbitrary<Options> = fc
  .tuple(
    fc.oneof(
      fc.constant({ mode: 'once' as const }),
      fc.record({ mode: fc.constant('repeat' as const), cooldown: seconds }, { requiredKeys: ['mode'] }),
      fc.record({ mode: fc.constant('every' as const), every: seconds }),
    ),
    fc.oneof(
      fc.record({ for: seconds, during: fc.constantFrom(...DURING) }, { requiredKeys: [] }),
      fc.constant({ atClose: true as const }),
    ),
    fc.record(
      {
        until,
        via: fc.subarray([...VIA], { minLength: 1 }),
        urgent: fc.constant(true as const),
        note,
      },
      { requiredKeys: [] },
    ),
  )
  .filter(([mode, hours]) => !('atClose' in hours && 'every' in mode && mode.every < DAY))
  .map(([mode, hours, rest]) => ({ ...mode, ...hours, ...rest }))

/** Whole lines, as `parse` gives them at the clock of the tests. */
export const lines: fc.Arbitrary<Parsed> = fc
  .record({ condition: conditions, options })
  .filter(({ condition, options }) => passes(() => checkCrossings(condition, options, '')))
