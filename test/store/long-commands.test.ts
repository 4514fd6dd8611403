import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

test('a command is found under its key, also when it was kept again', async () => {
  const command = 'alert AAPL price > 500 or AAPL price < 300 note "$set: {a: 1}"'
  await Promise.all([1, 2, 3].map(() => store.longCommands.keep('key', command)))
  expect(await store.longCommands.find('key')).toBe(command)
  expect(await store.longCommands.find('another')).toBeNull()
})

test('what is kept again is kept from then on', async () => {
  const keptAt = async () => (await store.db.collection('longCommands').findOne({ _id: 'again' as never }))?.keptAt
  await store.longCommands.keep('again', 'list')
  await store.db.collection('longCommands').updateOne({ _id: 'again' as never }, { $set: { keptAt: new Date(0) } })
  await store.longCommands.keep('again', 'list')
  expect((await keptAt()).getTime()).toBeGreaterThan(0)
})
