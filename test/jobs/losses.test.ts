import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../src/alert/types.ts'
import { createFetch } from '../../src/jobs/fetch.ts'
import { createLossKeeper, tellLoss } from '../../src/jobs/losses.ts'
import { outagePorts } from '../../src/jobs/outages.ts'
import type { Loss } from '../../src/market/lost.ts'
import type { Unknown } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { anAlert, aQuote } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'

const HOUR = 61 * 60_000
const gone = (symbol: string): Unknown => ({ symbol, unknown: `Yahoo has no symbol ${symbol.slice(6)}`, gone: true })

let store: Store
let at: number
let forgotten: string[]
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.db.collection('alerts').deleteMany({})
  at = 1_000
  forgotten = []
})

const log = pino({ level: 'silent' })
const aProcess = (tell = (loss: Loss) => tellLoss(loss, { alerts: store.alerts, now: () => at, log })) =>
  createLossKeeper({
    losses: store.losses,
    forget: async (symbols) => void forgotten.push(...symbols),
    tell,
    now: () => at,
  })
const roundsOf = async (symbol: string) => (await store.losses.read([symbol])).get(symbol)?.rounds

test('losses are counted across restarts, and what is lost is not taken for known any more', async () => {
  for (const rounds of [1, 2, 3]) {
    await aProcess()([gone('stock:XYZ'), aQuote({ symbol: 'stock:AAPL' })])
    expect(await roundsOf('stock:XYZ')).toBe(rounds)
    expect(forgotten).toEqual(rounds < 3 ? [] : ['stock:XYZ'])
    at += HOUR
  }
  expect(await roundsOf('stock:AAPL')).toBeUndefined()
})

test('one that is found again is no loss, also by a process that did not hear of it', async () => {
  await aProcess()([gone('stock:BACK'), gone('stock:OTHER')])
  await aProcess()([aQuote({ symbol: 'stock:BACK' })])
  expect(await roundsOf('stock:BACK')).toBeUndefined()
  expect(await roundsOf('stock:OTHER')).toBe(1)
})

test('a round that says nothing new writes nothing', async () => {
  const keep = aProcess()
  await keep([gone('stock:SAME')])
  const before = await store.db.collection('losses').findOne({ _id: 'stock:SAME' as never })
  at += 1_000
  await keep([gone('stock:SAME')])
  expect(await store.db.collection('losses').findOne({ _id: 'stock:SAME' as never })).toEqual(before)
})

test('the database forgets a loss by itself when nobody counts it any more', async () => {
  const indexes = await store.db.collection('losses').indexes()
  expect(indexes.find(({ key }) => 'keptAt' in key)).toMatchObject({ expireAfterSeconds: 7 * 24 * 3_600 })
})

test('a round of fetching notes what it was answered, and the word of blindness says what is lost', async () => {
  const round = createFetch({
    kind: 'stock',
    chain: {
      quotes: async () => ({ quotes: new Map([['stock:DEAD', gone('stock:DEAD')]]), failures: [] }),
      watch: () => {},
    },
    sift: () => ({ sure: [], confirmed: Promise.resolve([]) }),
    calendar: calendar({ alwaysOpen: true }),
    symbols: async () => ({ symbols: ['stock:DEAD'], daySymbols: [] }),
    days: { soon: (quote) => quote },
    kept: async () => new Map(),
    write: async () => {},
    note: aProcess(),
    written: async () => {},
    done: async () => {},
    now: () => at,
    log,
  })
  const market = { calendar: calendar({ alwaysOpen: true }), freshFor: () => 300_000 }
  const said = async () =>
    (await outagePorts(store, market).unseen(['stock:DEAD', 'stock:LIVE']))('stock:DEAD', at)?.why
  const all: (string | undefined)[] = []
  for (let index = 0; index < 3; index += 1) {
    await round()
    all.push(await said())
    at += HOUR
  }
  expect(all).toEqual([
    'Yahoo says that it has no symbol DEAD',
    'Yahoo says that it has no symbol DEAD',
    'Yahoo has no symbol DEAD any more: it may be delisted or renamed',
  ])
})

describe('the owners of alerts on a lost symbol', () => {
  async function kept(id: string, symbol: string, given: Partial<Alert> = {}): Promise<void> {
    const fresh = anAlert({ id, symbols: [symbol], bindings: { AAPL: symbol }, ...given })
    const { number: _number, revision: _revision, unsent: _unsent, ...rest } = fresh
    await store.alerts.create(rest, async () => Number(id))
  }
  const owed = async (id: string) => (await store.alerts.byIds([id]))[0]?.unsent
  const kinds = async (...ids: string[]) =>
    (await Promise.all(ids.map(owed))).map((unsent) => unsent?.map(({ kind }) => kind))

  /** Hears three times over two hours that a symbol is gone, each time in a process of its own unless one is given. */
  async function lose(symbol: string, keeper?: ReturnType<typeof aProcess>): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      await (keeper ?? aProcess())([gone(symbol)])
      at += HOUR
    }
  }

  test('are told of it once, by whichever process, also where it is said again and again', async () => {
    await kept('1', 'stock:ONCE')
    await kept('2', 'stock:ONCE', { paused: true })
    await kept('3', 'stock:ONCE', { phase: 'done' })
    await kept('4', 'stock:LIVE')
    await lose('stock:ONCE')
    expect(await owed('1')).toEqual([
      {
        ...{ id: '1.2.lost', kind: 'lost', at: 1_000 + 2 * HOUR, triggers: [], evidence: [] },
        loss: { symbol: 'stock:ONCE', said: 'Yahoo does not know it any more' },
      },
    ])
    await lose('stock:ONCE')
    expect(await kinds('1', '2', '3', '4')).toEqual([['lost'], ['lost'], [], []])
  })

  test('are told by a process that goes on, too, and not before it counts as lost', async () => {
    await kept('1', 'stock:SLOW')
    const keeper = aProcess()
    await keeper([gone('stock:SLOW')])
    at += HOUR
    await keeper([gone('stock:SLOW')])
    expect(await kinds('1')).toEqual([[]])
    at += HOUR
    await keeper([gone('stock:SLOW')])
    expect(await kinds('1')).toEqual([['lost']])
  })

  test('hear of it from the next process where one dies over telling them', async () => {
    await kept('1', 'stock:DIES')
    await kept('2', 'stock:DIES')
    let changes = 0
    const change: Store['alerts']['change'] = (...what) =>
      changes++ > 0 ? Promise.reject(new Error('dead')) : store.alerts.change(...what)
    const dying = aProcess((loss) => tellLoss(loss, { alerts: { ...store.alerts, change }, now: () => at, log }))
    await expect(lose('stock:DIES', dying)).rejects.toThrow('dead')
    expect((await kinds('1', '2')).flat()).toEqual(['lost'])
    // It says nothing that the store does not know already.
    await aProcess()([gone('stock:DIES')])
    expect(await kinds('1', '2')).toEqual([['lost'], ['lost']])
  })

  test('hear of it again only where it came back in between', async () => {
    await kept('1', 'stock:TWICE')
    await lose('stock:TWICE')
    await aProcess()([aQuote({ symbol: 'stock:TWICE' })])
    await lose('stock:TWICE')
    expect(await kinds('1')).toEqual([['lost', 'lost']])
    const ids = (await owed('1'))?.map(({ id }) => id)
    expect(new Set(ids).size).toBe(2)
  })

  test('whose alert was on a coin of that name are not told', async () => {
    await kept('1', 'crypto:ONE/USD')
    await lose('stock:ONE')
    expect(await kinds('1')).toEqual([[]])
  })
})
