import { expect, test } from 'vitest'
import { compose, plain, say } from '../src/reply.ts'

test('lines are joined by newlines', () => {
  expect(say(['one', 'two'])).toEqual({ pieces: ['one\ntwo'], buttons: [] })
})

test('a reply keeps its buttons', () => {
  const buttons = [{ label: 'Again', command: 'again 7' }]
  expect(say('done', buttons)).toEqual({ pieces: ['done'], buttons })
})

test('the plain words of a reply are those of all its pieces, without any shape', () => {
  expect(plain(compose([{ strong: 'Alert 7' }, ': AAPL\n', { block: '1  AAPL\n2  MSFT' }]))).toBe(
    'Alert 7: AAPL\n1  AAPL\n2  MSFT',
  )
})
