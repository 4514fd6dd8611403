import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Alert, Change } from '../../src/alert/types.ts'
import type { Past, Want } from '../../src/market/history.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import type { Cursor } from '../../src/store/cursor.ts'
import { anAlert, aQuote, blank } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'
import { typed } from './typed.ts'
import { aWorker, takeUnsent, type Worker } from './workers.ts'

const unmet = { ...blank, side: 'unmet' as const }
const SECOND = 1_000
const START = Date.UTC(2026, 2, 2, 15)

let store: Store
let worker: Worker
beforeAll(async () => {
  store = await connect(freshDatabase())
})
beforeEach(async () => {
  for (const name of ['alerts', 'quotes', 'progress']) await store.db.collection(name).deleteMany({})
  worker = aWorker(store, 'worker')
})
afterAll(() => store.close())

let made = 0
async function stored(given: Partial<Alert> = {}): Promise<Alert> {
  const { number: _, revision: __, unsent: ___, ...fields } = anAlert({ id: `a${++made}`, triggers: [unmet], ...given })
  return store.alerts.create(fields, async () => made)
}

const price = (value: number, receivedAt: number, symbol = 'stock:AAPL') =>
  store.quotes.write([aQuote({ symbol, price: String(value), receivedAt })])
const change = (alert: Alert, given: Partial<Alert>) =>
  store.alerts.change(alert.user, alert.number, (one) => ({ alert: { ...one, ...given }, occurrences: [] }))
const fired = async () => (await takeUnsent(store)).map(({ alert, occurrence }) => `${alert} ${occurrence.kind}`).sort()
const read = async ({ id }: Alert) => (await store.alerts.byIds([id]))[0]!

