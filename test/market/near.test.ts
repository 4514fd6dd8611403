import { describe, expect, test } from 'vitest'
import { coinsNamed, nearest } from '../../src/market/near.ts'
import type { Listing } from '../../src/market/provider.ts'

const one = (symbol: string, name: string): Listing => ({ symbol, name })
const names = (listings: readonly Listing[]) => listings.map(({ symbol }) => symbol)

describe('what a text may mean', () => {
  test.each<[string, string, Listing[][], string[]]>([
    [
      'the one with that name stands before those that begin with it, and those before the others',
      'apple',
      [
        [one('stock:PNPL', 'Pineapple Inc.'), one('stock:APLE', 'Applebee'), one('stock:AAPL', 'Apple Inc.')],
        [one('crypto:APL/USD', 'Apple')],
      ],
      ['crypto:APL/USD', 'stock:AAPL', 'stock:APLE', 'stock:PNPL'],
    ],
    [
      'of the rest the best of each search stands before the second best',
      'gold',
      [
        [one('stock:A', 'A'), one('stock:B', 'B')],
        [one('crypto:C/USD', 'C'), one('crypto:D/USD', 'D')],
      ],
      ['stock:A', 'crypto:C/USD', 'stock:B', 'crypto:D/USD'],
    ],
    [
      'of a coin only the best pair is there',
      'bitcoin',
      [[one('crypto:BTC/USD', 'Bitcoin'), one('crypto:BTC/EUR', 'Bitcoin'), one('crypto:BCH/USD', 'Bitcoin Cash')]],
      ['crypto:BTC/USD', 'crypto:BCH/USD'],
    ],
    [
      'but for a pair',
      'BTC/EURO',
      [[one('crypto:BTC/EUR', 'Bitcoin'), one('crypto:BTC/USD', 'Bitcoin')]],
      ['crypto:BTC/EUR', 'crypto:BTC/USD'],
    ],
    [
      'what two searches find is there once',
      'apple',
      [[one('stock:AAPL', 'Apple Inc.')], [one('stock:AAPL', 'Apple')]],
      ['stock:AAPL'],
    ],
    [
      'there are five at most',
      'x',
      [Array.from({ length: 9 }, (_, index) => one(`stock:X${index}`, 'X'))],
      ['stock:X0', 'stock:X1', 'stock:X2', 'stock:X3', 'stock:X4'],
    ],
    ['nothing where nothing was found', 'x', [[], []], []],
  ])('%s', (_what, text, found, expected) => expect(names(nearest(text, found))).toEqual(expected))

  test('the class that was written stands first', () => {
    const found = [[one('stock:LNK', 'Link')], [one('crypto:LNKX/USD', 'Linker')]]
    expect(names(nearest('link', found, 'crypto'))).toEqual(['crypto:LNKX/USD', 'stock:LNK'])
  })
})

test.each([
  ['bitcoin', ['crypto:BTC/USD']],
  ['Ethereum Classic', ['crypto:ETC/USD']],
  ['BITCOIN  CASH', ['crypto:BCH/USD']],
  ['BTC', []],
  ['XRP', []],
  ['bit', []],
  ['', []],
])('the coins named %j are %j', (text, symbols) => expect(names(coinsNamed(text))).toEqual(symbols))
