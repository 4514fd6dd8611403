import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { BESIDE, QUESTIONS } from '../../src/commands/guided.ts'
import { commands } from '../../src/commands/index.ts'
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

const WHICH_SYMBOL =
  'Which symbol? A stock, a coin or a currency pair. Or type the whole condition, like AAPL > 500.\n' +
  '[AAPL: alert AAPL] [BTC: alert BTC] [EURUSD: alert EURUSD]'
const ABOUT_AAPL =
  'AAPL is 333.69 USD (12 s ago, desk). What about it? Like: above 340, below 320, up 5% today, down 5% today.\n' +
  '[above 340: alert AAPL > 340] [below 320: alert AAPL < 320] [up 5% today: alert AAPL up 5% today] ' +
  '[down 5% today: alert AAPL down 5% today]'
const NOT_UNDERSTOOD = 'I did not understand that. Set an alert like: alert AAPL > 500. Type help for more.'

/** Things said one after another; the answer to the last. */
async function answerTo(...said: readonly string[]): Promise<string> {
  let answer = ''
  for (const text of said) answer = await talk.says(text)
  return answer
}

const texts = async () => (await talk.alerts()).map(({ text }) => text)

describe('an alert by questions', () => {
  test('first the symbol, then what about it, then it is set and read back as any other', async () => {
    expect(await talk.says('alert')).toBe(WHICH_SYMBOL)
    expect(await talk.says('aapl')).toBe(ABOUT_AAPL.replaceAll('alert AAPL', 'alert aapl'))
    const readBack = await talk.says('> 500')
    expect(await startTalk(store).says('alert aapl > 500')).toBe(readBack)
    expect(await talk.says('> 600')).toMatch(/^Which symbol is "> 600" about\?/)
  })

  test.each<[string, string]>([
    ['> 500', 'AAPL price > 500'],
    ['above 500 for 10m', 'AAPL price > 500 for 10m'],
    ['under 300', 'AAPL price < 300'],
    ['> 500 or < 300 repeat', 'AAPL price > 500 or AAPL price < 300 repeat'],
    ['up 5% today', 'AAPL price up 5% today'],
    ['crosses 340', 'AAPL price crosses 340'],
    ['volume > 2m', 'AAPL volume > 2m'],
    ['drops 8% from peak', 'AAPL price down 8% from peak'],
    ['between 300 and 310', 'AAPL price between 300 and 310'],
    ['MSFT > 500', 'MSFT price > 500'],
    ['alert MSFT > 500', 'MSFT price > 500'],
    ['AAPL > 500', 'AAPL price > 500'],
  ])('what about it may be answered in part or whole: %s', async (said, text) => {
    expect(await answerTo('alert', 'AAPL', said)).toMatch(/^Alert 1 is on\./)
    expect(await texts()).toEqual([text])
    expect(await talk.says('> 1')).toMatch(/^Which symbol is/)
  })

  test.each(['AAPL > 500', 'alert AAPL > 500'])('the first question too: %s', async (said) => {
    expect(await answerTo('alert', said)).toMatch(/^Alert 1 is on\./)
  })

  test('every button works by itself, at any time', async () => {
    const buttons = [...ABOUT_AAPL.matchAll(/: (alert [^\]]+)\]/g)].map(([, command]) => command!)
    for (const command of buttons) expect(await talk.says(command)).toMatch(/^Alert \d is on\./)
    expect(await talk.says('alert AAPL')).toBe(ABOUT_AAPL)
  })

  test('another symbol in place of a condition is asked about instead', async () => {
    expect(await answerTo('alert', 'AAPL', 'BTC')).toMatch(/^BTC\/USD is 97410\.50 USD/)
    expect(await talk.says('> 100k')).toMatch(/^Alert 1 is on\.\nBTC price > 100k\n/)
  })

  test('the symbols offered are those used last', async () => {
    await answerTo('alert MSFT > 1000', 'alert BTC > 200k', 'alert AAPL > 900', 'alert EURUSD > 2')
    expect(await talk.says('alert')).toContain('\n[EURUSD: alert EURUSD] [AAPL: alert AAPL] [BTC: alert BTC]')
  })

  test('what cannot be seen now can be asked about all the same', async () => {
    talk.figures.isDown = true
    expect(await answerTo('alert', 'AAPL')).toBe(
      'AAPL cannot be seen now: desk does not answer. What about it? Like: up 5% today, down 5% today.\n' +
        '[up 5% today: alert AAPL up 5% today] [down 5% today: alert AAPL down 5% today]',
    )
    expect(await talk.says('> 500')).toMatch(/^Alert 1 is on\./)
  })

  test('the questions take the place of the message with the button, and wait for words', async () => {
    expect(await talk.hears('alert')).toMatchObject({ isQuestion: true, place: 'instead' })
    expect(await talk.hears('alert AAPL')).toMatchObject({ isQuestion: true, place: 'instead' })
    expect(await talk.hears('nonsense of all kinds < >')).toMatchObject({ isQuestion: true, place: 'instead' })
    expect((await talk.hears('> 500')).isQuestion).toBeUndefined()
  })
})

