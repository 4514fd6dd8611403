import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDuration, readNumber, shorten } from '../../src/commands/readers.ts'
import { UserError } from '../../src/errors.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('the number of an alert', () => {
  test.each<[string, number, string]>([
    ['7', 7, ''],
    ['#7', 7, ''],
    ['7 2h', 7, '2h'],
    ['007   AAPL > 5', 7, 'AAPL > 5'],
    ['999999999', 999_999_999, ''],
    ['7, 8', 7, ', 8'],
  ])('"%s" is %i, and "%s" is left', (text, value, rest) => {
    expect(readNumber(text, 'pause 7')).toEqual({ value, rest })
  })

  test.each(['', 'x', '-7', '7x', 'AAPL 7', '1234567890', '٧'])('"%s" is none', (text) => {
    expect(() => readNumber(text, 'pause 7')).toThrow(UserError)
  })
})

describe('a length of time', () => {
  test.each<[string, number]>([
    ['30s', 30_000],
    ['10m', 10 * MINUTE],
    ['10 min', 10 * MINUTE],
    ['45 minutes', 45 * MINUTE],
    ['2h', 2 * HOUR],
    ['2 hrs', 2 * HOUR],
    ['1.5h', 90 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['1 hour 30 minutes', 90 * MINUTE],
    ['3d', 3 * DAY],
    ['1w', 7 * DAY],
    ['2 weeks', 14 * DAY],
    ['for 2h', 2 * HOUR],
    ['2H', 2 * HOUR],
    ['366d', 366 * DAY],
    ['1s', 1_000],
  ])('"%s" is %i ms', (text, value) => {
    expect(readDuration(text, 'snooze 7 2h')).toEqual({ value, rest: '' })
  })

  test('what stands behind it is left', () => {
    expect(readDuration('2h please', 'snooze 7 2h')).toEqual({ value: 2 * HOUR, rest: 'please' })
  })

  test.each(['', 'soon', '2', 'h', '-2h', '2 years', 'tomorrow', '0s', '0.5s', '367d', '9999999w'])(
    '"%s" is none, or none that can be',
    (text) => {
      expect(() => readDuration(text, 'snooze 7 2h')).toThrow(UserError)
    },
  )
})

test('whatever is typed, a reader gives a value or says what to type', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      for (const read of [readNumber, readDuration]) {
        try {
          expect(Number.isSafeInteger(read(text, 'snooze 7 2h').value)).toBe(true)
        } catch (error) {
          if (!(error instanceof UserError)) throw error
          expect(error.suggestion).toBe('snooze 7 2h')
        }
      }
    }),
  )
})

describe('what is quoted of a person’s text', () => {
  test.each<[string, string, string]>([
    ['a short one as it is', 'hello', 'hello'],
    ['line breaks, tabs and control characters as a space', 'a\n\tb\u0007\u001bc', 'a b c'],
    ['a long one cut, and it says so', 'x'.repeat(50), `${'x'.repeat(39)}…`],
    ['one that just fits', 'x'.repeat(40), 'x'.repeat(40)],
  ])('%s', (_title, text, short) => {
    expect(shorten(text)).toBe(short)
  })
})
