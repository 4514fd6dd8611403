import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Candle } from '../../src/condition/history.ts'
import type { KeptCandles } from '../../src/market/kept-candles.ts'
import { MOST_CANDLES } from '../../src/store/candles.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

const candle = (start: number, close = '1.50'): Candle => ({
  start,
  open: '0.000012340',
  high: '123456789012345678901234567890',
  low: '1e-7',
  close,
  volume: start % 2 === 0 ? '10' : null,
})
const kept = (given: Partial<KeptCandles> = {}): KeptCandles => ({
  symbol: 'stock:AAPL',
  interval: '1d',
  candles: [candle(1), candle(2)],
  at: 10,
  source: 'Yahoo',
  count: 5,
  ...given,
})

test('candles come back figure for figure as text, in their order', async () => {
  expect(await store.candles.read('stock:AAPL', '1d')).toBeNull()
  await store.candles.write(kept())
  expect(await store.candles.read('stock:AAPL', '1d')).toEqual(kept())
  expect(await store.candles.read('stock:AAPL', '1h')).toBeNull()
})

test('none at all is kept too: there are none', async () => {
  await store.candles.write(kept({ symbol: 'stock:NEW', candles: [] }))
  expect(await store.candles.read('stock:NEW', '1d')).toEqual(kept({ symbol: 'stock:NEW', candles: [] }))
})

test('those of later replace all of those before, and those of before replace none', async () => {
  const symbol = 'stock:B'
  const later = kept({ symbol, at: 20, candles: [candle(3)], source: 'Nasdaq', count: 1 })
  await store.candles.write(kept({ symbol, at: 10 }))
  await store.candles.write(later)
  await store.candles.write(kept({ symbol, at: 19 }))
  expect(await store.candles.read(symbol, '1d')).toEqual(later)
})

test('of many that are written at once in any order those of latest are kept', async () => {
  for (let round = 0; round < 10; round += 1) {
    const symbol = `stock:R${round}`
    await Promise.all([3, 9, 1, 7, 5, 8, 2, 6].map((at) => store.candles.write(kept({ symbol, at }))))
    expect(await store.candles.read(symbol, '1d')).toEqual(kept({ symbol, at: 9 }))
  }
})

test('of more candles than are kept the last are, and it is not said that there were more', async () => {
  const symbol = 'crypto:BTC/USD'
  const candles = Array.from({ length: MOST_CANDLES + 10 }, (_, index) => candle(index))
  await store.candles.write(kept({ symbol, candles, count: MOST_CANDLES + 10 }))
  expect(await store.candles.read(symbol, '1d')).toEqual(
    kept({ symbol, candles: candles.slice(-MOST_CANDLES), count: MOST_CANDLES }),
  )
})

test('those of a symbol are dropped at every interval, and of no other', async () => {
  for (const interval of ['1d', '1h'] as const) await store.candles.write(kept({ symbol: 'stock:SPLIT', interval }))
  await store.candles.write(kept({ symbol: 'stock:SPLITS' }))
  await store.candles.drop('stock:SPLIT')
  expect(await store.candles.read('stock:SPLIT', '1d')).toBeNull()
  expect(await store.candles.read('stock:SPLIT', '1h')).toBeNull()
  expect(await store.candles.read('stock:SPLITS', '1d')).not.toBeNull()
})

test('the database finds them by symbol, and forgets by itself what nobody had anew for two weeks', async () => {
  const indexes = await store.db.collection('candles').indexes()
  expect(indexes.find(({ key }) => 'keptAt' in key)).toMatchObject({ expireAfterSeconds: 14 * 24 * 3_600 })
  expect(indexes.some(({ key }) => 'symbol' in key)).toBe(true)
})
