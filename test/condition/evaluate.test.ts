import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition, Expression } from '../../src/condition/ast.ts'
import { type Cell, compile, explain, MET, UNKNOWN, UNMET, wordOf } from '../../src/condition/evaluate.ts'
import { Exact, exactOf } from '../../src/condition/numbers.ts'
import { parse } from '../../src/condition/parse.ts'
import { keyOf } from '../../src/condition/symbols.ts'
import { aCell } from './cells.ts'
import { CLOCK } from './lines.ts'
import { conditions } from './trees.ts'

const conditionOf = (text: string) => parse(text, CLOCK).condition
const truthOf = (text: string, cell: Cell) => wordOf(compile(conditionOf(text), () => cell)())

describe('comparisons', () => {
  test.each([
    ['AAPL > 500', '500.01', 'met'],
    ['AAPL > 500', '500', 'unmet'],
    ['AAPL > 500', '499.99', 'unmet'],
    ['AAPL >= 500', '500', 'met'],
    ['AAPL >= 500', '499.99', 'unmet'],
    ['AAPL < 500', '500', 'unmet'],
    ['AAPL < 500', '499.99', 'met'],
    ['AAPL <= 500', '500.00', 'met'],
    ['AAPL = 500', '500.000', 'met'],
    ['AAPL = 500', '500.001', 'unmet'],
    ['AAPL != 500', '500', 'unmet'],
    ['AAPL != 500', '501', 'met'],
    ['AAPL between 300 and 500', '300', 'met'],
    ['AAPL between 300 and 500', '500', 'met'],
    ['AAPL between 300 and 500', '500.01', 'unmet'],
    ['AAPL outside 300 and 500', '300', 'unmet'],
    ['AAPL outside 300 and 500', '299.99', 'met'],
    ['AAPL outside 300 and 500', '500.01', 'met'],
    ['AAPL > 1.5k', '1500', 'unmet'],
    ['AAPL > 1.5k', '1500.01', 'met'],
    ['AAPL > 2m', '2000000.5', 'met'],
    ['AAPL < 1e-6', '0.0000009', 'met'],
  ])('%s at %s is %s', (text, price, truth) => {
    expect(truthOf(text, aCell({ price }))).toBe(truth)
  })

  test.each([
    ['AAPL open > 5', { open: '6' }],
    ['AAPL high > 5', { high: '6' }],
    ['AAPL low > 5', { low: '6' }],
    ['AAPL previous close > 5', { previousClose: '6' }],
    ['AAPL volume > 5', { volume: '6' }],
    ['AAPL bid > 5', { bid: '6' }],
    ['AAPL ask > 5', { ask: '6' }],
    ['AAPL price > AAPL open', { price: '6', open: '5' }],
    ['AAPL change > 19.9%', { price: '6', previousClose: '5' }],
  ])('%s looks at its own figure', (text, figures) => {
    expect(truthOf(text, aCell(figures))).toBe('met')
    expect(truthOf(text, aCell())).toBe('unknown')
  })
})

