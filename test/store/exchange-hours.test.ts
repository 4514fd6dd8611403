import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

test('what an exchange told last is kept, days without trading too', async () => {
  const usual = { zone: 'Asia/Tokyo', open: 540, close: 930, currency: 'JPY' }
  const first = { usual, days: new Map([['2026-11-20', null]]) }
  const last = { usual, days: new Map([['2026-11-23', null] as const, ['2026-11-24', { from: 1, until: 2 }] as const]) }
  await store.exchangeHours.write('T', first)
  await store.exchangeHours.write('T', last)
  expect(await store.exchangeHours.read()).toEqual(new Map([['T', last]]))
})
