import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Alert, Occurrence } from '../../src/alert/types.ts'
import { type FanOutPorts, fanOut } from '../../src/delivery/fan-out.ts'
import type { Tracked } from '../../src/delivery/types.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { SLOTS } from '../../src/store/slots.ts'
import type { User } from '../../src/users/types.ts'
import { anAlert } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'
import { anOccurrence, MONDAY } from './a-notification.ts'

let store: Store
let user: User
let count = 0
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(async () => {
  count++
  user = await store.users.ofAddress('double', `person ${count}`, MONDAY)
})

const ports = (given: Partial<FanOutPorts> = {}): FanOutPorts => ({
  unsent: () => store.alerts.unsent({ from: 0, to: SLOTS }),
  users: store.users.byIds,
  add: store.notifications.add,
  settle: store.alerts.settle,
  unseen: async () => () => undefined,
  blindness: store.notifications.blindness,
  gather: 40_000,
  zone: 'UTC',
  ...given,
})

/** A stored alert of the test's user that owes a word about occurrences of these kinds. */
async function owing(id: string, ...kinds: Occurrence['kind'][]): Promise<Alert> {
  const {
    number: _number,
    revision: _revision,
    unsent: _unsent,
    ...fresh
  } = anAlert({
    id: `${id}-${count}`,
    user: user.id,
    subscription: user.subscriptions[0]!.id,
  })
  const alert = await store.alerts.create(fresh, () => store.users.nextNumber(user.id))
  return await owe(alert, ...kinds)
}

async function owe(alert: Alert, ...kinds: Occurrence['kind'][]): Promise<Alert> {
  const next = { ...alert, revision: alert.revision + 1 }
  const occurrences = kinds.map((kind, index) =>
    anOccurrence({ id: `${alert.id}.${next.revision}.${kind}`, kind, at: MONDAY + 10 * next.revision + index }),
  )
  expect(await store.alerts.store([{ from: alert.revision, alert: next, occurrences }], 'test')).toEqual([])
  return next
}

const told = (alert: Alert): Promise<Tracked[]> => store.notifications.ofAlert(user.id, alert.id, 100)
const unsent = async (alert: Alert) => (await store.alerts.byIds([alert.id]))[0]?.unsent

test('what is owed becomes a notification, is taken off its alert, and the channel is named', async () => {
  const alert = await owing('alert', 'fired')
  expect(await fanOut(ports(), MONDAY)).toEqual(new Set(['double']))
  expect(await told(alert)).toEqual([
    expect.objectContaining({ state: 'due', tries: 0, address: `person ${count}`, dueAt: MONDAY, zone: 'UTC' }),
  ])
  expect(await unsent(alert)).toEqual([])
})

test('with nothing owed nothing is asked and nothing is done', async () => {
  const users = () => Promise.reject(new Error('asked for users'))
  expect(await fanOut(ports({ users }), MONDAY)).toEqual(new Set())
})

test('a death before the notifications are stored leaves everything owed', async () => {
  const alert = await owing('alert', 'fired')
  const add = () => Promise.reject(new Error('dead'))
  await expect(fanOut(ports({ add }), MONDAY)).rejects.toThrow('dead')
  expect(await told(alert)).toEqual([])
  expect(await unsent(alert)).toHaveLength(1)
  await fanOut(ports(), MONDAY)
  expect(await told(alert)).toHaveLength(1)
})

test('a death between storing and taking off makes no second notification', async () => {
  const alert = await owing('alert', 'fired', 'expired')
  const settle = () => Promise.reject(new Error('dead'))
  await expect(fanOut(ports({ settle }), MONDAY)).rejects.toThrow('dead')
  expect(await told(alert)).toHaveLength(2)
  await fanOut(ports(), MONDAY + 5_000)
  expect(await told(alert)).toHaveLength(2)
  expect(await unsent(alert)).toEqual([])
})

test('what was sent before a second fan-out of the same firing stays sent', async () => {
  const alert = await owing('alert', 'fired')
  await expect(fanOut(ports({ settle: () => Promise.reject(new Error('dead')) }), MONDAY)).rejects.toThrow()
  const request = { channel: 'double', token: 'mine', lease: 60_000, limit: 100, now: MONDAY }
  const leased = await store.notifications.lease(request)
  for (const { id } of leased) await store.notifications.record([id], 'mine', { state: 'sent', receipt: 'r' }, MONDAY)
  await fanOut(ports(), MONDAY + 5_000)
  expect(await told(alert)).toMatchObject([{ state: 'sent', receipt: 'r' }])
})