describe('exactness', () => {
  test.each([
    // All of these pairs are the same double.
    ['AAPL > 0.1', '0.1000000000000000055', 'met'],
    ['AAPL > 0.1000000000000000055', '0.1', 'unmet'],
    ['AAPL < 0.1000000000000000055', '0.1', 'met'],
    ['AAPL = 0.1000000000000000055', '0.1', 'unmet'],
    ['AAPL = 9007199254740993', '9007199254740992', 'unmet'],
    ['AAPL < 9007199254740993', '9007199254740992', 'met'],
    ['AAPL between 9007199254740993 and 9007199254740994', '9007199254740992', 'unmet'],
    ['AAPL > 123456789.12345678', '123456789.123456781', 'met'],
    ['AAPL = 0.1', '0.1000000000000000000000', 'met'],
    ['AAPL = 0.1', '0.1', 'met'],
    ['AAPL != 1.10', '1.1', 'unmet'],
  ])('%s at %s is %s', (text, price, truth) => {
    expect(truthOf(text, aCell({ price }))).toBe(truth)
  })

  test.each([
    // The doubles give 10.000000000000009, 4.999999999999993 and −0.30000000000000004 or the like.
    ['AAPL change > 10%', '1.1', '1', 'unmet'],
    ['AAPL change >= 10%', '1.1', '1', 'met'],
    ['AAPL change = 5%', '1.05', '1', 'met'],
    ['AAPL change < -0.3%', '99.7', '100', 'unmet'],
    ['AAPL change <= -0.3%', '99.7', '100', 'met'],
    ['AAPL change > 10%', '1.1000000000000000001', '1', 'met'],
    ['AAPL change between 5% and 10%', '1.1', '1', 'met'],
    ['AAPL change outside 5% and 10%', '1.1', '1', 'unmet'],
  ])('%s at %s after %s is %s', (text, price, previousClose, truth) => {
    expect(truthOf(text, aCell({ price, previousClose }))).toBe(truth)
  })

  test('the changes of two symbols are compared as fractions', () => {
    const cells: Record<string, Cell> = {
      AAPL: aCell({ price: '110', previousClose: '100' }),
      SPY: aCell({ price: '3.3', previousClose: '3' }, 'stock:SPY'),
    }
    const truth = (text: string) => wordOf(compile(conditionOf(text), (written) => cells[written]!)())
    expect(truth('AAPL change = SPY change')).toBe('met')
    expect(truth('AAPL change > SPY change')).toBe('unmet')
  })

  test('a compiled condition follows the cell', () => {
    const cell = aCell({ price: '499' })
    const value = compile(conditionOf('AAPL > 500 or AAPL < 300'), () => cell)
    expect(value()).toBe(UNMET)
    cell.price = 501
    cell.text = { price: '501' }
    expect(value()).toBe(MET)
    cell.price = Number.NaN
    expect(value()).toBe(UNKNOWN)
  })
})

describe('logic of three values', () => {
  const cells: Record<string, Cell> = { MET: aCell({ price: '9' }), NOPE: aCell({ price: '1' }), DARK: aCell() }
  const truth = (text: string) => wordOf(compile(conditionOf(text), (written) => cells[written]!)())
  const side = { met: 'MET > 5', unmet: 'NOPE > 5', unknown: 'DARK > 5' } as const

  test.each([
    ['met', 'unmet'],
    ['unmet', 'met'],
    ['unknown', 'unknown'],
  ] as const)('not %s is %s', (item, result) => {
    expect(truth(`not ${side[item]}`)).toBe(result)
  })

  test.each([
    ['met', 'met', 'met', 'met'],
    ['met', 'unmet', 'unmet', 'met'],
    ['met', 'unknown', 'unknown', 'met'],
    ['unmet', 'met', 'unmet', 'met'],
    ['unmet', 'unmet', 'unmet', 'unmet'],
    ['unmet', 'unknown', 'unmet', 'unknown'],
    ['unknown', 'met', 'unknown', 'met'],
    ['unknown', 'unmet', 'unmet', 'unknown'],
    ['unknown', 'unknown', 'unknown', 'unknown'],
  ] as const)('%s and %s is %s; or: %s', (left, right, and, or) => {
    const other = side[right].replace('> 5', '> 4')
    expect(truth(`${side[left]} and ${other}`)).toBe(and)
    expect(truth(`${side[left]} or ${other}`)).toBe(or)
  })

  test('not of an unknown is a plain zero', () => {
    expect(Object.is(compile(conditionOf('not DARK > 5'), (written) => cells[written]!)(), 0)).toBe(true)
  })

  test('a previous close of zero or below makes the change unknown', () => {
    const cell = aCell({ price: '5', previousClose: '1' })
    cell.previousClose = 0
    expect(truthOf('AAPL change > 5%', cell)).toBe('unknown')
  })
})

