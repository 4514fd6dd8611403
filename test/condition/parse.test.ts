import { describe, expect, test } from 'vitest'
import { format } from '../../src/condition/format.ts'
import { tokenise } from '../../src/condition/lexer.ts'
import { parse, readingsOf } from '../../src/condition/parse.ts'
import { UserError } from '../../src/errors.ts'
import { CLOCK, linesOf } from './lines.ts'

const understood = linesOf('understood.txt')
const refused = linesOf('refused.txt')

function errorOf(text: string): UserError {
  try {
    parse(text, CLOCK)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`understood: ${text}`)
}

describe('what is understood', () => {
  test.each(understood)('$input', ({ input, columns }) => {
    expect(format(parse(input, CLOCK))).toBe(columns[0])
  })

  test.each(understood)('has exactly one reading: $input', ({ input }) => {
    expect(readingsOf(tokenise(input))).toHaveLength(1)
  })

  test('there are at least 150 examples', () => {
    expect(understood.length).toBeGreaterThanOrEqual(150)
  })
})

describe('what is refused', () => {
  test.each(refused)('$input', ({ input, columns }) => {
    const { message, suggestion } = errorOf(input)
    expect([message, suggestion]).toEqual(columns)
  })

  test.each(refused)('what is proposed works: $input', ({ input }) => {
    expect(() => parse(errorOf(input).suggestion ?? '', CLOCK)).not.toThrow()
  })

  test.each(refused)('the place is in the line: $input', ({ input }) => {
    const { text, at } = errorOf(input)
    expect(text).toBe(input)
    expect(at!.start).toBeGreaterThanOrEqual(0)
    expect(at!.end).toBeGreaterThanOrEqual(at!.start)
    expect(at!.end).toBeLessThanOrEqual(input.length)
  })

  test('no message speaks of the inside of the grammar', () => {
    for (const { columns } of refused) expect(columns[0]).not.toMatch(/token|nearley|undefined|NaN|null/i)
  })

  test('an empty line is asked for a condition', () => {
    expect(errorOf('').message).toBe('I expected a condition, like AAPL > 500.')
    expect(errorOf('  . ').message).toBe('I expected a condition, like AAPL > 500.')
  })

  test('a time zone that does not exist is refused', () => {
    expect(() => parse('AAPL > 500', { now: CLOCK.now, zone: 'Mars/Phobos' })).toThrow(UserError)
  })
})

describe('limits', () => {
  const many = (count: number, part: (i: number) => string, link: string) =>
    Array.from({ length: count }, (_, i) => part(i)).join(link)

  test.each([
    ['500 characters', `AAPL > 500${' '.repeat(489)}.`, `AAPL > 500${' '.repeat(490)}.`, /at most 500 characters/],
    [
      '16 nested brackets',
      `${'('.repeat(16)}AAPL > 5${')'.repeat(16)}`,
      `${'('.repeat(17)}AAPL > 5${')'.repeat(17)}`,
      /nested 16 deep/,
    ],
    [
      '20 comparisons',
      many(20, (i) => `AAPL > ${i + 1}`, ' and '),
      many(21, (i) => `AAPL > ${i + 1}`, ' and '),
      /at most 20 comparisons/,
    ],
    ['10 symbols', many(10, (i) => `A${i} > 5`, ' or '), many(11, (i) => `A${i} > 5`, ' or '), /at most 10 symbols/],
    ['200 words and signs', `${'!'.repeat(197)} AAPL > 5`, `${'!'.repeat(198)} AAPL > 5`, /at most 200 words/],
  ])('%s pass, one more is refused', (_, within, beyond, message) => {
    expect(() => parse(within, CLOCK)).not.toThrow()
    expect(errorOf(beyond).message).toMatch(message)
  })

  test('a word of several pieces is one comparison', () => {
    const line = many(20, (i) => `A is not over ${i + 1}`, ' and ')
    expect(() => parse(line, CLOCK)).not.toThrow()
  })
})

describe('places', () => {
  const slices = (text: string) => {
    const found: string[] = []
    JSON.stringify(parse(text, CLOCK).condition, (key, value) => {
      if (key === 'at') found.push(text.slice(value.start, value.end))
      return value
    })
    return found
  }

  test('every node points to what was typed for it', () => {
    expect(slices('AAPL volume > 2 m')).toEqual(['AAPL', 'AAPL volume', '2 m', 'AAPL volume > 2 m'])
  })

  test('also where characters were normalised', () => {
    expect(slices('ＡＡＰＬ ≥ 1,250')).toEqual(['ＡＡＰＬ', 'ＡＡＰＬ', '1,250', 'ＡＡＰＬ ≥ 1,250'])
    expect(slices('\u00a0AAPL \u200b≤ 5')).toEqual(['AAPL', 'AAPL', '5', 'AAPL \u200b≤ 5'])
  })

  test('a parsed line survives JSON', () => {
    for (const { input } of understood) {
      const parsed = parse(input, CLOCK)
      expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed)
    }
  })
})
