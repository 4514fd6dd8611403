import { describe, expect, test } from 'vitest'
import { isTexted, readPhone, usualCountries } from '../../src/users/phone.ts'

const HERE = ['US', 'CA']

test.each<[string, string]>([
  ['+12025550123', '+12025550123'],
  [' +1 202-555-0123 ', '+12025550123'],
  ['+1 (202) 555 0123', '+12025550123'],
  ['+1.202.555.0123', '+12025550123'],
  ['＋１２０２５５５０１２３', '+12025550123'],
  ['+1 416 555 0123', '+14165550123'],
])('"%s" is kept as %s', (typed, number) => {
  expect(readPhone(typed, HERE)).toBe(number)
})

test('what is kept is read as itself', () => {
  expect(readPhone(readPhone('+1 (202) 555-0123', HERE), HERE)).toBe('+12025550123')
})

test.each<[string, string, readonly string[]]>([
  ['', 'Which number?', HERE],
  ['anna', 'That is no phone number.', HERE],
  ['+1202555CALL', 'A phone number is a plus sign and digits, nothing else.', HERE],
  ['{"$gt":"1"}', 'A phone number is a plus sign and digits, nothing else.', HERE],
  ['2025550123', 'Begin with a plus sign and the code of the country', HERE],
  ['0049 170 1234567', 'Begin with a plus sign and the code of the country', HERE],
  ['+999 1234567', 'No country has a code like that.', HERE],
  ['+1202555', 'That number has too few digits.', HERE],
  ['+1 202 555 01234567', 'That number has too many digits.', HERE],
  ['+11025550123', 'There is no such number where its code says.', HERE],
  ['+870773111632', 'There is no such number where its code says.', HERE],
  ['+447400123456', 'I text no numbers in the United Kingdom, only in the United States and Canada.', HERE],
  ['+12423456789', 'I text no numbers in the Bahamas, only in Germany.', ['DE']],
  ['+442079460000', 'That is a landline, which no text reaches.', ['GB']],
  ['+18005551212', 'That is a toll-free number, which no text reaches.', HERE],
  ['+19005551212', 'That is a premium-rate number, which no text reaches.', HERE],
])('"%s" is refused: %s', (typed, reason, countries) => {
  expect(() => readPhone(typed, countries)).toThrow(reason)
})

test('a refusal says what to type instead', () => {
  expect(() => readPhone('2025550123', HERE)).toThrow(
    expect.objectContaining({ suggestion: 'subscribe sms +12025550123' }),
  )
})

describe('the countries that are texted', () => {
  test.each<[string | undefined, string[]]>([
    [undefined, ['US', 'CA']],
    ['+12025550123', ['US', 'CA']],
    ['+14165550123', ['US', 'CA']],
    ['+447400123456', ['GB']],
    ['nonsense', ['US', 'CA']],
  ])('from %s are %j unless the settings say it', (from, countries) => {
    expect(usualCountries(from)).toEqual(countries)
  })
})

test.each<[string, readonly string[], boolean]>([
  ['+12025550123', ['US'], true],
  ['+14165550123', ['US'], false],
  ['+447400123456', ['US', 'CA'], false],
  ['+447400123456', ['GB'], true],
  ['+11025550123', ['US'], true],
  ['nonsense', ['US'], false],
])('a text from %s is answered where %j are texted: %s', (number, countries, isAnswered) => {
  expect(isTexted(number, countries)).toBe(isAnswered)
})
