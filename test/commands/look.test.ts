import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'
import { MONDAY, startTalk, type Talk } from './talk.ts'
import { planAll } from './told.ts'

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

describe('price', () => {
  test('says what symbols cost, how old that is and who says so, in one column', async () => {
    expect(await talk.says('price aapl, BTC EURUSD')).toBe(
      lines(
        'AAPL     333.69 USD        +1.9 %  12 s ago, desk',
        'BTC/USD  97410.50 USD  +29646.4 %  12 s ago, desk',
        'EUR/USD  1.0812 USD       -99.7 %  12 s ago, desk',
      ),
    )
  })

  test('one that is not known spoils no other', async () => {
    expect(await talk.says('price NOPE AAPL')).toBe(
      'I know no NOPE. Check the ticker.\nAAPL  333.69 USD  +1.9 %  12 s ago, desk',
    )
  })

  test('offers what is near, and asks which of two is meant', async () => {
    talk.figures.listings = [{ symbol: 'stock:MSFT', name: 'Microsoft' }]
    talk.figures.prices.set('stock:COIN', '280').set('crypto:COIN/USD', '1.2')
    expect(await talk.says('price MSTF COIN')).toBe(
      lines(
        'I know no MSTF. Did you mean stock:MSFT (Microsoft)?',
        'COIN can be stock:COIN (Coinbase Global) or crypto:COIN/USD (a token named COIN): type the one you mean.',
        '[stock:MSFT: price stock:MSFT COIN] [stock:COIN: price MSTF stock:COIN] [crypto:COIN/USD: price MSTF crypto:COIN/USD]',
      ),
    )
    expect(await talk.says('price stock:COIN')).toBe('COIN  280 USD  -14.5 %  12 s ago, desk')
  })

  test('words of which none is a symbol may be one name', async () => {
    talk.figures.listings = [{ symbol: 'stock:TSLA', name: 'Tesla, Inc.', exchange: 'NASDAQ' }]
    expect(await talk.says('price tesla motors')).toBe(
      lines('I know no TESLA MOTORS. Did you mean stock:TSLA (Tesla, Inc., NASDAQ)?', '[stock:TSLA: price stock:TSLA]'),
    )
  })

  test('says why a price cannot be had', async () => {
    talk.figures.isDown = true
    expect(await talk.says('price AAPL')).toBe('AAPL  cannot be seen: desk does not answer')
  })

  test.each<[string, string]>([['price a b c d e f g h i j k', 'At most 10 symbols at a time.']])(
    '%s',
    async (text, answer) => {
      expect(await talk.says(text)).toBe(answer)
    },
  )
})

describe('why', () => {
  test('each part with its value, the age and source of the data, the state and the last check', async () => {
    await talk.says('alert (AAPL > 500 and BTC > 100k) or EURUSD > 1.05')
    expect(await talk.says('why 1')).toBe(
      lines(
        'Alert 1: AAPL price > 500 and BTC price > 100k or EURUSD price > 1.05',
        'AAPL price > 500: not true. AAPL 333.69 USD (desk, 12 s ago)',
        'BTC price > 100k: not true. BTC/USD 97410.50 USD (desk, 12 s ago)',
        'EURUSD price > 1.05: true. EUR/USD 1.0812 USD (desk, 12 s ago)',
        'On; set 15:04, fired 0 times.',
        'Last check 4 s ago.',
        '[Show: show 1] [History: history 1]',
      ),
    )
  })

  test('that a price is late', async () => {
    talk.figures.delay = 15 * 60_000
    await talk.says('alert AAPL > 500')
    expect(await talk.says('why 1')).toContain('AAPL 333.69 USD (desk, 12 s ago, 15 min late)\n')
  })

  test('what is not known, with the reason', async () => {
    await talk.says('alert AAPL > 500')
    talk.figures.isDown = true
    expect(await talk.says('why 1')).toContain(
      '\nAAPL price > 500: not known. AAPL price not known: desk does not answer\n',
    )
  })

  test('a price that was not believed, by which rule, and what it waits for', async () => {
    const symbol = 'stock:MSFT'
    const [source, at] = ['desk', talk.now - 9_000]
    const jump = {
      symbol,
      rule: 'jump',
      price: '900',
      source,
      why: 'it rose by 80 % at once',
      isWaiting: true,
      at,
    } as const
    await talk.says('alert MSFT > 500')
    await store.quotes.write([{ symbol, price: '500', currency: 'USD', source, receivedAt: at - 1_000 }])
    await store.quotes.holdBack([jump])
    expect(await talk.says('why 1')).toContain(
      '\nA price of 900 for MSFT (desk, 9 s ago) was not believed: it rose by 80 % at once (jump); I wait for a second source.\n',
    )
    await store.quotes.holdBack([
      { ...jump, rule: 'price', price: '0', why: 'it is no number above zero', isWaiting: false },
    ])
    expect(await talk.says('why 1')).toContain(' was not believed: it is no number above zero (price).\n')
  })

  test('its timers', async () => {
    await talk.says('alert AAPL > 500 repeat cooldown 2h until Friday')
    await talk.says('snooze 1 1d')
    await talk.says('pause 1')
    expect(await talk.says('why 1')).toContain(
      lines(
        'On, paused; set 15:04, fired 0 times.',
        'Silent until Tue 24 Nov 15:04.',
        'Ends Sat 28 Nov 00:00.',
        'Last check',
      ),
    )
  })

  test('its firings, and what became of each message', async () => {
    await talk.says('alert AAPL > 300')
    await talk.says('tell 1')
    const [alert] = await talk.alerts()
    const told = async () => (await talk.says('why 1')).split('\n').at(-2)
    expect(await talk.says('why 1')).toContain('\nDone; set 15:04, fired once, last 15:04.\n')
    await planAll(store, MONDAY)
    expect(await told()).toBe('15:04 fired by double: about to be sent')

    const take = async (now: number, token: string) => {
      await store.notifications.lease({ channel: 'double', token, lease: 60_000, limit: 100, now })
      return (await store.notifications.ofAlert(alert!.user, alert!.id, 1))[0]!.id
    }
    const id = await take(MONDAY, 'one')
    expect(await told()).toBe('15:04 fired by double: being sent')
    await store.notifications.record([id], 'one', { state: 'due', dueAt: MONDAY + 1, reason: 'it is down' }, MONDAY)
    expect(await told()).toBe('15:04 fired by double: tried once, due again at 15:04 (it is down)')
    await take(MONDAY + 1, 'two')
    await store.notifications.record([id], 'two', { state: 'due', dueAt: MONDAY + 2, reason: 'it is down' }, MONDAY)
    expect(await told()).toBe('15:04 fired by double: tried 2 times, due again at 15:04 (it is down)')
    await take(MONDAY + 2, 'three')
    await store.notifications.record([id], 'three', { state: 'sent', receipt: 'r' }, MONDAY + 2)
    expect(await told()).toBe('15:04 fired by double: sent at 15:04 at try 3 (id r)')
  })

  test.each<['failed' | 'dropped', string]>([
    ['failed', '15:04 fired by double: could not be sent (you have blocked me)'],
    ['dropped', '15:04 fired by double: not sent (you have blocked me)'],
  ])('a message that was %s says so, with the reason', async (state, line) => {
    await talk.says('alert AAPL > 300')
    await talk.says('tell 1')
    const [alert] = await talk.alerts()
    const [subscription] = (await store.users.byIds([alert!.user])).get(alert!.user)!.subscriptions
    await store.notifications.add([
      {
        id: `${alert!.id}:${state}`,
        user: alert!.user,
        subscription: subscription!.id,
        channel: 'double',
        address: subscription!.address,
        zone: 'UTC',
        alert: { id: alert!.id, number: 1, text: alert!.text },
        occurrence: alert!.unsent[0]!,
        createdAt: MONDAY,
      },
    ])
    await store.notifications.lease({ channel: 'double', token: state, lease: 60_000, limit: 100, now: MONDAY })
    await store.notifications.record([`${alert!.id}:${state}`], state, { state, reason: 'you have blocked me' }, MONDAY)
    expect((await talk.says('why 1')).split('\n').at(-2)).toBe(line)
  })
})