describe('a round', () => {
  test('stores what changed and says how much of it fired', async () => {
    const high = await stored()
    const low = await stored({ symbols: ['stock:MSFT'], bindings: { AAPL: 'stock:MSFT' } })
    await price(510, START)
    await price(490, START, 'stock:MSFT')
    expect(await worker.run(START)).toEqual({ stored: 1, fired: 1 })
    expect(await read(high)).toMatchObject({ phase: 'done', firings: 1, revision: 2 })
    expect(await read(low)).toEqual(low)
    expect(await fired()).toEqual([`${high.id} fired`])
    expect(await worker.run(START + SECOND)).toEqual({ stored: 0, fired: 0 })
  })

  test('notes with a price how far it is off the close before it, where that was told with it', async () => {
    await stored()
    await stored({ symbols: ['stock:MSFT'], bindings: { AAPL: 'stock:MSFT' } })
    await store.quotes.write([
      aQuote({ symbol: 'stock:AAPL', price: '510', previousClose: '500', receivedAt: START }),
      aQuote({ symbol: 'stock:MSFT', price: '510', receivedAt: START }),
    ])
    await worker.run(START)
    const changes = (await takeUnsent(store)).map(({ occurrence: { evidence } }) => evidence[0])
    expect(changes.map((one) => [one?.symbol, one?.change]).sort()).toEqual([
      ['stock:AAPL', '2.0'],
      ['stock:MSFT', undefined],
    ])
  })

  test('sees alerts made, changed, paused, resumed and deleted since the last one', async () => {
    await price(490, START)
    await worker.run(START)
    const [one, two, three] = [await stored(), await stored(), await stored()]
    await worker.run(START + SECOND)
    expect(worker.set.size).toBe(3)
    await change(one, { paused: true })
    await change(two, { phase: 'deleted' })
    await worker.run(START + 2 * SECOND)
    expect([...worker.set.ids()]).toEqual([three.id])
    await change(one, { paused: false })
    await price(510, START + 3 * SECOND)
    await worker.run(START + 3 * SECOND)
    expect(await fired()).toEqual([`${one.id} fired`, `${three.id} fired`].sort())
  })

  test('hears the last quote of a symbol that is watched anew, however old', async () => {
    await price(510, START)
    await worker.run(START + SECOND)
    // Well past the overlap in which quotes are read twice.
    await store.db.collection('quotes').updateMany({}, { $set: { updatedAt: new Date(0) } })
    await price(1, START + SECOND, 'stock:OTHER')
    await worker.run(START + 2 * SECOND)
    const alert = await stored()
    await worker.run(START + 3 * SECOND)
    expect(await fired()).toEqual([`${alert.id} fired`])
  })

  test('asks for the candles that its alerts look at, before they are looked at for the first time', async () => {
    const asked: [Want[], number][] = []
    const days: Past = {
      symbol: 'stock:AAPL',
      interval: '1d',
      candles: [1, 2, 3].map((day) => ({
        start: START - (4 - day) * 86_400_000,
        ...{ open: '500', high: '500', low: '500', close: '500', volume: null },
      })),
      liveFrom: Number.POSITIVE_INFINITY,
      closedAt: START,
      closesNext: START + 86_400_000,
      at: START,
      knownAt: START,
      source: 'test',
    }
    worker = aWorker(store, 'worker', {
      async candles(wants, now) {
        asked.push([[...wants], now])
        return [days]
      },
    })
    await price(490, START)
    await stored()
    await worker.run(START)
    expect(asked).toEqual([])
    const { condition, needs, symbols, bindings } = typed('AAPL > sma(AAPL, 3)')
    const average = await stored({ condition, needs, symbols, bindings, triggers: [blank] })
    await worker.run(START + SECOND)
    expect(asked).toEqual([[needs.map((need) => ({ ...need, since: START + SECOND })), START + SECOND]])
    expect((await read(average)).triggers).toEqual([unmet])
    await price(501, START + 2 * SECOND)
    expect(await worker.run(START + 2 * SECOND)).toEqual({ stored: 2, fired: 2 })
  })

  test('looks at nothing again when nothing changed, although changes are read with an overlap', async () => {
    for (let count = 0; count < 5; count++) await stored()
    await price(490, START)
    await worker.run(START)
    const looks = worker.set.looks()
    for (let round = 1; round < 5; round++) await worker.run(START + round * SECOND)
    expect(worker.set.looks()).toBe(looks)
  })

  test('looks at what came while it was reading from a time after that: `for` begins no earlier', async () => {
    const alert = await stored({ options: { mode: 'repeat', for: 25 * SECOND } })
    await price(490, START)
    await worker.run(START)
    let now = START + SECOND
    const slow = aWorker(store, 'slow', {
      now: () => now,
      async quotesSince(cursor) {
        now = START + 10 * SECOND
        await price(510, now)
        return store.quotes.changedSince(cursor)
      },
    })
    await slow.run(now)
    expect(await read(alert)).toMatchObject({ phase: 'pending', clock: { counted: 0, since: START + 10 * SECOND } })
  })

  test('lets no time pass for an alert that went by while it was reading: a price may have come in it', async () => {
    const alert = await stored({ options: { mode: 'repeat', for: 25 * SECOND } })
    await price(490, START)
    await worker.run(START)
    await price(510, START + SECOND)
    let now = START + SECOND
    const stalled = aWorker(store, 'stalled', {
      now: () => now,
      async quotesSince(cursor) {
        const read = await store.quotes.changedSince(cursor)
        now += 60 * SECOND
        return read
      },
    })
    await stalled.run(now)
    expect(await read(alert)).toMatchObject({ phase: 'pending', firings: 0 })
  })

  test('never looks from a time before the last one', async () => {
    const alert = await stored({ options: { mode: 'repeat', for: 25 * SECOND } })
    await price(490, START)
    await worker.run(START + 2 * SECOND)
    await price(510, START + SECOND)
    await worker.run(START + SECOND)
    expect(await read(alert)).toMatchObject({ clock: { since: START + 2 * SECOND } })
  })

  test('keeps how far it has watched', async () => {
    await worker.run(START)
    await worker.run(START + 6 * SECOND)
    expect(await store.progress.get('watch:test')).toBe(START + 6 * SECOND)
  })
})

