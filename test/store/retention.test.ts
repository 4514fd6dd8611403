import { afterEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../src/alert/types.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { anAlert } from '../builders.ts'
import { aNotification, MONDAY } from '../delivery/a-notification.ts'
import { freshDatabase } from '../mongo.ts'

const stores: Store[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})

async function open(uri = freshDatabase()): Promise<Store> {
  const store = await connect(uri)
  stores.push(store)
  return store
}

/** After how many seconds the database forgets, by collection. */
async function times({ db }: Store): Promise<unknown[]> {
  const indexes = await Promise.all(['notifications', 'alerts'].map((name) => db.collection(name).indexes()))
  return indexes.map((all) => all.find(({ key }) => 'endedAt' in key || 'closedAt' in key)?.expireAfterSeconds)
}

const DAY = 86_400

describe('what is over is forgotten by the database', () => {
  test('after the days that are set; a restart with other days changes that, and two at once do no harm', async () => {
    const uri = freshDatabase()
    const [store, other] = [await open(uri), await open(uri)]
    await store.keepFor(90)
    expect(await times(store)).toEqual([90 * DAY, 90 * DAY])
    await store.keepFor(90)
    await other.keepFor(7)
    expect(await times(store)).toEqual([7 * DAY, 7 * DAY])
    await Promise.all([store.keepFor(30), other.keepFor(30)])
    expect(await times(store)).toEqual([30 * DAY, 30 * DAY])
  })

  test('what ended before that was noted is counted from the first start on; what has not ended is not', async () => {
    const store = await open()
    const alert = (id: string, number: number, given: Partial<Alert> = {}) =>
      store.alerts.create(anAlert({ id, ...given }), async () => number)
    await alert('armed', 1)
    await alert('done', 2, { phase: 'done' })
    await store.notifications.add([aNotification({ id: 'open' }), aNotification({ id: 'over' })])
    const notifications = store.db.collection('notifications')
    await notifications.updateOne({ _id: 'over' as never }, { $set: { state: 'sent', open: false } })
    await store.keepFor(90)
    const ended = await notifications.find({ endedAt: { $type: 'date' } }).toArray()
    const closed = await store.db
      .collection('alerts')
      .find({ closedAt: { $type: 'date' } })
      .toArray()
    expect([ended, closed].map((documents) => documents.map(({ _id }) => _id))).toEqual([['over'], ['done']])
  })
})

describe('the end is noted', () => {
  const endOf = async (store: Store, name: string, id: string, field: string) =>
    (await store.db.collection(name).findOne({ _id: id as never }))?.[field] instanceof Date

  test.each([
    [{ state: 'sent', receipt: 'r' } as const, true],
    [{ state: 'failed', reason: 'blocked' } as const, true],
    [{ state: 'dropped', reason: 'gone' } as const, true],
    [{ state: 'due', dueAt: MONDAY, reason: 'no answer' } as const, false],
  ])('of a message by its outcome: %j', async (outcome, isOver) => {
    const store = await open()
    await store.notifications.add([aNotification({ id: 'n' })])
    await store.notifications.lease({ channel: 'double', token: 'mine', lease: 60_000, limit: 1, now: MONDAY })
    await store.notifications.record(['n'], 'mine', outcome, MONDAY)
    expect(await endOf(store, 'notifications', 'n', 'endedAt')).toBe(isOver)
  })

  test('of an alert when it is done, expired or deleted, and taken back when it is armed again', async () => {
    const store = await open()
    await store.alerts.create(anAlert({ id: 'a', user: 'user' }), async () => 1)
    const isClosed = () => endOf(store, 'alerts', 'a', 'closedAt')
    expect(await isClosed()).toBe(false)
    for (const phase of ['done', 'armed', 'expired', 'pending', 'deleted'] as const) {
      await store.alerts.changeAll('user', ['a'], (alert) => ({ ...alert, phase }))
      expect([phase, await isClosed()]).toEqual([phase, phase !== 'armed' && phase !== 'pending'])
    }
    await store.alerts.changeAll('user', ['a'], (alert) => ({ ...alert, phase: 'armed' }))
    const [alert] = await store.alerts.byIds(['a'])
    await store.alerts.store(
      [{ from: alert!.revision, alert: { ...alert!, revision: alert!.revision + 1, phase: 'done' }, occurrences: [] }],
      'watch',
    )
    expect(await isClosed()).toBe(true)
    expect((await store.alerts.byIds(['a']))[0]).not.toHaveProperty('closedAt')
  })
})