describe('timezone', () => {
  test.each<[string, string]>([
    [
      'timezone',
      'I take your time zone to be UTC: it is 15:04 there. If that is wrong, tell me yours like this: timezone Europe/Berlin',
    ],
    ['timezone Europe/Berlin', 'Your time zone is Europe/Berlin: it is 16:04 there.'],
    ['tz europe/berlin', 'Your time zone is Europe/Berlin: it is 16:04 there.'],
    ['timezone New York', 'Your time zone is America/New_York: it is 10:04 there.'],
    ['timezone tokyo', 'Your time zone is Asia/Tokyo: it is 00:04 there.'],
    ['timezone nowhere', 'I know no time zone "nowhere". Type it as continent and city.\nTry: timezone Europe/Berlin'],
  ])('%s', async (text, answer) => {
    expect(await talk.says(text)).toBe(answer)
  })

  test('what was told is kept, and is one’s own', async () => {
    await talk.says('timezone Europe/Berlin')
    expect(await talk.says('timezone')).toBe('Your time zone is Europe/Berlin: it is 16:04 there.')
    expect(await talk.says('timezone', 'bob')).toContain('I take your time zone to be UTC')
    await talk.says('alert AAPL > 500')
    expect(await talk.says('snooze 1 2h')).toContain('Alert 1 is silent until 18:04: AAPL')
  })
})

describe('help', () => {
  test('shows every command once, with how it is typed', async () => {
    const { commands } = await import('../../src/commands/index.ts')
    const help = await talk.says('help')
    for (const { usage, summary } of commands.filter(({ isHidden }) => !isHidden)) {
      expect(help.split(usage).length - 1).toBeGreaterThanOrEqual(1)
      expect(help.split(summary)).toHaveLength(2)
    }
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test.each<[string, string]>([
    ['help snooze', 'snooze: Silence an alert for a while\nsnooze 7 2h\nsnooze all 2h'],
    ['help /list', 'list: Your alerts, the nearest to firing first\nlist'],
    ['help ls', 'list: Your alerts, the nearest to firing first\nlist'],
    ['help alret', 'I have no help on "alret".\nTry: help alert'],
    ['help me please', 'I have no help on "me please".\nTry: help alert'],
  ])('%s', async (text, answer) => {
    expect(await talk.says(text)).toBe(answer)
  })

  test('every line that help shows as an example is understood', async () => {
    const shown = (await talk.says('help alert')).split('\n').filter((line) => line.startsWith('alert '))
    expect(shown.length).toBeGreaterThan(2)
    for (const line of shown) expect(await talk.says(line)).toMatch(/^Alert \d+ is on\./)
  })

  test('no two commands answer to the same word', async () => {
    const { commands } = await import('../../src/commands/index.ts')
    const words = commands.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])])
    expect(words).toEqual([...new Set(words)])
  })
})
