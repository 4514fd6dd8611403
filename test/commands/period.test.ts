import { expect, test } from 'vitest'
import { readPeriod } from '../../src/commands/period.ts'
import { MONDAY } from './talk.ts'

const BERLIN = { now: MONDAY, zone: 'Europe/Berlin' }
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)

test.each<[typed: string, rest: string, from: string, to: string]>([
  ['AAPL > 300', 'AAPL > 300', '2026-10-24T15:04', '2026-11-23T15:04'],
  ['AAPL > 300 last 90d', 'AAPL > 300', '2026-08-25T15:04', '2026-11-23T15:04'],
  ['AAPL > 300, last 2 weeks', 'AAPL > 300', '2026-11-09T15:04', '2026-11-23T15:04'],
  ['AAPL > 300 over the last 3 months', 'AAPL > 300', '2026-08-25T15:04', '2026-11-23T15:04'],
  ['AAPL > 300 in the past week', 'AAPL > 300', '2026-11-16T15:04', '2026-11-23T15:04'],
  ['AAPL > 300 last year', 'AAPL > 300', '2025-11-23T15:04', '2026-11-23T15:04'],
  ['AAPL > 300 last 1y', 'AAPL > 300', '2025-11-23T15:04', '2026-11-23T15:04'],
  ['AAPL > 300 last 12h', 'AAPL > 300', '2026-11-23T03:04', '2026-11-23T15:04'],
  ['last 90d', '', '2026-08-25T15:04', '2026-11-23T15:04'],
  // Days begin and end in the person's zone.
  ['AAPL > 300 from 2026-01-01 to 2026-06-01', 'AAPL > 300', '2025-12-31T23:00', '2026-06-01T22:00'],
  ['AAPL > 300, from 2026-01-01', 'AAPL > 300', '2025-12-31T23:00', '2026-11-23T15:04'],
  ['AAPL > 300 since 1 Mar', 'AAPL > 300', '2026-02-28T23:00', '2026-11-23T15:04'],
  ['AAPL > 300 since March 1', 'AAPL > 300', '2026-02-28T23:00', '2026-11-23T15:04'],
  ['AAPL > 300 since 1 Dec', 'AAPL > 300', '2025-11-30T23:00', '2026-11-23T15:04'],
  ['AAPL > 300 since Dec 1, 2024', 'AAPL > 300', '2024-11-30T23:00', '2026-11-23T15:04'],
  ['AAPL > 300 since yesterday', 'AAPL > 300', '2026-11-21T23:00', '2026-11-23T15:04'],
  ['AAPL > 300 from 2026-03-01 15:30 to 2026-03-01 16:30', 'AAPL > 300', '2026-03-01T14:30', '2026-03-01T15:30'],
  ['AAPL > 300 from 2026-03-01T15:30Z to 2026-03-01T15:30-05:00', 'AAPL > 300', '2026-03-01T15:30', '2026-03-01T20:30'],
  // These belong to the condition.
  ['TSLA drops 8% from peak', 'TSLA drops 8% from peak', '2026-10-24T15:04', '2026-11-23T15:04'],
  ['AAPL up 10% from 180', 'AAPL up 10% from 180', '2026-10-24T15:04', '2026-11-23T15:04'],
  ['AAPL up 10% from now last 7d', 'AAPL up 10% from now', '2026-11-16T15:04', '2026-11-23T15:04'],
  [
    'AAPL drops 10% from its 30d high since 1 Mar',
    'AAPL drops 10% from its 30d high',
    '2026-02-28T23:00',
    '2026-11-23T15:04',
  ],
])('%s', (typed, rest, from, to) => {
  const read = readPeriod(typed, BERLIN)
  expect([read.rest, iso(read.period.from), iso(read.period.to)]).toEqual([rest, from, to])
})

test.each<[typed: string, problem: string]>([
  ['AAPL > 300 from 2026-02-30', '"2026-02-30" is not a date. Type it like 2026-01-31.'],
  ['AAPL > 300 from 31 Feb 2026', '"31 Feb 2026" is not a date. Type it like 2026-01-31.'],
  ['AAPL > 300 since 1 Foo', '"1 Foo" is not a date. Type it like 2026-01-31.'],
  ['AAPL > 300 from 2027-01-01', '2027-01-01 is not before now.'],
  ['AAPL > 300 last 0d', 'That must be between a second and a year.'],
  [
    'AAPL > 300 last 5 fortnights',
    '"5 fortnights" is not a length of time. Type it like 30m, 2h or 1d, as in backtest AAPL > 300 last 90d.',
  ],
])('%s is refused', (typed, problem) => {
  expect(() => readPeriod(typed, BERLIN)).toThrow(problem)
})
