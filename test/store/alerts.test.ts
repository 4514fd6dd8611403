import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Alert, Occurrence } from '../../src/alert/types.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { rangeOf, SLOTS, slotOf } from '../../src/store/slots.ts'
import { anAlert } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'

/** A cursor of before everything. */
const FROM_THE_START = { newest: new Date(0), seenAt: 0, readAt: 0 }
const ALL = { from: 0, to: SLOTS }

let store: Store
const broken: { id: string; why: string }[] = []
beforeAll(async () => {
  store = await connect(freshDatabase(), (id, why) => broken.push({ id, why }))
})
afterAll(() => store.close())

let made = 0
/** A stored alert of a user of its own, but for what is given. */
async function stored(given: Partial<Alert> = {}): Promise<Alert> {
  const count = ++made
  const { number: _, revision: __, unsent: ___, ...fields } = anAlert({ id: `a${count}`, user: `u${count}`, ...given })
  return store.alerts.create(fields, async () => count)
}

function firing(id: string): Occurrence {
  return { id, kind: 'fired', at: 1, triggers: ['AAPL price > 500'], evidence: [] }
}

const idsOf = (alerts: readonly Alert[]) => alerts.map(({ id }) => id).sort()
const read = async (id: string) => (await store.alerts.byIds([id]))[0]!

describe('an alert comes back as it was stored', () => {
  test.each<[string, Partial<Alert>]>([
    ['a plain one', {}],
    ['a ticker with a dot', { bindings: { AAPL: 'stock:AAPL', 'BRK.B': 'stock:BRK.B' } }],
    ['times and a clock', { phase: 'pending', until: 5, snoozedUntil: 6, clock: { counted: 7, since: null } }],
    [
      'what its triggers carry',
      { triggers: [{ side: 'met', held: true, running: false, knownAt: 3, gap: { from: 1, to: 2 } }], seenAt: 9 },
    ],
    ['a name that is an operator', { typed: '$where', text: '{"$gt":""}', subscription: '$ne' }],
  ])('%s', async (_what, given) => {
    const alert = await stored(given)
    const expected = { ...anAlert({ ...given, id: alert.id, user: alert.user, number: alert.number }), ...given }
    expect(alert).toEqual(expected)
    expect(await read(alert.id)).toEqual(expected)
    await store.alerts.change(alert.user, alert.number, (one) => ({ alert: { ...one, typed: 'x' }, occurrences: [] }))
    expect(await read(alert.id)).toEqual({ ...expected, typed: 'x', revision: 2 })
  })
})

describe('creating', () => {
  test('the same id twice gives the same alert with the same number, and makes no second one', async () => {
    const user = await store.users.ofAddress('console', 'twice', 0)
    const { number: _, revision: __, unsent: ___, ...fields } = anAlert({ id: 'twice', user: user.id })
    const next = () => store.users.nextNumber(user.id)
    const first = await store.alerts.create(fields, next)
    const again = await store.alerts.create({ ...fields, typed: 'something else' }, next)
    expect(again).toEqual(first)
    expect(await store.alerts.ofUser(user.id)).toEqual([first])
  })

  test('one id made by 8 callers at once is one alert', async () => {
    const user = await store.users.ofAddress('console', 'eight', 0)
    const { number: _, revision: __, unsent: ___, ...fields } = anAlert({ id: 'eight', user: user.id })
    const create = () => store.alerts.create(fields, () => store.users.nextNumber(user.id))
    const all = await Promise.all(Array.from({ length: 8 }, create))
    expect(new Set(all.map(({ number }) => number)).size).toBe(1)
    expect(await store.alerts.ofUser(user.id)).toEqual([all[0]])
  })

  test('a number is never used again, also when its alert is deleted', async () => {
    const user = await store.users.ofAddress('console', 'numbers', 0)
    const create = async (id: string) => {
      const { number: _, revision: __, unsent: ___, ...fields } = anAlert({ id, user: user.id })
      return store.alerts.create(fields, () => store.users.nextNumber(user.id))
    }
    const first = await create('number-1')
    await store.alerts.change(user.id, first.number, (alert) => ({
      alert: { ...alert, phase: 'deleted' },
      occurrences: [],
    }))
    const numbers = [first.number]
    for (const id of ['number-2', 'number-3']) numbers.push((await create(id)).number)
    expect(numbers).toEqual([1, 2, 3])
  })
})

