import { describe, expect, test } from 'vitest'
import type { CompareNode } from '../../src/condition/ast.ts'
import { kindOf } from '../../src/condition/kinds.ts'
import { parse } from '../../src/condition/parse.ts'
import { UserError } from '../../src/errors.ts'
import { CLOCK } from './lines.ts'

describe('the kind of a value', () => {
  test.each([
    ['AAPL', 'price'],
    ['AAPL previous close', 'price'],
    ['AAPL change', 'percent'],
    ['AAPL volume', 'volume'],
    ['-AAPL', 'price'],
    ['AAPL + MSFT', 'price'],
    ['AAPL - 5', 'price'],
    ['5 + AAPL', 'price'],
    ['AAPL + $5', 'price'],
    ['AAPL * 2', 'price'],
    ['2 * AAPL', 'price'],
    ['AAPL / 2', 'price'],
    ['AAPL / MSFT', 'ratio'],
    ['AAPL / MSFT / GOOG', 'ratio'],
    ['AAPL * (MSFT / GOOG)', 'price'],
    ['AAPL / (MSFT / GOOG)', 'price'],
    ['AAPL * MSFT', undefined],
    ['AAPL * EURUSD * 2', undefined],
    ['AAPL * volume', 'ratio'],
    ['1 / AAPL', 'ratio'],
    ['1 / (AAPL / MSFT)', 'ratio'],
    ['AAPL / volume', 'ratio'],
    ['AAPL volume / AAPL volume * 2', 'ratio'],
    ['AAPL volume / sma(AAPL volume, 20)', 'ratio'],
    ['AAPL change - SPY change', 'percent'],
    ['AAPL change + 5%', 'percent'],
    ['AAPL change * 2', 'percent'],
    ['AAPL change / SPY change', 'ratio'],
    ['AAPL change * MSFT', 'ratio'],
    ['sma(AAPL, 20)', 'price'],
    ['sma(AAPL volume, 20)', 'volume'],
    ['atr(AAPL, 14)', 'price'],
    ['rsi(AAPL, 14)', 'ratio'],
    ['rsi(AAPL volume, 14)', 'ratio'],
    ['change(AAPL volume, 5)', 'percent'],
    ['abs(AAPL - MSFT)', 'price'],
    ['abs(AAPL change)', 'percent'],
    ['max(100, AAPL, MSFT)', 'price'],
    ['round(AAPL / MSFT, 2)', 'ratio'],
  ])('%s is a %s', (value, kind) => {
    expect(kindOf((parse(`${value} > 7`, CLOCK).condition as CompareNode).left)).toBe(kind)
  })

  test('numbers without a sign have none, with one it says so', () => {
    const at = { start: 0, end: 0 }
    expect(kindOf({ type: 'number', text: '5', at })).toBeUndefined()
    expect(kindOf({ type: 'number', text: '5', unit: '%', at })).toBe('percent')
    expect(kindOf({ type: 'number', text: '5', unit: '€', at })).toBe('price')
    const five = { type: 'number', text: '5', at } as const
    expect(kindOf({ type: 'arithmetic', operator: '*', left: five, right: five, at })).toBeUndefined()
  })
})

test.each([
  'AAPL > sma(AAPL, 50)',
  'AAPL volume > 2 * sma(AAPL volume, 20)',
  'AAPL > MSFT * 1.05',
  'AAPL > max(MSFT, GOOG, $100)',
  'ETH / BTC > 0.05',
  'rsi(AAPL, 14) < rsi(MSFT, 14)',
  'AAPL change > 2 * SPY change',
  '(AAPL - AAPL open) / AAPL open > 0.02',
  'AAPL * volume > 1bn',
  'AAPL > SAP.DE * EURUSD',
  'AAPL crosses above sma(AAPL, 50)',
  'AAPL up $5 in 1h',
  'AAPL up 5% from sma(AAPL, 50)',
])('like meets like: %s', (line) => {
  expect(() => parse(line, CLOCK)).not.toThrow()
})

