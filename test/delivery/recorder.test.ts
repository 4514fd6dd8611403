import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Outcome } from '../../src/delivery/types.ts'
import { SendError } from '../../src/errors.ts'
import { type BatchPorts, createDeliver } from '../../src/jobs/deliver.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { aNotification } from './a-notification.ts'

/** A lease that is over when the next round begins, as after a database that was away for longer. */
const LAPSED = -1

let store: Store
let channel = ''
let count = 0
let sent: string[] = []
/** How many were taken each time. */
let leases: number[] = []
/** What the database does with what is recorded. */
let recording: 'as asked' | 'not done' | 'done, not heard' = 'as asked'
let kept = 0
let send: (address: string) => Promise<void> = async () => {}
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  channel = `double-${++count}`
  sent = []
  leases = []
  recording = 'as asked'
  kept = 0
  send = async () => {}
})

function portsFor(token: string): BatchPorts {
  const { notifications } = store
  return {
    async lease(limit, except) {
      const leased = await notifications.lease({ channel, token, lease: LAPSED, limit, except, now: Date.now() })
      leases.push(leased.length)
      return leased
    },
    async record(ids, outcome: Outcome, at) {
      const isDone = recording === 'not done' ? undefined : await notifications.record(ids, token, outcome, at)
      if (isDone === undefined || recording === 'done, not heard') throw new Error('the database is away')
      return isDone
    },
    release: () => notifications.release(token, Date.now()),
    users: async (ids) =>
      new Map(ids.map((id) => [id, { id, zone: null, subscriptions: [{ id: 's', channel, address: 'here' }] }])),
    told: async () => [],
    async send(address, _reply, key) {
      sent.push(key)
      await send(address)
      return { id: `receipt of ${key}` }
    },
    range: async () => undefined,
    prices: async () => new Map(),
    now: Date.now,
    random: () => 0,
    failed: () => {},
  }
}

const aJob = () =>
  createDeliver({
    portsFor,
    limits: {
      ...{ lease: 60_000, timeout: 10_000, batch: 100, each: 100, concurrency: 10, zone: 'UTC' },
      patience: { first: 2_000, whole: 24 * 3_600_000 },
      flood: { address: 1_000, alert: 1_000 },
    },
    // The last of the waits, so that a run is not kept waiting for it.
    recorder: { sleep: () => wait(5), kept: () => void kept++ },
    hasten: async () => {},
    handOn: async () => {},
    escalate: async () => {},
  })

async function owe(...names: string[]): Promise<string[]> {
  const createdAt = Date.now() - 1_000
  const owed = names.map((name, index) =>
    aNotification({
      ...{ id: `${channel}/${name}`, channel, address: 'here', subscription: 's', user: channel },
      ...{ createdAt: createdAt + index },
    }),
  )
  await store.notifications.add(owed)
  return owed.map(({ id }) => id)
}

/** Resolves when it is so. */
async function becomes(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(5)
}

test.each(['not done', 'done, not heard'] as const)(
  'of a send whose outcome the database does not take (%s) there is no copy, however long that lasts, and it is recorded when the database is back',
  async (how) => {
    const ids = await owe('1', '2')
    recording = how
    const run = aJob()
    const first = run()
    await becomes(async () => kept === 2)
    const sentBy = Date.now()
    // The lease is over: to the database they are free.
    const rounds = [run(), run()]
    await becomes(async () => leases.length === 4)
    expect(leases).toEqual([2, 0, 0, 0])
    recording = 'as asked'
    await Promise.all([first, ...rounds])
    await run()
    expect(sent).toEqual(ids)
    const outbox = await store.notifications.byIds(ids)
    expect(outbox.map(({ state, tries }) => ({ state, tries }))).toEqual(ids.map(() => ({ state: 'sent', tries: 1 })))
    expect(outbox.map(({ receipt }) => receipt)).toEqual(ids.map((id) => `receipt of ${id}`))
    for (const { sentAt } of outbox) expect(sentAt).toBeLessThanOrEqual(sentBy)
  },
)

test('a lease that somebody else has taken meanwhile is theirs: what they are about to record stands', async () => {
  const [id] = await owe('1')
  recording = 'not done'
  const running = aJob()()
  await becomes(async () => kept === 1)
  await store.notifications.lease({ channel, token: 'another', lease: 60_000, limit: 10, now: Date.now() })
  recording = 'as asked'
  await running
  const [tracked] = await store.notifications.byIds([id!])
  expect(tracked).toMatchObject({ state: 'sending', receipt: null, sentAt: null, tries: 2 })
  expect(sent).toEqual([id])
})

test('what makes a message late is why it failed, not that it waits for its turn since', async () => {
  const [id] = await owe('1')
  const run = aJob()
  send = () => Promise.reject(new SendError('Telegram did not take it: Bad Gateway', { permanent: false }))
  await run()
  await store.notifications.hasten(channel, Date.now(), 300_000)
  send = () => Promise.reject(new SendError('too many messages at once', { permanent: false, retryAfter: 60_000 }))
  await run()
  const [tracked] = await store.notifications.byIds([id!])
  expect(tracked).toMatchObject({ state: 'due', tries: 1, reason: 'Telegram did not take it: Bad Gateway' })
})

test('what was never tried waits for its turn, and says so', async () => {
  const [id] = await owe('1')
  send = () => Promise.reject(new SendError('too many messages at once', { permanent: false, retryAfter: 60_000 }))
  await aJob()()
  const [tracked] = await store.notifications.byIds([id!])
  expect(tracked).toMatchObject({ state: 'due', tries: 0, reason: 'too many messages at once' })
})
