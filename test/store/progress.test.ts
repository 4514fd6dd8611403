import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

test('progress is kept by name; before the first there is none', async () => {
  expect(await store.progress.get('watch:0')).toBeNull()
  await store.progress.advance('watch:0', 5)
  expect(await store.progress.get('watch:0')).toBe(5)
  expect(await store.progress.get('watch:1')).toBeNull()
})

test('it never moves back', async () => {
  await store.progress.advance('back', 10)
  await store.progress.advance('back', 7)
  expect(await store.progress.get('back')).toBe(10)
})

test('of many advances at once the furthest counts', async () => {
  await Promise.all([3, 9, 1, 8, 2, 7].map((at) => store.progress.advance('race', at)))
  expect(await store.progress.get('race')).toBe(9)
})
