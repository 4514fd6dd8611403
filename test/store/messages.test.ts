import { afterAll, beforeAll, expect, test } from 'vitest'
import { say } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

test('a message that was answered gets the same answer, buttons and all', async () => {
  const reply = say('Alert 1 is on.', [{ label: 'Delete', command: 'delete 1' }])
  expect(await store.messages.answered('console:1')).toBeNull()
  await store.messages.remember('console:1', reply, 0)
  expect(await store.messages.answered('console:1')).toEqual(reply)
  expect(await store.messages.answered('console:2')).toBeNull()
})

test('the first answer stays, also when two are remembered at once', async () => {
  await store.messages.remember('console:first', say('one'), 0)
  await store.messages.remember('console:first', say('two'), 0)
  expect(await store.messages.answered('console:first')).toEqual(say('one'))
  await Promise.all(['a', 'b', 'c'].map((text) => store.messages.remember('console:race', say(text), 0)))
  expect(await store.db.collection('messages').countDocuments({ _id: 'console:race' as never })).toBe(1)
})

test('an operator in place of a key finds no answer', async () => {
  await store.messages.remember('console:mine', say('mine'), 0)
  const found = await store.messages.answered({ $gt: '' } as never).catch(() => null)
  expect(found).toBeNull()
})

test('answers are forgotten by the database itself after two days', async () => {
  const indexes = await store.db.collection('messages').indexes()
  expect(indexes.find(({ key }) => 'createdAt' in key)).toMatchObject({ expireAfterSeconds: 48 * 3_600 })
})
