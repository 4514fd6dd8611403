import { expect, test } from 'vitest'
import { readEmail } from '../../src/users/mail.ts'

test.each<[string, string]>([
  ['a@b.co', 'a@b.co'],
  [' Anna.Smith+alerts@Example.ORG ', 'anna.smith+alerts@example.org'],
  ['<anna@example.org>', 'anna@example.org'],
  ['mailto:anna@example.org', 'anna@example.org'],
  ["o'brien@mail.example.co.uk", "o'brien@mail.example.co.uk"],
  ['ａｎｎａ@example.org', 'anna@example.org'],
  ['anna@xn--mnchen-3ya.de', 'anna@xn--mnchen-3ya.de'],
])('"%s" is kept as %s, and read as itself', (typed, address) => {
  expect(readEmail(typed)).toBe(address)
  expect(readEmail(address)).toBe(address)
})

test.each<[string, string]>([
  ['', 'Which address?'],
  ['anna', 'An e-mail address has an @ in it.'],
  ['anna@x@example.org', 'There is more than one @ in that address.'],
  ['@example.org', 'There is nothing before the @.'],
  ['anna@', 'There is nothing behind the @.'],
  ['anna smith@example.org', 'There is a space in that address.'],
  ['anna@example.org\nbcc:x@y.z', 'There is a space in that address.'],
  ['anna@example', 'What stands behind the @ has no dot in it.'],
  ['anna@exam_ple.org', 'What stands behind the @ is no name of a mail server.'],
  ['anna@-example.org', 'What stands behind the @ is no name of a mail server.'],
  ['anna@127.0.0.1', 'What stands behind the @ is no name of a mail server.'],
  ['.anna@example.org', 'There is a dot too many in that address.'],
  ['anna..smith@example.org', 'There is a dot too many in that address.'],
  ['anna@example.org.', 'There is a dot too many in that address.'],
  ['än@example.org', 'I can mail only to addresses in plain letters, without accents.'],
  ['anna@münchen.de', 'I can mail only to addresses in plain letters, without accents.'],
  ['{"$gt":""}@example.org', 'There is a sign before the @ that no address has.'],
  [`${'a'.repeat(65)}@example.org`, 'That is too long for an e-mail address.'],
  [
    `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(70)}.org`,
    'That is too long for an e-mail address.',
  ],
])('"%s" is refused: %s', (typed, reason) => {
  expect(() => readEmail(typed)).toThrow(reason)
})