test('two that fan out at the same moment make one notification of each', async () => {
  const alerts = await Promise.all(['a', 'b', 'c'].map((id) => owing(id, 'fired')))
  await Promise.all(Array.from({ length: 4 }, () => fanOut(ports(), MONDAY)))
  for (const alert of alerts) expect(await told(alert)).toHaveLength(1)
})

test('what comes while it is at work stays owed until the next time', async () => {
  const alert = await owing('alert', 'fired')
  const add: FanOutPorts['add'] = async (notifications) => {
    await store.notifications.add(notifications)
    await owe(alert, 'fired')
  }
  await fanOut(ports({ add }), MONDAY)
  expect(await unsent(alert)).toMatchObject([{ id: `${alert.id}.3.fired` }])
  await fanOut(ports(), MONDAY)
  expect((await told(alert)).map(({ occurrence }) => occurrence.id).sort()).toEqual([
    `${alert.id}.2.fired`,
    `${alert.id}.3.fired`,
  ])
})

test('a deleted alert still tells what it owed', async () => {
  const alert = await owing('alert', 'fired')
  await store.alerts.change(user.id, alert.number, (current) => ({
    alert: { ...current, phase: 'deleted' },
    occurrences: [],
  }))
  await fanOut(ports(), MONDAY)
  expect(await told(alert)).toHaveLength(1)
})

test('what happened first is sent first, also among many of one alert', async () => {
  let alert = await owing('alert', 'fired')
  for (let i = 0; i < 11; i++) alert = await owe(alert, 'fired', 'sighted')
  await fanOut(ports(), MONDAY)
  const request = { channel: 'double', token: 'order', lease: 60_000, limit: 100, now: MONDAY }
  const leased = (await store.notifications.lease(request)).filter((one) => one.alert.id === alert.id)
  expect(leased).toHaveLength(23)
  const times = leased.map(({ occurrence }) => occurrence.at)
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

test('what an alert that is blind could not see goes with its word, and with that of its sight', async () => {
  const silent: FanOutPorts['unseen'] = async () => (symbol) =>
    symbol === 'stock:AAPL' ? { why: 'it is dead' } : undefined
  const alert = await owing('alert', 'blind')
  await fanOut(ports({ unseen: silent }), MONDAY)
  expect(await told(alert)).toMatchObject([
    { outage: { symbols: ['stock:AAPL'], why: 'it is dead' }, createdAt: MONDAY, dueAt: MONDAY + 40_000 },
  ])
  await owe(alert, 'sighted')
  await fanOut(ports(), MONDAY + 1)
  expect((await told(alert))[0]).toMatchObject({
    occurrence: { kind: 'sighted' },
    outage: {
      symbols: ['stock:AAPL'],
      waits: { waits: [{ symbol: 'stock:AAPL', text: '> 500', above: '500' }], isWhole: true },
    },
    dueAt: MONDAY + 40_001,
  })
})

test('one that became blind and sees again between two fan-outs tells both of the same', async () => {
  const alert = await owing('alert', 'blind', 'sighted')
  await fanOut(ports({ unseen: async () => () => ({}) }), MONDAY)
  expect((await told(alert)).map(({ outage }) => outage?.symbols)).toEqual([['stock:AAPL'], ['stock:AAPL']])
})

test('one that is blind although its symbols are seen is told of by itself, at once', async () => {
  const alert = await owing('alert', 'blind', 'sighted')
  await fanOut(ports(), MONDAY)
  for (const one of await told(alert)) {
    expect(one).not.toHaveProperty('outage')
    expect(one.dueAt).toBe(MONDAY)
  }
})

test('nothing is asked about outages where there are none', async () => {
  const asked = () => Promise.reject(new Error('asked'))
  await owing('alert', 'fired', 'expired')
  expect(await fanOut(ports({ unseen: asked, blindness: asked }), MONDAY)).toEqual(new Set(['double']))
})
