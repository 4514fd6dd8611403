import { expect, test } from 'vitest'
import { calendar } from '../../src/market/sessions.ts'
import { tradingDay } from '../../src/market/trading-day.ts'

const hours = calendar({ alwaysOpen: false })
const endless = calendar({ alwaysOpen: true })

test.each<[string, string, at: string, from: string, to: string]>([
  ['in the session', 'stock:AAPL', '2026-11-23T18:00Z', '2026-11-23T14:30Z', '2026-11-23T18:00Z'],
  [
    'in its first hour with the one before',
    'stock:AAPL',
    '2026-11-23T15:00Z',
    '2026-11-20T14:30Z',
    '2026-11-23T15:00Z',
  ],
  ['after the close', 'stock:AAPL', '2026-11-23T22:00Z', '2026-11-23T14:30Z', '2026-11-23T21:00Z'],
  ['at the weekend', 'stock:AAPL', '2026-11-22T12:00Z', '2026-11-20T14:30Z', '2026-11-20T21:00Z'],
  ['on a holiday', 'stock:AAPL', '2026-11-26T18:00Z', '2026-11-25T14:30Z', '2026-11-25T21:00Z'],
  ['of a coin', 'crypto:BTC/USD', '2026-11-22T12:00Z', '2026-11-21T12:00Z', '2026-11-22T12:00Z'],
  ['of currencies', 'fx:EUR/USD', '2026-11-25T12:00Z', '2026-11-24T12:00Z', '2026-11-25T12:00Z'],
  ['of currencies at the weekend', 'fx:EUR/USD', '2026-11-22T12:00Z', '2026-11-19T22:00Z', '2026-11-20T22:00Z'],
])('the trading day of %s: %s', (_what, symbol, at, from, to) => {
  const day = tradingDay(symbol, Date.parse(at), hours.sessionAt)
  expect({ from: new Date(day.from), to: new Date(day.to) }).toEqual({ from: new Date(from), to: new Date(to) })
})

test('of a market that never closes: 24 hours', () => {
  const at = Date.parse('2026-11-22T12:00Z')
  expect(tradingDay('stock:AAPL', at, endless.sessionAt)).toEqual({ from: at - 24 * 3_600_000, to: at })
})
