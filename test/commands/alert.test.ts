import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { SATURDAY, startTalk, type Talk } from './talk.ts'

let store: Store
let talk: Talk
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
beforeEach(() => {
  talk = startTalk(store)
})

const lines = (...all: string[]) => all.join('\n')

describe('an alert that is set is read back', () => {
  test('with the value now, how far it is, and when and where it will speak', async () => {
    expect(await talk.says('/alert AAPL price > 500 or AAPL price < 300')).toBe(
      lines(
        'Alert 1 is on.',
        'AAPL price > 500 or AAPL price < 300',
        'Now 333.69 USD (12 s ago, desk): 49.8 % below 500, 11.2 % above 300.',
        'In the last 30 days this would have fired 0 times.',
        "I'll tell you here, once.",
        '[Repeat: repeat 1] [Pause: pause 1] [Delete: delete 1]',
      ),
    )
  })

  test.each<[string, string]>([
    ['AAPL > 500', "I'll tell you here, once."],
    ['AAPL > 500 repeat', "I'll tell you here, each time it becomes true."],
    ['AAPL > 500 repeat cooldown 2h', "I'll tell you here, each time it becomes true, 2h apart at least."],
    ['AAPL > 500 every 1h', "I'll tell you here, every 1h while it is true."],
    ['AAPL > 500 for 10m', "I'll tell you here when it has been true for 10m, once."],
    ['AAPL > 500 until Friday', "I'll tell you here, once, until the end of Fri 27 Nov."],
    ['AAPL > 500 until 2027-12-31 17:00', "I'll tell you here, once, until Fri 31 Dec 2027 17:00."],
    ['AAPL > 500 until 17:00', "I'll tell you here, once, until 17:00."],
  ])('alert %s → %s', async (condition, promise) => {
    expect((await talk.says(`alert ${condition}`)).split('\n')).toContain(promise)
  })

  test('one that repeats does not offer to repeat', async () => {
    expect(await talk.says('alert AAPL > 500 repeat')).toContain('\n[Pause: pause 1] [Delete: delete 1]')
  })

  test('several symbols are shown each with its price, as it was heard', async () => {
    expect(await talk.says('alert AAPL > 500 and BTC > 100k')).toContain(
      '\nNow AAPL 333.69 USD (12 s ago, desk), BTC/USD 97410.50 USD (12 s ago, desk): ' +
        'AAPL 49.8 % below 500, BTC 2.7 % below 100k.\n',
    )
  })

  test('a figure that is not the price is shown beside it', async () => {
    talk.figures.prices.set('stock:AAPL', '330')
    talk.figures.previousClose = '300'
    expect(await talk.says('alert AAPL change > 12%')).toContain('\nNow 330 USD (12 s ago, desk), change 10 %.\n')
  })

  test('one that is true already says so, and offers to tell now', async () => {
    expect(await talk.says('alert AAPL > 300')).toBe(
      lines(
        'Alert 1 is on.',
        'AAPL price > 300',
        'Now 333.69 USD (12 s ago, desk).',
        'In the last 30 days this would have fired 0 times.',
        "It is already true. I'll wait until it next becomes true.",
        '[Tell me now: tell 1] [Delete: delete 1]',
      ),
    )
  })

  test('while the market is closed it says when it opens', async () => {
    talk.now = SATURDAY
    expect(await talk.says('alert AAPL > 500 and BTC > 100k')).toContain(
      '\nRegular trading in AAPL opens Mon 23 Nov 14:30; until then its last price counts.\n',
    )
  })

  test('what cannot be seen now is watched all the same, and the reason is said', async () => {
    talk.figures.isDown = true
    expect(await talk.says('alert AAPL > 500')).toBe(
      lines(
        'Alert 1 is on.',
        'AAPL price > 500',
        'I could not check that AAPL exists.',
        'Now AAPL cannot be seen: desk does not answer.',
        'I keep looking, and watch it as soon as I can see it.',
        "I'll tell you here, once.",
        '[Repeat: repeat 1] [Pause: pause 1] [Delete: delete 1]',
      ),
    )
  })

  test('times are those of the person', async () => {
    await talk.says('timezone Asia/Tokyo')
    expect(await talk.says('alert AAPL > 500 until Friday')).toContain('until the end of Fri 27 Nov.')
    const [alert] = await talk.alerts()
    expect(alert?.until).toBe(Date.parse('2026-11-28T00:00:00+09:00'))
  })

  test('the price a person is shown is the baseline: the next quote beyond the level is an edge', async () => {
    await talk.says('alert AAPL > 500')
    const [alert] = await talk.alerts()
    expect(alert?.triggers.map(({ side }) => side)).toEqual(['unmet'])
  })
})