describe('names that are not clear', () => {
  beforeEach(() => {
    talk.figures.prices.set('stock:COIN', '280').set('crypto:COIN/USD', '1.2')
    talk.figures.listings = [{ symbol: 'stock:AAPL', name: 'Apple Inc.', exchange: 'NASDAQ' }]
  })

  test.each<[string, string]>([
    ['COIN', '[stock:COIN: alert stock:COIN] [crypto:COIN/USD: alert crypto:COIN/USD]'],
    ['apple', '[stock:AAPL: alert stock:AAPL]'],
    ['apple computers', '[stock:AAPL: alert stock:AAPL]'],
  ])('%s offers choices, which go on with the exchange', async (said, choices) => {
    const answer = await answerTo('alert', said)
    expect(answer).toContain('Which symbol? (never mind leaves.)')
    expect(answer.split('\n').at(-1)).toBe(choices)
    expect(await talk.says(/: (alert [^\]]+)\]/.exec(choices)![1]!)).toContain('What about it?')
    expect(await talk.says('> 1000')).toMatch(/^Alert 1 is on\.\nstock:(COIN|AAPL) price > 1000\n/)
  })

  test('one in a whole condition too', async () => {
    expect(await answerTo('alert', 'COIN > 300')).toContain('[stock:COIN: alert stock:COIN > 300]')
    expect(await talk.says('alert stock:COIN > 300')).toMatch(/^Alert 1 is on\./)
  })

  test('a name nobody knows is asked for again', async () => {
    talk.figures.listings = []
    expect(await answerTo('alert', 'ZZZZ')).toBe(
      'I know no ZZZZ. Check the ticker.\nWhich symbol? (never mind leaves.)',
    )
    expect(await talk.says('AAPL')).toContain('What about it?')
  })
})

describe('a wrong answer is told what is wrong with it, and asked for again', () => {
  test.each<[string, string]>([
    ['> ', 'I expected a number after >.'],
    ['above', 'I expected a number after above.'],
    ['500', 'Above or below? Say which.'],
    ['aapl prise > 500', 'I don\'t know "prise". Did you mean price?'],
    ['PRISE > 500', 'I know no PRISE. Check the ticker.'],
    ['what do you mean', 'I don\'t know what "what" means here.'],
  ])('%j', async (said, problem) => {
    const lines = (await answerTo('alert', 'AAPL', said)).split('\n')
    expect(lines[0]).toBe(problem)
    expect(lines.at(-1)).toBe('What about AAPL? (never mind leaves.)')
    expect(await texts()).toEqual([])
    expect(await talk.says('> 500')).toMatch(/^Alert 1 is on\./)
  })

  test('a wrong whole command is too, and what it proposes works', async () => {
    const answer = await answerTo('alert', 'alert AAPL prise > 500')
    expect(answer).toContain('\nTry: alert AAPL price > 500\nWhich symbol? (never mind leaves.)')
    expect(await talk.says('alert AAPL price > 500')).toMatch(/^Alert 1 is on\./)
  })
})

