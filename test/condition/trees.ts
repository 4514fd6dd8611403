import fc from 'fast-check'
import type { Condition, Metric, NumberNode, Options, Parsed } from '../../src/condition/ast.ts'
import { METRICS } from '../../src/condition/ast.ts'
import { Problem } from '../../src/condition/errors.ts'
import { numberOf } from '../../src/condition/numbers.ts'
import { checkSense } from '../../src/condition/sense.ts'

const at = { start: 0, end: 0 }

const symbol = fc.constantFrom(
  { type: 'symbol', ticker: 'AAPL', at } as const,
  { type: 'symbol', ticker: 'MSFT', at } as const,
  { type: 'symbol', ticker: 'OVER', at } as const,
  { type: 'symbol', ticker: 'BRK.B', at } as const,
  { type: 'symbol', ticker: '1INCH', at } as const,
  { type: 'symbol', ticker: 'BTC/USD', class: 'crypto', at } as const,
  { type: 'symbol', ticker: 'ON', class: 'stock', at } as const,
)

const metric = fc.oneof({ weight: 3, arbitrary: fc.constant<Metric>('price') }, fc.constantFrom<Metric>(...METRICS))

const digits = fc.oneof(
  fc.integer({ min: 1, max: 99_999 }).map(String),
  fc.integer({ min: 1, max: 99_999 }).map((n) => `${n}.5`),
  fc.integer({ min: 1, max: 999 }).map((n) => `${n}k`),
  fc.integer({ min: 1, max: 99 }).map((n) => `1.${n}m`),
  fc.integer({ min: 1, max: 9 }).map((n) => `${n}bn`),
  fc.integer({ min: 1, max: 9 }).map((n) => `${n}e-6`),
  fc.bigInt({ min: 10n ** 17n, max: 10n ** 18n }).map((n) => `0.${n}1`),
)

const number = (of: Metric): fc.Arbitrary<NumberNode> => {
  const units =
    of === 'change'
      ? [undefined, '%' as const]
      : of === 'volume'
        ? [undefined]
        : [undefined, '$' as const, '€' as const]
  return fc
    .record({ text: digits, unit: fc.constantFrom(...units), minus: fc.boolean() })
    .map(({ text, unit, minus }) => ({
      type: 'number',
      text: minus && of === 'change' ? `-${text}` : text,
      ...(unit === undefined ? {} : { unit }),
      at,
    }))
}

const leaf: fc.Arbitrary<Condition> = fc.tuple(symbol, metric, symbol).chain(([one, figure, other]) => {
  const left = { type: 'metric', symbol: one, metric: figure, at } as const
  const right = fc.oneof(
    { weight: 5, arbitrary: number(figure) },
    fc.constant({ type: 'metric', symbol: other, metric: figure, at } as const),
  )
  const compare = fc
    .record({ operator: fc.constantFrom('>', '>=', '<', '<=', '=', '!='), right })
    .map(({ operator, right }) => ({ type: 'compare', left, operator, right, at }) as Condition)
  const range = fc
    .record({ type: fc.constantFrom('between', 'outside'), ends: fc.tuple(number(figure), number(figure)) })
    .map(({ type, ends }) => {
      const [low, high] = [...ends].sort((a, b) => numberOf(a.text) - numberOf(b.text))
      return { type, value: left, low, high, at } as Condition
    })
  return fc.oneof({ weight: 3, arbitrary: compare }, range)
})

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

/** Conditions that make sense, as `parse` gives them. */
export const conditions = anyCondition.filter((condition) => {
  try {
    checkSense(condition, '')
    return leaves(condition) <= 20
  } catch (problem) {
    if (problem instanceof Problem) return false
    throw problem
  }
})

function leaves(condition: Condition): number {
  if (condition.type === 'not') return leaves(condition.item)
  if (condition.type === 'and' || condition.type === 'or')
    return condition.items.reduce((sum, item) => sum + leaves(item), 0)
  return 1
}

const seconds = fc.integer({ min: 1, max: 40 * 86_400 }).map((n) => n * 1000)
const until = fc.record(
  {
    date: fc
      .integer({ min: 0, max: 3000 })
      .map((days) => new Date(Date.UTC(2026, 9, 9) + days * 86_400_000).toISOString().slice(0, 10)),
    time: fc.integer({ min: 0, max: 86_399 }).map((second) => {
      const text = new Date(second * 1000).toISOString().slice(11, 19)
      return text.endsWith(':00') ? text.slice(0, 5) : text
    }),
  },
  { requiredKeys: ['date'] },
)
const options: fc.Arbitrary<Options> = fc
  .tuple(
    fc.oneof(
      fc.constant({ mode: 'once' as const }),
      fc.record({ mode: fc.constant('repeat' as const), cooldown: seconds }, { requiredKeys: ['mode'] }),
      fc.record({ mode: fc.constant('every' as const), every: seconds }),
    ),
    fc.record({ for: seconds, until }, { requiredKeys: [] }),
  )
  .map(([mode, rest]) => ({ ...mode, ...rest }))

/** Whole lines, as `parse` gives them at the clock of the tests. */
export const lines: fc.Arbitrary<Parsed> = fc.record({ condition: conditions, options })
