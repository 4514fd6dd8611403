import { describe, expect, it } from 'vitest'
import { type AskCandles, dailyReference } from '../../src/market/daily.ts'
import { type Candle, INTERVALS, type Interval } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'
import { simulated } from '../../src/market/simulated.ts'

const at = (text: string) => Date.parse(text)
const candle = (start: string, close: string, { open = close, high = close, low = close } = {}): Candle => ({
  start: at(start),
  open,
  high,
  low,
  close,
  volume: null,
})
/** Answers as a provider does: from `from` to `to`. */
const from =
  (...all: Candle[]): AskCandles =>
  async (_symbol, _interval, first, end) =>
    all.filter(({ start }) => start >= first && start < end)

describe('a stock', () => {
  const thursday = candle('2026-11-19T14:30:00Z', '100')
  const friday = candle('2026-11-20T14:30:00Z', '110', { open: '102', high: '112', low: '101' })
  const monday = candle('2026-11-23T14:30:00Z', '115', { open: '111', high: '116', low: '109' })

  it.each([
    [
      'in Monday’s session',
      '2026-11-23T16:00Z',
      [thursday, friday, monday],
      '110',
      '111',
      '2026-11-23T14:30Z',
      '2026-11-24T05:00Z',
    ],
    [
      'on Monday evening',
      '2026-11-24T02:00Z',
      [thursday, friday, monday],
      '110',
      '111',
      '2026-11-23T14:30Z',
      '2026-11-24T05:00Z',
    ],
    ['on Sunday', '2026-11-22T16:00Z', [thursday, friday], '100', '102', '2026-11-20T14:30Z', '2026-11-23T05:00Z'],
    [
      'before Monday’s opening',
      '2026-11-23T13:00Z',
      [thursday, friday],
      '100',
      '102',
      '2026-11-20T14:30Z',
      '2026-11-23T14:30Z',
    ],
    [
      'just after Monday’s opening, before its first candle',
      '2026-11-23T14:30Z',
      [thursday, friday],
      '110',
      undefined,
      '2026-11-23T14:30Z',
      '2026-11-23T14:31Z',
    ],
  ])('%s', async (_, time, candles, previousClose, open, since, until) => {
    const found = await dailyReference('stock:AAPL', at(time), from(...candles))
    expect([found.previousClose, found.open, found.since, found.validUntil]).toEqual([
      previousClose,
      open,
      at(since),
      at(until),
    ])
  })

  it('has high and low of its day', async () =>
    expect(await dailyReference('stock:AAPL', at('2026-11-23T16:00Z'), from(friday, monday))).toMatchObject({
      high: '116',
      low: '109',
    }))

  it('does not take an old day for yesterday when it was listed today', async () =>
    expect(await dailyReference('stock:AAPL', at('2026-11-23T16:00Z'), from(monday))).not.toHaveProperty(
      'previousClose',
    ))

  it('with no candles knows nothing and asks again soon', async () =>
    expect(await dailyReference('stock:AAPL', at('2026-11-22T16:00Z'), from())).toEqual({
      since: at('2026-11-22T16:00Z'),
      at: at('2026-11-22T16:00Z'),
      validUntil: at('2026-11-22T16:01Z'),
    }))
})

describe('a coin', () => {
  const rows = Array.from({ length: 120 }, (_, index) => ({
    ...candle('2026-11-22T10:00:00Z', String(200 + index), {
      open: String(199 + index),
      high: String(205 + index),
      low: String(190 + index),
    }),
    start: at('2026-11-22T10:00:00Z') + index * INTERVALS['15m'],
  }))

  it('is counted from the price 24 h ago', async () => {
    const now = at('2026-11-23T15:05Z')
    expect(await dailyReference('crypto:BTC/USD', now, from(...rows))).toEqual({
      previousClose: '219',
      open: '219',
      high: '321',
      low: '210',
      since: now - INTERVALS['1d'],
      at: now,
      validUntil: now + INTERVALS['15m'],
    })
  })

  it('has no reference while it is younger than that', async () =>
    expect(await dailyReference('crypto:NEW/USD', at('2026-11-23T03:00Z'), from(...rows))).not.toHaveProperty(
      'previousClose',
    ))
})

describe('a currency, from 17:00 New York', () => {
  const hours = (first: string, count: number, base: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...candle(first, String(base + index)),
      start: at(first) + index * INTERVALS['1h'],
    }))
  // Thursday 17:00 to Friday 17:00, then from Sunday 17:00 on (22:00 UTC in winter).
  const all = from(...hours('2026-11-19T20:00:00Z', 26, 100), ...hours('2026-11-22T22:00:00Z', 30, 200))

  it.each([
    ['on Friday', '2026-11-20T15:00Z', '101', '102', '2026-11-19T22:00Z', '2026-11-22T22:00Z'],
    ['on Saturday', '2026-11-21T15:00Z', '101', '102', '2026-11-19T22:00Z', '2026-11-22T22:00Z'],
    ['on Sunday night, against Friday', '2026-11-22T23:30Z', '125', '200', '2026-11-22T22:00Z', '2026-11-23T22:00Z'],
    ['on Monday after 17:00', '2026-11-23T22:30Z', '223', '224', '2026-11-23T22:00Z', '2026-11-24T22:00Z'],
  ])('%s', async (_, time, previousClose, open, since, until) => {
    const found = await dailyReference('fx:EUR/USD', at(time), all)
    expect([found.previousClose, found.open, found.since, found.validUntil]).toEqual([
      previousClose,
      open,
      at(since),
      at(until),
    ])
  })
})

it.each([['stock:AAPL'], ['crypto:BTC/USD'], ['fx:EUR/USD']])(
  '%s has a reference in a simulated market, at any hour',
  async (symbol) => {
    for (let hour = 0; hour < 24 * 8; hour += 7) {
      const now = at('2026-11-23T00:00Z') + hour * INTERVALS['1h'] + 1
      const provider = simulated({ seed: 1, speed: 1, now: () => now })
      const ask = (name: string, interval: Interval, first: number, end: number) =>
        provider.candles(name, interval, first, end)
      const found = await dailyReference(symbol, now, ask, calendar({ alwaysOpen: true }))
      expect(Number(found.previousClose)).toBeGreaterThan(0)
      expect(Number(found.open)).toBeGreaterThan(0)
      expect(found.validUntil).toBeGreaterThan(now)
      expect(found.validUntil - now).toBeLessThanOrEqual(4 * INTERVALS['1d'])
    }
  },
)
