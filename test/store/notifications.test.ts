import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Notification } from '../../src/delivery/types.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

const LEASE = 60_000
let channels = 0
/** A channel that no other test uses. */
const aChannel = () => `channel-${++channels}`

function aNotification(given: Partial<Notification> & { id: string; channel: string }): Notification {
  return {
    user: 'user',
    subscription: 'subscription',
    address: 'address',
    zone: 'UTC',
    alert: { id: 'alert', number: 7, text: 'AAPL price > 500' },
    occurrence: { id: 'firing', kind: 'fired', at: 5, triggers: ['AAPL price > 500'], evidence: [] },
    createdAt: 10,
    ...given,
  }
}

async function added(channel: string, ...ids: string[]): Promise<Notification[]> {
  const notifications = ids.map((id, index) =>
    aNotification({ id: `${channel}:${id}`, channel, createdAt: 10 + index }),
  )
  await store.notifications.add(notifications)
  return notifications
}

const lease = (channel: string, token: string, limit = 100, length = LEASE) =>
  store.notifications.lease({ channel, token, lease: length, limit, now: 1_000 })
const idsOf = (notifications: readonly { id: string }[]) => notifications.map(({ id }) => id)
const read = async (id: string) =>
  (await store.notifications.ofAlert('user', 'alert', 10_000)).find((one) => one.id === id)!

/** Waits until the database's own clock has passed the end of a lease. */
async function lapse(id: string): Promise<void> {
  const isOver = { _id: id as never, $expr: { $lt: ['$leasedUntil', '$$NOW'] } }
  while (!(await store.db.collection('notifications').findOne(isOver)));
}

describe('adding', () => {
  test('what is added comes back whole, and is due', async () => {
    const channel = aChannel()
    const [notification] = await added(channel, '1')
    expect(await read(`${channel}:1`)).toEqual({
      ...notification,
      state: 'due',
      tries: 0,
      dueAt: 10,
      reason: null,
      receipt: null,
      sentAt: null,
    })
  })

  test('adding twice is harmless, also when the first was sent meanwhile, and adds what is new beside it', async () => {
    const channel = aChannel()
    await added(channel, '1')
    await lease(channel, 'token')
    await store.notifications.record([`${channel}:1`], 'token', { state: 'sent', receipt: 'r' }, 20)
    await added(channel, '1', '2')
    expect(await read(`${channel}:1`)).toMatchObject({ state: 'sent', receipt: 'r' })
    expect(idsOf(await lease(channel, 'other'))).toEqual([`${channel}:2`])
  })

  test('the same notifications added by 8 at once are there once each', async () => {
    const channel = aChannel()
    await Promise.all(Array.from({ length: 8 }, () => added(channel, '1', '2', '3')))
    expect(await store.notifications.waiting(channel, 1_000)).toBe(3)
  })
})

describe('leasing', () => {
  test('two senders at once get each notification once between them', async () => {
    for (let round = 0; round < 10; round++) {
      const channel = aChannel()
      const all = idsOf(await added(channel, ...Array.from({ length: 30 }, (_, index) => String(index))))
      const leases = await Promise.all(['one', 'two', 'three'].map((token) => lease(channel, `${channel}${token}`)))
      const taken = leases.flatMap(idsOf)
      expect(new Set(taken).size).toBe(taken.length)
      const rest = idsOf(await lease(channel, `${channel}rest`))
      expect([...taken, ...rest].sort()).toEqual(all.sort())
    }
  })

  test('the oldest come first, of no more addresses than asked for, of this channel, and none before its time', async () => {
    const channel = aChannel()
    const other = aChannel()
    await store.notifications.add([
      aNotification({ id: `${channel}:new`, channel, address: 'another', createdAt: 30 }),
      aNotification({ id: `${channel}:old`, channel, createdAt: 10 }),
      aNotification({ id: `${channel}:later`, channel, createdAt: 1_001 }),
      aNotification({ id: `${other}:1`, channel: other }),
    ])
    expect(idsOf(await lease(channel, 'a', 1))).toEqual([`${channel}:old`])
    expect(idsOf(await lease(channel, 'b'))).toEqual([`${channel}:new`])
    expect(await lease(channel, 'c')).toEqual([])
    expect(await store.notifications.waiting(channel, 1_001)).toBe(3)
  })

  test('a lapsed lease is taken by the next, and the old token records nothing', async () => {
    const channel = aChannel()
    const id = `${channel}:1`
    await added(channel, '1')
    expect(idsOf(await lease(channel, 'slow', 1, 1))).toEqual([id])
    await lapse(id)
    const [taken] = await lease(channel, 'next')
    expect(taken).toMatchObject({ id, state: 'sending', tries: 2 })
    expect(await store.notifications.record([id], 'slow', { state: 'sent', receipt: 'slow' }, 20)).toBe(false)
    expect(await store.notifications.record([id], 'next', { state: 'sent', receipt: 'next' }, 30)).toBe(true)
    expect(await store.notifications.record([id], 'next', { state: 'failed', reason: 'late' }, 40)).toBe(false)
    expect(await read(id)).toMatchObject({ state: 'sent', receipt: 'next', sentAt: 30, reason: null })
  })
})

