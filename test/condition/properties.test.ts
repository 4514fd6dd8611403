import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brief, format, formatCondition } from '../../src/condition/format.ts'
import { tokenise } from '../../src/condition/lexer.ts'
import { parse, readingsOf } from '../../src/condition/parse.ts'
import { WORDS } from '../../src/condition/words.ts'
import { UserError } from '../../src/errors.ts'
import { CLOCK, understood, withoutPlaces } from './lines.ts'
import { lines } from './trees.ts'

describe('printing and reading again', () => {
  test('the canonical text of any line, and its short text, are read as that line', () => {
    fc.assert(
      fc.property(lines, (line) => {
        const text = format(line)
        fc.pre(text.length <= 500)
        const again = parse(text, CLOCK)
        expect(withoutPlaces(again)).toEqual(withoutPlaces(line))
        expect(format(again)).toBe(text)
        expect(readingsOf(tokenise(text))).toHaveLength(1)
        const short = brief(line)
        expect(withoutPlaces(parse(short, CLOCK))).toEqual(withoutPlaces(line))
        expect(short.length).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 2000 },
    )
  })

  test.each(understood)('$input', ({ input }) => {
    const parsed = parse(input, CLOCK)
    expect(withoutPlaces(parse(format(parsed), CLOCK))).toEqual(withoutPlaces(parsed))
    expect(withoutPlaces(parse(brief(parsed), CLOCK))).toEqual(withoutPlaces(parsed))
    expect(formatCondition(parse(format(parsed), CLOCK).condition)).toBe(formatCondition(parsed.condition))
  })
})

/** A tree, or a `UserError` whose place is in the text and whose suggestion works. */
function answers(text: string): void {
  try {
    parse(text, CLOCK)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { message, at, suggestion = '' } = error
    const isPlace = at !== undefined && at.start >= 0 && at.end >= at.start && at.end <= text.length
    if (error.text !== text || !isPlace || /undefined|NaN|\[object/.test(message))
      throw new Error(JSON.stringify(error))
    parse(suggestion, CLOCK)
  }
}

describe('any input gives a tree or an error a person can use', () => {
  const pieces = fc.constantFrom(
    ...WORDS,
    ...'> >= < <= = != ( ) , .. - + * / % $ € & | ! " \' : ; @ ^ #'.split(' '),
    ...'AAPL MSFT BTC/USD stock:ON $ALL ^GSPC BRK.B 1INCH EURUSD=X'.split(' '),
    ...'500 300 1,250.75 1,05 100.000 1e-6 2m 1.5k 3bn 10min 1h30m 5% $5 -5 .5 1e99'.split(' '),
    ...'2026-12-31 31.12.2026 17:00 5pm 31 dec Friday today constructor __proto__ toString'.split(' '),
    ...'sma(AAPL, rsi( high( max( macd(AAPL) foo( 52w 1d NOW note" note “buy” « its the by a last'.split(' '),
  )

  test.each(['binary', 'grapheme'] as const)('random Unicode: %s', (unit) => {
    fc.assert(fc.property(fc.string({ unit, maxLength: 16 }), answers), { numRuns: 20_000 })
  })

  test('words of the language in any order', () => {
    const soup = fc.array(pieces, { maxLength: 14 }).map((words) => words.join(' '))
    fc.assert(fc.property(soup, answers), { numRuns: 8_000 })
  })

  test('words of the language run together', () => {
    const soup = fc.array(pieces, { maxLength: 5 }).map((words) => words.join(''))
    fc.assert(fc.property(soup, answers), { numRuns: 36_000 })
  })

  test('right lines with one thing put in, left out or exchanged', () => {
    const right = fc.constantFrom(...understood.map(({ input }) => input))
    const damaged = fc.tuple(right, fc.nat(), fc.nat(3), pieces).map(([line, place, length, piece]) => {
      const start = place % (line.length + 1)
      return line.slice(0, start) + (length === 3 ? ` ${piece} ` : '') + line.slice(start + (length % 3))
    })
    fc.assert(fc.property(damaged, answers), { numRuns: 14_000 })
  })

  test('lines of 500 characters', () => {
    const long = fc.array(pieces, { minLength: 150, maxLength: 200 }).map((words) => words.join(' ').slice(0, 500))
    fc.assert(fc.property(long, answers), { numRuns: 300 })
  })

  test('brackets, signs and functions one inside another', () => {
    const opening = fc.array(fc.constantFrom('(', 'not ', '-', 'abs(', 'max(3,', '(AAPL + '), { maxLength: 40 })
    const nested = fc.tuple(opening, fc.constantFrom('AAPL', 'AAPL > 5', '5'), fc.nat(20), fc.constantFrom('', ' > 5'))
    const lines = nested.map(([open, inside, closed, rest]) => open.join('') + inside + ')'.repeat(closed) + rest)
    fc.assert(fc.property(lines, answers), { numRuns: 1000 })
  })

  test.each([
    ['brackets', '('.repeat(500)],
    ['closed brackets', `${'('.repeat(16)}AAPL > 5${')'.repeat(16)}`],
    ['nots', `${'not '.repeat(120)}AAPL > 5`],
    ['minus signs', `AAPL > ${'-'.repeat(190)}5`],
    ['minus signs before a symbol', `${'-'.repeat(190)}AAPL > 5`],
    ['products', `AAPL > ${'2*'.repeat(95)}5`],
    ['functions in functions', `AAPL > ${'abs('.repeat(15)}5${')'.repeat(15)}`],
    ['open functions', 'abs('.repeat(100)],
    ['arguments', `AAPL > max(${'1,'.repeat(95)}5)`],
    ['notes', 'note "x" '.repeat(50)],
    ['quotes', '"'.repeat(500)],
    ['channels', `AAPL > 5 via sms${', sms'.repeat(60)}`],
    ['ways to cross', `AAPL crosses 5 ${'or crosses 3 '.repeat(30)}`],
    ['a long number', `AAPL > ${'9'.repeat(29)}.${'9'.repeat(460)}`],
    ['a long word', 'a'.repeat(500)],
    ['a very long line', 'AAPL > 5 or '.repeat(10_000)],
    ['links', `AAPL > 5 ${'or < 3 '.repeat(30)}`],
    ['commas', `AAPL > 5${', repeat'.repeat(60)}`],
  ])('many %s', (_, text) => {
    answers(text)
  })
})
