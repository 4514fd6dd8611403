import { describe, expect, test } from 'vitest'
import { commands } from '../../src/commands/index.ts'
import { readingOf, refusal } from '../../src/commands/refusal.ts'
import { UserError } from '../../src/errors.ts'
import { plain } from '../../src/reply.ts'

const text = 'AAPL prise > 500'
const at = { start: 5, end: 10 }
const command = (name: string) => commands.find((one) => one.name === name)!

describe('a suggestion is a whole line that can be sent', () => {
  test.each<[string, string, string]>([
    ['alert', text, 'alert AAPL price > 500'],
    ['edit', `7 ${text}`, 'edit 7 AAPL price > 500'],
    ['edit', `#7  ${text}`, 'edit #7  AAPL price > 500'],
  ])('after %s %s: %s', (name, args, line) => {
    const error = new UserError('I do not know "prise".', { text, at, suggestion: 'AAPL price > 500' })
    expect(plain(refusal(error, readingOf(command(name), args)))).toBe(
      `I do not know "prise".\n  AAPL prise > 500\n       ^^^^^\nTry: ${line}`,
    )
  })

  test('one that is a command already stays as it is', () => {
    const error = new UserError('Alert 7 is done.', { suggestion: 'again 7' })
    expect(plain(refusal(error, readingOf(command('tell'), '7')))).toBe('Alert 7 is done.\nTry: again 7')
  })
})

test('choices become buttons', () => {
  const choices = [{ label: 'stock:ON', command: 'alert stock:ON > 5' }]
  expect(refusal(new UserError('ON can be two things.', { choices })).buttons).toEqual(choices)
})
