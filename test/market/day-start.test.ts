import { expect, test } from 'vitest'
import { dayStart } from '../../src/market/day-start.ts'

const HOUR = 3_600_000

test.each<[symbol: string, candle: string, day: string]>([
  // Midnight in New York, in winter and in summer.
  ['stock:AAPL', '2026-03-02T15:30:00Z', '2026-03-02T05:00:00.000Z'],
  ['stock:AAPL', '2026-07-01T15:30:00Z', '2026-07-01T04:00:00.000Z'],
  // 24 hours before its end.
  ['crypto:BTC/USD', '2026-03-02T15:00:00Z', '2026-03-01T16:00:00.000Z'],
  // 17:00 in New York, in winter and in summer.
  ['fx:EUR/USD', '2026-03-03T21:00:00Z', '2026-03-02T22:00:00.000Z'],
  ['fx:EUR/USD', '2026-03-03T22:00:00Z', '2026-03-03T22:00:00.000Z'],
  ['fx:EUR/USD', '2026-07-01T21:00:00Z', '2026-07-01T21:00:00.000Z'],
  ['fx:EUR/USD', '2026-07-01T20:00:00Z', '2026-06-30T21:00:00.000Z'],
])('%s, the hour from %s: its day began at %s', (symbol, candle, day) => {
  const start = Date.parse(candle)
  expect(new Date(dayStart(symbol, { start, end: start + HOUR })).toISOString()).toBe(day)
})
