import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Expression } from '../../src/condition/ast.ts'
import { Exact, type Figure, orderOf } from '../../src/condition/exact.ts'
import { figureOf } from '../../src/condition/figure.ts'
import { PLAIN, sceneOf } from '../../src/condition/scene.ts'
import { aCell } from './cells.ts'
import { type Fraction, order } from './fractions.ts'
import { valueIn } from './naive.ts'

const at = { start: 0, end: 0 }
const aapl: Expression = { type: 'metric', symbol: { type: 'symbol', ticker: 'AAPL', at }, metric: 'price', at }
const cell = aCell({ price: '123.456' })
const cellOf = () => cell
const figure = (value: Expression): Figure => figureOf(value, sceneOf(cellOf, PLAIN))

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.constant(aapl),
  fc
    .oneof(
      fc.integer({ min: 1, max: 99_999 }).map((n) => (n / 100).toFixed(2)),
      fc.constantFrom('0.1', '0.2', '0.3', '3', '7', '1e-9', '1e20', '123.456', '123.4560000000000000001'),
    )
    .map((text): Expression => ({ type: 'number', text, at })),
)

const value = fc.letrec<{ node: Expression }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/'), tie('node'), tie('node'))
      .map(([operator, left, right]): Expression => ({ type: 'arithmetic', operator, left, right, at })),
    tie('node').map((item): Expression => ({ type: 'negate', item, at })),
    fc
      .tuple(fc.constantFrom('min', 'max'), tie('node'), tie('node'))
      .map(([name, ...args]): Expression => ({ type: 'math', name, args, at })),
    tie('node').map((arg): Expression => ({ type: 'math', name: 'abs', args: [arg], at })),
    tie('node').map((arg): Expression => ({ type: 'math', name: 'round', args: [arg], at })),
  ),
})).node

const fractionOf = (expression: Expression): Fraction | undefined => valueIn(expression, { cellOf, terms: PLAIN })

describe('any value', () => {
  test('is known where its fraction is, and its double is no further from it than it says', () => {
    fc.assert(fc.property(value, isWithinError), { numRuns: 3_000 })
  })

  test('may be far off where hardly anything is left of a difference, and then says so', () => {
    const price = fc.integer({ min: 1, max: 99_999 }).map((n) => (n / 1000).toFixed(3))
    fc.assert(
      fc.property(price, price, fc.integer({ min: 1, max: 9 }), (above, near, little) => {
        const left = number(above)
        const rest = arithmetic(arithmetic(number(near), '+', `${little}e-13`), '+', `-${near}`)
        isWithinError({ type: 'arithmetic', operator: '/', left, right: rest, at })
        isWithinError({ type: 'arithmetic', operator: '*', left, right: rest, at })
        isWithinError({ type: 'arithmetic', operator: '*', left: rest, right: left, at })
        isWithinError({ type: 'arithmetic', operator: '/', left: rest, right: left, at })
      }),
      { numRuns: 1_000 },
    )
  })

  test('is its fraction', () => {
    fc.assert(
      fc.property(value, (expression) => {
        const expected = fractionOf(expression)
        if (expected === undefined) return
        const [numerator, denominator] = figure(expression).exact()
        expect(numerator.times(expected.d.toString()).eq(denominator.times(expected.n.toString()))).toBe(true)
        expect(denominator.gt(0)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  test('is compared with another as their fractions are, also with itself written differently', () => {
    const same = (one: Expression): fc.Arbitrary<Expression> =>
      fc.constantFrom<Expression>(
        one,
        { type: 'arithmetic', operator: '-', left: arithmetic(one, '+', '0.1'), right: number('0.1'), at },
        { type: 'arithmetic', operator: '*', left: arithmetic(one, '/', '49'), right: number('49'), at },
        arithmetic(one, '+', '1e-25'),
        arithmetic(one, '*', '1.0000000000000000000000001'),
      )
    const pairs = value.chain((one) => fc.tuple(fc.constant(one), fc.oneof(value, same(one))))
    fc.assert(
      fc.property(pairs, ([left, right]) => {
        const [a, b] = [fractionOf(left), fractionOf(right)]
        const sign = orderOf(figure(left), figure(right))()
        expect(Math.sign(sign)).toBe(a === undefined || b === undefined ? Number.NaN : order(a, b))
      }),
      { numRuns: 3_000 },
    )
  })
})

function isWithinError(expression: Expression): void {
  const { read, error } = figure(expression)
  const expected = fractionOf(expression)
  expect(Number.isNaN(read())).toBe(expected === undefined)
  if (expected === undefined || !Number.isFinite(error())) return
  const off = exactly(read()).times(expected.d.toString()).minus(expected.n.toString()).abs()
  expect(off.lte(exactly(error()).times(expected.d.toString()).times('1.0000001'))).toBe(true)
}

function number(text: string): Expression {
  return { type: 'number', text, at }
}

function arithmetic(left: Expression, operator: '+' | '*' | '/', text: string): Expression {
  return { type: 'arithmetic', operator, left, right: number(text), at }
}

/** A double with all its digits, not just those that tell it from its neighbours. */
function exactly(double: number): Exact {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, double)
  const bits = view.getBigUint64(0)
  const power = Number((bits >> 52n) & 0x7ffn)
  const rest = bits & 0xf_ffff_ffff_ffffn
  const mantissa = power === 0 ? rest : rest | (1n << 52n)
  const size = new Exact(mantissa.toString()).times(new Exact(2).pow(Math.max(power, 1) - 1075))
  return double < 0 ? size.neg() : size
}