describe('a change that somebody else’s overtook', () => {
  /** A worker of which somebody gets in between its look and its first write. */
  function overtaken(between: () => Promise<unknown>): Worker {
    let isFirst = true
    const slow: Worker = aWorker(store, 'slow', {
      async store(changes: readonly Change[]) {
        if (isFirst) await between()
        isFirst = false
        const lost = await store.alerts.store(changes, `slow:${changes[0]!.from}:${Math.random()}`)
        slow.losses.push(...lost)
        return lost
      },
    })
    return slow
  }

  test('is made again on the same quotes: options edited while it fires do not swallow the firing', async () => {
    const alert = await stored()
    await price(510, START)
    const slow = overtaken(() => change(alert, { typed: 'edited' }))
    expect(await slow.run(START)).toEqual({ stored: 1, fired: 1 })
    expect(slow.losses).toEqual([alert.id])
    expect(await read(alert)).toMatchObject({ typed: 'edited', phase: 'done', firings: 1 })
    expect(await fired()).toEqual([`${alert.id} fired`])
  })

  test('also when the price has come back meanwhile', async () => {
    const alert = await stored()
    await price(510, START)
    const slow = overtaken(async () => {
      await change(alert, { typed: 'edited' })
      await price(490, START + 1)
    })
    await slow.run(START + SECOND)
    expect(await fired()).toEqual([`${alert.id} fired`])
  })

  test.each<[string, Partial<Alert>]>([
    ['paused', { paused: true }],
    ['deleted', { phase: 'deleted' }],
  ])('is not made when it was %s first', async (_what, given) => {
    const alert = await stored()
    await price(510, START)
    const slow = overtaken(() => change(alert, given))
    expect(await slow.run(START)).toMatchObject({ fired: 0 })
    expect(await read(alert)).toMatchObject({ ...given, firings: 0 })
    expect(await fired()).toEqual([])
  })

  test('is looked at on the quote of a symbol that it watches only now', async () => {
    const alert = await stored({ options: { mode: 'repeat' } })
    await price(510, START)
    await price(490, START, 'stock:NEW')
    const slow = overtaken(() =>
      change(alert, { symbols: ['stock:NEW'], bindings: { AAPL: 'stock:NEW' }, triggers: [blank] }),
    )
    await slow.run(START)
    expect(await read(alert)).toMatchObject({ triggers: [unmet] })
    // Its first price was the baseline: the next one is an edge.
    await price(510, START + SECOND, 'stock:NEW')
    await slow.run(START + SECOND)
    expect(await fired()).toEqual([`${alert.id} fired`])
  })

  test('does not fire again what the other worker fired and saw end', async () => {
    const alert = await stored({ options: { mode: 'repeat' } })
    await price(510, START)
    const fast = aWorker(store, 'fast')
    const slow = overtaken(async () => {
      await fast.run(START)
      await price(490, START + SECOND)
      await fast.run(START + SECOND)
    })
    await slow.run(START + SECOND)
    expect(await fired()).toEqual([`${alert.id} fired`])
    expect(await read(alert)).toMatchObject({ firings: 1, triggers: [unmet] })
  })

  test('is forgotten where its owner had everything erased meanwhile, and no round looks for it again', async () => {
    const [gone, other] = [await stored({ user: 'gone', options: { mode: 'repeat' } }), await stored()]
    await price(490, START)
    await worker.run(START)
    await store.alerts.erase(['gone'])
    await price(510, START + SECOND)
    expect(await worker.run(START + SECOND)).toMatchObject({ fired: 1 })
    expect([...worker.set.ids()]).not.toContain(gone.id)
    expect(await fired()).toEqual([`${other.id} fired`])
  })

  test('that is overtaken for ever is an error and no endless round', async () => {
    await stored()
    await price(510, START)
    const never = aWorker(store, 'never', { store: async (changes) => changes.map(({ alert }) => alert.id) })
    await expect(never.run(START)).rejects.toThrow('overtaken 20 times')
  })
})

