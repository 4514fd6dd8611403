import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { siftFlood } from '../../src/delivery/flood.ts'
import type { Told } from '../../src/delivery/types.ts'
import { aTracked, MONDAY } from './a-notification.ts'

const LIMITS = { address: 5, alert: 3 }
const SECOND = 1_000
const MINUTE = 60 * SECOND

/** `7 7 8`: firings of the alerts 7, 7 and 8. */
const firings = (text: string) =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index) =>
      aTracked({ id: `${word}#${index}`, alert: { id: word, number: Number(word), text: 'AAPL price > 500' } }),
    )
/** `7@-50 8@-3`: firings told 50 and 3 s ago. */
const told = (text: string): Told[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [alert, at] = word.split('@') as [string, string]
      return { address: 'here', alert, sentAt: MONDAY + Number(at) * SECOND }
    })

/** `7, 8; 9 9 9 9; +40 s: 1`: alone, in groups, and later. */
function sifted(due: string, before: string): string {
  const { alone, together, later } = siftFlood(firings(due), told(before), LIMITS, MONDAY)
  const names = (members: readonly { alert: { id: string } }[]) => members.map(({ alert }) => alert.id).join(' ')
  return [
    ...(alone.length > 0 ? [`alone ${names(alone)}`] : []),
    ...together.map((members) => `together ${names(members)}`),
    ...later.map(({ dueAt, members }) => `in ${(dueAt - MONDAY) / SECOND} s ${names(members)}`),
  ].join('; ')
}

describe('firings of one address', () => {
  test.each<[string, string, string, string]>([
    ['five are told one by one', '1 2 3 4 5', '', 'alone 1 2 3 4 5'],
    ['more than five at once are one message', '1 2 3 4 5 6', '', 'together 1 2 3 4 5 6'],
    ['the fifth within a minute is told by itself', '5', '1@-50 2@-40 3@-30 4@-20', 'alone 5'],
    ['the sixth waits until the first is a minute ago', '6', '1@-50 2@-40 3@-30 4@-20 5@-10', 'in 10 s 6'],
    ['a minute after the first it is told', '6', '1@-60 2@-40 3@-30 4@-20 5@-10', 'alone 6'],
    ['what is gathered by then is one message', '6 7 8', '1@-60 2@-40 3@-30 4@-20 5@-10', 'together 6 7 8'],
    ['where there is room for one, two go as one message at once', '5 6', '1@-50 2@-40 3@-30 4@-20', 'together 5 6'],
    ['after a message of many the next waits a minute', '9', '1@-1 2@-1 3@-1 4@-1 5@-1 6@-1 7@-1', 'in 59 s 9'],
    [
      'what was told in the future, before the clock was set back, does not count',
      '6',
      '1@50 2@50 3@50 4@50 5@50',
      'alone 6',
    ],
  ])('%s', (_title, due, before, expected) => {
    expect(sifted(due, before)).toBe(expected)
  })
})

describe('firings of one alert', () => {
  test.each<[string, string, string, string]>([
    ['three are told one by one', '7 7 7', '', 'alone 7 7 7'],
    ['the third within ten minutes still is', '7', '7@-500 7@-300', 'alone 7'],
    ['the fourth waits until the first is ten minutes ago', '7', '7@-500 7@-300 7@-100', 'in 100 s 7'],
    ['others are not held up by it', '7 8', '7@-500 7@-300 7@-100', 'alone 8; in 100 s 7'],
    ['four at once are one message', '7 7 7 7', '', 'together 7 7 7 7'],
    ['beside another one, too', '7 8 7 7 7', '', 'alone 8; together 7 7 7 7'],
    ['what was gathered in ten minutes is one message', '7 7 7 7 7', '7@-600 7@-300 7@-100', 'together 7 7 7 7 7'],
  ])('%s', (_title, due, before, expected) => {
    expect(sifted(due, before)).toBe(expected)
  })

  test('that it is gathered from now on is known with the third', () => {
    const gathering = (due: string, before: string) => [
      ...siftFlood(firings(due), told(before), LIMITS, MONDAY).gathering,
    ]
    expect(gathering('7', '7@-300')).toEqual([])
    expect(gathering('7', '7@-500 7@-300')).toEqual(['7'])
    expect(gathering('7 7 7 7 8', '')).toEqual(['7'])
  })
})

test('each firing is told once or waits, in its order, a minute or ten at most, whatever was told before', () => {
  const names = fc.constantFrom('1', '2', '3')
  const before = fc.array(fc.tuple(names, fc.integer({ min: -700, max: 100 })), { maxLength: 20 })
  fc.assert(
    fc.property(fc.array(names, { maxLength: 12 }), before, (due, sent) => {
      const all = firings(due.join(' '))
      const { alone, together, later } = siftFlood(
        all,
        told(sent.map((one) => one.join('@')).join(' ')),
        LIMITS,
        MONDAY,
      )
      const groups = [alone, ...together, ...later.map(({ members }) => members)]
      expect(
        groups
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(all.map(({ id }) => id).sort())
      for (const group of groups) expect(group).toEqual(all.filter((one) => group.includes(one)))
      for (const { dueAt } of later) {
        expect(dueAt).toBeGreaterThan(MONDAY)
        expect(dueAt - MONDAY).toBeLessThanOrEqual(10 * MINUTE)
      }
      const messages = alone.length + together.length
      expect(messages).toBeLessThanOrEqual(LIMITS.address)
    }),
  )
})
