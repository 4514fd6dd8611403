import { afterAll, beforeAll, expect, test } from 'vitest'
import { say } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

const NOW = Date.UTC(2026, 10, 23, 15)
const arriving = (address: string, key = `telegram:${address}`) => ({
  ...{ key, channel: 'telegram', address },
  conversation: `telegram\n${address}\n`,
})
const QUESTION = { command: 'alert', step: 'symbol', data: { typed: '', question: 'Which?' } }

test('of a message from nobody we know nothing, and somebody else has to say whose it is', async () => {
  expect(await store.arrivals.of(arriving('nobody'), NOW)).toMatchObject({ answered: null, user: null, open: null })
})

test('of messages that come together each gets what is its own', async () => {
  const users = await Promise.all(['ann', 'bob', 'cid'].map((who) => store.users.ofAddress('telegram', who, NOW)))
  await store.messages.remember('telegram:bob', say('before'), NOW)
  await store.conversations.keep('telegram\ncid\n', QUESTION, NOW)
  const all = await Promise.all(['ann', 'bob', 'cid'].map((who) => store.arrivals.of(arriving(who), NOW)))
  expect(all).toEqual([
    { answered: null, user: users[0], open: null, missesSomething: false },
    { answered: say('before'), user: users[1], open: null, missesSomething: false },
    { answered: null, user: users[2], open: QUESTION, missesSomething: false },
  ])
})

test('a question that has waited too long is not open', async () => {
  await store.conversations.keep('telegram\neve\n', QUESTION, NOW)
  expect((await store.arrivals.of(arriving('eve'), NOW + 15 * 60_000)).open).toBeNull()
})

test('an answer that needs no journal is remembered too, and the first one stays', async () => {
  await store.messages.note('telegram:fay', say('one'), NOW)
  await store.messages.note('telegram:fay', say('two'), NOW)
  expect((await store.arrivals.of(arriving('fay'), NOW)).answered).toEqual(say('one'))
})

test('an address on another channel is somebody else', async () => {
  await store.users.ofAddress('discord', 'gus', NOW)
  expect((await store.arrivals.of(arriving('gus'), NOW)).user).toBeNull()
})

test('an address that was off, or a phone not heard of for a day, is left to who notes it', async () => {
  const hal = await store.users.ofAddress('telegram', 'hal', NOW)
  await store.users.switchOff(hal.id, hal.subscriptions[0]!, { at: NOW, reason: 'blocked' })
  await store.users.ofAddress('sms', '+12025550123', NOW)
  const phone = { ...arriving('+12025550123'), channel: 'sms' }
  expect((await store.arrivals.of(arriving('hal'), NOW)).user).toBeNull()
  expect((await store.arrivals.of(phone, NOW)).user).not.toBeNull()
  expect((await store.arrivals.of(phone, NOW + 2 * 86_400_000)).user).toBeNull()
})

test('somebody who is being erased is nobody any more', async () => {
  const ida = await store.users.ofAddress('telegram', 'ida', NOW)
  await store.erased.begin({ user: ida.id, ids: [ida.id], places: [], at: NOW }, 'telegram:erase')
  expect((await store.arrivals.of(arriving('ida'), NOW)).user).toBeNull()
})

test('what somebody missed shows', async () => {
  const jim = await store.users.ofAddress('telegram', 'jim', NOW)
  const subscription = jim.subscriptions[0]!.id
  await store.notifications.add([
    {
      ...{ id: 'missed', channel: 'telegram', address: 'jim', zone: 'UTC', subscription, user: jim.id },
      alert: { id: 'alert', number: 1, text: 'AAPL price > 500' },
      occurrence: { id: 'occurrence', kind: 'fired', at: NOW, triggers: [], evidence: [] },
      createdAt: NOW,
    },
  ])
  expect((await store.arrivals.of(arriving('jim'), NOW)).missesSomething).toBe(false)
  await store.notifications.handedOn('missed', true)
  expect((await store.arrivals.of(arriving('jim'), NOW)).missesSomething).toBe(true)
})