describe('other commands in between', () => {
  test.each(['price BTC', 'help', 'list', 'why', 'status', 'functions rsi', '/help snooze'])(
    '%s looks only: the question stays open',
    async (said) => {
      await answerTo('alert BTC > 200k', 'alert', 'AAPL', said)
      expect(await talk.says(said === 'why' ? 'alert AAPL > 500' : '> 500')).toMatch(/^Alert 2 is on\./)
    },
  )

  test.each(['timezone Asia/Tokyo', 'pause 1', 'pause 99', 'delete all', 'alert BTC > 300k', 'undo'])(
    '%s ends it',
    async (said) => {
      await answerTo('alert BTC > 200k', 'alert', 'AAPL', said)
      expect(await talk.says('> 500')).toMatch(/^Which symbol is "> 500" about\?/)
    },
  )

  test('a slip of the finger after a slash is no answer', async () => {
    expect(await answerTo('alert', '/lsit')).toMatch(/^I know no command "lsit"/)
    expect(await talk.says('AAPL')).toContain('What about it?')
  })
})

describe('leaving', () => {
  test.each(['never mind', 'nevermind', 'Never  Mind', '/nevermind', 'leave', 'back'])('%s', async (said) => {
    expect(await answerTo('alert', 'AAPL', said)).toBe('All right, I leave it. Nothing is changed.')
    expect(await talk.says('> 500')).toMatch(/^Which symbol is/)
    expect(await talk.says(said)).toBe('All right. Nothing was open, and nothing is changed.')
  })
})

describe('how long a question waits', () => {
  test.each<[number, RegExp]>([
    [899_999, /^Alert 1 is on\./],
    [900_000, /^Which symbol is/],
  ])('answered after %d ms', async (wait, answer) => {
    await answerTo('alert', 'AAPL')
    talk.now += wait
    expect(await talk.says('> 500')).toMatch(answer)
  })

  test('it survives a restart in the middle', async () => {
    const uri = freshDatabase()
    const before = await connect(uri)
    const address = { address: 'restart', channel: 'double' }
    const first = startTalk(before)
    await first.handle({ ...address, id: 'r1', text: 'alert' })
    await first.handle({ ...address, id: 'r2', text: 'AAPL' })
    await before.close()
    const after = await connect(uri)
    const second = startTalk(after)
    const reply = await second.handle({ ...address, id: 'r3', text: '> 500' })
    expect(reply.pieces[0]).toEqual({ strong: 'Alert 1 is on.' })
    await after.close()
  })

  test('a message that comes twice is answered alike and goes one step only', async () => {
    const first = await talk.sends('twice-1', 'alert')
    expect(await talk.sends('twice-1', 'alert')).toBe(first)
    const second = await talk.sends('twice-2', 'AAPL')
    expect(await talk.sends('twice-2', 'AAPL')).toBe(second)
    expect(await talk.says('> 500')).toMatch(/^Alert 1 is on\./)
  })
})

describe('a question belongs to who was asked', () => {
  const group = (id: string) => ({ address: 'group', isGroup: true as const, sender: { id, name: id, isAdmin: false } })

  test('also in a group', async () => {
    await talk.hears('alert AAPL', group('anna'))
    const other = await talk.hears('> 500', group('bert'))
    expect(JSON.stringify(other)).toContain('Which symbol is')
    expect((await talk.hears('> 500', group('anna'))).pieces[0]).toEqual({ strong: 'Alert 1 is on.' })
  })
})

