import { describe, expect, test } from 'vitest'
import { brief, duration, format } from '../../src/condition/format.ts'
import { parse } from '../../src/condition/parse.ts'
import { CLOCK } from './lines.ts'

describe('brief', () => {
  test.each([
    ['AAPL price > 500 or AAPL price < 300', 'AAPL > 500 or < 300'],
    ['AAPL > 500 or MSFT < 300', 'AAPL > 500 or MSFT < 300'],
    ['AAPL > 500 or volume > 2m or volume < 1m', 'AAPL > 500 or AAPL volume > 2m or < 1m'],
    ['AAPL volume > 2m or AAPL > 500', 'AAPL volume > 2m or AAPL > 500'],
    ['AAPL > 500 and (AAPL < 600 or MSFT > 3)', 'AAPL > 500 and (< 600 or MSFT > 3)'],
    ['AAPL > 500 or not AAPL > 300', 'AAPL > 500 or not > 300'],
    ['AAPL < 200 or between 300 and 500', 'AAPL < 200 or between 300 and 500'],
    ['AAPL > MSFT or < GOOG', 'AAPL > MSFT or < GOOG'],
    ['AAPL > open', 'AAPL > AAPL open'],
    ['$OVER > 5 and < 6', '$OVER > 5 and < 6'],
    ['AAPL > 500 repeat cooldown 1h', 'AAPL > 500 repeat cooldown 1h'],
  ])('%s is %s', (text, expected) => {
    expect(brief(parse(text, CLOCK))).toBe(expected)
  })
})

describe('duration', () => {
  test.each([
    [0, '0s'],
    [999, '0s'],
    [1000, '1s'],
    [90_000, '1m30s'],
    [600_000, '10m'],
    [5_400_000, '1h30m'],
    [86_400_000, '1d'],
    [90_000_000, '1d1h'],
    [604_800_000, '1w'],
    [691_200_000, '8d'],
    [1_209_600_000, '2w'],
  ])('%d ms is %s', (ms, expected) => {
    expect(duration(ms)).toBe(expected)
  })
})

test('options alone are printed in one order, and once is not', () => {
  const options = (text: string) => format(parse(`AAPL > 500 ${text}`, CLOCK)).replace(/^AAPL price > 500 ?/, '')
  expect(options('once')).toBe('')
  expect(options('until 2026-12-31 17:00 for 10m cooldown 1h')).toBe(
    'repeat cooldown 1h for 10m until 2026-12-31 17:00',
  )
})
