import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { move } from '../../src/store/move.ts'
import type { User } from '../../src/users/types.ts'
import { anAlert } from '../builders.ts'
import { aNotification } from '../delivery/a-notification.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
let count = 0
let [from, to] = ['', '']
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  count++
  ;[from, to] = [`-${count}`, `-100${count}`]
})

const writes = (address: string) => store.users.ofAddress('telegram', address, 0)

/** Sets an alert of a user's; gives it. */
async function set(user: User, text: string) {
  const { number: _number, revision: _revision, unsent: _unsent, ...fresh } = anAlert({ text })
  const alert = { ...fresh, id: `${text} ${count}`, user: user.id, subscription: user.subscriptions[0]!.id }
  return await store.alerts.create(alert, () => store.users.nextNumber(user.id))
}

const alertsAt = async (address: string) => {
  const { id, subscriptions } = await writes(address)
  const alerts = await store.alerts.ofUser(id)
  expect(alerts.every(({ subscription }) => subscription === subscriptions[0]!.id)).toBe(true)
  return alerts.map(({ number, text }) => `${number} ${text}`)
}

test('whoever was at the one address is at the other, with alerts and settings; told twice it changes nothing', async () => {
  const user = await writes(from)
  await set(user, 'first')
  await store.users.setZone(user.id, 'Asia/Tokyo')
  await store.users.switchOff(user.id, { id: user.subscriptions[0]!.id, address: from }, { at: 0, reason: 'gone' })
  for (let times = 0; times < 2; times++) {
    await move(store, 'telegram', from, to)
    expect(await alertsAt(to)).toEqual(['1 first'])
    expect(await writes(to)).toEqual({
      id: user.id,
      zone: 'Asia/Tokyo',
      subscriptions: [{ id: user.subscriptions[0]!.id, channel: 'telegram', address: to }],
    })
  }
})

test('where somebody wrote from the new address before, their alerts and messages become the first one’s under new numbers', async () => {
  const first = await writes(from)
  await set(first, 'old 1')
  await set(first, 'old 2')
  const second = await writes(to)
  await set(second, 'new 1')
  await store.notifications.add([
    aNotification({ id: `n${count}`, user: second.id, subscription: second.subscriptions[0]!.id, channel: 'telegram' }),
  ])
  for (let times = 0; times < 2; times++) {
    await move(store, 'telegram', from, to)
    expect(await alertsAt(to)).toEqual(['1 old 1', '2 old 2', '3 new 1'])
  }
  expect((await store.users.byIds([second.id])).size).toBe(0)
  expect(await store.notifications.byIds([`n${count}`])).toMatchObject([
    { user: first.id, subscription: first.subscriptions[0]!.id },
  ])
})

test('a change of an alert under way when it is given over is lost to who made it, who looks anew', async () => {
  await writes(from)
  const second = await writes(to)
  const alert = await set(second, 'new 1')
  await move(store, 'telegram', from, to)
  const next = { ...alert, revision: 2, paused: true }
  expect(await store.alerts.store([{ from: 1, alert: next, occurrences: [] }], 'late')).toEqual([alert.id])
})

test.each<[string, () => Promise<unknown>]>([
  ['nobody was there', async () => {}],
  ['it was another channel', async () => store.users.ofAddress('sms', from, 0)],
])('nothing moves where %s', async (_title, before) => {
  await before()
  await move(store, 'telegram', from, to)
  expect(await store.users.find('telegram', to)).toBeNull()
})
