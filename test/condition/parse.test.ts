import { describe, expect, test } from 'vitest'
import { format, formatCondition } from '../../src/condition/format.ts'
import { FUNCTIONS } from '../../src/condition/functions.ts'
import { tokenise } from '../../src/condition/lexer.ts'
import { parse, readingsOf } from '../../src/condition/parse.ts'
import { keyOf, symbolsOf } from '../../src/condition/symbols.ts'
import { WORDS } from '../../src/condition/words.ts'
import { UserError } from '../../src/errors.ts'
import { CLOCK, corpus, refused, understood, withoutPlaces } from './lines.ts'

function errorOf(text: string): UserError {
  try {
    parse(text, CLOCK)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`understood: ${text}`)
}

test('there are at least 400 examples, each with what comes of it', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(400)
  expect(understood.length + refused.length).toBe(corpus.length)
})

describe('what is understood', () => {
  test.each(understood)('$input', ({ input, columns }) => {
    expect(format(parse(input, CLOCK))).toBe(columns[0])
  })

  test.each(understood)('has exactly one reading: $input', ({ input }) => {
    expect(readingsOf(tokenise(input))).toHaveLength(1)
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
    for (const { columns } of refused) expect(columns[0]).not.toMatch(/token|nearley|undefined|\bNaN\b|null/i)
  })

  test('an empty line is asked for a condition', () => {
    expect(errorOf('').message).toBe('I expected a condition, like AAPL > 500.')
    expect(errorOf('  . ').message).toBe('I expected a condition, like AAPL > 500.')
  })

  test('a time zone that does not exist is refused', () => {
    expect(() => parse('AAPL > 500', { now: CLOCK.now, zone: 'Mars/Phobos' })).toThrow(UserError)
  })
})

describe('the table of functions', () => {
  test.each(Object.entries(FUNCTIONS))('%s is understood as its usage says', (name, { type, usage }) => {
    expect(usage.startsWith(`${name}(`)).toBe(true)
    const { condition } = parse(`${usage} > 5`, CLOCK)
    expect(condition).toMatchObject({ type: 'compare', left: { type: type === 'series' ? 'series' : 'math', name } })
  })
})

test.each(WORDS.filter((word) => /^[a-z]+$/.test(word)))(
  'a symbol called %s can be written, and is read again',
  (word) => {
    const typed = `$${word} > 3 or MSFT down 5% from $${word}`
    const { condition } = parse(typed, CLOCK)
    expect(symbolsOf(condition).map(keyOf)).toEqual([word.toUpperCase(), 'MSFT'])
    expect(withoutPlaces(parse(formatCondition(condition), CLOCK).condition)).toEqual(withoutPlaces(condition))
  },
)

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
    [
      '20 crossings',
      many(20, (i) => `AAPL rises above ${i + 1}`, ' or '),
      many(21, (i) => `AAPL rises above ${i + 1}`, ' or '),
      /at most 20 comparisons/,
    ],
    [
      '20 moves',
      many(20, (i) => `AAPL up ${i + 1}% today`, ' or '),
      many(21, (i) => `AAPL up ${i + 1}% today`, ' or '),
      /at most 20 comparisons/,
    ],
    [
      '16 nested brackets of values',
      `AAPL > ${'('.repeat(16)}5${')'.repeat(16)}`,
      `AAPL > ${'('.repeat(17)}5${')'.repeat(17)}`,
      /nested 16 deep/,
    ],
    [
      '200 characters of a note',
      `AAPL > 500 note "${'x'.repeat(200)}"`,
      `AAPL > 500 note "${'x'.repeat(201)}"`,
      /at most 200 characters/,
    ],
    ['10 symbols', many(10, (i) => `A${i} > 5`, ' or '), many(11, (i) => `A${i} > 5`, ' or '), /at most 10 symbols/],
    ['200 words and signs', `${'!'.repeat(197)} AAPL > 5`, `${'!'.repeat(198)} AAPL > 5`, /at most 200 words/],
  ])('%s pass, one more is refused', (_, within, beyond, message) => {
    expect(() => parse(within, CLOCK)).not.toThrow()
    expect(errorOf(beyond).message).toMatch(message)
  })

  test.each([
    ['is not over', '', ' and '],
    ['is at least', '', ' or '],
    ["isn't equal to", '', ' and '],
    ['is up', '% today', ' or '],
    ['falls below', '', ' or '],
    ['between 1 and', '', ' or '],
  ])('of several words make one comparison: %s', (words, rest, link) => {
    const line = many(20, (i) => `A ${words} ${i + 2}${rest}`, link)
    expect(() => parse(`${line} repeat`, CLOCK)).not.toThrow()
  })

  test('for at least compares nothing', () => {
    const line = many(20, (i) => `A > ${i + 2}`, ' or ')
    expect(() => parse(`${line} for at least 10m`, CLOCK)).not.toThrow()
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

  test('values, functions, crossings and moves too', () => {
    expect(slices('ETH / -BTC crosses above (2 * 3)')).toEqual([
      ...['ETH', 'ETH', 'BTC', 'BTC', '-BTC', 'ETH / -BTC'],
      ...['2', '3', '(2 * 3)', 'ETH / -BTC crosses above (2 * 3)'],
    ])
    expect(slices('AAPL is down at least 5% from its peak')).toEqual([
      ...['AAPL', 'AAPL', '5%', 'AAPL is down at least 5% from its peak'],
    ])
    expect(slices('AAPL > sma(AAPL,14,1h) / 2')).toEqual([
      ...['AAPL', 'AAPL', 'AAPL', 'AAPL', 'sma(AAPL,14,1h)', '2', 'sma(AAPL,14,1h) / 2', 'AAPL > sma(AAPL,14,1h) / 2'],
    ])
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
