import { describe, expect, test } from 'vitest'
import { caret, shortForm } from '../../src/condition/caret.ts'
import { parse } from '../../src/condition/parse.ts'
import { UserError } from '../../src/errors.ts'
import { CLOCK, linesOf } from './lines.ts'

function errorOf(text: string): UserError {
  try {
    parse(text, CLOCK)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`understood: ${text}`)
}

/** Wrong lines as a person sees them answered, one after a blank line each. */
const answers = linesOf('refused.txt').map(({ input }) => input)

describe('the long form', () => {
  test('says what is wrong, where, and what to type instead', () => {
    expect(caret(errorOf('AAPL prise > 500'))).toBe(
      [`I don't know "prise". Did you mean price?`, '  AAPL prise > 500', '       ^^^^^', 'Try: AAPL price > 500'].join(
        '\n',
      ),
    )
  })

  test.each([
    ['AAPL >', '        ^'],
    ['AAPL > 500 and ((MSFT > 300)', '                 ^'],
    ['AAPL > 500, MSFT > 300', '            ^'],
    ['EURUSD > 1,05', '           ^^^^'],
    ['AAPL > 500 and AAPL < 300', '  ^^^^^^^^^^^^^^^^^^^^^^^^^'],
    ['AAPL > 500 for 10m or AAPL < 300', '             ^^^^^^^'],
    ['“AAPL” > 500', '  ^'],
    ['AAPL ≥ 500 adn < 600', '             ^^^'],
    // Full-width characters are two columns wide, an emoji too, a combining accent none.
    ['ＡＡＰＬ prise > 500', '           ^^^^^'],
    ['AAPL ｐｒｉｓｅ > 500', '       ^^^^^^^^^^'],
    ['AAPL > 500 😀 x', '             ^^'],
    ['AAPL > 500 caf\u0065\u0301', '             ^^^^'],
    // A tab is as wide as the terminal makes it, so the line of carets has the same one.
    ['AAPL\tprise > 500', '      \t^^^^^'],
    ['AAPL\nprise > 500', '       ^^^^^'],
    ['', '  ^'],
  ])('%j: the carets stand under the place', (text, carets) => {
    expect(caret(errorOf(text)).split('\n')[2]).toBe(carets)
  })

  test('the line is shown as typed, but for line breaks', () => {
    expect(caret(errorOf('ＡＡＰＬ prise > 500')).split('\n')[1]).toBe('  ＡＡＰＬ prise > 500')
    expect(caret(errorOf('AAPL\nprise > 500')).split('\n')[1]).toBe('  AAPL prise > 500')
  })

  test('an error without a place is its message and what to try', () => {
    expect(caret(new UserError('No.', { suggestion: 'yes' }))).toBe('No.\nTry: yes')
    expect(caret(new UserError('No.'))).toBe('No.')
  })

  test('each of more than 30 wrong lines gets four lines of answer', () => {
    expect(answers.length).toBeGreaterThan(30)
    for (const input of answers) {
      const [message, line, carets, suggestion, ...rest] = caret(errorOf(input)).split('\n')
      expect(message).toMatch(/^["A-Za-z0-9].*[.?]$/)
      expect(line).toBe(`  ${input}`)
      expect(carets).toMatch(/^ {2,}\^+$/)
      expect(suggestion).toMatch(/^Try: ./)
      expect(rest).toEqual([])
    }
  })
})

describe('the short form', () => {
  test('is one line without carets', () => {
    expect(shortForm(errorOf('AAPL prise > 500'))).toBe(
      `I don't know "prise". Did you mean price? Try: AAPL price > 500`,
    )
  })

  test('fits one SMS of GSM-7 characters, whatever was typed', () => {
    for (const input of [
      ...answers,
      '{'.repeat(400),
      '😀'.repeat(200),
      'x'.repeat(499),
      `AAPL > 500 ${'ж'.repeat(300)}`,
    ]) {
      const text = shortForm(errorOf(input))
      expect(text.replace(/[\^{}\\[\]~|€]/g, 'xx').length).toBeLessThanOrEqual(160)
      expect(text).toMatch(/^[\x20-\x7e£¥€ü]*$/)
      expect(text).not.toContain('`')
    }
  })

  test('typographic characters become plain ones', () => {
    expect(shortForm(new UserError('“Yes” – or ≥ 5…'))).toBe('"Yes" - or >= 5...')
  })

  test('what is too long loses its suggestion first, then its end', () => {
    expect(shortForm(new UserError('a'.repeat(150), { suggestion: 'AAPL > 500' }))).toBe('a'.repeat(150))
    expect(shortForm(new UserError('a'.repeat(200)))).toBe(`${'a'.repeat(157)}...`)
    expect(shortForm(new UserError('{'.repeat(100)))).toBe(`${'{'.repeat(78)}...`)
  })
})
