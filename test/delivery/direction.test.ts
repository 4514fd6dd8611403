import { expect, test } from 'vitest'
import { format } from '../../src/condition/format.ts'
import { parse } from '../../src/condition/parse.ts'
import { directionOf } from '../../src/delivery/direction.ts'

test.each([
  ['AAPL > 500', 'up'],
  ['AAPL at least 500', 'up'],
  ['BTC crosses above 100k', 'up'],
  ['BTC rises above 100k', 'up'],
  ['AAPL up 5% in 1h', 'up'],
  ['TSLA rises 8% from bottom', 'up'],
  ['AAPL > 450 and BTC > 95k', 'up'],
  ['AAPL < 300', 'down'],
  ['AAPL falls below 300', 'down'],
  ['AAPL down 5% today', 'down'],
  ['TSLA drops 8% from peak', 'down'],
  ['AAPL > 450 and BTC < 95k', undefined],
  ['AAPL between 300 and 500', undefined],
  ['not AAPL > 500', undefined],
  ['ETH / BTC > 0.05', undefined],
  ['AAPL - MSFT > 5', undefined],
  ['rsi(AAPL, 14) < 30', undefined],
] as const)('%s tells of a price that went %s', (typed, direction) => {
  const { condition } = parse(typed, { now: 0, zone: 'UTC' })
  expect(directionOf([format({ condition, options: { mode: 'once' } })])).toBe(direction)
})
