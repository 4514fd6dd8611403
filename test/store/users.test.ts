import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

test('an address has one user, with one subscription to it', async () => {
  const made = await store.users.ofAddress('console', 'here', 0)
  expect(made).toMatchObject({ zone: null, subscriptions: [{ channel: 'console', address: 'here' }] })
  expect(await store.users.ofAddress('console', 'here', 1)).toEqual(made)
})

test('8 first messages of one address at once make one user', async () => {
  for (let round = 0; round < 10; round++) {
    const make = () => store.users.ofAddress('console', `new-${round}`, 0)
    const users = await Promise.all(Array.from({ length: 8 }, make))
    expect(new Set(users.map(({ id }) => id)).size).toBe(1)
    expect(await store.db.collection('users').countDocuments({ 'subscriptions.address': `new-${round}` })).toBe(1)
  }
})

test('the same address on another channel, and another address on the same, are other people', async () => {
  const users = await Promise.all([
    store.users.ofAddress('console', '1', 0),
    store.users.ofAddress('telegram', '1', 0),
    store.users.ofAddress('console', '2', 0),
  ])
  expect(new Set(users.map(({ id }) => id)).size).toBe(3)
})

test('numbers asked for by 20 callers at once are 1 to 20, each once', async () => {
  const { id } = await store.users.ofAddress('console', 'numbers', 0)
  const numbers = await Promise.all(Array.from({ length: 20 }, () => store.users.nextNumber(id)))
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
})

test('a number is not given to a user who is not there', async () => {
  await expect(store.users.nextNumber('nobody')).rejects.toThrow('no user nobody')
})

test('a time zone is kept, for its own user alone', async () => {
  const [mine, other] = await Promise.all(['mine', 'other'].map((name) => store.users.ofAddress('console', name, 0)))
  await store.users.setZone(mine!.id, 'Europe/Berlin')
  const users = await store.users.byIds([mine!.id, other!.id, 'nobody'])
  expect([...users.values()].map(({ id, zone }) => [id, zone])).toEqual(
    expect.arrayContaining([
      [mine!.id, 'Europe/Berlin'],
      [other!.id, null],
    ]),
  )
  expect(users.size).toBe(2)
})

test('quiet hours are kept until they are ended', async () => {
  const user = await store.users.ofAddress('console', 'quiet', 0)
  await store.users.setQuiet(user.id, { from: 1_320, to: 420 })
  expect(await store.users.find('console', 'quiet')).toEqual({ ...user, quiet: { from: 1_320, to: 420 } })
  await store.users.setQuiet(user.id, null)
  expect(await store.users.find('console', 'quiet')).toEqual(user)
})

test('an address is off until its owner writes from it, with the first reason', async () => {
  const user = await store.users.ofAddress('console', 'off', 0)
  const [subscription] = user.subscriptions
  const off = { at: 5, reason: 'blocked' }
  await store.users.switchOff(user.id, subscription!, off)
  await store.users.switchOff(user.id, subscription!, { at: 6, reason: 'gone' })
  expect((await store.users.find('console', 'off'))!.subscriptions).toEqual([{ ...subscription, off }])
  expect(await store.users.ofAddress('console', 'off', 1)).toEqual(user)
  expect(await store.users.find('console', 'off')).toEqual(user)
})

test('an address that is another one meanwhile is not switched off', async () => {
  const user = await store.users.ofAddress('console', 'moved', 0)
  await store.users.switchOff(
    user.id,
    { id: user.subscriptions[0]!.id, address: 'before' },
    { at: 5, reason: 'blocked' },
  )
  expect(await store.users.find('console', 'moved')).toEqual(user)
})

test('looking for the user of an address makes none', async () => {
  expect(await store.users.find('console', 'nobody')).toBeNull()
  expect(await store.users.find('console', 'nobody')).toBeNull()
})

test('a user whose only address is taken away is gone; one with another stays', async () => {
  const one = await store.users.ofAddress('console', 'only', 0)
  await store.users.removeAddress(one.id, 'console', 'only')
  const two = await store.users.ofAddress('console', 'of two', 0)
  await store.db
    .collection('users')
    .updateOne(
      { _id: two.id as never },
      { $push: { subscriptions: { id: 'sms', channel: 'sms', address: '1' } } as never },
    )
  await store.users.removeAddress(two.id, 'console', 'of two')
  expect([...(await store.users.byIds([one.id, two.id])).values()]).toEqual([
    { id: two.id, zone: null, subscriptions: [{ id: 'sms', channel: 'sms', address: '1' }] },
  ])
})

test.each([{ $gt: '' }, { $ne: null }, { $exists: true }, { $regex: '.*' }])(
  '%j in place of a channel, an address or an id never finds anybody',
  async (operator) => {
    const mine = await store.users.ofAddress('console', 'mine', 0)
    const found = async (work: Promise<unknown>) => {
      const answer = await work.catch(() => 'refused')
      return answer instanceof Map ? answer.size : answer
    }
    const { users } = store
    expect(await found(users.ofAddress(operator as never, 'mine', 0))).toBe('refused')
    expect(await found(users.ofAddress('console', operator as never, 0))).toBe('refused')
    expect(['refused', 0]).toContain(await found(users.byIds([operator as never])))
    expect(await found(users.nextNumber(operator as never))).toBe('refused')
    await users.setZone(operator as never, 'Asia/Tokyo').catch(() => {})
    expect((await users.byIds([mine.id])).get(mine.id)!.zone).not.toBe('Asia/Tokyo')
  },
)
