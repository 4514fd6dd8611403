import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DeliverPorts, deliver } from '../../src/delivery/deliver.ts'
import type { Notification } from '../../src/delivery/types.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { aNotification, MONDAY } from '../delivery/a-notification.ts'
import { freshDatabase } from '../mongo.ts'

const LIMITS = {
  ...{ lease: 60_000, timeout: 10_000, batch: 100, each: 5, concurrency: 10, zone: 'UTC' },
  patience: { first: 2_000, whole: 24 * 3_600_000 },
  flood: { address: 5, alert: 3 },
}

let store: Store
let now = MONDAY
let channels = 0
let sent: { address: string; lines: number }[] = []
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

function ports(channel: string): DeliverPorts {
  const { notifications } = store
  const token = String(Math.random())
  return {
    lease: (limit) => notifications.lease({ channel, token, lease: LIMITS.lease, limit, now }),
    record: (ids, outcome) => notifications.record(ids, token, outcome, now),
    release: () => notifications.release(token, now),
    users: async (ids) =>
      new Map(ids.map((id) => [id, { id, zone: null, subscriptions: [{ id: 's', channel, address: id }] }])),
    told: (addresses, since) => notifications.told(channel, addresses, since),
    send: async (address, { pieces }) => {
      sent.push({ address, lines: JSON.stringify(pieces).split(' alert ').length })
      return { id: 'receipt' }
    },
    pause: () => {},
    range: async () => undefined,
    prices: async () => new Map(),
    now: () => now,
    random: () => 0,
    failed: () => {},
  }
}

/** A channel with so many notifications for each of these people, each of an alert of its own. */
async function owing(people: readonly string[], each: number, given: Partial<Notification> = {}): Promise<string> {
  const channel = `fair-${++channels}`
  const all = people.flatMap((person, index) =>
    Array.from({ length: each }, (_, number) =>
      aNotification({
        ...{ id: `${channel}/${person}/${number}`, channel, user: person, address: person, subscription: 's' },
        alert: { id: `${person} ${number}`, number, text: 'AAPL price > 500' },
        createdAt: MONDAY - each + number + index / 1e6,
        ...given,
      }),
    ),
  )
  await store.notifications.add(all)
  sent = []
  return channel
}

const people = (count: number) => Array.from({ length: count }, (_, index) => `person ${index}`)

test('a burst of ten firings for each of 300 people is told in three rounds, in one message to each, and nobody gets a second turn before everybody had the first', async () => {
  const channel = await owing(people(300), 10)
  const served: number[] = []
  for (let rounds = 0; rounds < 3; rounds++) {
    expect(await deliver(ports(channel), LIMITS)).toBe(1_000)
    served.push(new Set(sent.map(({ address }) => address)).size)
  }
  expect(served).toEqual([100, 200, 300])
  expect(sent.map(({ lines }) => lines)).toEqual(Array.from({ length: 300 }, () => 11))
  expect(await deliver(ports(channel), LIMITS)).toBe(0)
})

test('one who has 300 urgent messages waiting gets five, then it is the turn of the others', async () => {
  const channel = await owing(['busy'], 300, { urgent: true })
  await store.notifications.add(
    people(150).map((person, index) =>
      aNotification({
        ...{ id: `${channel}/${person}`, channel, user: person, address: person, subscription: 's' },
        createdAt: MONDAY + 1 + index,
      }),
    ),
  )
  now = MONDAY + 1_000
  const turns: number[] = []
  for (let rounds = 0; rounds < 3; rounds++) {
    sent = []
    await deliver(ports(channel), LIMITS)
    turns.push(sent.filter(({ address }) => address === 'busy').length)
    now += 1_000
  }
  // 99 others in the first round, the other 51 in the second, before what is left of the busy one.
  expect(turns).toEqual([5, 5, 5])
  expect(await store.notifications.waiting(channel, now)).toBe(285)
})

test('what a lease looks at to choose is in its index, however much is open', async () => {
  const channel = await owing(people(100), 10)
  await owing(people(100), 10, { held: true, dueAt: MONDAY + 3_600_000 })
  const filter = { open: true, channel, dueAt: { $lte: MONDAY } }
  const explained = await store.db
    .collection('notifications')
    .aggregate([
      { $match: filter },
      { $sort: { createdAt: 1, 'occurrence.at': 1, _id: 1 } },
      { $group: { _id: '$address', waits: { $min: '$dueAt' }, ids: { $push: '$_id' } } },
    ])
    .explain('executionStats')
  const stats = JSON.stringify(explained)
  expect(stats).toContain('"indexName":"due"')
  expect(stats).toContain('"totalDocsExamined":0')
})
