import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const uri = freshDatabase()
let store: Store
beforeAll(async () => {
  store = await connect(uri)
})
afterAll(() => store.close())

test('what was spent in a day holds across restarts and processes', async () => {
  expect(await store.budgets.counters('Tiingo', DAY).spend(3)).toMatchObject({ points: 3 })
  const other = await connect(uri)
  const { points, resetsIn } = await other.budgets.counters('Tiingo', DAY).spend(2)
  expect([points, resetsIn > DAY - MINUTE, resetsIn <= DAY]).toEqual([5, true, true])
  expect(await store.budgets.counters('Tiingo', DAY).spent()).toMatchObject({ points: 5 })
  await other.close()
})

test('what was given back is not spent, and other providers and windows have their own count', async () => {
  const counter = store.budgets.counters('Alpaca', DAY)
  await counter.spend(3)
  await counter.spend(-1)
  expect((await counter.spent()).points).toBe(2)
  expect((await store.budgets.counters('Alpaca', 2 * DAY).spent()).points).toBe(0)
  expect((await store.budgets.counters('Kraken', DAY).spent()).points).toBe(0)
})

test('several at once are all counted', async () => {
  const counter = store.budgets.counters('Binance', DAY)
  await Promise.all(Array.from({ length: 20 }, () => counter.spend(1)))
  expect((await counter.spent()).points).toBe(20)
})

test('minutes are counted in memory', async () => {
  expect(await store.budgets.counters('Binance', MINUTE).spend(2)).toMatchObject({ points: 2 })
  expect(await store.budgets.counters('Binance', MINUTE).spend(2)).toMatchObject({ points: 4 })
  expect(await store.db.collection('budgets').countDocuments({ key: /^60000/ })).toBe(0)
})

test('how providers are doing is known to other processes', async () => {
  const health = { name: 'Yahoo', classes: ['stock'], state: 'works', failures: 0, answeredAt: 5 } as const
  await store.standings.tell([{ ...health, answeredAt: 1 }])
  await store.standings.tell([health])
  const other = await connect(uri)
  expect(await other.standings.read()).toEqual(new Map([['Yahoo', health]]))
  await other.close()
})
