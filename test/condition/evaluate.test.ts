import { describe, expect, test } from 'vitest'
import { type Cell, compile, MET, UNKNOWN, UNMET, wordOf } from '../../src/condition/evaluate.ts'
import { parse } from '../../src/condition/parse.ts'
import { aCell } from './cells.ts'
import { CLOCK } from './lines.ts'

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

describe('arithmetic', () => {
  test.each([
    ['AAPL + 1 > 3', '2.01', 'met'],
    ['AAPL - 1 >= 1.1', '2.1', 'met'],
    ['2 * AAPL < 5', '2.5', 'unmet'],
    ['AAPL / 4 = 0.25', '1', 'met'],
    ['-AAPL < -2', '2.5', 'met'],
    ['(AAPL + 1) * (AAPL - 1) = 3', '2', 'met'],
    ['AAPL / AAPL = 1', '7', 'met'],
    ['abs(AAPL - 5) <= 2', '3', 'met'],
    ['min(AAPL, 3) = 3', '5', 'met'],
    ['max(AAPL, 3, 4) = 5', '5', 'met'],
    ['round(AAPL) = 3', '2.5', 'met'],
    ['round(AAPL, 1) = 2.4', '2.44', 'met'],
    ['AAPL between AAPL - 1 and AAPL + 1', '3', 'met'],
  ])('%s at %s is %s', (text, price, truth) => {
    expect(truthOf(text, aCell({ price }))).toBe(truth)
  })

  test.each([
    // Doubles say 0.30000000000000004, 0.7999999999999999, 4.35 × 100 = 434.99999999999994.
    ['AAPL + 0.2 = 0.3', '0.1', 'met'],
    ['AAPL + 0.2 > 0.3', '0.1', 'unmet'],
    ['AAPL - 0.1 - 0.1 = 0.8', '1', 'met'],
    ['AAPL * 100 = 435', '4.35', 'met'],
    ['AAPL * 100 < 435', '4.35', 'unmet'],
    ['AAPL / 3 * 3 = AAPL', '0.1', 'met'],
    ['AAPL / 49 * 49 < 1', '1', 'unmet'],
    ['1 / AAPL + 1 / AAPL + 1 / AAPL = 1', '3', 'met'],
    ['AAPL - 1e20 + 1e20 = AAPL', '0.1', 'met'],
    ['max(AAPL / 3, 0) * 3 = AAPL', '0.1', 'met'],
    ['abs(0 - AAPL / 3) * 3 = AAPL', '0.1', 'met'],
    ['min(AAPL / 3, AAPL / 7) = AAPL / 7', '0.1', 'met'],
    ['AAPL / 3 > 0.333333333333333333333333333333', '1', 'met'],
    ['AAPL / 3 < 0.333333333333333333333333333334', '1', 'met'],
    ['AAPL * AAPL > 0.01', '0.1000000000000000000001', 'met'],
    ['AAPL * 1e30 * 1e30 * 1e30 * 1e30 * 1e30 * 1e30 * 1e30 * 1e30 * 1e30 * 1e30 * 1e30 / 1e30 > 1e30', '2', 'met'],
    ['AAPL * 1e-30 * 1e-30 * 1e-30 * 1e-30 * 1e-30 * 1e-30 * 1e-30 * 1e-30 * 1e-30 * 1e-30 * 1e-30 > 0', '2', 'met'],
  ])('is exact: %s at %s is %s', (text, price, truth) => {
    expect(truthOf(text, aCell({ price }))).toBe(truth)
  })

  test.each([
    ['5 / (AAPL - 2) > 1', '2', 'unknown'],
    ['5 / (AAPL - 2) > 1', '2.5', 'met'],
    // As doubles these are 5.551115123125783e-17 and 0.
    ['5 / (AAPL + 0.2 - 0.3) > 1', '0.1', 'unknown'],
    ['5 / (AAPL - 0.1) > 1', '0.1000000000000000055', 'met'],
    ['5 / (AAPL - 2) > 1 or AAPL > 1', '2', 'met'],
    ['not 5 / (AAPL - 2) > 1', '2', 'unknown'],
    ['round(AAPL / (AAPL - 2)) > 1', '2', 'unknown'],
  ])('does not divide by zero: %s at %s is %s', (text, price, truth) => {
    expect(truthOf(text, aCell({ price }))).toBe(truth)
  })

  test('of what is not known is not known', () => {
    for (const text of [
      'AAPL + 1 > 0',
      '1 - AAPL > 0',
      '0 * AAPL = 0',
      'AAPL / 2 > 0',
      'max(AAPL, 1) > 0',
      '-AAPL < 0',
    ])
      expect(truthOf(text, aCell())).toBe('unknown')
  })

  test('goes across symbols', () => {
    const cells: Record<string, Cell> = {
      ETH: aCell({ price: '3000.3' }, 'crypto:ETH/USD'),
      BTC: aCell({ price: '60006' }, 'crypto:BTC/USD'),
    }
    const truth = (text: string) => wordOf(compile(conditionOf(text), (written) => cells[written]!)())
    expect(truth('ETH / BTC = 0.05')).toBe('met')
    expect(truth('ETH / BTC > 0.05')).toBe('unmet')
    expect(truth('BTC > 20 * ETH')).toBe('unmet')
  })
})

describe('several comparisons of one price', () => {
  test.each([
    ['AAPL > 500 or AAPL < 300', { 299: 'met', 300: 'unmet', 400: 'unmet', 500: 'unmet', 501: 'met' }],
    ['AAPL < 300 or AAPL > 500', { 299: 'met', 300: 'unmet', 400: 'unmet', 500: 'unmet', 501: 'met' }],
    ['AAPL >= 300 and AAPL < 500', { 299: 'unmet', 300: 'met', 400: 'met', 500: 'unmet', 501: 'unmet' }],
    ['not (AAPL >= 300 and AAPL < 500)', { 299: 'met', 300: 'unmet', 400: 'unmet', 500: 'met', 501: 'met' }],
    ['AAPL = 300 or AAPL = 500', { 299: 'unmet', 300: 'met', 400: 'unmet', 500: 'met', 501: 'unmet' }],
    ['AAPL >= 300 and AAPL != 300', { 299: 'unmet', 300: 'unmet', 301: 'met' }],
    ['AAPL > 300 or (AAPL > 200 and AAPL < 250)', { 200: 'unmet', 201: 'met', 250: 'unmet', 300: 'unmet', 301: 'met' }],
    // Levels that are the same double.
    ['AAPL >= 0.1 and AAPL < 0.1000000000000000055', { '0.1': 'met', '0.1000000000000000055': 'unmet' }],
    ['AAPL > 0.1 and AAPL < 0.1000000000000000055', { '0.1': 'unmet', '0.1000000000000000025': 'met' }],
    ['AAPL > 9007199254740992 and AAPL <= 9007199254740993', { 9007199254740992: 'unmet', '9007199254740993': 'met' }],
  ])('%s: %j', (text, truths) => {
    for (const [price, truth] of Object.entries(truths)) expect(truthOf(text, aCell({ price }))).toBe(truth)
    expect(truthOf(text, aCell())).toBe('unknown')
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