describe('commands that are called without saying what about', () => {
  test.each(Object.keys(QUESTIONS))('%s is a command there is', (name) => {
    expect(commands.map((command) => command.name)).toContain(name)
  })

  test('and so is each that may come in between', () => {
    expect([...BESIDE].filter((name) => !commands.some((command) => command.name === name))).toEqual([])
  })

  const about = Object.keys(QUESTIONS).filter((name) => name !== 'price' && name !== 'chart')

  test.each(about)('%s without any alert says how to set one', async (name) => {
    expect(await talk.says(name)).toMatch(/^You have no alerts\. Set one with: alert/)
  })

  test('which alert? The newest first, each a button; its number is the answer', async () => {
    await answerTo('alert AAPL > 500 or < 300', 'alert BTC > 200k repeat')
    expect(await talk.says('pause')).toBe(
      'Which alert? Its number is enough.\n[2: BTC > 200k: pause 2] [1: AAPL > 500 or < 300: pause 1]',
    )
    expect(await talk.says('1')).toMatch(/^Alert 1 is paused/)
    expect(await talk.says('2')).toBe(NOT_UNDERSTOOD)
  })

  test.each<[string, readonly string[], string]>([
    ['resume', ['pause 2'], '[2: BTC > 200k: resume 2]'],
    ['pause', ['pause 2'], '[1: AAPL > 500: pause 1]'],
    ['wake', ['snooze 1 1h'], '[1: AAPL > 500: wake 1]'],
    ['repeat', [], '[1: AAPL > 500: repeat 1]'],
    ['again', ['pause 2'], '[2: BTC > 200k: again 2] [1: AAPL > 500: again 1]'],
    ['resume', [], 'None of your alerts is paused.'],
    ['wake', [], 'None of your alerts is snoozed.'],
    ['pause', ['pause all'], 'None of your alerts is on. Type list to see them.'],
  ])('%s offers those that it can be about', async (name, before, last) => {
    const answer = await answerTo('alert AAPL > 500', 'alert BTC > 200k repeat', ...before, name)
    expect(answer.split('\n').at(-1)).toBe(last)
  })

  test('more than eight are not all shown', async () => {
    for (let count = 1; count <= 9; count++) await talk.says(`alert AAPL > ${500 + count}`)
    const answer = await talk.says('delete')
    expect(answer).toContain('Which alert? Its number is enough. list shows all 9.\n[9: ')
    expect(answer.match(/: delete \d\]/g)).toHaveLength(8)
  })

  test('a number there is not is asked for again', async () => {
    await talk.says('alert AAPL > 500')
    expect(await answerTo('why', '7')).toBe(
      'You have no alert 7. Type list to see yours.\nWhich alert? (never mind leaves.)',
    )
    expect(await talk.says('1')).toMatch(/^Alert 1: /)
  })

  test('snooze asks for the number, and then how long', async () => {
    await talk.says('alert AAPL > 500')
    expect(await answerTo('snooze', '1')).toBe(
      'For how long? Type it like 30m, 2h or 1d.\n[1h: snooze 1 1h] [4h: snooze 1 4h] [1d: snooze 1 1d]',
    )
    expect(await talk.says('soon')).toContain('\nFor how long? (never mind leaves.)')
    expect(await talk.says('90 minutes')).toMatch(/^Alert 1 is silent until 16:34: AAPL/)
  })

  test('edit asks what it shall be, and takes a whole condition', async () => {
    await talk.says('alert AAPL > 500')
    expect(await answerTo('edit', '1')).toBe(
      'What shall alert 1 be? Now it is: AAPL price > 500\nTry: edit 1 AAPL price > 500',
    )
    expect(await talk.says('BTC > 200k')).toMatch(/^Alert 1 is changed\.\nBTC price > 200k\n/)
  })

  test('price asks which symbol; a whole condition is still offered as an alert', async () => {
    expect(await talk.says('price')).toMatch(
      /^Which symbol\? A stock, a coin or a currency pair\.\n\[AAPL: price AAPL\]/,
    )
    expect(await talk.says('AAPL > 500')).toMatch(/^Shall I watch that\?/)
    expect(await talk.says('msft btc')).toMatch(/^MSFT /)
    expect(await talk.says('msft btc')).toBe(NOT_UNDERSTOOD)
  })
})
