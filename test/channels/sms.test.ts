import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { isReserved, MORE } from '../../src/channels/sms-words.ts'
import { commands } from '../../src/commands/index.ts'
import { TOPICS } from '../../src/commands/topics.ts'
import { FUNCTIONS } from '../../src/condition/functions.ts'
import { renderTelling } from '../../src/delivery/telling.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { startTalk, type Talk } from '../commands/talk.ts'
import { aTracked, MONDAY } from '../delivery/a-notification.ts'
import type { Text } from '../doubles/twilio.ts'
import { freshDatabase } from '../mongo.ts'
import { ANNA, BEN, closeRooms, enter, type Room } from './sms-room.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())
afterEach(async () => {
  expect(await closeRooms()).toEqual([])
})

type Conversation = { readonly room: Room; readonly talk: Talk; says(text: string, from?: string): Promise<string> }

/** The whole command layer, by text. */
async function converse(): Promise<Conversation> {
  const talk = startTalk(store)
  const phones = `${Math.floor(Math.random() * 1e9)}`.padStart(9, '0')
  const room = await enter({
    answer: (message) => talk.handle({ ...message, address: `${message.address}/${phones}` }),
  })
  return {
    room,
    talk,
    says: async (text, from) => (await room.twilio.texts(text, from)).texts.join('\n---\n'),
  }
}

describe('the conversation, by text', () => {
  test('an alert is set, and confirmed in one segment', async () => {
    const { says, room } = await converse()
    expect(await says('Alert AAPL > 500 or < 300')).toMatch(
      /^Alert 1 is on: AAPL > 500 or < 300\. Now 333\.69 USD, 11\.2 % above 300\. I'll tell you here, once\./,
    )
    expect(room.twilio.phone().at(-1)).toMatchObject({ segments: 1, isGsm: true })
  })

  test('smart quotes, a slash, spaces and pictures are no trouble', async () => {
    const { says } = await converse()
    expect(await says(' 🚀 /alert AAPL ≥ 500 note “to the moon” ')).toMatch(
      /^Alert 1 is on: AAPL >= 500 note "to the moon"/,
    )
  })

  test('already true: it is said, and how to hear it all the same', async () => {
    const { says } = await converse()
    expect(await says('alert AAPL > 300')).toMatch(/^Alert 1 is on: AAPL > 300\. Already true: .* Reply TELL 1 /)
    expect(await says('TELL 1')).toMatch(/^Alert 1 is on its way: AAPL/)
  })

  test('ambiguous: the meanings are numbered, and a number sets the alert', async () => {
    const { says, talk } = await converse()
    talk.figures.listings = [
      { symbol: 'stock:COIN', name: 'Coinbase Global' },
      { symbol: 'crypto:COIN/USD', name: 'COIN' },
    ]
    talk.figures.prices.set('stock:COIN', '250').set('crypto:COIN/USD', '1.5')
    const asked = await says('alert COIN > 300')
    expect(asked).toMatch(/^COIN can be .*\nReply by number: 1 stock:COIN, 2 crypto:COIN\/USD$/s)
    expect(await says('1')).toMatch(/^Alert 1 is on: .*COIN > 300/)
  })

  test('guided: a question at a time, by number or in words; never mind leaves', async () => {
    const { says, room } = await converse()
    expect(await says('alert')).toMatch(/\?/)
    await says('AAPL')
    expect(await says('> 500')).toMatch(/^Alert 1 is on: AAPL > 500/)
    await says('alert')
    expect(room.kept.offers.get(ANNA)?.isQuestion).toBe(true)
    await says('never mind')
    expect(room.kept.offers.get(ANNA)?.isQuestion).toBe(false)
  })

  test('why, in one segment, and MORE for the whole', async () => {
    const { says, room } = await converse()
    await says('alert AAPL > 500')
    await says('why 1')
    expect(room.twilio.phone().at(-1)).toMatchObject({ segments: 1 })
    expect(await says('more')).toContain('not true')
  })

  test('an error says what is wrong and what to type instead, in one segment', async () => {
    const { says, room } = await converse()
    expect(await says('alert AAPL prise > 500')).toBe(
      'I don\'t know "prise". Did you mean price? Try: alert AAPL price > 500',
    )
    expect(room.twilio.phone().at(-1)?.segments).toBe(1)
  })

  test('free words that are a condition are offered as an alert, by number', async () => {
    const { says } = await converse()
    expect(await says('AAPL > 500')).toMatch(/\nReply by number: 1 go ahead$/)
    expect(await says('1')).toMatch(/^Alert 1 is on: AAPL > 500/)
  })

  test('COMMANDS is our help; pages of it go on with MORE', async () => {
    const { says } = await converse()
    const pages = [await says('COMMANDS')]
    while (pages.at(-1)!.endsWith(MORE) && pages.length < 20) pages.push(await says('MORE'))
    const all = pages.join('\n')
    // `start` alone is the carrier's.
    for (const { usage, isHidden } of commands)
      if (!isHidden && usage !== 'start') expect(all).toContain(usage.split(' ')[0])
  })

  test('nobody reaches the alerts of another number', async () => {
    const { says } = await converse()
    await says('alert AAPL > 500')
    expect(await says('delete 1', BEN)).toContain('no alert 1')
  })

  test('a list of more alerts than a page goes on with MORE', async () => {
    const { says } = await converse()
    await says(Array.from({ length: 12 }, (_, index) => `alert AAPL > ${500 + index}`).join('\n'))
    const pages = [await says('list')]
    while (pages.at(-1)!.endsWith(MORE) && pages.length < 9) pages.push(await says('MORE'))
    const all = pages.join('\n')
    for (let number = 1; number <= 12; number++) expect(all).toMatch(new RegExp(`^${number} +AAPL > `, 'm'))
  })
})

