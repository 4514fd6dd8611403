import { expect, test } from 'vitest'
import { createHistory } from '../../src/market/history.ts'
import type { Provider } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'

const NOW = Date.parse('2026-11-23T18:00Z')
const NEED = { symbol: 'crypto:BTC/USD', interval: '15m', count: 4 } as const
const candle = { start: NOW - 900_000, open: '1', high: '2', low: '1', close: '2', volume: null }

function aHistory(given: { isInstant?: boolean; kept?: boolean }) {
  const asked: string[] = []
  const provider: Provider = {
    name: 'test',
    classes: ['crypto'],
    batch: 1,
    pace: 0,
    quotes: async () => new Map(),
    candles: async (symbol) => {
      asked.push(symbol)
      return [candle]
    },
    search: async () => [],
  }
  const kept = { ...NEED, candles: [candle], at: NOW - 60_000, source: 'another process' }
  const history = createHistory({
    providersFor: () => [provider],
    calendar: calendar({ alwaysOpen: false }),
    now: () => NOW,
    failed: () => {},
    isInstant: given.isInstant ?? false,
    ...(given.kept ? { kept: { read: async () => kept, write: async () => {} } } : {}),
  })
  return { history, asked }
}

test('what was had is in hand, and what was not is not asked for', async () => {
  const { history, asked } = aHistory({})
  expect(await history.inHand(NEED)).toBeUndefined()
  expect(asked).toEqual([])
  await history.load([NEED])
  const before = asked.length
  expect(await history.inHand(NEED)).toMatchObject({ candles: [candle], source: 'test' })
  expect(asked).toHaveLength(before)
})

test('what another process had is in hand', async () => {
  const { history, asked } = aHistory({ kept: true })
  expect(await history.inHand(NEED)).toMatchObject({ source: 'another process', at: NOW - 60_000 })
  expect(asked).toEqual([])
})

test('a market that answers at once is asked', async () => {
  const { history } = aHistory({ isInstant: true })
  expect(await history.inHand(NEED)).toMatchObject({ source: 'test', candles: [candle] })
})
