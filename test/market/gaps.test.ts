import { describe, expect, test } from 'vitest'
import type { Candle, Interval } from '../../src/condition/history.ts'
import { bucketStart, candleEnd, nextBucket } from '../../src/market/candles.ts'
import { gapsIn } from '../../src/market/gaps.ts'
import { calendar } from '../../src/market/sessions.ts'

const hours = calendar({ alwaysOpen: false })
const at = (text: string) => Date.parse(`${text}Z`)
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)

/** A candle for each stretch with trading, without those that begin in one of the stretches left out. */
function candles(
  symbol: string,
  interval: Interval,
  from: string,
  to: string,
  ...without: [string, string][]
): Candle[] {
  const out: Candle[] = []
  for (
    let start = bucketStart(symbol, interval, at(from));
    start < at(to);
    start = nextBucket(symbol, interval, start)
  ) {
    const isLeftOut = without.some(([begin, end]) => start >= at(begin) && start < at(end))
    const isTrading = hours.isOpen(symbol, candleEnd(symbol, interval, start, hours) - 1)
    if (isTrading && !isLeftOut) out.push({ start, open: '1', high: '1', low: '1', close: '1', volume: null })
  }
  return out
}

function gaps(symbol: string, interval: Interval, from: string, to: string, ...without: [string, string][]) {
  return gapsIn(symbol, interval, candles(symbol, interval, from, to, ...without), hours.sessionAt).map(
    ({ from: begin, until, trading }) => [iso(begin), iso(until), trading / 3_600_000],
  )
}

const [BTC, EUR, AAPL, OCDO] = ['crypto:BTC/USD', 'fx:EUR/USD', 'stock:AAPL', 'stock:OCDO.L']

describe('nothing is missing', () => {
  test.each<[string, string, Interval, string, string]>([
    ['a coin by the minute', BTC, '1m', '2026-11-21T00:00', '2026-11-22T00:00'],
    ['days of a coin', BTC, '1d', '2026-10-01T00:00', '2026-11-22T00:00'],
    [
      'a stock over nights, a weekend, Thanksgiving and an early close',
      AAPL,
      '1h',
      '2026-11-18T00:00',
      '2026-12-03T00:00',
    ],
    ['minutes of a stock over a night', AAPL, '1m', '2026-11-23T00:00', '2026-11-25T00:00'],
    ['four hours of a stock', AAPL, '4h', '2026-11-18T00:00', '2026-12-03T00:00'],
    ['days of a stock over Christmas', AAPL, '1d', '2026-12-01T12:00', '2027-01-20T00:00'],
    ['weeks of a stock', AAPL, '1w', '2026-06-01T12:00', '2027-01-20T00:00'],
    ['hours of currencies over a weekend', EUR, '1h', '2026-11-18T00:00', '2026-12-03T00:00'],
    ['days of currencies', EUR, '1d', '2026-11-01T00:00', '2026-12-03T00:00'],
    ['a stock in London', OCDO, '15m', '2026-11-18T00:00', '2026-12-03T00:00'],
  ])('%s', (_what, symbol, interval, from, to) => expect(gaps(symbol, interval, from, to)).toEqual([]))

  test('where there are no candles, or one', () => {
    expect(gapsIn(AAPL, '1d', [], hours.sessionAt)).toEqual([])
    expect(gaps(BTC, '1d', '2026-11-20T00:00', '2026-11-21T00:00')).toEqual([])
  })
})

describe('what is missing', () => {
  test.each<[string, string, Interval, string, string, [string, string][], (string | number)[][]]>([
    [
      'an hour of a coin',
      BTC,
      '5m',
      '2026-11-21T00:00',
      '2026-11-22T00:00',
      [['2026-11-21T10:00', '2026-11-21T11:00']],
      [['2026-11-21T10:00', '2026-11-21T11:00', 1]],
    ],
    [
      'not fifty-five minutes in which perhaps nobody traded',
      BTC,
      '5m',
      '2026-11-21T00:00',
      '2026-11-22T00:00',
      [['2026-11-21T10:00', '2026-11-21T10:55']],
      [],
    ],
    [
      'a day of a stock',
      AAPL,
      '1d',
      '2026-11-16T12:00',
      '2026-12-05T00:00',
      [['2026-11-24T00:00', '2026-11-25T00:00']],
      [['2026-11-24T05:00', '2026-11-25T05:00', 6.5]],
    ],
    [
      'a short day of a stock',
      AAPL,
      '1d',
      '2026-11-16T12:00',
      '2026-12-05T00:00',
      [['2026-11-27T00:00', '2026-11-28T00:00']],
      [['2026-11-26T05:00', '2026-11-30T05:00', 3.5]],
    ],
    [
      'the trading alone: an afternoon and the morning after it',
      AAPL,
      '1h',
      '2026-11-18T00:00',
      '2026-12-03T00:00',
      [['2026-11-23T19:30', '2026-11-24T16:00']],
      [['2026-11-23T19:30', '2026-11-24T16:30', 3.5]],
    ],
    [
      'two stretches',
      BTC,
      '1h',
      '2026-11-21T00:00',
      '2026-11-22T00:00',
      [
        ['2026-11-21T03:00', '2026-11-21T05:00'],
        ['2026-11-21T10:00', '2026-11-21T11:00'],
      ],
      [
        ['2026-11-21T03:00', '2026-11-21T05:00', 2],
        ['2026-11-21T10:00', '2026-11-21T11:00', 1],
      ],
    ],
    [
      'two days of currencies',
      EUR,
      '1d',
      '2026-11-16T00:00',
      '2026-12-05T00:00',
      [['2026-11-24T00:00', '2026-11-26T00:00']],
      [['2026-11-24T00:00', '2026-11-26T00:00', 48]],
    ],
    [
      'not one day of currencies, which may be a holiday',
      EUR,
      '1d',
      '2026-11-16T00:00',
      '2026-12-05T00:00',
      [['2026-11-24T00:00', '2026-11-25T00:00']],
      [],
    ],
    [
      'not a week of an exchange whose holidays are not known',
      OCDO,
      '1d',
      '2026-11-02T12:00',
      '2026-12-05T00:00',
      [['2026-11-16T00:00', '2026-11-23T00:00']],
      [],
    ],
    [
      'but three weeks of it',
      OCDO,
      '1d',
      '2026-10-01T12:00',
      '2026-12-05T00:00',
      [['2026-11-02T00:00', '2026-11-23T00:00']],
      [['2026-10-31T00:00', '2026-11-23T00:00', 15 * 8.5]],
    ],
    [
      'not a holiday of a year that the calendar does not know',
      AAPL,
      '1d',
      '2025-12-15T12:00',
      '2025-12-31T00:00',
      [['2025-12-25T00:00', '2025-12-26T00:00']],
      [],
    ],
  ])('%s', (_what, symbol, interval, from, to, without, found) =>
    expect(gaps(symbol, interval, from, to, ...without)).toEqual(found),
  )
})
