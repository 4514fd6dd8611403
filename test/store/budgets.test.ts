import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBudget } from '../../src/market/budget.ts'
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

test('the minute of who talks with people is the minute of who watches the market', async () => {
  const other = await connect(uri)
  const [worker, bot] = [store, other].map(({ budgets }) => createBudget('Free', { perMinute: 10 }, budgets.counters))
  expect(await Promise.all([worker!.take(5, false), worker!.take(4, false)])).toEqual([0, 0])
  expect(await worker!.take(1, false)).toBeGreaterThan(0)
  expect(await bot!.take(1, true)).toBe(0)
  expect(await bot!.take(1, true)).toBeGreaterThan(0)
  await other.close()
})

test('how providers are doing is known to other processes', async () => {
  const health = { name: 'Yahoo', classes: ['stock'], state: 'works', failures: 0, answeredAt: 5 } as const
  await store.standings.tell([{ ...health, answeredAt: 1 }])
  await store.standings.tell([health])
  const other = await connect(uri)
  expect(await other.standings.read()).toEqual(new Map([['Yahoo', health]]))
  await other.close()
})