describe('unlike figures are refused with what to write instead', () => {
  test.each([
    // Added
    ['AAPL + 5% > 500', '5% cannot be added to a price; write * 1.05.', 'AAPL * 1.05 > 500'],
    ['AAPL > MSFT + 5%', '5% cannot be added to a price; write * 1.05.', 'AAPL > MSFT * 1.05'],
    ['AAPL > 5% + MSFT', '5% cannot be added to a price; write * 1.05.', 'AAPL > MSFT * 1.05'],
    ['AAPL < sma(AAPL, 50) - 5%', '5% cannot be taken from a price; write * 0.95.', 'AAPL < sma(AAPL, 50) * 0.95'],
    ['AAPL < MSFT - 0.25%', '0.25% cannot be taken from a price; write * 0.9975.', 'AAPL < MSFT * 0.9975'],
    ['AAPL > MSFT + GOOG + 5%', '5% cannot be added to a price; write * 1.05.', 'AAPL > (MSFT + GOOG) * 1.05'],
    ['AAPL > 500 + 5%', '5% cannot be added to a price; write * 1.05.', 'AAPL > 500 * 1.05'],
    [
      'AAPL volume > sma(AAPL volume, 20) + 50%',
      '50% cannot be added to a number of units; write * 1.5.',
      'AAPL volume > sma(AAPL volume, 20) * 1.5',
    ],
    ['AAPL > MSFT * 105%', 'Write 105% of a price as * 1.05.', 'AAPL > MSFT * 1.05'],
    ['AAPL / 105% > 300', 'Write 105% of a price as / 1.05.', 'AAPL / 1.05 > 300'],
    ['AAPL + volume > 500', 'AAPL price + AAPL volume mixes a price with a number of units.', 'AAPL > 500'],
    ['AAPL - MSFT change > 5', 'AAPL price - MSFT change mixes a price with a percentage.', 'AAPL - MSFT price > 5'],
    ['max(AAPL, rsi(AAPL, 14)) > 5', 'max(AAPL, rsi(AAPL, 14)) mixes a price with a plain number.', 'AAPL > 5'],
    // Compared
    ['AAPL > 5%', 'AAPL price cannot be compared with a percentage: 5%.', 'AAPL change > 5%'],
    ['AAPL volume > $5', 'AAPL volume cannot be compared with a price: $5.', 'AAPL volume > 5'],
    ['AAPL change > $5', 'AAPL change cannot be compared with a price: $5.', 'AAPL change > 5%'],
    ['rsi(NVDA, 14) < 30%', 'rsi(NVDA, 14) cannot be compared with a percentage: 30%.', 'rsi(NVDA, 14) < 30'],
    ['sma(NVDA, 14) < 30%', 'sma(NVDA, 14) cannot be compared with a percentage: 30%.', 'sma(NVDA, 14) < 30'],
    ['ETH / BTC > $5', 'ETH price / BTC price cannot be compared with a price: $5.', 'ETH / BTC > 5'],
    [
      'AAPL volume > 2 * sma(AAPL, 20)',
      'AAPL volume cannot be compared with a price: 2 * sma(AAPL, 20).',
      'AAPL volume > 2 * sma(AAPL volume, 20)',
    ],
    [
      'AAPL > rsi(AAPL, 14)',
      'AAPL price cannot be compared with a plain number: rsi(AAPL, 14).',
      'AAPL / rsi(AAPL, 14) > 1',
    ],
    ['AAPL between 5% and 6%', 'AAPL price cannot be compared with a percentage: 5%.', 'AAPL change between 5% and 6%'],
    ['AAPL between 300 and 6%', 'AAPL price cannot be compared with a percentage: 6%.', 'AAPL between 300 and 6'],
    ['AAPL crosses above 5%', 'AAPL price cannot be compared with a percentage: 5%.', 'AAPL change crosses above 5%'],
    ['AAPL up 5% from 3%', 'AAPL price cannot be compared with a percentage: 3%.', 'AAPL up 5% from 3'],
    [
      'AAPL volume up $5 from now',
      'AAPL volume is a number of units, so it cannot move by $5.',
      'AAPL volume up 5 from now',
    ],
  ])('%s', (line, message, suggestion) => {
    try {
      parse(line, CLOCK)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      expect([error.message, error.suggestion]).toEqual([message, suggestion])
      return
    }
    throw new Error('understood')
  })
})
