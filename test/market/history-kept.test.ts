import { expect, test } from 'vitest'
import type { Candle } from '../../src/condition/history.ts'
import { createHistory } from '../../src/market/history.ts'
import type { CandlesKept, KeptCandles } from '../../src/market/kept-candles.ts'
import { type Provider, ProviderError } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOON = Date.parse('2026-03-10T12:00Z')
const TODAY = Date.parse('2026-03-10T00:00Z')
const BTC = 'crypto:BTC/USD'

const candle = (start: number, close = '10'): Candle => ({
  start,
  open: close,
  high: close,
  low: close,
  close,
  volume: '1',
})
const days = (from: number, to: number) => {
  const out: Candle[] = []
  for (let start = Math.ceil(from / DAY) * DAY; start < to; start += DAY) out.push(candle(start))
  return out
}

/** A place for candles that a process leaves behind for the next one. */
function aPlace() {
  const kept = new Map<string, KeptCandles>()
  const place: CandlesKept = {
    read: async (symbol, interval) => kept.get(`${symbol} ${interval}`) ?? null,
    write: async (one) => void kept.set(`${one.symbol} ${one.interval}`, one),
  }
  return { kept, place }
}

/** A process with a history of its own, and a provider that can be down. */
function aProcess(place: CandlesKept, given: { isDown?: boolean } = {}) {
  const asked: [from: number, to: number][] = []
  const failures: string[] = []
  const clock = { now: NOON }
  const state = { isDown: given.isDown ?? false }
  const provider: Provider = {
    name: 'test',
    classes: ['crypto'],
    batch: 1,
    pace: 0,
    quotes: async () => new Map(),
    candles: async (_symbol, _interval, from, to) => {
      asked.push([from, to])
      if (state.isDown) throw new ProviderError('test', 'is down')
      return days(from, to)
    },
    search: async () => [],
  }
  const history = createHistory({
    providersFor: () => [provider],
    calendar: calendar({ alwaysOpen: false }),
    now: () => clock.now,
    failed: (_symbol, error) => failures.push((error as Error).message),
    isInstant: false,
    kept: place,
  })
  const load = async (count: number) =>
    (await history.load([{ symbol: BTC, interval: '1d', count }])).get(BTC)!.get('1d')!
  return { asked, failures, clock, state, load }
}

test('what one process had another does not ask for again', async () => {
  const { place } = aPlace()
  const first = await aProcess(place).load(10)
  const second = aProcess(place)
  second.clock.now = NOON + HOUR
  expect(await second.load(10)).toEqual(first)
  expect(first.finished).toHaveLength(9)
  expect(second.asked).toEqual([])
})

test('what is out of date is brought up from where it ends', async () => {
  const { place, kept } = aPlace()
  await aProcess(place).load(10)
  const later = aProcess(place)
  later.clock.now = NOON + DAY
  const { finished, live } = await later.load(10)
  expect(later.asked).toHaveLength(1)
  expect([finished.length, finished.at(-1)?.start, live?.start]).toEqual([9, TODAY, TODAY + DAY])
  expect(kept.get(`${BTC} 1d`)?.at).toBe(NOON + DAY)
})

test('who needs more than was kept asks for more, and all of it is kept', async () => {
  const { place, kept } = aPlace()
  await aProcess(place).load(10)
  const other = aProcess(place)
  expect((await other.load(20)).finished).toHaveLength(19)
  expect(other.asked).toHaveLength(1)
  expect(kept.get(`${BTC} 1d`)).toMatchObject({ count: 20, source: 'test', at: NOON })
})

test('who needs less than was kept asks for nothing and leaves it as it is', async () => {
  const { place, kept } = aPlace()
  await aProcess(place).load(20)
  const other = aProcess(place)
  expect((await other.load(5)).finished).toHaveLength(19)
  expect([other.asked, kept.get(`${BTC} 1d`)?.count]).toEqual([[], 20])
})

test('after a restart while nobody answers the candles of before are there', async () => {
  const { place } = aPlace()
  await aProcess(place).load(10)
  const restarted = aProcess(place, { isDown: true })
  restarted.clock.now = NOON + DAY
  expect((await restarted.load(10)).finished.at(-1)?.start).toBe(TODAY - DAY)
  expect(restarted.failures).toEqual(['test is down'])
})

test('what could not be had is not kept', async () => {
  const { place, kept } = aPlace()
  await aProcess(place, { isDown: true }).load(10)
  expect(kept.size).toBe(0)
})

test('candles from a clock that is ahead are not believed', async () => {
  const { place } = aPlace()
  const ahead = aProcess(place)
  ahead.clock.now = NOON + 3 * DAY
  await ahead.load(10)
  const other = aProcess(place)
  expect((await other.load(10)).live?.start).toBe(TODAY)
  expect(other.asked).toHaveLength(1)
})

test('a place that fails costs nobody their candles, and is told of', async () => {
  const fail = async () => {
    throw new Error('no database')
  }
  const { load, failures } = aProcess({ read: fail, write: fail })
  expect((await load(10)).finished).toHaveLength(9)
  expect(failures).toEqual(['no database', 'no database'])
})

test('one who kept fewer candles later takes none from who had more', async () => {
  const { place, kept } = aPlace()
  const few = aProcess(place)
  await few.load(5)
  await aProcess(place).load(20)
  few.clock.now = NOON + DAY
  expect((await few.load(5)).finished.length).toBeGreaterThanOrEqual(19)
  expect(kept.get(`${BTC} 1d`)).toMatchObject({ count: 20, at: NOON + DAY })
})

test('older candles that do not fit what a provider says now are not joined to it', async () => {
  const { place, kept } = aPlace()
  await aProcess(place).load(10)
  const before = kept.get(`${BTC} 1d`)!
  const quarter = (one: Candle) => ({ ...one, ...candle(one.start, '40') })
  kept.set(`${BTC} 1d`, {
    ...before,
    candles: [...days(TODAY - 30 * DAY, TODAY - 9 * DAY), ...before.candles].map(quarter),
    count: 30,
  })
  const later = aProcess(place)
  later.clock.now = NOON + DAY
  const { finished } = await later.load(40)
  expect(new Set(finished.map(({ close }) => close))).toEqual(new Set(['10']))
})
