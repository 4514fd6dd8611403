import { describe, expect, test } from 'vitest'
import { isLost, type Loss, lossAfter, lossText, whoMisses } from '../../src/market/lost.ts'
import type { Quote, Unknown } from '../../src/market/provider.ts'
import { aQuote } from '../builders.ts'

const MINUTE = 60_000
const symbol = 'stock:XYZ'
const gone: Unknown = { symbol, unknown: 'Yahoo has no symbol XYZ', gone: true }
const silent: Unknown = { symbol, unknown: 'Yahoo did not answer', gone: false }
const unsure: Unknown = {
  symbol,
  unknown: 'Yahoo has no symbol XYZ; Nasdaq says nothing of XYZ',
  gone: false,
  sure: 'Yahoo has no symbol XYZ',
}
const price = aQuote({ symbol })

function answered(...answers: [minutes: number, answer: Quote | Unknown][]): Loss | undefined {
  let loss: Loss | undefined
  for (const [minutes, answer] of answers) loss = lossAfter(loss, answer, minutes * MINUTE)
  return loss
}

describe('a symbol is lost', () => {
  test.each<[string, [number, Quote | Unknown][], boolean]>([
    [
      'when it is said in three rounds over two hours that there is none',
      [
        [0, gone],
        [61, gone],
        [122, gone],
      ],
      true,
    ],
    [
      'also when others cannot say',
      [
        [0, unsure],
        [61, unsure],
        [122, gone],
      ],
      true,
    ],
    [
      'also when nobody answers in between',
      [
        [0, gone],
        [30, silent],
        [61, gone],
        [90, silent],
        [122, gone],
      ],
      true,
    ],
    [
      'not after two',
      [
        [0, gone],
        [61, gone],
      ],
      false,
    ],
    [
      'not when what was said once is said again and again',
      [
        [0, gone],
        [1, gone],
        [2, gone],
        [60, gone],
      ],
      false,
    ],
    [
      'not when it had a price in between',
      [
        [0, gone],
        [61, gone],
        [100, price],
        [122, gone],
      ],
      false,
    ],
    [
      'not when nobody answers',
      [
        [0, silent],
        [61, silent],
        [122, silent],
      ],
      false,
    ],
  ])('%s', (_what, answers, lost) => {
    const loss = answered(...answers)
    expect(loss !== undefined && isLost(loss)).toBe(lost)
  })

  test('what says nothing new changes nothing', () => {
    const loss = answered([0, gone])
    expect(lossAfter(loss, gone, 60 * MINUTE)).toBe(loss)
    expect(lossAfter(loss, silent, 90 * MINUTE)).toBe(loss)
    expect(lossAfter(undefined, price, 0)).toBeUndefined()
  })
})

test.each<[string, number, string]>([
  ['Yahoo has no symbol XYZ', 1, 'Yahoo says that it has no symbol XYZ'],
  ['Yahoo has no symbol XYZ', 3, 'Yahoo has no symbol XYZ any more: it may be delisted or renamed'],
  [
    'Coinbase has no FOO-USD; Kraken has no FOO/USD',
    4,
    'Coinbase has no FOO-USD any more: it may be delisted or renamed',
  ],
])('%s, in %i rounds: %s', (said, rounds, text) =>
  expect(lossText({ symbol, said, since: 0, countedAt: 0, rounds })).toBe(text),
)

test.each([
  ['Yahoo has no symbol XYZ', 'Yahoo does not know it any more'],
  ['Yahoo has no symbol XYZ; Nasdaq has no symbol XYZ', 'Yahoo and Nasdaq do not know it any more'],
  [
    'CoinDesk Data has no FOO/USD; CoinGecko has no coin FOO/USD',
    'CoinDesk Data and CoinGecko do not know it any more',
  ],
  ['Coinbase has no A; Kraken has no A; Binance has no A', 'Coinbase, Kraken and Binance do not know it any more'],
])('%s: %s', (said, text) => expect(whoMisses({ symbol, said, since: 0, countedAt: 0, rounds: 3 })).toBe(text))
