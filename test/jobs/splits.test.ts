import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Alert } from '../../src/alert/types.ts'
import { createSplits, type SplitsPorts } from '../../src/jobs/splits.ts'
import { type Provider, ProviderError, type Split } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'
import type { KnownSplit } from '../../src/market/shares.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { anAlert } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'

const HOUR = 3_600_000
/** Monday's opening in New York. */
const OPENING = Date.UTC(2026, 10, 23, 14, 30)
const FRIDAY = OPENING - 66 * HOUR
const FOUR: Split = { at: OPENING, numerator: '4', denominator: '1' }

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => store.db.collection('alerts').deleteMany({}))

/** Who finds the splits that a provider tells; `failure`: it tells none. */
function aFinder(splits: readonly Split[], given: Partial<SplitsPorts> = {}) {
  const state = { now: OPENING + 60_000, failure: undefined as Error | undefined }
  const asked: string[] = []
  const noted: KnownSplit[] = []
  const provider: Provider = {
    ...{ name: 'test', classes: ['stock'], batch: 1, pace: 0 },
    quotes: async () => new Map(),
    candles: async () => [],
    search: async () => [],
    async splits(symbol) {
      asked.push(symbol)
      if (state.failure) throw state.failure
      return [...splits]
    },
  }
  const finder = createSplits({
    providersFor: () => [{ ...provider, splits: undefined } as unknown as Provider, provider],
    alerts: store.alerts,
    symbols: async () => (await store.alerts.symbols()).symbols,
    calendar: calendar({ alwaysOpen: false }),
    isKnown: async (symbol, at) => noted.some((one) => one.symbol === symbol && one.at === at),
    note: async (split) => void noted.push(split),
    now: () => state.now,
    log: pino({ level: 'silent' }),
    ...given,
  })
  return { ...finder, state, asked, noted }
}

async function kept(id: string, given: Partial<Alert> = {}): Promise<void> {
  const {
    number: _number,
    revision: _revision,
    unsent: _unsent,
    ...fresh
  } = anAlert({ id, createdAt: FRIDAY, ...given })
  await store.alerts.create(fresh, async () => Number(id))
}

const owed = async (id: string) => {
  const [alert] = await store.alerts.byIds([id])
  return alert?.unsent.map(({ kind, split }) => `${kind} ${split?.line}`)
}

test('every alert on the stock is told of it once, whoever looks again, and every process is', async () => {
  await kept('1')
  await kept('2', { paused: true })
  await kept('3', { phase: 'done' })
  await kept('4', { symbols: ['stock:MSFT'], bindings: { AAPL: 'stock:MSFT' } })
  const first = aFinder([FOUR])
  expect(await first.since('stock:AAPL', FRIDAY)).toEqual([FOUR])
  expect(first.noted).toEqual([{ symbol: 'stock:AAPL', at: OPENING, toldAt: OPENING + 60_000 }])
  const second = aFinder([FOUR], { isKnown: async () => true })
  expect(await second.since('stock:AAPL', FRIDAY)).toEqual([FOUR])
  expect(second.noted).toEqual([])
  expect([await owed('1'), await owed('2'), await owed('3'), await owed('4')]).toEqual([
    ['split AAPL price > 125'],
    ['split AAPL price > 125'],
    [],
    [],
  ])
})

test('a death between two alerts leaves the others to be told', async () => {
  await kept('1')
  await kept('2')
  let changes = 0
  const change: Store['alerts']['change'] = (...what) =>
    changes++ > 0 ? Promise.reject(new Error('dead')) : store.alerts.change(...what)
  const dying = aFinder([FOUR], { alerts: { ...store.alerts, change } })
  expect(await dying.since('stock:AAPL', FRIDAY)).toBeUndefined()
  await aFinder([FOUR]).since('stock:AAPL', FRIDAY)
  expect([await owed('1'), await owed('2')]).toEqual([['split AAPL price > 125'], ['split AAPL price > 125']])
})

test.each<[string, number, readonly Split[]]>([
  ['of that day counts before the opening', OPENING - 5 * HOUR, [FOUR]],
  ['to come does not', OPENING - 11 * HOUR, []],
])('one %s', async (_what, now, splits) => {
  const finder = aFinder([FOUR])
  finder.state.now = now
  expect(await finder.since('stock:AAPL', FRIDAY)).toEqual(splits)
})

test('one that was seen already does not count', async () => {
  expect(await aFinder([FOUR]).since('stock:AAPL', OPENING)).toEqual([])
})

test('where nobody answers, or nobody tells splits, nothing is known', async () => {
  const finder = aFinder([FOUR])
  finder.state.failure = new ProviderError('test', 'did not answer')
  expect(await finder.since('stock:AAPL', FRIDAY)).toBeUndefined()
  expect(await aFinder([FOUR], { providersFor: () => [] }).since('stock:AAPL', FRIDAY)).toBeUndefined()
})

test('a stock is asked for once more an hour into its session, as splits may be told late', async () => {
  const finder = aFinder([], { symbols: async () => ['stock:AAPL'] })
  for (const minutes of [1, 30, 59, 60, 61, 120]) {
    finder.state.now = OPENING + minutes * 60_000
    await finder.look()
  }
  expect(finder.asked).toEqual(['stock:AAPL', 'stock:AAPL'])
})

test('each watched stock is asked for once at the opening, some at a time', async () => {
  const symbols = Array.from({ length: 12 }, (_, index) => `stock:S${index}`)
  const finder = aFinder([], { symbols: async () => [...symbols, 'stock:^GSPC', 'stock:ES=F', 'crypto:BTC/USD'] })
  for (let look = 0; look < 4; look++) await finder.look()
  expect(finder.asked).toEqual(symbols)
  finder.state.now += 24 * HOUR
  await finder.look()
  expect(finder.asked).toHaveLength(22)
})

test('one that could not be asked for is asked for again', async () => {
  const finder = aFinder([], { symbols: async () => ['stock:AAPL'] })
  finder.state.failure = new ProviderError('test', 'did not answer')
  await finder.look()
  finder.state.failure = undefined
  await finder.look()
  await finder.look()
  expect(finder.asked).toEqual(['stock:AAPL', 'stock:AAPL'])
})

test('while the market is closed nobody is asked', async () => {
  const finder = aFinder([], { symbols: async () => ['stock:AAPL'] })
  finder.state.now = OPENING - 24 * HOUR
  await finder.look()
  expect(finder.asked).toEqual([])
})

test('a split that no alert has to be told of is known to every process all the same', async () => {
  await kept('1', { createdAt: OPENING + 30_000 })
  const finder = aFinder([FOUR])
  await finder.since('stock:AAPL', FRIDAY)
  await finder.since('stock:AAPL', FRIDAY)
  expect(finder.noted).toHaveLength(1)
  expect(await owed('1')).toEqual([])
})

test('every process knows of a split before any alert has its new levels', async () => {
  await kept('1')
  const order: string[] = []
  const change: Store['alerts']['change'] = (...what) => {
    order.push('told')
    return store.alerts.change(...what)
  }
  const note = async () => void order.push('noted')
  await aFinder([FOUR], { note, alerts: { ...store.alerts, change } }).since('stock:AAPL', FRIDAY)
  expect(order).toEqual(['noted', 'told'])
})
