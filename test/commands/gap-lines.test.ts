import { expect, test } from 'vitest'
import { gapLines } from '../../src/commands/gap-lines.ts'
import type { Candle } from '../../src/condition/history.ts'
import { calendar } from '../../src/market/sessions.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2026-11-23T12:30Z')
const context = { sessionAt: calendar({ alwaysOpen: false }).sessionAt, zone: 'UTC', now: () => NOW }
/** Hours of today, by their numbers. */
const candles = (...numbers: number[]): Candle[] =>
  numbers.map((hour) => {
    const start = Date.parse('2026-11-23T00:00Z') + hour * HOUR
    return { start, open: '1', high: '1', low: '1', close: '1', volume: null }
  })
const seen = (...numbers: number[]) => ({
  quotes: new Map(),
  series: new Map([
    [
      'crypto:BTC/USD',
      new Map([['1h' as const, { finished: candles(...numbers), live: undefined, version: 0, why: undefined }]]),
    ],
  ]),
})
const need = { symbol: 'crypto:BTC/USD', interval: '1h' as const, count: 6 }

test.each<[string, number[], string[]]>([
  ['nothing where nothing is missing', [6, 7, 8, 9, 10, 11], []],
  [
    'how much is missing and where',
    [3, 4, 5, 6, 10, 11],
    ['In the 1h candles of BTC/USD 3 h of trading is missing, before 10:00.'],
  ],
  [
    'all that is missing in one sentence',
    [3, 5, 6, 7, 10, 11],
    ['In the 1h candles of BTC/USD 3 h of trading is missing, the last of it before 10:00.'],
  ],
  ['nothing of what lies before those that are looked at', [0, 6, 7, 8, 9, 10, 11], []],
  ['nothing where there are no candles', [], []],
])('%s', (_what, numbers, lines) => expect(gapLines([need], seen(...numbers), context)).toEqual(lines))

test('nothing of a symbol of which there is no history', () => {
  expect(gapLines([{ ...need, symbol: 'stock:AAPL' }], seen(1, 5), context)).toEqual([])
})