describe('any condition on any quotes', () => {
  const figure = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 99_999 }).map(String) },
    fc.constantFrom('1.5', '0.000001', '0.00000100000000000000001', '99000', '1000000000', '1000000000.0000000001'),
    fc.constant(undefined),
  )
  const cell = fc
    .record({
      price: figure,
      open: figure,
      high: figure,
      low: figure,
      previousClose: figure,
      volume: figure,
      bid: figure,
      ask: figure,
    })
    .map((figures) => aCell(Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined))))

  test('the fast evaluation is what decimals say', () => {
    fc.assert(
      fc.property(conditions, fc.array(cell, { minLength: 7, maxLength: 7 }), (condition, cells) => {
        const names = ['AAPL', 'MSFT', 'OVER', 'BRK.B', '1INCH', 'crypto:BTC/USD', 'stock:ON']
        const cellOf = (written: string) => cells[names.indexOf(written)]!
        expect(compile(condition, cellOf)() + 0).toBe(slowly(condition, cellOf))
      }),
      { numRuns: 2000 },
    )
  })
})

/** Evaluates with decimals alone: slow, and plainly right. */
function slowly(condition: Condition, cellOf: (written: string) => Cell): number {
  const value = (expression: Expression) => {
    if (expression.type === 'number') return exactOf(expression.text)
    const { text } = cellOf(keyOf(expression.symbol))
    if (expression.metric !== 'change')
      return text[expression.metric] === undefined ? undefined : new Exact(text[expression.metric]!)
    if (text.price === undefined || text['previous close'] === undefined) return undefined
    return new Exact(text.price).div(text['previous close']).minus(1).times(100)
  }
  const compared = (left: Expression, right: Expression, holds: (order: number) => boolean) => {
    const [a, b] = [value(left), value(right)]
    return a === undefined || b === undefined ? 0 : holds(a.cmp(b)) ? 1 : -1
  }
  switch (condition.type) {
    case 'compare': {
      const { operator } = condition
      return compared(condition.left, condition.right, (order) =>
        order === 0 ? /^=|>=|<=/.test(operator) : operator === '!=' || operator.startsWith(order > 0 ? '>' : '<'),
      )
    }
    case 'between':
      return Math.min(
        compared(condition.value, condition.low, (o) => o >= 0),
        compared(condition.value, condition.high, (o) => o <= 0),
      )
    case 'outside':
      return Math.max(
        compared(condition.value, condition.low, (o) => o < 0),
        compared(condition.value, condition.high, (o) => o > 0),
      )
    case 'not':
      return 0 - slowly(condition.item, cellOf)
    case 'and':
      return Math.min(...condition.items.map((item) => slowly(item, cellOf)))
    case 'or':
      return Math.max(...condition.items.map((item) => slowly(item, cellOf)))
  }
}

describe('explain', () => {
  test('gives each comparison with its truth and the figures behind it', () => {
    const cell = aCell({ price: '512.30', previousClose: '500', volume: '1000000' })
    expect(explain(conditionOf('AAPL > 500 and not (volume > 2m or AAPL change > 3%)'), () => cell)).toEqual([
      {
        text: 'AAPL price > 500',
        truth: 'met',
        operands: [{ symbol: 'stock:AAPL', metric: 'price', value: '512.30', currency: 'USD' }],
      },
      {
        text: 'AAPL volume > 2m',
        truth: 'unmet',
        operands: [{ symbol: 'stock:AAPL', metric: 'volume', value: '1000000', currency: '' }],
      },
      {
        text: 'AAPL change > 3%',
        truth: 'unmet',
        operands: [{ symbol: 'stock:AAPL', metric: 'change', value: '2.46', currency: '%' }],
      },
    ])
  })

  test('says why something is unknown', () => {
    expect(explain(conditionOf('AAPL > 500'), () => aCell())).toEqual([
      {
        text: 'AAPL price > 500',
        truth: 'unknown',
        operands: [{ symbol: 'stock:AAPL', metric: 'price', currency: '' }],
        why: 'stock:AAPL has no quote.',
      },
    ])
    const [leaf] = explain(conditionOf('AAPL volume > 2m'), () => aCell({ price: '5' }))
    expect(leaf?.why).toBe('The volume of AAPL is not known.')
  })
})