describe('what the language says and only the market can answer', () => {
  test.each<[string, string]>([
    [
      'alert AAPL-MSFT > 5',
      'I know no AAPL-MSFT. For a difference put spaces around the -.\n  AAPL-MSFT > 5\n  ^^^^^^^^^\nTry: alert AAPL - MSFT > 5',
    ],
    [
      'alert AAPL/MSFT > 5',
      'I know no AAPL/MSFT. For a division put spaces around the /.\n  AAPL/MSFT > 5\n  ^^^^^^^^^\nTry: alert AAPL / MSFT > 5',
    ],
    [
      'alert AAPL > 500 repeat via sms',
      'I cannot tell you by SMS: I have no such address of yours. To add one: subscribe sms and the number.\nTry: alert AAPL price > 500 repeat',
    ],
  ])('%s is refused', async (typed, answer) => {
    expect(await talk.says(typed)).toBe(answer)
  })

  test('a function is shown with its value beside the price', async () => {
    expect(await talk.says('alert AAPL > 2 * sma(AAPL, 5)')).toMatch(
      /\nNow 333\.69 USD \(12 s ago, desk\), sma\(AAPL, 5\) 328\.714 USD, .*\n/,
    )
  })

  test('a move shows what it is counted from', async () => {
    expect(await talk.says('alert AAPL down 8% from peak')).toContain(
      'Now 333.69 USD (12 s ago, desk), peak 333.69 USD',
    )
  })

  test('whoever has not told their time zone is asked for it where it matters', async () => {
    const answer = await talk.says('alert AAPL > 500 until 17:00')
    expect(answer).toContain(
      '\nI take your time zone to be UTC. If it is another, type it, like timezone Asia/Tokyo, and set this again.\n',
    )
    expect(answer).toContain('[UTC is right: timezone UTC]')
    await talk.says('timezone UTC')
    expect(await talk.says('alert AAPL > 500 until 17:00')).not.toContain('time zone')
  })

  test('one that looks at closes says so', async () => {
    expect(await talk.says('alert AAPL > 500 at close')).toContain(
      "\nI look at it once a day, when the day's candle is finished.\n",
    )
  })

  test('one of extended hours says when they begin', async () => {
    talk.now = SATURDAY
    expect(await talk.says('alert AAPL > 500 during extended hours')).toContain(
      '\nTrading in AAPL, extended hours included, opens Mon 23 Nov 09:00.\n',
    )
  })
})

describe('several lines', () => {
  test('set several alerts, and a bad one is answered in its place and spoils no other', async () => {
    expect(await talk.says('alert AAPL > 500\n\nAAPL prise > 5\n/alert MSFT < 300 repeat')).toBe(
      lines(
        'Alert 1 is on.',
        'AAPL price > 500',
        'Now 333.69 USD (12 s ago, desk): 49.8 % below 500.',
        'In the last 30 days this would have fired 0 times.',
        "I'll tell you here, once.",
        '',
        'I don\'t know "prise". Did you mean price?',
        '  AAPL prise > 5',
        '       ^^^^^',
        'Try: alert AAPL price > 5',
        '',
        'Alert 2 is on.',
        'MSFT price < 300 repeat',
        'Now 480.00 USD (12 s ago, desk): 60.0 % above 300.',
        'In the last 30 days this would have fired 0 times.',
        "I'll tell you here, each time it becomes true.",
        '[List: list]',
      ),
    )
  })

  test('choices between symbols can still be pressed', async () => {
    talk.figures.prices.set('stock:COIN', '280').set('crypto:COIN/USD', '1.2')
    expect(await talk.says('alert AAPL > 500\nCOIN > 300')).toContain(
      '\n[stock:COIN: alert stock:COIN > 300] [crypto:COIN/USD: alert crypto:COIN/USD > 300] [List: list]',
    )
  })
})

