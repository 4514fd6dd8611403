import { expect, test } from 'vitest'
import { fileProblem, messageOf, SendError, UserError } from '../src/errors.ts'

test('a UserError carries what a channel needs to draw it', () => {
  const details = { text: 'AAPL prise', at: { start: 5, end: 10 }, suggestion: 'AAPL price > 500' }
  expect(new UserError('I do not know "prise".', details)).toMatchObject({
    name: 'UserError',
    message: 'I do not know "prise".',
    ...details,
    choices: [],
  })
})

test('a SendError says whether a retry is of any use, and keeps its cause', () => {
  const cause = new Error('ECONNRESET')
  expect(new SendError('no connection', { permanent: false, retryAfter: 3_000, cause })).toMatchObject({
    name: 'SendError',
    permanent: false,
    retryAfter: 3_000,
    cause,
  })
  expect('cause' in new SendError('blocked', { permanent: true })).toBe(false)
})

test.each<[string, unknown, string]>([
  ['an error', new Error('gone'), 'gone'],
  ['a text', 'gone', 'gone'],
  ['nothing', undefined, 'undefined'],
  ['a number', 7, '7'],
])('the message of anything thrown can be had: %s', (_title, thrown, message) => {
  expect(messageOf(thrown)).toBe(message)
})

test.each<[unknown, string]>([
  [Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }), 'there is no such file'],
  [Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }), 'this user may not read it'],
  [Object.assign(new Error('EISDIR: illegal operation'), { code: 'EISDIR' }), 'it is a folder'],
  [Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }), 'EIO: i/o error'],
  ['odd', 'odd'],
])('why a file could not be read is said in words: %s → %s', (error, words) => {
  expect(fileProblem(error)).toBe(words)
})
