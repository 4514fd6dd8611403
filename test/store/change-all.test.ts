import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { remove, restore } from '../../src/alert/change.ts'
import type { Alert } from '../../src/alert/types.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { anAlert } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

let users = 0

/** So many stored alerts of a new user. */
async function stored(count: number): Promise<{ user: string; alerts: Alert[]; ids: string[] }> {
  const user = `user-${++users}`
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  const alerts = await Promise.all(
    numbers.map((number) => {
      const { number: _, revision: __, unsent: ___, ...fields } = anAlert({ id: `${user}-${number}`, user })
      return store.alerts.create(fields, async () => number)
    }),
  )
  return { user, alerts, ids: alerts.map(({ id }) => id) }
}

const paused = (alert: Alert): Alert => (alert.paused ? alert : { ...alert, paused: true })
const read = async (ids: readonly string[]) =>
  (await store.alerts.byIds(ids)).sort((one, other) => one.number - other.number)

describe('changing several alerts', () => {
  test('changes each, counts its revision, and gives them', async () => {
    const { user, ids } = await stored(3)
    const changed = await store.alerts.changeAll(user, ids, paused)
    expect(changed.map(({ paused, revision }) => [paused, revision])).toEqual(Array(3).fill([true, 2]))
    expect(await read(ids)).toEqual(changed.sort((one, other) => one.number - other.number))
  })

  test('leaves alone what is given back as it was', async () => {
    const { user, alerts, ids } = await stored(2)
    const changed = await store.alerts.changeAll(user, ids, (alert) => (alert.number === 1 ? paused(alert) : alert))
    expect(changed.map(({ number }) => number)).toEqual([1])
    expect((await read(ids))[1]).toEqual(alerts[1])
  })

  test('never touches those of another user', async () => {
    const { ids, alerts } = await stored(2)
    expect(await store.alerts.changeAll('mallory', ids, paused)).toEqual([])
    expect(await read(ids)).toEqual(alerts)
  })

  test('takes nothing away that was fired meanwhile, and is not lost by it', async () => {
    const { user, alerts, ids } = await stored(3)
    const second = alerts[1]!
    const firing = { id: `${second.id}.f`, kind: 'fired' as const, at: 1, triggers: [], evidence: [] }
    const fired = { from: 1, alert: { ...second, revision: 2, firings: 1 }, occurrences: [firing] }
    const seen: number[] = []
    let worker: Promise<string[]> | undefined
    await store.alerts.changeAll(user, ids, (alert) => {
      seen.push(alert.number)
      // Another writer is there first.
      worker ??= store.alerts.store([fired], 'worker')
      return paused(alert)
    })
    const lost = await worker
    const after = await read(ids)
    expect(after.map((alert) => alert.paused)).toEqual([true, true, true])
    // Whoever came second heard of it: the worker is told that it lost, or we came again.
    const isFired = lost?.length === 0
    expect(after[1]).toMatchObject({ firings: isFired ? 1 : 0, unsent: isFired ? [firing] : [] })
    expect(seen).toEqual(isFired ? [1, 2, 3, 2] : [1, 2, 3])
  })

  test('tries those again that another writer changed between reading and writing', async () => {
    const { user, ids } = await stored(4)
    const raise = (alert: Alert) => ({ ...alert, firings: alert.firings + 1 })
    await Promise.all(Array.from({ length: 6 }, () => store.alerts.changeAll(user, ids, raise)))
    expect((await read(ids)).map(({ firings, revision }) => [firings, revision])).toEqual(Array(4).fill([6, 7]))
  })

  test('what is thrown for one comes out', async () => {
    const { user, ids } = await stored(1)
    const broken = () => {
      throw new TypeError('no')
    }
    await expect(store.alerts.changeAll(user, ids, broken)).rejects.toThrow(TypeError)
  })
})

describe('what was deleted', () => {
  const gone = (at: number, by: string) => (alert: Alert) => remove(alert, { at, by })

  test('is found by when it was, the last first, and only by its user', async () => {
    const { user, ids } = await stored(3)
    await store.alerts.changeAll(user, [ids[0]!], gone(100, 'a'))
    await store.alerts.changeAll(user, [ids[2]!], gone(200, 'b'))
    await store.alerts.changeAll(user, [ids[1]!], gone(200, 'c'))
    const found = async (since: number) => (await store.alerts.deletedOf(user, since)).map(({ number }) => number)
    expect(await found(100)).toEqual([2, 3, 1])
    expect(await found(101)).toEqual([2, 3])
    expect(await found(201)).toEqual([])
    expect(await store.alerts.deletedOf('mallory', 0)).toEqual([])
  })

  test('is not watched, and is again once it is back, without a trace of having been away', async () => {
    const { user, alerts, ids } = await stored(1)
    await store.alerts.changeAll(user, ids, gone(100, 'a'))
    expect(await store.alerts.countLive(user)).toBe(0)
    await store.alerts.changeAll(user, ids, restore)
    expect(await store.alerts.countLive(user)).toBe(1)
    expect(await read(ids)).toEqual([{ ...alerts[0], revision: 3 }])
  })
})

test('who made an alert is kept with it', async () => {
  const maker = { id: '1', name: 'Anna' }
  const { number: _, revision: __, unsent: ___, ...fields } = anAlert({ id: 'made', user: 'group', maker })
  const made = await store.alerts.create(fields, async () => 1)
  expect(made.maker).toEqual(maker)
  await store.alerts.store([{ from: 1, alert: { ...made, revision: 2 }, occurrences: [] }], 'worker')
  expect((await read(['made']))[0]).toEqual({ ...made, revision: 2 })
})
