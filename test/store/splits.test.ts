import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

test('a split is kept once, as it was told last', async () => {
  const split = { symbol: 'stock:AAPL', at: 1_000, toldAt: 5_000 }
  await Promise.all([store.splits.write(split), store.splits.write({ ...split, toldAt: 7_000 })])
  await store.splits.write({ ...split, toldAt: 6_000 })
  await store.splits.write({ ...split, at: 2_000 })
  const kept = await store.splits.read()
  expect(kept.toSorted((one, other) => one.at - other.at)).toEqual([
    { ...split, toldAt: 7_000 },
    { ...split, at: 2_000 },
  ])
})

test('the database forgets a split by itself when no candles of before it can be kept any more', async () => {
  const indexes = await store.db.collection('splits').indexes()
  expect(indexes.find(({ key }) => key.keptAt)?.expireAfterSeconds).toBe(30 * 24 * 3_600)
})
