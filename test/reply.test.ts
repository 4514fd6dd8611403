import { expect, test } from 'vitest'
import { compose, harmless, type Picture, plain, type Reply, say } from '../src/reply.ts'

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

test.each<[string, string, string]>([
  ['control characters become spaces', '\u001b[2Ja\u0000b\u009bc\rd\u007f', ' [2Ja b c d '],
  ['tabs and lines stay', 'a\tb\nc', 'a\tb\nc'],
  ['what turns the direction of a line becomes a space', 'a\u202eb\u2066c', 'a b c'],
  ['halves of a character become spaces', 'a\ud83db\ude80c', 'a b c'],
  ['everything else stays as it is', '<b>@all</b> 👩‍👧 שלום é ™', '<b>@all</b> 👩‍👧 שלום é ™'],
])('as text alone: %s', (_title, text, clean) => {
  const dirty = compose([text, { strong: text }, { block: text }], [{ label: text, command: text }])
  expect(harmless(dirty)).toEqual(
    compose([clean, { strong: clean }, { block: clean }], [{ label: clean, command: clean }]),
  )
})

test('as text alone a reply keeps all else it says, and the words in its picture are text alone too', () => {
  const picture: Picture = {
    title: 'a\u0007b',
    symbol: 'c\u0007d',
    source: 'e\u0007f',
    points: [{ at: 1, price: 2 }],
    levels: [{ price: 3, label: 'g\u0007h' }],
    firings: [{ at: 4, price: 5 }],
    zone: 'UTC',
  }
  const reply: Reply = { ...say('x'), isPrivate: true, isQuestion: true, place: 'below', picture }
  expect(harmless(reply)).toEqual({
    ...reply,
    picture: { ...picture, title: 'a b', symbol: 'c d', source: 'e f', levels: [{ price: 3, label: 'g h' }] },
  })
})
