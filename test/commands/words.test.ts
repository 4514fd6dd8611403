import { describe, expect, test } from 'vitest'
import { age, moment, percent, priced, times } from '../../src/commands/words.ts'
import { aQuote } from '../builders.ts'
import { MONDAY } from './talk.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

test.each<[number, string]>([
  [-5 * SECOND, '0 s'],
  [0, '0 s'],
  [12_400, '12 s'],
  [89 * SECOND, '89 s'],
  [90 * SECOND, '2 min'],
  [89 * MINUTE, '89 min'],
  [90 * MINUTE, '2 h'],
  [35 * HOUR, '35 h'],
  [36 * HOUR, '2 d'],
  [10 * DAY, '10 d'],
])('%i ms ago is said as "%s"', (ms, text) => {
  expect(age(ms)).toBe(text)
})

describe('a moment', () => {
  test.each<[string, number, string, string]>([
    ['today is its time', MONDAY + HOUR, 'UTC', '16:04'],
    ['another day has its date', MONDAY + DAY, 'UTC', 'Tue 24 Nov 15:04'],
    ['another year has its year', MONDAY + 40 * DAY, 'UTC', 'Sat 2 Jan 2027 15:04'],
    ['today is counted in the person’s zone', MONDAY + HOUR, 'Asia/Tokyo', '01:04'],
    ['so is another day', MONDAY - HOUR, 'Asia/Tokyo', 'Mon 23 Nov 23:04'],
  ])('%s', (_title, at, zone, text) => {
    expect(moment(at, zone, MONDAY)).toBe(text)
  })
})

test('a price has its currency, its age and its source, and is not rounded', () => {
  const quote = aQuote({ price: '0.000012340', receivedAt: MONDAY, asOf: MONDAY - 5 * MINUTE })
  expect(priced(quote, MONDAY)).toBe('0.000012340 USD (5 min ago, test)')
})

test('a price whose time nobody told is as old as our hearing of it', () => {
  expect(priced(aQuote({ price: '500', receivedAt: MONDAY - 12_000 }), MONDAY)).toBe('500 USD (12 s ago, test)')
})

test.each<[number, string]>([
  [0, '0.0 %'],
  [49.84, '49.8 %'],
  [1234.56, '1234.6 %'],
])('%f per cent is said as "%s"', (value, text) => {
  expect(percent(value)).toBe(text)
})

test.each<[number, string]>([
  [0, '0 times'],
  [1, 'once'],
  [2, '2 times'],
])('%i is said as "%s"', (count, text) => {
  expect(times(count)).toBe(text)
})