describe('changing', () => {
  test('8 changes of one alert at once are all made, one after the other', async () => {
    const { id, user, number } = await stored()
    const change = (_: unknown, index: number) =>
      store.alerts.change(user, number, (alert) => ({
        alert: { ...alert, firings: alert.firings + 1 },
        occurrences: [firing(`${id}.${index}`)],
      }))
    await Promise.all(Array.from({ length: 8 }, change))
    const after = await read(id)
    expect(after.firings).toBe(8)
    expect(after.revision).toBe(9)
    expect(after.unsent).toHaveLength(8)
  })

  test('of racing writers of one revision exactly one wins, and the others are named', async () => {
    for (let round = 0; round < 20; round++) {
      const alert = await stored()
      const write = async (name: string, firings: number) => {
        const change = {
          from: 1,
          alert: { ...alert, revision: 2, firings },
          occurrences: [firing(`${alert.id}.${name}`)],
        }
        return { name, firings, lost: await store.alerts.store([change], `${alert.id}:${name}`) }
      }
      const results = await Promise.all(['one', 'two', 'three', 'four', 'five'].map(write))
      const winners = results.filter(({ lost }) => lost.length === 0)
      expect(winners).toHaveLength(1)
      expect(results.filter(({ lost }) => lost[0] === alert.id)).toHaveLength(4)
      const after = await read(alert.id)
      expect(after.firings).toBe(winners[0]!.firings)
      expect(after.unsent.map(({ id }) => id)).toEqual([`${alert.id}.${winners[0]!.name}`])
    }
  })

  test('watching changes the state of an alert, and never what a person asked for', async () => {
    const alert = await stored()
    const altered = {
      ...alert,
      revision: 2,
      phase: 'done' as const,
      text: 'something else',
      typed: 'something else',
      until: 5,
    }
    await store.alerts.store([{ from: 1, alert: altered, occurrences: [] }], 'worker')
    expect(await read(alert.id)).toMatchObject({
      phase: 'done',
      text: alert.text,
      typed: alert.typed,
      until: alert.until,
    })
  })

  test('of many alerts stored together only those that changed meanwhile are losers', async () => {
    const alerts = await Promise.all(Array.from({ length: 10 }, () => stored()))
    const overtaken = alerts.filter((_, index) => index % 3 === 0)
    for (const { user, number } of overtaken)
      await store.alerts.change(user, number, (alert) => ({ alert: { ...alert, paused: true }, occurrences: [] }))
    const changes = alerts.map((alert) => ({
      from: 1,
      alert: { ...alert, revision: 2 },
      occurrences: [firing(alert.id)],
    }))
    expect((await store.alerts.store(changes, 'many')).sort()).toEqual(idsOf(overtaken))
    for (const { id } of overtaken) expect(await read(id)).toMatchObject({ paused: true, unsent: [] })
  })

  test('a state written from an old copy never takes an unsent firing away', async () => {
    const alert = await stored()
    await store.alerts.store([{ from: 1, alert: { ...alert, revision: 2 }, occurrences: [firing('f1')] }], 'w1')
    const stale = { ...alert, revision: 3, unsent: [] }
    await store.alerts.store([{ from: 2, alert: stale, occurrences: [firing('f2')] }], 'w2')
    await store.alerts.change(alert.user, alert.number, (one) => ({
      alert: { ...one, phase: 'deleted', unsent: [] },
      occurrences: [],
    }))
    expect((await read(alert.id)).unsent.map(({ id }) => id)).toEqual(['f1', 'f2'])
    expect(idsOf(await store.alerts.unsent(rangeOf(0, 1)))).toContain(alert.id)
  })

  test('only what was settled is taken off, also twice, also while something is added', async () => {
    const alert = await stored()
    const occurrences = ['s1', 's2'].map(firing)
    await store.alerts.store([{ from: 1, alert: { ...alert, revision: 2 }, occurrences }], 'w')
    const settled = [{ alert: alert.id, occurrences: ['s1'] }]
    await Promise.all([
      store.alerts.settle(settled),
      store.alerts.settle(settled),
      store.alerts.store([{ from: 2, alert: { ...alert, revision: 3 }, occurrences: [firing('s3')] }], 'x'),
    ])
    expect((await read(alert.id)).unsent.map(({ id }) => id)).toEqual(['s2', 's3'])
  })

  test('a change that changes nothing writes nothing', async () => {
    const alert = await stored()
    const same = await store.alerts.change(alert.user, alert.number, (one) => ({ alert: one, occurrences: [] }))
    expect(same).toEqual(alert)
    expect((await read(alert.id)).revision).toBe(1)
  })

  test('what the change refuses comes out, and nothing is stored', async () => {
    const alert = await stored()
    const refuse = () => {
      throw new Error('no')
    }
    await expect(store.alerts.change(alert.user, alert.number, refuse)).rejects.toThrow('no')
    expect(await read(alert.id)).toEqual(alert)
  })

  test('a deleted alert is there for nobody but those who finish with it', async () => {
    const alert = await stored()
    const remove = () =>
      store.alerts.change(alert.user, alert.number, (one) => ({ alert: { ...one, phase: 'deleted' }, occurrences: [] }))
    expect(await remove()).toMatchObject({ phase: 'deleted' })
    expect(await remove()).toBeNull()
    expect(await store.alerts.byNumber(alert.user, alert.number)).toBeNull()
    expect(await store.alerts.ofUser(alert.user)).toEqual([])
    expect((await store.alerts.revisions(ALL)).has(alert.id)).toBe(false)
    const { revisions } = await store.alerts.changedSince(ALL, FROM_THE_START)
    expect(revisions.get(alert.id)).toBe(2)
  })
})