/** Words that carriers take for theirs where they stand alone. */
const RESERVED = 'STOP|STOPALL|UNSUBSCRIBE|CANCEL|END|QUIT|REVOKE|OPTOUT|HELP|INFO|START|YES|UNSTOP'
const ASKED_FOR = new RegExp(
  `\\b(?:reply|type|send|say|text|try:|or|number: \\d|, \\d) "?(?:${RESERVED})"?(?=$|[.,;:!?")\\n]| (?:to|for|or)\\b)`,
  'im',
)

function expectGood({ text, isGsm, segments }: Text, most: number): void {
  expect([text, isGsm]).toEqual([text, true])
  expect([text, segments <= most]).toEqual([text, true])
  expect(ASKED_FOR.exec(text)?.[0] ?? '').toBe('')
  for (const line of text.split('\n')) expect(line).not.toMatch(new RegExp(`^(${RESERVED})\\.?$`, 'i'))
}

describe('what texts cost', () => {
  const lines = [
    ...commands
      .filter(({ name }) => name !== 'admin')
      .flatMap(({ name, usage, aliases = [] }) => [usage, name, ...aliases]),
    ...[...commands.map(({ name }) => name), ...TOPICS.map(({ name }) => name), ...Object.keys(FUNCTIONS)].map(
      (topic) => `help ${topic}`,
    ),
    ...[
      'list',
      'list 2',
      'why 1',
      'show 1',
      'history 1',
      'history',
      'pause 1',
      'pause all',
      'resume all',
      'snooze 1 2h',
    ],
    ...[
      'wake 1',
      'again 1',
      'repeat 1',
      'tell 1',
      'edit 1 AAPL > 510 repeat',
      'delete 2',
      'undo',
      'delete all',
      'why 99',
    ],
    ...[
      'price AAPL BTC EURUSD',
      'price',
      'status',
      'timezone',
      'timezone Mars',
      'lsit',
      'good morning',
      '',
      '??',
      '{"$gt":""}',
    ],
    ...[
      'alert AAPL prise > 500',
      'alert ŻÓŁĆ > “5”',
      'alert AAPL > 500 note “żółć → 🚀”',
      `alert ${'AAPL > 500 and '.repeat(20)}AAPL < 9`,
    ],
    ...[
      'alert QQQQ > 5',
      'alert EURO > 5',
      'help link',
      'help privacy',
      'link',
      'link K7QM-2XRA',
      'unlink',
      'unlink 1',
    ],
    ...['subscribe', 'subscribe sms 12', 'subscribe email you@example.org', 'subscribe fax 1', 'confirm 000000'],
    ...['subscriptions default 1', 'subscriptions default fax', 'unsubscribe 1', 'unsubscribe 9', 'test', 'whoami'],
    ...['ack', 'ack 1', 'mydata', 'forgetme', 'forgetme no'],
    ...['backtest AAPL > 300', 'chart AAPL 5d', 'quiet 22:00-07:00', 'cooldown 1 1h', 'x'.repeat(4_001)],
  ]

  test('every answer of every command is GSM-7 in three segments at most, and asks for no word of the carriers', async () => {
    const { says, room } = await converse()
    await says(Array.from({ length: 4 }, (_, index) => `alert AAPL > ${500 + index}`).join('\n'))
    for (const line of lines.filter((line) => !isReserved(line))) {
      await says(line)
      if (room.twilio.phone().at(-1)?.text.endsWith(MORE)) await says('more')
    }
    expect(room.heard.length).toBeGreaterThan(100)
    // Whoever types one of the carriers' words alone is heard no more: then the test would test nothing.
    const heard = new Set(room.heard.map(({ text }) => text.split(' ')[0]))
    const names = commands.filter(({ isHidden, name }) => !isHidden && name !== 'start').map(({ name }) => name)
    expect(names.filter((name) => !heard.has(name.split(' ')[0]!))).toEqual([])
    await says('forgetme yes')
    for (const text of room.twilio.phone().filter(({ by }) => by === 'twiml')) expectGood(text, 3)
  }, 30_000)

  test.each([
    'alert AAPL > 500',
    'alert AAPL crosses above 500 repeat cooldown 1h until Friday',
    'alert AAPL > 500 or < 300 or change > 5% or change < -5% or volume > 100m for 10m',
    `alert ${Array.from({ length: 9 }, (_, index) => `(AAPL > ${500 + index} and MSFT < ${900 - index})`).join(' or ')}`,
    `alert AAPL > 500 note "${'€{[~]}'.repeat(12)}"`,
    'alert BTC > 100k during always',
    'alert MSFT > AAPL * 1.6',
  ])('a confirmation is one segment: %s', async (line) => {
    const { says, room } = await converse()
    expect(await says(line)).toMatch(/^Alert 1 is on: /)
    expectGood(room.twilio.phone().at(-1)!, 1)
    for (const next of ['pause 1', 'resume 1', 'snooze 1 1h', 'wake 1', 'again 1', 'delete 1']) {
      await says(next)
      expectGood(room.twilio.phone().at(-1)!, 1)
    }
  })

  test('there is no MORE where all that is left is where the error was, and no gap where a chart cannot be', async () => {
    const { says } = await converse()
    expect(await says('alert QQQQQ > 5')).toBe('I know no QQQQQ. Check the ticker.')
    expect(await says('more')).toBe('There is no more to tell. Type COMMANDS to see what I understand.')
    expect(await says('alert AAPL prise > 500')).toBe(
      'I don\'t know "prise". Did you mean price? Try: alert AAPL price > 500',
    )
    expect(await says('chart AAPL 5d')).toMatch(/^AAPL\nFrom /)
  })

  test('what is cut is told whole by SHOW', async () => {
    const { says } = await converse()
    const conditions = Array.from({ length: 9 }, (_, index) => `(AAPL > ${500 + index} and MSFT < ${900 - index})`)
    expect(await says(`alert ${conditions.join(' or ')}`)).toMatch(/\.\.\..*Reply SHOW 1$/)
    const pages = [await says('show 1')]
    while (!pages.join().includes('508 and') && pages.length < 5) pages.push(await says('more'))
    expect(pages.join().replace(/\s+/g, ' ')).toContain('AAPL price > 508 and MSFT price < 892')
  })
})

