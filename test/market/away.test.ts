import { expect, test } from 'vitest'
import type { Candle, Need } from '../../src/condition/history.ts'
import { rangeWhileAway } from '../../src/market/away.ts'
import { aQuote } from '../builders.ts'

const MINUTE = 60_000
const candle = (minute: number, low: string, high: string): Candle => ({
  ...{ start: minute * MINUTE, open: low, high, low, close: high, volume: null },
})

/** The range from minute 30 to minute 60, of candles of a minute, where quotes are good for 5 min. */
async function range(candles: readonly Candle[], given: Parameters<typeof aQuote>[0] = {}) {
  const asked: Need[] = []
  const found = await rangeWhileAway('stock:AAPL', 30 * MINUTE, 60 * MINUTE, {
    history: {
      load: async (needs) => {
        asked.push(...needs)
        const series = { finished: candles.slice(0, -1), live: candles.at(-1), version: 1, why: undefined }
        return new Map([['stock:AAPL', new Map([['1m' as const, series]])]])
      },
    },
    kept: async () => new Map([['stock:AAPL', aQuote(given)]]),
    freshFor: () => 5 * MINUTE,
  })
  return { found, asked }
}

test('the lowest and the highest of the candles of that time, and of the while before that quotes are good for', async () => {
  const candles = [
    candle(24, '1', '9'),
    candle(25, '495.10', '496'),
    candle(40, '497', '503.4'),
    candle(59, '499', '500'),
  ]
  const { found, asked } = await range([...candles, candle(60, '2', '900')])
  expect(found).toEqual({ low: '495.1', high: '503.4' })
  expect(asked).toEqual([{ symbol: 'stock:AAPL', interval: '1m', count: 37 }])
})

test('in pence where the listing is quoted in pence', async () => {
  const { found } = await range([candle(40, '4.951', '5.034')], { minor: { name: 'GBX', per: 100 } })
  expect(found).toEqual({ low: '495.1', high: '503.4' })
})

test('nothing where there are no candles of that time', async () => {
  expect((await range([])).found).toBeUndefined()
  expect((await range([candle(10, '1', '2')])).found).toBeUndefined()
})
