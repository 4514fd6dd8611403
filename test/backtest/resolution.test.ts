import { expect, test } from 'vitest'
import { resolutionFor } from '../../src/backtest/resolution.ts'
import { aContent, DAY, START } from './past.ts'

/** At which interval the days before `until` days ago are looked at, or why not. */
function resolution(line: string, days: number, until = 0): string {
  const to = START - until * DAY
  try {
    return resolutionFor(aContent(line), { from: to - days * DAY, to }, START)
  } catch (error) {
    return (error as Error).message
  }
}

test.each<[what: string, line: string, days: number, until: number, resolution: string]>([
  ['a week: every 5 minutes', 'AAPL > 500', 7, 0, '5m'],
  ['a month: every hour', 'AAPL > 500', 30, 0, '1h'],
  ['longer: every day', 'AAPL > 500', 90, 0, '1d'],
  ['a day some months ago: every hour, as nobody keeps shorter ones', 'AAPL > 500', 1, 100, '1h'],
  ['a day years ago', 'AAPL > 500', 1, 1000, '1d'],
  ['a century', 'AAPL > 500', 36500, 0, '1d'],
  ['finer where the condition waits for less', 'AAPL > 500 for 10m', 30, 0, '5m'],
  ['no finer than that needs', 'AAPL > 500 for 30m', 30, 0, '15m'],
  ['finer where it moves within less', 'AAPL up 5% in 2h', 90, 0, '1h'],
  ['where it looks at shorter candles', 'AAPL > sma(AAPL, 20, 15m)', 30, 0, '15m'],
  ['wherever those stand', 'not (2 * max(AAPL, -sma(AAPL, 20, 15m)) > 5)', 30, 0, '15m'],
  ['where it looks back a shorter time', 'AAPL drops 5% from its 6h high', 90, 0, '1h'],
  ['a span of its own', 'AAPL > high(AAPL, 3h)', 90, 0, '1h'],
  ['daily candles need no finer ones', 'AAPL > sma(AAPL, 50)', 90, 0, '1d'],
  ['minutes, for the last days', 'AAPL > 500 for 2m', 3, 0, '1m'],
  ['at the close: days', 'AAPL > 500 at close', 3, 0, '1d'],
])('%s', (_what, line, days, until, expected) => {
  expect(resolution(line, days, until)).toBe(expected)
})

test.each<[line: string, days: number, why: string]>([
  [
    'AAPL > 500 for 10m',
    90,
    '"for 10m" is shorter than the hourly candles that I can look at over that time. Take the last 50 days or less.',
  ],
  [
    'AAPL > 500 for 2m',
    30,
    '"for 2m" is shorter than the 5-minute candles that I can look at over that time. Take the last 6 days or less.',
  ],
  ['AAPL > 500 for 30s', 3, '"for 30s" is shorter than the 1-minute candles that I can look at over that time.'],
  [
    'AAPL up 5% in 30m',
    800,
    '"in 30m" is shorter than the daily candles that I can look at over that time. Take the last 50 days or less.',
  ],
  [
    'AAPL > sma(AAPL, 20, 5m)',
    90,
    '"sma(AAPL, 20, 5m)" is shorter than the hourly candles that I can look at over that time. Take the last 50 days or less.',
  ],
  [
    'AAPL > high(AAPL, 3h)',
    800,
    '"high(AAPL, 3h)" is shorter than the daily candles that I can look at over that time. Take the last 700 days or less.',
  ],
  ['AAPL up 5% in 3h at close', 90, '"in 3h" is shorter than a day, and "at close" looks once a day.'],
])('%s over %s days is refused', (line, days, why) => {
  expect(resolution(line, days)).toBe(why)
})
