import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KeptSymbol } from '../../src/market/kept-symbols.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

const AAPL: KeptSymbol = {
  symbol: 'stock:AAPL',
  exists: true,
  checkedAt: 12,
  listing: { symbol: 'stock:AAPL', name: 'Apple Inc.', exchange: 'NasdaqGS', currency: 'USD' },
  near: [],
}
const APPLE: KeptSymbol = { symbol: 'stock:APPLE', exists: false, checkedAt: 13, near: [AAPL.listing!] }
const LATER = Date.now() + 3_600_000
const forgetAt = async (symbol: string) =>
  (await store.db.collection('symbols').findOne({ _id: symbol as never }))?.forgetAt as Date

test.each([
  ['one that is there, with its name', AAPL],
  ['one that is not, with what is near', APPLE],
  ['one without a name', { symbol: 'crypto:NEW/USD', exists: true, checkedAt: 1, near: [] }],
])('what is known of a symbol comes back as it was: %s', async (_what, kept) => {
  expect(await store.symbols.read(kept.symbol)).toBeNull()
  await store.symbols.write(kept, LATER)
  expect(await store.symbols.read(kept.symbol)).toEqual(kept)
})

test('what is heard later replaces all of it', async () => {
  await store.symbols.write({ ...AAPL, symbol: 'stock:GONE' }, LATER)
  const gone: KeptSymbol = { symbol: 'stock:GONE', exists: false, checkedAt: 20, near: [] }
  await store.symbols.write(gone, LATER)
  expect(await store.symbols.read('stock:GONE')).toEqual(gone)
})

test('use puts off when it is forgotten, and never brings that nearer', async () => {
  await store.symbols.write({ ...AAPL, symbol: 'stock:USED' }, LATER)
  await store.symbols.use('stock:USED', LATER + 5_000)
  await store.symbols.use('stock:USED', LATER + 1_000)
  await store.symbols.use('stock:UNKNOWN', LATER)
  expect((await forgetAt('stock:USED')).getTime()).toBe(LATER + 5_000)
  expect(await store.symbols.read('stock:UNKNOWN')).toBeNull()
})

test('the database forgets by itself what is of no use any more', async () => {
  const indexes = await store.db.collection('symbols').indexes()
  expect(indexes.find(({ key }) => 'forgetAt' in key)).toMatchObject({ expireAfterSeconds: 0 })
})

test('what is to be forgotten is, and nothing else', async () => {
  for (const symbol of ['stock:F1', 'stock:F2', 'stock:F3']) await store.symbols.write({ ...AAPL, symbol }, LATER)
  await store.symbols.forget(['stock:F1', 'stock:F3', 'stock:none'])
  const left = await Promise.all(['stock:F1', 'stock:F2', 'stock:F3'].map((symbol) => store.symbols.read(symbol)))
  expect(left.map((kept) => kept?.symbol)).toEqual([undefined, 'stock:F2', undefined])
})

test('a symbol that many write at once is there once', async () => {
  const writers = Array.from({ length: 30 }, (_, at) => ({ ...AAPL, symbol: 'stock:RACE', checkedAt: at }))
  await Promise.all(writers.map((kept) => store.symbols.write(kept, LATER)))
  expect(await store.db.collection('symbols').countDocuments({ _id: 'stock:RACE' as never })).toBe(1)
})

test('an operator in place of a symbol finds nothing', async () => {
  expect(await store.symbols.read({ $gt: '' } as never).catch(() => null)).toBeNull()
})
