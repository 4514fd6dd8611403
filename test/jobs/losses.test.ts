import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFetch } from '../../src/jobs/fetch.ts'
import { createLossKeeper } from '../../src/jobs/losses.ts'
import { outagePorts } from '../../src/jobs/outages.ts'
import type { Unknown } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { aQuote } from '../builders.ts'
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
beforeEach(() => {
  at = 1_000
  forgotten = []
})

const aProcess = () =>
  createLossKeeper({
    losses: store.losses,
    forget: async (symbols) => void forgotten.push(...symbols),
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
    log: pino({ level: 'silent' }),
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
