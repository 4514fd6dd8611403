import { expect, test } from 'vitest'
import { priceLevelsOf } from '../../src/alert/price-levels.ts'
import { parse } from '../../src/condition/parse.ts'

const BINDINGS = { AAPL: 'stock:AAPL', MSFT: 'stock:MSFT', BTC: 'crypto:BTC/USD' }

test.each<[string, [symbol: string, price: number, text: string][]]>([
  [
    'AAPL > 500 or < 300',
    [
      ['stock:AAPL', 500, '> 500'],
      ['stock:AAPL', 300, '< 300'],
    ],
  ],
  ['500 < AAPL', [['stock:AAPL', 500, '> 500']]],
  ['not AAPL >= $500', [['stock:AAPL', 500, '>= $500']]],
  [
    'AAPL between 300 and 500',
    [
      ['stock:AAPL', 300, '>= 300'],
      ['stock:AAPL', 500, '<= 500'],
    ],
  ],
  [
    'AAPL outside 300..500',
    [
      ['stock:AAPL', 300, '< 300'],
      ['stock:AAPL', 500, '> 500'],
    ],
  ],
  ['BTC crosses above 100k', [['crypto:BTC/USD', 100_000, 'crosses above 100k']]],
  ['BTC hits 100k', [['crypto:BTC/USD', 100_000, 'crosses 100k']]],
  [
    'AAPL > 500 and MSFT < 400',
    [
      ['stock:AAPL', 500, '> 500'],
      ['stock:MSFT', 400, '< 400'],
    ],
  ],
  ['AAPL up 5% in 1h', []],
  ['AAPL volume > 2m', []],
  ['AAPL > sma(AAPL, 50)', []],
  ['AAPL - MSFT > 5', []],
])('%s', (text, levels) => {
  const { condition } = parse(text, { now: 0, zone: 'UTC' })
  expect(priceLevelsOf({ condition, bindings: BINDINGS })).toEqual(
    levels.map(([symbol, price, words]) => ({ symbol, price, text: words })),
  )
})
