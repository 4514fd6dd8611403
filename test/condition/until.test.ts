import { describe, expect, test } from 'vitest'
import { parse } from '../../src/condition/parse.ts'
import { instantOf } from '../../src/condition/until.ts'

const iso = (date: string, time: string | undefined, zone: string) =>
  new Date(instantOf(time === undefined ? { date } : { date, time }, zone)).toISOString()

describe('the instant of a moment on the calendar', () => {
  test.each([
    // A date alone ends with its day.
    ['2026-12-31', undefined, 'UTC', '2027-01-01T00:00:00.000Z'],
    ['2026-12-31', undefined, 'America/New_York', '2027-01-01T05:00:00.000Z'],
    ['2026-12-31', '17:00', 'America/New_York', '2026-12-31T22:00:00.000Z'],
    ['2026-12-31', '17:00:30', 'Europe/Berlin', '2026-12-31T16:00:30.000Z'],
    ['2026-07-01', '17:00', 'Asia/Kolkata', '2026-07-01T11:30:00.000Z'],
    // The days on which clocks change have 23 or 25 hours.
    ['2026-11-01', undefined, 'America/New_York', '2026-11-02T05:00:00.000Z'],
    ['2027-03-14', undefined, 'America/New_York', '2027-03-15T04:00:00.000Z'],
    // An hour that is left out is read as if the clock had not been put forward yet.
    ['2027-03-14', '02:30', 'America/New_York', '2027-03-14T07:30:00.000Z'],
    ['2027-03-28', '02:30', 'Europe/Berlin', '2027-03-28T01:30:00.000Z'],
    ['2026-10-04', '02:30', 'Australia/Sydney', '2026-10-03T16:30:00.000Z'],
    // An hour that comes twice is the second one.
    ['2026-11-01', '01:30', 'America/New_York', '2026-11-01T06:30:00.000Z'],
    ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T01:30:00.000Z'],
    ['2027-04-04', '02:30', 'Australia/Sydney', '2027-04-03T16:30:00.000Z'],
    // The hours around them are what they always are.
    ['2027-03-14', '01:59', 'America/New_York', '2027-03-14T06:59:00.000Z'],
    ['2027-03-14', '03:00', 'America/New_York', '2027-03-14T07:00:00.000Z'],
    ['2026-11-01', '00:59', 'America/New_York', '2026-11-01T04:59:00.000Z'],
    ['2026-11-01', '02:00', 'America/New_York', '2026-11-01T07:00:00.000Z'],
    // Where midnight itself is left out, the day begins an hour later.
    ['2026-09-05', undefined, 'America/Santiago', '2026-09-06T04:00:00.000Z'],
    // Half an hour, and a day that never was.
    ['2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
    ['2011-12-29', undefined, 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s %s in %s is %s', (date, time, zone, expected) => {
    expect(iso(date, time, zone)).toBe(expected)
  })
})

describe("what until means depends on the person's clock", () => {
  const until = (text: string, now: string, zone: string) =>
    parse(`AAPL > 500 ${text}`, { now: Date.parse(now), zone }).options.until

  test.each([
    ['until Friday', '2026-10-09T03:59:00Z', 'America/New_York', { date: '2026-10-09' }],
    ['until Friday', '2026-10-09T04:00:00Z', 'America/New_York', { date: '2026-10-09' }],
    ['until Friday', '2026-10-10T04:00:00Z', 'America/New_York', { date: '2026-10-16' }],
    ['until today', '2026-10-08T23:30:00Z', 'Asia/Tokyo', { date: '2026-10-09' }],
    ['until 17:00', '2026-10-07T08:00:00Z', 'Asia/Tokyo', { date: '2026-10-08', time: '17:00' }],
    ['until 17:00', '2026-10-07T07:59:00Z', 'Asia/Tokyo', { date: '2026-10-07', time: '17:00' }],
    ['until 31 dec', '2026-12-31T22:00:00Z', 'UTC', { date: '2026-12-31' }],
    ['until 31 dec 17:00', '2026-12-31T22:00:00Z', 'UTC', { date: '2027-12-31', time: '17:00' }],
    // A time that is past today is tomorrow's, on the days on which clocks change too.
    ['until 1:30', '2026-11-01T05:45:00Z', 'America/New_York', { date: '2026-11-01', time: '01:30' }],
    ['until 1:30', '2026-11-01T06:30:00Z', 'America/New_York', { date: '2026-11-02', time: '01:30' }],
    ['until 2:30', '2027-03-14T06:59:00Z', 'America/New_York', { date: '2027-03-14', time: '02:30' }],
    ['until 2:30', '2027-03-14T07:30:00Z', 'America/New_York', { date: '2027-03-15', time: '02:30' }],
    ['until 2:30', '2026-10-25T00:45:00Z', 'Europe/Berlin', { date: '2026-10-25', time: '02:30' }],
    ['until 2:30', '2026-10-25T01:30:00Z', 'Europe/Berlin', { date: '2026-10-26', time: '02:30' }],
    ['until 2:30', '2027-03-28T00:59:00Z', 'Europe/Berlin', { date: '2027-03-28', time: '02:30' }],
    ['until 2:30', '2027-03-28T01:30:00Z', 'Europe/Berlin', { date: '2027-03-29', time: '02:30' }],
    ['until 2:30', '2027-04-03T15:45:00Z', 'Australia/Sydney', { date: '2027-04-04', time: '02:30' }],
    ['until 2:30', '2027-04-03T16:30:00Z', 'Australia/Sydney', { date: '2027-04-05', time: '02:30' }],
    ['until 2:30', '2026-10-03T15:59:00Z', 'Australia/Sydney', { date: '2026-10-04', time: '02:30' }],
    ['until 2:30', '2026-10-03T16:30:00Z', 'Australia/Sydney', { date: '2026-10-05', time: '02:30' }],
    ['until tomorrow', '2026-10-31T15:00:00Z', 'America/New_York', { date: '2026-11-01' }],
    ['until Sunday', '2027-03-28T21:59:00Z', 'Europe/Berlin', { date: '2027-03-28' }],
    ['until Sunday', '2027-03-28T22:00:00Z', 'Europe/Berlin', { date: '2027-04-04' }],
    ['expires in 1d', '2027-03-27T12:00:00Z', 'Europe/Berlin', { date: '2027-03-28', time: '14:00' }],
    ['expires in 1d', '2026-10-03T12:00:00Z', 'Australia/Sydney', { date: '2026-10-04', time: '23:00' }],
    ['expires in 1d', '2026-10-31T12:00:00Z', 'America/New_York', { date: '2026-11-01', time: '07:00' }],
    ['expires in 10s', '2026-10-07T12:00:00.500Z', 'UTC', { date: '2026-10-07', time: '12:00:11' }],
  ])('%s, typed at %s in %s', (text, now, zone, expected) => {
    expect(until(text, now, zone)).toEqual(expected)
  })
})