describe('following changes', () => {
  test('an alert is live while it is armed or pending and not paused', async () => {
    const states: [Partial<Alert>, boolean][] = [
      [{ phase: 'armed' }, true],
      [{ phase: 'pending' }, true],
      [{ phase: 'armed', paused: true }, false],
      [{ phase: 'done' }, false],
      [{ phase: 'expired' }, false],
      [{ phase: 'deleted' }, false],
    ]
    for (const [state, isLive] of states) {
      const { id, user } = await stored(state)
      expect((await store.alerts.live(ALL)).alerts.some((alert) => alert.id === id)).toBe(isLive)
      expect((await store.alerts.revisions(ALL)).has(id)).toBe(isLive)
      expect(await store.alerts.countLive(user)).toBe(isLive ? 1 : 0)
    }
  })

  test('what changes from the load on is found from its cursor, and from each cursor after it', async () => {
    let { cursor } = await store.alerts.live(ALL)
    const alert = await stored()
    for (let revision = 1; revision < 10; revision++) {
      const changed = await store.alerts.changedSince(ALL, cursor)
      expect(changed.revisions.get(alert.id)).toBe(revision)
      cursor = changed.cursor
      await store.alerts.change(alert.user, alert.number, (one) => ({
        alert: { ...one, paused: !one.paused },
        occurrences: [],
      }))
    }
  })

  test('what is changed after the database’s clock was set back is found, and is the last change', async () => {
    const { alerts, db, close } = await connect(freshDatabase())
    let number = 0
    const create = (id: string) => {
      const { number: _, revision: __, unsent: ___, ...fields } = anAlert({ id })
      return alerts.create(fields, async () => ++number)
    }
    await create('before')
    await db
      .collection('alerts')
      .updateOne({ _id: 'before' as never }, { $set: { updatedAt: new Date(Date.now() + 3_600_000) } })
    let { cursor } = await alerts.live(ALL)
    for (const id of ['first', 'second']) {
      await create(id)
      const changed = await alerts.changedSince(ALL, cursor)
      expect([...changed.revisions.keys()]).toContain(id)
      cursor = changed.cursor
    }
    expect(await alerts.lastChange()).toEqual(cursor.newest)
    await close()
  })

  test('a change that became visible late, with a time a second before the cursor, is found all the same', async () => {
    const alert = await stored()
    const { cursor } = await store.alerts.changedSince(ALL, FROM_THE_START)
    const late = new Date(cursor.newest.getTime() - 1_000)
    await store.db
      .collection('alerts')
      .updateOne({ _id: alert.id as never }, { $set: { updatedAt: late, revision: 2 } })
    expect((await store.alerts.changedSince(ALL, cursor)).revisions.get(alert.id)).toBe(2)
  })

  test('each alert belongs to exactly one of any number of shards', async () => {
    const alert = await stored()
    for (const shards of [1, 2, 3, 64]) {
      const ranges = Array.from({ length: shards }, (_, shard) => rangeOf(shard, shards))
      const found = await Promise.all(ranges.map((range) => store.alerts.revisions(range)))
      expect(found.filter((revisions) => revisions.has(alert.id))).toHaveLength(1)
    }
    expect(slotOf(alert.id)).toBeLessThan(SLOTS)
  })

  test('the symbols asked for are those of live alerts, each once', async () => {
    const { alerts, close } = await connect(freshDatabase())
    const create = (id: string, given: Partial<Alert>) => {
      const { number: _, revision: __, unsent: ___, ...fields } = anAlert({ id, ...given })
      return alerts.create(fields, async () => Number(id))
    }
    expect(await alerts.lastChange()).toBeNull()
    await create('1', { symbols: ['stock:A', 'stock:B'], daySymbols: ['stock:B'], bindings: { AAPL: 'stock:A' } })
    await create('2', { symbols: ['stock:A'], bindings: { AAPL: 'stock:A' } })
    await create('3', { symbols: ['stock:C'], bindings: { AAPL: 'stock:C' }, phase: 'done' })
    const wanted = await alerts.symbols()
    expect({ ...wanted, symbols: wanted.symbols.sort() }).toEqual({
      symbols: ['stock:A', 'stock:B'],
      daySymbols: ['stock:B'],
    })
    const before = (await alerts.lastChange())!
    await alerts.change('user', 1, (one) => ({ alert: { ...one, paused: true }, occurrences: [] }))
    expect((await alerts.lastChange())!.getTime()).toBeGreaterThanOrEqual(before.getTime())
    await close()
  })
})

