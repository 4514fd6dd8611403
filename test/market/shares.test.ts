import { describe, expect, test } from 'vitest'
import type { Candle } from '../../src/condition/history.ts'
import { createDays } from '../../src/market/days.ts'
import { createHistory } from '../../src/market/history.ts'
import type { KeptCandles } from '../../src/market/kept-candles.ts'
import type { Provider } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'
import { createShares, type KnownSplit } from '../../src/market/shares.ts'

const HOUR = 3_600_000
const AAPL = 'stock:AAPL'
/** Two hours into Monday's trading in New York. */
const NOW = Date.parse('2026-11-23T11:30:00-05:00')
const OPENING = NOW - 2 * HOUR
const SPLIT = { symbol: AAPL, at: OPENING, toldAt: NOW }

const candle = (day: string, close: string): Candle => ({
  start: Date.parse(`${day}T09:30:00-05:00`),
  open: close,
  high: close,
  low: close,
  close,
  volume: '1',
})
const OLD = [candle('2026-11-18', '400'), candle('2026-11-19', '400'), candle('2026-11-20', '400')]
const NEW = [
  ...OLD.map((one) => ({ ...one, ...candle('2026-11-18', '100'), start: one.start })),
  candle('2026-11-23', '100'),
]

/** Splits and candles that all processes share, and a provider that tells a stock in the shares of then. */
function aPlace() {
  const splits: KnownSplit[] = []
  const kept = new Map<string, KeptCandles>()
  const state = { candles: OLD as readonly Candle[], isDown: false }
  const provider = {
    ...{ name: 'test', classes: ['stock'] },
    candles: async (_symbol: string, _interval: string, from: number, to: number) => {
      if (state.isDown) throw new Error('down')
      return state.candles.filter(({ start }) => start >= from && start < to)
    },
  } as unknown as Provider
  const aProcess = () => {
    const clock = { now: NOW - HOUR }
    const shares = createShares(
      { read: async () => [...splits], write: async (split) => void splits.push(split) },
      () => {},
    )
    const ports = {
      ...{ providersFor: () => [provider], calendar: calendar({ alwaysOpen: false }), shares },
      now: () => clock.now,
      failed: () => {},
    }
    const history = createHistory({
      ...ports,
      isInstant: false,
      kept: {
        read: async (symbol, interval) => kept.get(`${symbol} ${interval}`) ?? null,
        write: async (one) => void kept.set(`${one.symbol} ${one.interval}`, one),
      },
    })
    const closes = async () => {
      const { finished, why } = (await history.load([{ symbol: AAPL, interval: '1d', count: 3 }])).get(AAPL)!.get('1d')!
      return why ?? finished.map(({ close }) => close).join(' ')
    }
    const follow = () => history.follow([{ symbol: AAPL, interval: '1d', count: 3, since: clock.now }], clock.now)
    return { clock, shares, history, closes, follow, days: createDays(ports) }
  }
  return { splits, kept, state, aProcess }
}

describe('a split that another process learned of', () => {
  test('makes every process have the candles anew, in its memory and in the database', async () => {
    const { state, aProcess } = aPlace()
    const [one, other] = [aProcess(), aProcess()]
    expect([await one.closes(), await other.closes()]).toEqual(['400 400 400', '400 400 400'])
    state.candles = NEW
    await one.shares.note(SPLIT)
    other.clock.now = NOW + 1_000
    expect(await other.closes()).toBe('100 100')
    const third = aProcess()
    third.clock.now = NOW + 2_000
    expect(await third.closes()).toBe('100 100')
  })

  test('never lets old candles be looked at: until there are new ones it says so', async () => {
    const { state, aProcess } = aPlace()
    const [one, other] = [aProcess(), aProcess()]
    await other.closes()
    state.isDown = true
    await one.shares.note(SPLIT)
    other.clock.now = NOW + 1_000
    const [past] = await other.follow()
    expect(past).toMatchObject({ candles: [], sharesSince: NOW, why: 'The history of AAPL is of before its split.' })
    expect((await other.follow())[0]).toBe(past)
    expect(await other.closes()).toMatch('Its history could not be had')
  })

  test('makes candles useless that were asked for before it and come after it', async () => {
    const { state, aProcess } = aPlace()
    const { closes, shares, clock } = aProcess()
    const asked = closes()
    await shares.note(SPLIT)
    await asked
    state.candles = NEW
    clock.now = NOW + 1_000
    expect(await closes()).toBe('100 100')
  })

  test('makes the figures of the day be worked out anew', async () => {
    const { state, aProcess } = aPlace()
    const { days, shares, clock } = aProcess()
    const quote = { symbol: AAPL, price: '101', currency: 'USD', source: 'test', receivedAt: NOW, asOf: NOW }
    expect(await days.complete(quote)).toMatchObject({ previousClose: '400' })
    state.candles = NEW
    await shares.note(SPLIT)
    clock.now = NOW + 1_000
    expect(await days.complete(quote)).toMatchObject({ previousClose: '100' })
  })
})

test('a place that cannot be read changes nothing of what is known', async () => {
  const failures: unknown[] = []
  const place = { read: async () => Promise.reject(new Error('away')), write: async () => {} }
  const shares = createShares(place, (error) => failures.push(error))
  await shares.note(SPLIT)
  await shares.refresh()
  expect([shares.since(AAPL), shares.since('stock:MSFT'), shares.knows(AAPL, OPENING), failures.length]).toEqual([
    NOW,
    Number.NEGATIVE_INFINITY,
    true,
    1,
  ])
})