describe('two workers that take turns', () => {
  test('fire each edge once, whoever sees it', async () => {
    const alert = await stored({ options: { mode: 'repeat' } })
    const [one, two] = [aWorker(store, 'one'), aWorker(store, 'two')]
    const turns = [one, two, one, one, two, two, one, two]
    for (const [round, turn] of turns.entries()) {
      await price(round % 2 === 0 ? 490 : 510, START + round * SECOND)
      await turn.run(START + round * SECOND)
      await (turn === one ? two : one).run(START + round * SECOND)
    }
    expect(await fired()).toEqual(Array.from({ length: 4 }, () => `${alert.id} fired`))
  })
})

describe('what the cursor missed', () => {
  test('is found by the full comparison after ten minutes, and not before', async () => {
    await price(490, START)
    const known = await stored()
    await worker.run(START)
    const missed = await stored()
    const old = { $set: { updatedAt: new Date(0) } }
    await store.db.collection('alerts').updateOne({ _id: missed.id as never }, old)
    await store.db
      .collection('alerts')
      .updateOne({ _id: known.id as never }, { $set: { ...old.$set, live: false, paused: true } })
    await worker.run(START + SECOND)
    expect([...worker.set.ids()]).toEqual([known.id])
    await worker.run(START + 601 * SECOND)
    expect([...worker.set.ids()]).toEqual([missed.id])
  })
})

describe('an error', () => {
  test.each(['changedSince', 'quotesOf', 'quotesSince', 'store', 'advance'] as const)(
    'of %s comes out, and the next round begins anew from what is stored: nothing is lost or doubled',
    async (failing) => {
      let isBroken = false
      const ports = {
        changedSince: (cursor: Cursor) => store.alerts.changedSince({ from: 0, to: 1024 }, cursor),
        quotesOf: async (symbols: readonly string[]) => [...(await store.quotes.read(symbols)).values()],
        quotesSince: store.quotes.changedSince,
        store: (changes: readonly Change[]) => store.alerts.store(changes, String(Math.random())),
        advance: (at: number) => store.progress.advance('watch:test', at),
      }
      const faulty = <T extends readonly never[], R>(port: (...args: T) => Promise<R>) => {
        return async (...args: T) => {
          if (isBroken) throw new Error('the database is gone')
          return port(...args)
        }
      }
      const shaky = aWorker(store, 'shaky', { [failing]: faulty(ports[failing] as never) })
      const alert = await stored({ options: { mode: 'repeat' } })
      await price(490, START)
      await shaky.run(START)
      await price(510, START + 10 * SECOND)
      isBroken = true
      await expect(shaky.run(START + 10 * SECOND)).rejects.toThrow('the database is gone')
      isBroken = false
      // Long ago by the database's clock: following changes would not find it.
      await store.db.collection('alerts').updateMany({}, { $set: { updatedAt: new Date(0) } })
      await shaky.run(START + 11 * SECOND)
      await shaky.run(START + 12 * SECOND)
      expect(await fired()).toEqual([`${alert.id} fired`])
      expect(await read(alert)).toMatchObject({ firings: 1 })
    },
  )
})

describe('after a time in which no worker ran', () => {
  test.each([
    [
      'longer than a blindness would be told after: the firing names it',
      7_200,
      { from: START, to: START + 7_200 * SECOND },
    ],
    ['ten seconds, as between two rounds: nothing to name', 10, undefined],
  ])('%s', async (_what, seconds, gap) => {
    await stored()
    await price(490, START)
    await worker.run(START)
    const next = aWorker(store, 'next', { isReal: true })
    await price(510, START + seconds * SECOND)
    await next.run(START + seconds * SECOND)
    const told = await takeUnsent(store)
    expect(told.map(({ occurrence }) => [occurrence.kind, occurrence.gap])).toEqual([['fired', gap]])
  })
})