describe('one user’s alerts are nobody else’s', () => {
  test('another user reads and changes nothing by the same number', async () => {
    const mine = await stored()
    expect(await store.alerts.byNumber('somebody', mine.number)).toBeNull()
    const steal = () =>
      store.alerts.change('somebody', mine.number, (one) => ({ alert: { ...one, paused: true }, occurrences: [] }))
    expect(await steal()).toBeNull()
    expect(await read(mine.id)).toEqual(mine)
  })

  const operators = [{ $gt: '' }, { $ne: null }, { $exists: true }, { $regex: '.*' }, { $in: [/.*/] }]
  test.each(operators)('%j in place of a user or a number never matches more', async (operator) => {
    const mine = await stored()
    const nothing = async (work: Promise<unknown>) => {
      const found = await work.catch(() => 'refused')
      expect(['refused', null, 0, '[]']).toContain(Array.isArray(found) ? JSON.stringify(found) : found)
    }
    const pause = (one: Alert) => ({ alert: { ...one, paused: true }, occurrences: [] })
    await nothing(store.alerts.byNumber(operator as never, mine.number))
    await nothing(store.alerts.byNumber(mine.user, operator as never))
    await nothing(store.alerts.ofUser(operator as never))
    await nothing(store.alerts.countLive(operator as never))
    await nothing(store.alerts.change(operator as never, mine.number, pause))
    await nothing(store.alerts.change(mine.user, operator as never, pause))
    await nothing(store.alerts.byIds([operator as never]))
    expect(await read(mine.id)).toEqual(mine)
  })
})

describe('a document that cannot be used is named once, left out, and spoils no other alert', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown phase', { $set: { phase: 'dreaming' } }, 'its phase is "dreaming"'],
    ['no condition', { $unset: { condition: 1 } }, 'it has no condition'],
    ['no options', { $unset: { options: 1 } }, 'it has no options'],
    ['a mode of the future', { $set: { options: { mode: 'sometimes' } } }, 'it has no options'],
    ['no triggers', { $set: { triggers: null } }, 'it has no triggers'],
    ['no list of the unsent', { $unset: { unsent: 1 } }, 'it has no list of what is unsent'],
    ['no bindings', { $unset: { bindings: 1 } }, 'it has no symbols'],
    ['an unbound symbol', { $set: { bindings: [] } }, '"AAPL" is bound to no symbol'],
    ['a symbol bound to what it does not watch', { $set: { symbols: ['stock:MSFT'] } }, '"AAPL" is bound to no symbol'],
  ])('%s', async (_what, update, why) => {
    const spoilt = await stored()
    const sound = await stored({ user: spoilt.user, id: `${spoilt.id}-sound` })
    await store.alerts.store([{ from: 1, alert: { ...sound, revision: 2 }, occurrences: [firing('x')] }], sound.id)
    await store.db.collection('alerts').updateOne({ _id: spoilt.id as never }, update)
    for (const found of [
      await store.alerts.ofUser(spoilt.user),
      (await store.alerts.live(ALL)).alerts,
      await store.alerts.byIds([spoilt.id, sound.id]),
      await store.alerts.unsent(ALL),
    ]) {
      expect(idsOf(found)).toContain(sound.id)
      expect(idsOf(found)).not.toContain(spoilt.id)
    }
    expect(await store.alerts.byNumber(spoilt.user, spoilt.number)).toBeNull()
    expect(await store.alerts.change(spoilt.user, spoilt.number, () => expect.unreachable())).toBeNull()
    expect(broken.filter(({ id }) => id === spoilt.id)).toEqual([{ id: spoilt.id, why }])
  })
})
