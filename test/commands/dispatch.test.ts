import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Command } from '../../src/commands/command.ts'
import { commands } from '../../src/commands/index.ts'
import { say } from '../../src/reply.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { startTalk, type Talk } from './talk.ts'

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store)
})

const NOT_UNDERSTOOD = 'I did not understand that. Set an alert like: alert AAPL > 500. Type help for more.'

describe('which command is meant', () => {
  test.each(['price AAPL', '/price AAPL', 'PRICE aapl', '  /Price   AAPL  ', 'quote AAPL', 'p AAPL', 'price\nAAPL'])(
    '"%s" asks for the price',
    async (text) => {
      expect(await talk.says(text)).toBe('AAPL  333.69 USD  +1.9 %  12 s ago, desk')
    },
  )

  test.each<[string, string]>([
    ['lsit', 'I know no command "lsit". Did you mean list?\n[list: list]'],
    ['/snoze 7 2h', 'I know no command "snoze". Did you mean snooze?\n[snooze: snooze 7 2h]'],
    ['delet 1', 'I know no command "delet". Did you mean delete?\n[delete: delete 1]'],
  ])('a slip of the finger, "%s", is offered right, with what stood behind it', async (text, answer) => {
    expect(await talk.says(text)).toBe(answer)
  })

  test('a condition without the word is a question, and its button works', async () => {
    expect(await talk.says('AAPL > 500 repeat')).toBe(
      'Shall I watch that? AAPL > 500 repeat\n[Yes: alert AAPL > 500 repeat]',
    )
    expect(await talk.says('list')).toContain('You have no alerts.')
    expect(await talk.says('alert AAPL > 500 repeat')).toMatch(/^Alert 1 is on\./)
  })

  test('a share whose ticker is also the short name of a command can be asked for', async () => {
    expect(await talk.says('P > 50')).toBe('Shall I watch that? P > 50\n[Yes: alert P > 50]')
  })

  test.each<[string, string]>([
    ['AAPL prise > 500', 'I don\'t know "prise". Did you mean price?'],
    ['AAPL 500', 'Above or below? Say which.'],
    ['AAPL above', 'I expected a number after above.'],
  ])('what was meant as a condition, "%s", is told what is wrong with it', async (text, problem) => {
    const answer = await talk.says(text)
    expect(answer.split('\n')[0]).toBe(problem)
    expect(answer).toMatch(/\nTry: alert AAPL .*500$/)
  })

  test.each(['hello', '/', '/foo', '7', '?', '🚀', 'thank you'])(
    'anything else, "%s", is told how to begin',
    async (text) => {
      expect(await talk.says(text)).toBe(NOT_UNDERSTOOD)
    },
  )

  test.each(['', '   ', '\n'])('silence is told of help', async (text) => {
    expect(await talk.says(text)).toBe('Type help to see what I understand.')
  })

  test('a message that is too long is refused, with how long it may be', async () => {
    expect(await talk.says('x'.repeat(4_001))).toBe('That is too long for me: at most 4000 characters.')
    expect(await talk.says(`alert ${'x'.repeat(4_000)}`)).toBe('That is too long for me: at most 4000 characters.')
    expect(await talk.says('x'.repeat(4_000))).toBe(NOT_UNDERSTOOD)
  })
})

describe('a fault of ours', () => {
  const broken: Command = {
    name: 'break',
    usage: 'break',
    summary: 'Breaks',
    run: async () => {
      throw new TypeError('cannot read properties of undefined')
    },
  }
  const counting: Command = {
    name: 'count',
    usage: 'count',
    summary: 'Counts',
    run: async () => say(`counted ${++count}`),
  }
  let count = 0

  test('is answered with a reference that the log has too, and says no more of what broke', async () => {
    talk = startTalk(store, { commands: [...commands, broken] })
    expect(await talk.says('break')).toBe('Something broke on my side (ref 8f3a). Your alerts are safe.')
    expect(talk.logged).toMatchObject([
      { level: 50, ref: '8f3a', channel: 'double', err: { type: 'TypeError' }, msg: 'a message could not be answered' },
    ])
  })

  test('does not stop the next message, and the same message may be tried again', async () => {
    let isBroken = true
    const flaky: Command = {
      ...broken,
      run: async (...given) => (isBroken ? await broken.run(...given) : say('mended')),
    }
    talk = startTalk(store, { commands: [...commands, flaky] })
    await talk.sends('1', 'break')
    expect(await talk.says('price AAPL')).toMatch(/^AAPL/)
    isBroken = false
    expect(await talk.sends('1', 'break')).toBe('mended')
  })

  test('what a person got wrong is no fault: nothing is logged', async () => {
    await talk.says('alert AAPL prise')
    await talk.says('pause 99')
    expect(talk.logged).toEqual([])
  })

  test('a message that comes twice runs its command once, and is answered alike', async () => {
    talk = startTalk(store, { commands: [...commands, counting] })
    expect(await talk.sends('2', 'count')).toBe('counted 1')
    expect(await talk.sends('2', 'count')).toBe('counted 1')
    expect(await talk.sends('3', 'count')).toBe('counted 2')
  })
})

describe('what a person types comes back only as text', () => {
  const nasty = [
    '<b>bold</b><script>alert(1)</script>',
    '@everyone @here <@123> <!channel>',
    '*bold* _x_ `code` [link](http://example.com) ||spoiler||',
    '\u0000\u0007\u001b[2J\u009b31m\u007f',
    '\u202egnp.exe\u2066',
    '{{7*7}} $where $(reboot)',
    '\ud800 lone surrogate',
    '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(20),
    'Ω≈ç√∫˜µ≤≥÷',
    '__proto__ constructor toString',
  ]
  const places = [
    '',
    'alert ',
    'alert AAPL > ',
    'edit 1 ',
    'pause ',
    'snooze 1 ',
    'why ',
    'price ',
    'timezone ',
    'help ',
    'list ',
  ]

  test.each(nasty)('%j, wherever it stands', async (text) => {
    await talk.says('alert AAPL > 500')
    for (const place of places) {
      const answer = await talk.says(place + text)
      expect(answer).not.toBe('')
      // No control characters but the newlines that are ours, and nothing that turns the direction of a line.
      expect(answer).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u)
    }
    expect(talk.logged).toEqual([])
    expect(await talk.alerts()).toHaveLength(1)
  })

  test('a prototype’s property is no command', async () => {
    for (const word of ['constructor', '__proto__', 'hasOwnProperty'])
      expect(await talk.says(word)).toBe(NOT_UNDERSTOOD)
  })
})
