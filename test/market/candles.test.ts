import { describe, expect, it } from 'vitest'
import { bucketStart, candleEnd, candlesOf, nextBucket, rollUp } from '../../src/market/candles.ts'
import type { Interval } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'

const iso = (ms: number) => new Date(ms).toISOString().replace(':00.000Z', 'Z')

describe('where candles begin and end', () => {
  it.each([
    ['crypto:BTC/USD', '1m', '2026-11-25T15:07:31Z', '2026-11-25T15:07Z', '2026-11-25T15:08Z'],
    ['crypto:BTC/USD', '4h', '2026-11-25T15:07:31Z', '2026-11-25T12:00Z', '2026-11-25T16:00Z'],
    ['crypto:BTC/USD', '1d', '2026-11-25T15:07:31Z', '2026-11-25T00:00Z', '2026-11-26T00:00Z'],
    ['crypto:BTC/USD', '1w', '2026-11-25T15:07:31Z', '2026-11-23T00:00Z', '2026-11-30T00:00Z'],
    ['stock:AAPL', '1h', '2026-11-25T15:07:31Z', '2026-11-25T14:30Z', '2026-11-25T15:30Z'],
    ['stock:AAPL', '4h', '2026-11-25T19:00:00Z', '2026-11-25T18:30Z', '2026-11-25T22:30Z'],
    ['stock:AAPL', '1d', '2026-11-25T15:07:31Z', '2026-11-25T05:00Z', '2026-11-26T05:00Z'],
    ['stock:AAPL', '1d', '2026-11-01T15:00:00Z', '2026-11-01T04:00Z', '2026-11-02T05:00Z'],
    ['stock:AAPL', '1w', '2026-11-01T15:00:00Z', '2026-10-26T04:00Z', '2026-11-02T05:00Z'],
    ['stock:7203.T', '1d', '2026-11-25T01:00:00Z', '2026-11-24T15:00Z', '2026-11-25T15:00Z'],
  ])('%s %s at %s', (symbol, interval, at, start, next) => {
    const begin = bucketStart(symbol, interval as Interval, Date.parse(at))
    expect([iso(begin), iso(nextBucket(symbol, interval as Interval, begin))]).toEqual([start, next])
  })
})

describe('when a candle is over', () => {
  it.each([
    ['crypto: where the next begins', 'crypto:BTC/USD', '1d', '2026-11-25T15:00Z', '2026-11-26T00:00Z'],
    ['a day of stocks: at the close', 'stock:AAPL', '1d', '2026-11-25T15:00Z', '2026-11-25T21:00Z'],
    ['a short day of stocks: at the early close', 'stock:AAPL', '1d', '2026-11-27T15:00Z', '2026-11-27T18:00Z'],
    ['a holiday: where the next begins', 'stock:AAPL', '1d', '2026-11-26T15:00Z', '2026-11-27T05:00Z'],
    ['a day in London', 'stock:OCDO.L', '1d', '2026-11-25T15:00Z', '2026-11-25T16:30Z'],
    ['a week of stocks: at the last close', 'stock:AAPL', '1w', '2026-11-25T15:00Z', '2026-11-27T18:00Z'],
    ['an hour of stocks', 'stock:AAPL', '1h', '2026-11-25T15:07Z', '2026-11-25T15:30Z'],
    ['the last hour of stocks: at the close', 'stock:AAPL', '1h', '2026-11-25T20:45Z', '2026-11-25T21:00Z'],
    ['futures, which trade through the night', 'stock:GC=F', '1d', '2026-11-25T15:00Z', '2026-11-26T05:00Z'],
    ['futures on Friday', 'stock:GC=F', '1d', '2026-11-27T15:00Z', '2026-11-27T22:00Z'],
  ])('%s', (_what, symbol, interval, at, end) => {
    const start = bucketStart(symbol, interval as Interval, Date.parse(at))
    const hours = calendar({ alwaysOpen: false })
    expect(iso(candleEnd(symbol, interval as Interval, start, hours))).toBe(end)
  })

  it('where nothing ever closes, it is where the next begins', () => {
    const start = bucketStart('stock:AAPL', '1d', Date.parse('2026-11-25T15:00Z'))
    const hours = calendar({ alwaysOpen: true })
    expect(iso(candleEnd('stock:AAPL', '1d', start, hours))).toBe('2026-11-26T05:00Z')
  })
})

it('puts candles together; a volume that is not known makes the sum unknown', () => {
  const hour = (start: number, volume: string | null) => ({
    start: start * 3_600_000,
    open: '2',
    high: `${9 + start}`,
    low: '1',
    close: `${start}`,
    volume,
  })
  expect(rollUp('crypto:BTC/USD', [hour(2, '1'), hour(3, '0.1'), hour(4, '5'), hour(5, null)], '4h')).toEqual([
    { start: 2 * 3_600_000, open: '2', high: '12', low: '1', close: '3', volume: '1.1' },
    { start: 4 * 3_600_000, open: '2', high: '14', low: '1', close: '5', volume: null },
  ])
})

it('makes candles of prices; a day has the volume told last', () => {
  const points = [
    { at: 0, price: '10', volume: '100' },
    { at: 1_000, price: '9', volume: '250' },
    { at: 2_000, price: '11' },
    { at: 86_400_000, price: '12' },
  ]
  expect(candlesOf('crypto:BTC/USD', points, '1d')).toEqual([
    { start: 0, open: '10', high: '11', low: '9', close: '11', volume: '250' },
    { start: 86_400_000, open: '12', high: '12', low: '12', close: '12', volume: null },
  ])
})
