import { describe, expect, test } from 'vitest'
import { exchangeOf } from '../../src/market/exchanges.ts'
import { hear, type News, type Told } from '../../src/market/told.ts'

const LONDON = exchangeOf('OCDO.L')!
const at = (text: string) => Date.parse(`${text}Z`)
/** London in winter: its hours are those of UTC. */
const hours = (date: string, from = '08:00', until = '16:30') => ({
  from: at(`${date}T${from}`),
  until: at(`${date}T${until}`),
})
const news = (heard: string, date: string, until = '16:30'): News => ({
  zone: 'Europe/London',
  regular: hours(date, '08:00', until),
  at: at(heard),
  currency: 'GBP',
})
const daysAfter = (...all: News[]) => {
  let told: Told | undefined
  for (const one of all) told = hear(told, one, LONDON)
  return Object.fromEntries(told!.days)
}

describe('what an exchange tells of its days', () => {
  test.each<[string, News[], Record<string, unknown>]>([
    ['the hours of today', [news('2026-11-23T10:00', '2026-11-23')], { '2026-11-23': hours('2026-11-23') }],
    [
      'an early close',
      [news('2026-12-24T07:00', '2026-12-24', '12:30')],
      { '2026-12-24': hours('2026-12-24', '08:00', '12:30') },
    ],
    [
      'the hours of a later day while today should be ahead: a holiday',
      [news('2026-12-25T07:00', '2026-12-29')],
      {
        '2026-12-25': null,
        '2026-12-26': null,
        '2026-12-27': null,
        '2026-12-28': null,
        '2026-12-29': hours('2026-12-29'),
      },
    ],
    [
      'the hours of tomorrow after the close say nothing of today',
      [news('2026-11-23T17:00', '2026-11-24')],
      { '2026-11-24': hours('2026-11-24') },
    ],
    [
      'the hours of the day after tomorrow after the close: tomorrow is a holiday',
      [news('2026-11-23T17:00', '2026-11-25')],
      { '2026-11-24': null, '2026-11-25': hours('2026-11-25') },
    ],
    [
      'the hours of yesterday before the opening say nothing of today',
      [news('2026-11-24T08:29', '2026-11-23')],
      { '2026-11-23': hours('2026-11-23') },
    ],
    [
      'the hours of yesterday when today should have begun: a holiday',
      [news('2026-11-24T08:30', '2026-11-23')],
      { '2026-11-23': hours('2026-11-23'), '2026-11-24': null },
    ],
    [
      'a day that was told before stays when the next one is told early',
      [news('2026-12-24T07:00', '2026-12-24', '12:30'), news('2026-12-24T13:00', '2026-12-25')],
      { '2026-12-24': hours('2026-12-24', '08:00', '12:30'), '2026-12-25': hours('2026-12-25') },
    ],
    [
      'what was taken for a holiday is none when its hours are told',
      [news('2026-11-24T08:45', '2026-11-23'), news('2026-11-24T09:00', '2026-11-24')],
      { '2026-11-23': hours('2026-11-23'), '2026-11-24': hours('2026-11-24') },
    ],
    [
      'of a day far off only its hours',
      [news('2026-11-24T07:00', '2026-12-24')],
      { '2026-12-24': hours('2026-12-24') },
    ],
  ])('%s', (_what, heard, days) => expect(daysAfter(...heard)).toEqual(days))

  test('the same object stays until there are news', () => {
    const told = hear(undefined, news('2026-11-23T10:00', '2026-11-23'), LONDON)
    expect(hear(told, news('2026-11-23T15:00', '2026-11-23'), LONDON)).toBe(told)
    expect(hear(told, news('2026-11-24T07:00', '2026-11-24'), LONDON)).not.toBe(told)
  })

  test('the usual hours are those of the table, else those that were told', () => {
    const prague = { ...news('2026-11-23T10:00', '2026-11-23'), zone: 'Europe/Prague', currency: 'CZK' }
    expect(hear(undefined, news('2026-11-23T10:00', '2026-11-23', '12:30'), LONDON).usual).toEqual(LONDON)
    expect(hear(undefined, prague, undefined).usual).toEqual({
      zone: 'Europe/Prague',
      open: 9 * 60,
      close: 17 * 60 + 30,
      currency: 'CZK',
    })
  })

  test('the last 16 days are remembered', () => {
    const all = Array.from({ length: 28 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`)
    const days = Object.keys(daysAfter(...all.map((date) => news(`${date}T10:00`, date))))
    expect([days.length, days[0], days.at(-1)]).toEqual([16, '2026-11-13', '2026-11-28'])
  })
})