describe('what is refused', () => {
  test.each<[string, string]>([
    [
      'alert AAPL prise > 500',
      'I don\'t know "prise". Did you mean price?\n  AAPL prise > 500\n       ^^^^^\nTry: alert AAPL price > 500',
    ],
    ['alert AAPL >', 'I expected a number after >.\n  AAPL >\n        ^\nTry: alert AAPL > 500'],
    [
      'alert AAPL > 500 and AAPL < 300',
      'This can never be met: AAPL price > 500 and AAPL price < 300 exclude each other.\n' +
        '  AAPL > 500 and AAPL < 300\n  ^^^^^^^^^^^^^^^^^^^^^^^^^\nTry: alert AAPL > 500 or AAPL < 300',
    ],
    [
      'alert AAPL > 500 until 2020-01-01',
      '"2020-01-01" is over already.\n  AAPL > 500 until 2020-01-01\n                   ^^^^^^^^^^\nTry: alert AAPL > 500',
    ],
    ['alert NOPE > 5', 'I know no NOPE. Check the ticker.\n  NOPE > 5\n  ^^^^'],
  ])('%s', async (typed, answer) => {
    expect(await talk.says(typed)).toBe(answer)
    expect(await talk.says('list')).toContain('You have no alerts.')
  })

  test('a line to try works when it is sent', async () => {
    const refusal = await talk.says('alert AAPL prise > 500')
    const suggestion = /^Try: (.+)$/m.exec(refusal)?.[1]
    expect(await talk.says(suggestion!)).toMatch(/^Alert 1 is on\./)
  })

  test('a name that stands for two things is a question, and each choice works when it is sent', async () => {
    talk.figures.prices.set('stock:COIN', '280').set('crypto:COIN/USD', '1.2')
    expect(await talk.says('alert AAPL > 500 or COIN > 300 repeat')).toBe(
      lines(
        'COIN can be stock:COIN (Coinbase Global) or crypto:COIN/USD (a token named COIN).',
        '  AAPL > 500 or COIN > 300 repeat',
        '                ^^^^',
        '[stock:COIN: alert AAPL > 500 or stock:COIN > 300 repeat] ' +
          '[crypto:COIN/USD: alert AAPL > 500 or crypto:COIN/USD > 300 repeat]',
      ),
    )
    expect(await talk.says('alert AAPL > 500 or stock:COIN > 300 repeat')).toMatch(/^Alert 1 is on\./)
    expect(await talk.says('alert AAPL > 500 or crypto:COIN/USD > 300 repeat')).toMatch(/^Alert 2 is on\./)
  })

  test('of a ticker that nobody has the nearest are offered, and each works when it is sent', async () => {
    talk.figures.listings = [
      { symbol: 'stock:MSFT', name: 'Microsoft' },
      { symbol: 'stock:AAPL', name: 'AAPL' },
    ]
    expect(await talk.says('alert MSTF > 5')).toBe(
      lines(
        'I know no MSTF. Did you mean stock:MSFT (Microsoft) or stock:AAPL?',
        '  MSTF > 5',
        '  ^^^^',
        '[stock:MSFT: alert stock:MSFT > 5] [stock:AAPL: alert stock:AAPL > 5]',
      ),
    )
    expect(await talk.says('alert stock:MSFT > 5')).toMatch(/^Alert 1 is on\./)
  })

  test('a name in place of a ticker is answered with what has that name', async () => {
    talk.figures.listings = [{ symbol: 'stock:AAPL', name: 'Apple Inc.', exchange: 'NASDAQ' }]
    expect(await talk.says('alert apple > 500')).toBe(
      lines(
        'I know no APPLE. Did you mean stock:AAPL (Apple Inc., NASDAQ)?',
        '  apple > 500',
        '  ^^^^^',
        '[stock:AAPL: alert stock:AAPL > 500]',
      ),
    )
  })

  test('a name of several words in place of a ticker is answered with what has that name, and a line that works', async () => {
    talk.figures.listings = [{ symbol: 'stock:AAPL', name: 'Apple Inc.', exchange: 'NASDAQ' }]
    expect(await talk.says('alert apple computers > 500 once')).toBe(
      lines(
        'I know no symbol "apple computers". Did you mean stock:AAPL (Apple Inc., NASDAQ)?',
        '  apple computers > 500 once',
        '  ^^^^^^^^^^^^^^^',
        'Try: alert AAPL > 500 once',
        '[stock:AAPL: alert stock:AAPL > 500 once]',
      ),
    )
    expect(await talk.says('alert AAPL > 500 once')).toMatch(/^Alert 1 is on\./)
    talk.figures.listings = []
    expect(await talk.says('alert AAPL prise > 500')).toMatch('Did you mean price?')
    expect(await talk.says('alert quantum llamas > 500')).not.toMatch('I know no symbol')
  })

  test('a name and an exchange that are known are read back, once', async () => {
    talk.figures.names.set('stock:AAPL', { symbol: 'stock:AAPL', name: 'Apple Inc.', exchange: 'NasdaqGS' })
    expect(await talk.says('alert AAPL > 500')).toContain('\nAAPL is Apple Inc. (NasdaqGS).\nNow 333.69')
    expect(await talk.says('edit 1 AAPL > 510')).toContain('AAPL is Apple Inc. (NasdaqGS).')
    expect(await talk.says('pause 1')).not.toContain('Apple')
    expect(await talk.says('resume 1')).not.toContain('Apple')
  })

  test.each(['AAPL', 'stock:aapl', '$aapl'])(
    '%s is watched unchecked while nobody answers, and the answer says so',
    async (typed) => {
      talk.figures.isDown = true
      const answer = await talk.says(`alert ${typed} > 500`)
      expect(answer).toMatch(/^Alert 1 is on\./)
      expect(answer).toContain('I could not check that AAPL exists.')
    },
  )

  test.each(['btc', 'crypto:btc', 'eurusd', 'ocdo.l'])(
    '%s is watched unchecked while nobody answers, as it is no name',
    async (typed) => {
      talk.figures.isDown = true
      expect(await talk.says(`alert ${typed} > 500`)).toMatch(/^Alert 1 is on\.(.|\n)*I could not check/)
    },
  )

  test('what may be a name is not watched while nobody answers who could tell', async () => {
    talk.figures.isDown = true
    expect(await talk.says('alert BTC > 500 or tesla > 500')).toBe(
      lines(
        'TESLA may be a name, and nobody answers now who could tell. If it is the ticker, type it in capitals.',
        '  BTC > 500 or tesla > 500',
        '               ^^^^^',
        '[stock:TESLA: alert BTC > 500 or stock:TESLA > 500]',
      ),
    )
    talk.figures.isDown = false
    expect(await talk.says('alert aapl > 500')).toMatch(/^Alert 1 is on\./)
  })

  test('one alert more than a person may have is refused; one that is over or paused does not count', async () => {
    talk = startTalk(store, { maxAlerts: 2 })
    await talk.says('alert AAPL > 500\nalert AAPL > 510')
    const full = 'You have 2 alerts on, which is the most I keep for one person. Delete one first.'
    expect(await talk.says('alert AAPL > 520')).toBe(full)
    expect(await talk.says('alert AAPL > 520', 'bob')).toMatch(/^Alert 1 is on\./)
    await talk.says('delete 1')
    expect(await talk.says('alert AAPL > 520')).toMatch(/^Alert 3 is on\./)
    expect(await talk.says('alert AAPL > 530')).toBe(full)
    await talk.says('pause 2')
    expect(await talk.says('alert AAPL > 530')).toMatch(/^Alert 4 is on\./)
  })
})

describe('the same message again', () => {
  test('gets the same answer and makes no second alert', async () => {
    const first = await talk.sends('77', 'alert AAPL > 500')
    talk.figures.prices.set('stock:AAPL', '400')
    expect(await talk.sends('77', 'alert AAPL > 500')).toBe(first)
    expect((await talk.says('list')).split('\n')).toHaveLength(1)
  })

  test('at the same moment, several times, makes one alert', async () => {
    await Promise.all(Array.from({ length: 5 }, () => talk.sends('78', 'alert AAPL > 500\nalert AAPL > 510')))
    expect((await talk.says('list')).split('\n')).toHaveLength(2)
  })

  test('after a death before its answer was kept, makes no second alert either', async () => {
    await talk.sends('79', 'alert AAPL > 500')
    await store.db.collection('messages').deleteMany({})
    expect(await talk.sends('79', 'alert AAPL > 500')).toMatch(/^Alert 1 is on\./)
    expect((await talk.says('list')).split('\n')).toHaveLength(1)
  })

  test('a number is never given twice, also after the last alert was deleted', async () => {
    await talk.says('alert AAPL > 500')
    await talk.says('delete 1')
    expect(await talk.says('alert AAPL > 500')).toMatch(/^Alert 2 is on\./)
  })
})
