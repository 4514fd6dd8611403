import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import { quietUntil } from '../../src/delivery/quiet.ts'

const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
const ms = (text: string, zone: string) => DateTime.fromISO(text, { zone }).toMillis()
const shown = (at: number | undefined, zone: string) =>
  at === undefined ? 'not quiet' : DateTime.fromMillis(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mm ZZ")

describe('quiet hours', () => {
  test.each<[string, string, string, string, string]>([
    ['in the evening', '22:00-07:00', 'Europe/Berlin', '2026-11-23T23:30', '2026-11-24T07:00 +01:00'],
    ['after midnight', '22:00-07:00', 'Europe/Berlin', '2026-11-24T03:00', '2026-11-24T07:00 +01:00'],
    ['at their first moment', '22:00-07:00', 'Europe/Berlin', '2026-11-23T22:00', '2026-11-24T07:00 +01:00'],
    ['at their end', '22:00-07:00', 'Europe/Berlin', '2026-11-24T07:00', 'not quiet'],
    ['by day', '22:00-07:00', 'Europe/Berlin', '2026-11-24T12:00', 'not quiet'],
    ['within a day', '13:00-14:30', 'Asia/Tokyo', '2026-11-24T14:29', '2026-11-24T14:30 +09:00'],
    ['within a day, before', '13:00-14:30', 'Asia/Tokyo', '2026-11-24T12:59', 'not quiet'],
    ['until midnight', '20:00-00:00', 'UTC', '2026-11-24T23:59', '2026-11-25T00:00 +00:00'],
    [
      'over the night that is an hour shorter',
      '22:00-07:00',
      'Europe/Berlin',
      '2026-03-28T23:00',
      '2026-03-29T07:00 +02:00',
    ],
    [
      'over the night that is an hour longer',
      '22:00-07:00',
      'America/New_York',
      '2026-10-31T23:00',
      '2026-11-01T07:00 -05:00',
    ],
    ['to a time that is left out', '22:00-02:30', 'Europe/Berlin', '2026-03-29T01:00', '2026-03-29T03:30 +02:00'],
    ['to a time that comes twice', '22:00-01:30', 'America/New_York', '2026-11-01T00:30', '2026-11-01T01:30 -04:00'],
  ])('%s (%s in %s, %s)', (_title, hours, zone, now, until) => {
    const [from, to] = hours.split('-').map(minutes) as [number, number]
    expect(shown(quietUntil({ from, to }, zone, ms(now, zone)), zone)).toBe(until)
  })

  test('who has none is never left in peace', () => {
    expect(quietUntil(undefined, 'UTC', 0)).toBeUndefined()
  })

  test('at any moment in any zone they end within 25 hours, and then it is not quiet', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'America/Santiago',
      'Asia/Kolkata',
    ]
    const minute = fc.integer({ min: 0, max: 1_439 })
    fc.assert(
      fc.property(
        minute,
        minute,
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 4e12 }),
        (from, to, zone, now) => {
          fc.pre(from !== to)
          const until = quietUntil({ from, to }, zone, now)
          if (until === undefined) return
          expect(until).toBeGreaterThan(now)
          expect(until - now).toBeLessThanOrEqual(25 * 3_600_000)
          // Where clocks go back over the beginning of the next quiet time it may begin at once.
          const length = (to - from + 1_440) % 1_440
          if (length <= 1_320) expect(quietUntil({ from, to }, zone, until)).toBeUndefined()
        },
      ),
      { numRuns: 300 },
    )
  })
})
