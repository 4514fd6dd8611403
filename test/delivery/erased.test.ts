import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type DeliverPorts, deliver } from '../../src/delivery/deliver.ts'
import { fanOut } from '../../src/delivery/fan-out.ts'
import { handOn } from '../../src/delivery/hand-on.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { SLOTS } from '../../src/store/slots.ts'
import type { User } from '../../src/users/types.ts'
import { anAlert } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'
import { aNotification, anOccurrence, MONDAY } from './a-notification.ts'

const LIMITS = {
  ...{ lease: 60_000, timeout: 10_000, batch: 100, each: 5, concurrency: 10, zone: 'UTC' },
  patience: { first: 2_000, whole: 24 * 3_600_000 },
  flood: { address: 5, alert: 3 },
}

let store: Store
let count = 0
let user: User
let sent: string[]
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(async () => {
  count++
  sent = []
  user = await store.users.ofAddress(`double-${count}`, 'here', MONDAY)
})

/** There is a tombstone, and whoever set it died right after: everything of its user is there still. */
const entomb = () => store.erased.begin({ user: user.id, ids: [user.id], places: [], at: MONDAY }, `double:${count}`)

async function owe(id = `n-${count}`) {
  const [{ id: subscription, channel, address }] = user.subscriptions as [User['subscriptions'][0]]
  await store.notifications.add([aNotification({ id, user: user.id, subscription, channel, address })])
}

const tracked = async (id = `n-${count}`) => (await store.notifications.byIds([id]))[0]

/** A sender on the channel of this test; `meanwhile` happens after it has taken what is due. */
function ports(meanwhile: () => Promise<void> = async () => {}): DeliverPorts {
  const { notifications, users } = store
  const channel = `double-${count}`
  return {
    lease: async (limit) => {
      const leased = await notifications.lease({ channel, token: 'mine', lease: 60_000, limit, now: MONDAY })
      await meanwhile()
      return leased
    },
    record: (ids, outcome) => notifications.record(ids, 'mine', outcome, MONDAY),
    release: () => notifications.release('mine', MONDAY),
    users: users.byIds,
    told: async () => [],
    pause: () => {},
    prices: async () => new Map(),
    send: async (address) => {
      sent.push(address)
      return { id: 'receipt' }
    },
    range: async () => undefined,
    now: () => MONDAY,
    random: () => 0,
    failed: () => {},
  }
}

test('what is planned for who is erased is dropped, and says why', async () => {
  await owe()
  await entomb()
  await deliver(ports(), LIMITS)
  expect(sent).toEqual([])
  expect(await tracked()).toMatchObject({ state: 'dropped', reason: 'the one it was for is not here any more' })
  expect(await tracked()).not.toHaveProperty('onward')
})

test('the same where the tombstone comes while a sender has it in hand', async () => {
  await owe()
  await deliver(ports(entomb), LIMITS)
  expect(sent).toEqual([])
  expect(await tracked()).toMatchObject({ state: 'dropped' })
})

test('a firing of who is erased becomes no message, and is not looked at again', async () => {
  const { number: _n, revision: _r, unsent: _u, ...fresh } = anAlert({ id: `erased-${count}`, user: user.id })
  const alert = await store.alerts.create({ ...fresh, subscription: user.subscriptions[0]!.id }, async () => 1)
  const occurrences = [anOccurrence({ id: `${alert.id}.2.fired` })]
  await store.alerts.store([{ from: 1, alert: { ...alert, revision: 2 }, occurrences }], 'test')
  await entomb()
  const range = { from: 0, to: SLOTS }
  const planned = await fanOut(
    {
      unsent: () => store.alerts.unsent(range),
      users: store.users.byIds,
      add: store.notifications.add,
      settle: store.alerts.settle,
      unseen: async () => () => undefined,
      blindness: store.notifications.blindness,
      gather: 0,
      zone: 'UTC',
    },
    MONDAY,
  )
  expect(planned).toEqual(new Set())
  expect(await store.alerts.unsent(range)).toEqual([])
  expect(await store.notifications.ofUser(user.id, { skip: 0, limit: 10 })).toEqual([])
})

test('what an address of who is erased did not take is handed on to nobody', async () => {
  await owe()
  await store.notifications.lease({ channel: `double-${count}`, token: 'mine', lease: 60_000, limit: 1, now: MONDAY })
  await store.notifications.record(
    [`n-${count}`],
    'mine',
    { state: 'failed', reason: 'blocked', onward: 'keep on' },
    MONDAY,
  )
  await entomb()
  const { onward, byIds, add, handedOn } = store.notifications
  const { byIds: users, switchOff } = store.users
  expect(await handOn({ onward, byIds, add, handedOn, users, switchOff, zone: 'UTC' }, MONDAY)).toEqual(new Set())
  expect(await store.notifications.onward(10)).toEqual([])
  expect(await store.notifications.ofUser(user.id, { skip: 0, limit: 10 })).toHaveLength(1)
})

test('whoever writes from the same address meanwhile is somebody new, who is told of their own alone', async () => {
  await owe()
  await entomb()
  user = await store.users.ofAddress(`double-${count}`, 'here', MONDAY)
  await owe(`new-${count}`)
  await deliver(ports(), LIMITS)
  expect(sent).toEqual(['here'])
  expect((await tracked(`new-${count}`))?.state).toBe('sent')
  expect((await tracked())?.state).toBe('dropped')
})