describe('a firing, and whatever else is told unasked', () => {
  const long = Array.from({ length: 20 }, (_, index) => `AAPL price > ${500 + index}`).join(' and ')
  const evidence = (value: string, currency = 'USD', metric = 'price') => ({
    ...{ symbol: 'stock:AAPL', metric, value, currency, source: 'yahoo', at: MONDAY },
  })
  type Given = Parameters<typeof aTracked>[0]
  const occurrence = (given: object) => ({ ...aTracked().occurrence, ...given })
  const cases: [string, Given, number][] = [
    ['done', { occurrence: occurrence({ last: true }) }, 0],
    ['repeating', {}, 0],
    ['with a note', { alert: { id: 'a', number: 7, text: 'x', note: '“żółć” → 🚀 '.repeat(30) } }, 0],
    ['a long condition', { occurrence: occurrence({ triggers: [long], last: true }) }, 0],
    ['several triggers', { occurrence: occurrence({ triggers: ['AAPL price > 500', 'AAPL change > 5%'] }) }, 0],
    ['long figures', { occurrence: occurrence({ evidence: [evidence('0.'.padEnd(60, '1'), 'ZŁOTY€{}')] }) }, 0],
    [
      'many figures',
      {
        occurrence: occurrence({
          evidence: Array.from({ length: 20 }, (_, i) => evidence(`${i}`, '', `sma(AAPL, ${i})`)),
        }),
      },
      0,
    ],
    ['without figures', { occurrence: occurrence({ evidence: [] }) }, 0],
    ['signs that cost two', { occurrence: occurrence({ triggers: ['{}[]~^|€\\'.repeat(40)] }) }, 0],
    [
      'a number of six digits',
      { alert: { id: 'a', number: 999_999, text: 'x' }, occurrence: occurrence({ triggers: [long] }) },
      0,
    ],
    ['hours late', {}, 12 * 3_600_000],
    ['days late', { reason: 'Twilio asks for a pause', tries: 9 }, 3 * 86_400_000],
    ['seen again after a gap', { occurrence: occurrence({ gap: { from: MONDAY - 9e6, to: MONDAY } }) }, 0],
    [
      'expired',
      { alert: { id: 'a', number: 7, text: long }, occurrence: occurrence({ kind: 'expired', reason: 'pending' }) },
      0,
    ],
    [
      'blind',
      { alert: { id: 'a', number: 7, text: long }, occurrence: occurrence({ kind: 'blind', reason: 'x'.repeat(300) }) },
      0,
    ],
    ['sighted', { alert: { id: 'a', number: 7, text: long }, occurrence: occurrence({ kind: 'sighted' }) }, 0],
    [
      'a split',
      {
        alert: { id: 'a', number: 7, text: long },
        occurrence: occurrence({
          kind: 'split',
          split: { symbol: 'stock:AAPL', at: MONDAY, numerator: '4', denominator: '1', line: long, isWhole: false },
        }),
      },
      0,
    ],
    [
      'a split without a line',
      {
        alert: { id: 'a', number: 7, text: long },
        occurrence: occurrence({
          kind: 'split',
          split: { symbol: 'stock:AAPL', at: MONDAY, numerator: '4', denominator: '1', isWhole: true },
        }),
      },
      0,
    ],
  ]
  const say = (bundle: readonly Given[], late: number) => {
    const [first, ...rest] = bundle.map((given) => aTracked(given))
    return renderTelling({ how: 'alone', bundle: [first!, ...rest], gathers: [] } as never, {
      now: MONDAY + late,
      prices: new Map(),
      away: new Map(),
    })
  }

  test.each(cases)('%s: one segment', async (_title, given, late) => {
    const room = await enter()
    await room.channel.send(ANNA, say([given], late), 'key')
    expectGood(room.twilio.phone()[0]!, 1)
  })

  test.each([
    ['blind', 30],
    ['sighted', 30],
    ['blind', 2],
  ] as const)('an outage, %s, of %i alerts: one segment', async (kind, count) => {
    const room = await enter()
    const members = Array.from({ length: count }, (_, index) => ({
      alert: { id: `a${index}`, number: 1_000 + index, text: 'x' },
      outage: { symbols: [`stock:T${index}`], why: 'Yahoo and Nasdaq do not answer and there is more to be said' },
      occurrence: occurrence({ kind, gap: { from: MONDAY - 3_600_000, to: MONDAY } }),
    }))
    await room.channel.send(ANNA, say(members, 0), 'key')
    expectGood(room.twilio.phone()[0]!, 1)
  })

  test('first the fact, then what one can do', () => {
    expect(say([{ alert: { id: 'a', number: 1, text: 'x' }, occurrence: occurrence({ last: true }) }], 0).brief).toBe(
      'AAPL 501.12 USD > 500 at 15:04. Alert 1 is done. Reply AGAIN 1 or SNOOZE 1 1H',
    )
    expect(say([{}], 12 * 60_000).brief).toBe(
      'AAPL 501.12 USD > 500 at 15:04, 12 min late. Alert 7 stays on. Reply PAUSE 7 or SNOOZE 7 1H',
    )
    expect(say([cases[3]![1]], 0).brief).toMatch(
      /^AAPL 501\.12 USD.*\.\.\. at 15:04\. Alert 7 is done\. Reply SHOW 7 or AGAIN 7$/,
    )
  })

  test('a split is answered by a number', async () => {
    const { room, says, talk } = await converse()
    await says('alert AAPL > 500')
    const split = {
      symbol: 'stock:AAPL',
      at: MONDAY,
      numerator: '2',
      denominator: '1',
      line: 'AAPL > 250',
      isWhole: true,
    }
    const alert = { id: 'a', number: 1, text: 'AAPL > 500' }
    await room.channel.send(ANNA, say([{ alert, occurrence: occurrence({ kind: 'split', split }) }], 0), 'key')
    expect(room.twilio.phone().at(-1)?.text).toBe(
      'AAPL was split 2 for 1. Alert 1 in new shares: AAPL > 250\nReply by number: 1 Use the new line',
    )
    expect(talk.figures.prices.get('stock:AAPL')).toBe('333.69')
    expect(await says('1')).toMatch(/^Alert 1 is changed: AAPL > 250/)
  })
})