describe('recording', () => {
  test.each([
    ['sent', { state: 'sent', receipt: 'r' }, { state: 'sent', receipt: 'r', sentAt: 20, reason: null }, 0],
    [
      'to be tried again',
      { state: 'due', dueAt: 500, reason: 'busy' },
      { state: 'due', dueAt: 500, reason: 'busy' },
      1,
    ],
    ['failed', { state: 'failed', reason: 'gone' }, { state: 'failed', reason: 'gone', sentAt: null }, 0],
    ['dropped', { state: 'dropped', reason: 'stopped' }, { state: 'dropped', reason: 'stopped', sentAt: null }, 0],
  ] as const)('%s', async (_what, outcome, expected, waiting) => {
    const channel = aChannel()
    await added(channel, '1')
    await lease(channel, 'token')
    expect(await store.notifications.record([`${channel}:1`], 'token', outcome, 20)).toBe(true)
    expect(await read(`${channel}:1`)).toMatchObject({ ...expected, tries: 1 })
    expect(await store.notifications.waiting(channel, 1_000)).toBe(waiting)
    expect(await lease(channel, 'again')).toHaveLength(waiting)
  })

  test('what is given back untried is due again, as if it had not been taken; what others hold stays theirs', async () => {
    const channel = aChannel()
    await added(channel, '1', '2')
    await lease(channel, 'mine')
    await added(channel, '1', '2', '3')
    await lease(channel, 'theirs')
    await store.notifications.record([`${channel}:1`], 'mine', { state: 'sent', receipt: 'r' }, 20)
    await store.notifications.release('mine')
    expect(await read(`${channel}:1`)).toMatchObject({ state: 'sent' })
    expect(await read(`${channel}:2`)).toMatchObject({ state: 'due', tries: 0 })
    expect(await read(`${channel}:3`)).toMatchObject({ state: 'sending', tries: 1 })
    expect(await store.notifications.record([`${channel}:2`], 'mine', { state: 'sent', receipt: 'r' }, 20)).toBe(false)
  })

  test('a process that is alone frees what a dead one held', async () => {
    const { notifications, close } = await connect(freshDatabase())
    await notifications.add([aNotification({ id: 'held', channel: 'console' })])
    const request = { channel: 'console', lease: LEASE, limit: 10, now: 1_000 }
    await notifications.lease({ ...request, token: 'dead' })
    expect(await notifications.lease({ ...request, token: 'alive' })).toEqual([])
    await notifications.releaseAll()
    expect(idsOf(await notifications.lease({ ...request, token: 'alive' }))).toEqual(['held'])
    await close()
  })
})

describe('one user’s notifications are nobody else’s', () => {
  test('of an alert its own user sees the last ones, the newest first', async () => {
    const channel = aChannel()
    const alert = { id: 'watched', number: 1, text: 'x' }
    const of = (id: string, user: string, createdAt: number) => aNotification({ id, channel, user, alert, createdAt })
    await store.notifications.add([of('w1', 'me', 1), of('w2', 'me', 2), of('w3', 'me', 3), of('w4', 'you', 4)])
    expect(idsOf(await store.notifications.ofAlert('me', 'watched', 2))).toEqual(['w3', 'w2'])
    expect(idsOf(await store.notifications.ofAlert('you', 'watched', 10))).toEqual(['w4'])
    expect(await store.notifications.ofAlert('me', 'another', 10)).toEqual([])
  })

  test.each([{ $gt: '' }, { $ne: null }, { $exists: true }, { $regex: '.*' }])(
    '%j in place of a user, an alert, a channel or a token never matches more',
    async (operator) => {
      const channel = aChannel()
      await added(channel, '1')
      await lease(channel, 'token')
      const { notifications } = store
      const wrong = operator as never
      const nothing = async (work: Promise<unknown>) => {
        const found = await work.catch(() => [])
        expect([false, 0, '[]']).toContain(Array.isArray(found) ? JSON.stringify(found) : found)
      }
      await nothing(notifications.ofAlert(wrong, 'alert', 10))
      await nothing(notifications.ofAlert('user', wrong, 10))
      await nothing(notifications.waiting(wrong, 1_000))
      await nothing(notifications.lease({ channel: wrong, token: 't', lease: 1, limit: 9, now: 1_000 }))
      await nothing(notifications.record([`${channel}:1`], wrong, { state: 'failed', reason: 'x' }, 20))
      await nothing(notifications.record([wrong], 'token', { state: 'failed', reason: 'x' }, 20))
      await notifications.release(wrong).catch(() => {})
      expect(await read(`${channel}:1`)).toMatchObject({ state: 'sending' })
    },
  )
})
