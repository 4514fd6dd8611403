import { describe, expect, test } from 'vitest'
import { axisTexts, priceText, rangeOf, roundValues } from '../../src/chart/scale.ts'
import { timeLineOf } from '../../src/chart/time-line.ts'
import { roundTimes } from '../../src/chart/times.ts'

describe('the axis of prices', () => {
  test.each<[number, number, readonly string[]]>([
    [318, 327, ['318', '320', '322', '324', '326']],
    [1.02, 1.09, ['1.02', '1.04', '1.06', '1.08']],
    [93_000, 100_000, ['94,000', '96,000', '98,000', '100,000']],
    [-2, 2, ['-2', '-1', '0', '1', '2']],
    [0.0000121, 0.0000125, ['0.0000121', '0.0000122', '0.0000123', '0.0000124', '0.0000125']],
  ])('from %f to %f it shows round values, all with the same decimals', (low, high, texts) => {
    expect(axisTexts(roundValues({ low, high }, 5))).toEqual(texts)
  })

  test('has a little air above and below, and a height even where nothing moves', () => {
    expect(rangeOf([100, 200])).toEqual({ low: 92, high: 208 })
    expect(rangeOf([100, 100])).toEqual({ low: 99, high: 101 })
    expect(rangeOf([0])).toEqual({ low: -1, high: 1 })
  })

  test.each<[number, number, string]>([
    [326.5616, 8, '326.56'],
    [95_039.34, 9_000, '95,039'],
    [1.03824, 0.07, '1.0382'],
    [0.00001234, 0.0000003, '0.00001234'],
  ])('a price of %f in a picture %f high is written %s', (price, height, text) => {
    expect(priceText(price, height)).toBe(text)
  })
})

describe('the axis of times', () => {
  const at = (iso: string) => Date.parse(iso)
  const texts = (from: string, to: string, zone: string) =>
    roundTimes(at(from), at(to), zone, 7).map(({ text }) => text)

  test.each<[string, string, string, string, readonly string[]]>([
    ['an hour', '2026-11-23T15:04Z', '2026-11-23T16:04Z', 'UTC', ['15:15', '15:30', '15:45', '16:00']],
    ['a day', '2026-11-23T00:00Z', '2026-11-23T23:59Z', 'UTC', ['23 Nov', '06:00', '12:00', '18:00']],
    [
      'an evening, where it is tomorrow',
      '2026-11-23T13:00Z',
      '2026-11-23T18:00Z',
      'Asia/Tokyo',
      ['22:00', '23:00', '24 Nov', '01:00', '02:00', '03:00'],
    ],
    ['five days', '2026-11-16T14:30Z', '2026-11-20T20:45Z', 'Europe/Berlin', ['17 Nov', '18 Nov', '19 Nov', '20 Nov']],
    ['a year', '2025-11-16T00:00Z', '2026-09-10T00:00Z', 'UTC', ['2026', 'Mar', 'May', 'Jul', 'Sep']],
    [
      'half an hour off',
      '2026-11-23T15:04Z',
      '2026-11-23T18:04Z',
      'Asia/Kolkata',
      ['21:00', '21:30', '22:00', '22:30', '23:00', '23:30'],
    ],
  ])('%s', (_title, from, to, zone, expected) => {
    expect(texts(from, to, zone)).toEqual(expected)
  })

  test('is round by the clock on the wall on days that have 23 or 25 hours', () => {
    const short = texts('2026-03-28T23:00Z', '2026-03-29T09:00Z', 'Europe/Berlin')
    expect(short).toEqual(['29 Mar', '03:00', '04:00', '06:00', '08:00', '10:00'])
    expect(texts('2026-10-24T22:00Z', '2026-10-25T22:00Z', 'Europe/Berlin')).toEqual([
      '25 Oct',
      '06:00',
      '12:00',
      '18:00',
    ])
  })
})

describe('the line of time', () => {
  test('is even where the points are', () => {
    const line = timeLineOf([{ at: 0 }, { at: 10 }, { at: 20 }, { at: 40 }])
    expect([0, 5, 10, 20, 30, 40].map(line)).toEqual([0, 0.125, 0.25, 0.5, 0.75, 1])
  })

  test('draws together what lies between two days of trading', () => {
    const line = timeLineOf([{ at: 0 }, { at: 10 }, { at: 20 }, { at: 1_000 }, { at: 1_010 }])
    expect([20, 1_000].map((at) => Math.round(line(at) * 60))).toEqual([20, 50])
  })

  test('what is outside is at its ends', () => {
    const line = timeLineOf([{ at: 10 }, { at: 20 }])
    expect([0, 30].map(line)).toEqual([0, 1])
  })
})
