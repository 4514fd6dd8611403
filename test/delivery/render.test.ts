import { describe, expect, test } from 'vitest'
import type { Occurrence } from '../../src/alert/types.ts'
import { figure, render } from '../../src/delivery/render.ts'
import type { Tracked } from '../../src/delivery/types.ts'
import { plain } from '../../src/reply.ts'
import { anEvidence, anOccurrence, aTracked, MONDAY } from './a-notification.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The words of a message, and of its buttons. */
function said(occurrence: Partial<Occurrence>, given: Partial<Tracked> = {}, late = 0): string {
  const reply = render(aTracked({ occurrence: anOccurrence(occurrence), ...given }), MONDAY + late)
  const buttons = reply.buttons.map(({ label, command }) => `[${label}: ${command}]`).join(' ')
  return buttons === '' ? plain(reply) : `${plain(reply)}\n${buttons}`
}

describe('a firing', () => {
  test('first the fact, then the evidence, then what one can do', () => {
    expect(said({})).toBe(
      [
        'Alert 7: AAPL price > 500',
        'AAPL 501.12 USD at 15:04:07 (New York 10:04), test.',
        '[Pause: pause 7] [Snooze 1 h: snooze 7 1h] [Why: why 7] [Delete: delete 7]',
      ].join('\n'),
    )
  })

  test('the fact is emphasised, and nothing else', () => {
    const [fact, ...rest] = render(aTracked(), MONDAY).pieces
    expect(fact).toEqual({ strong: 'Alert 7: AAPL price > 500' })
    expect(rest.every((piece) => typeof piece === 'string')).toBe(true)
  })

  test('one that ended the alert offers to arm it again', () => {
    expect(said({ last: true })).toContain(
      '\n[Again: again 7] [Snooze 1 h: snooze 7 1h] [Why: why 7] [Delete: delete 7]',
    )
  })

  test.each<[string, string]>([
    ['Europe/Berlin', 'AAPL 501.12 USD at 16:04:07 (New York 10:04), test.'],
    ['America/New_York', 'AAPL 501.12 USD at 10:04:07, test.'],
    ['Asia/Kolkata', 'AAPL 501.12 USD at 20:34:07 (New York 10:04), test.'],
  ])('times are those of the person in %s', (zone, line) => {
    expect(said({}, { zone }).split('\n')[1]).toBe(line)
  })

  test('several figures stand each on a line; only stocks have New York’s time', () => {
    const evidence = [
      anEvidence(),
      anEvidence({ symbol: 'crypto:BTC/USD', value: '97410.50' }),
      anEvidence({ symbol: 'stock:SPY', metric: 'change', value: '1.9' }),
    ]
    expect(said({ triggers: ['AAPL price > 500 and BTC price > 97k and SPY change > 1 %'], evidence })).toContain(
      [
        'Alert 7: AAPL price > 500 and BTC price > 97k and SPY change > 1 %',
        'AAPL 501.12 USD at 15:04:07 (New York 10:04), test.',
        'BTC/USD 97410.50 USD at 15:04:07, test.',
        'SPY change 1.9 % at 15:04:07 (New York 10:04), test.\n',
      ].join('\n'),
    )
  })

  test.each<[what: string, given: Parameters<typeof anEvidence>[0], words: string]>([
    ['up', { change: '1.9' }, ', up 1.9 % today, test.'],
    ['down', { change: '-0.3' }, ', down 0.3 % today, test.'],
    ['where it was', { change: '-0.0' }, ', unchanged today, test.'],
    ['of a coin, which has no close', { symbol: 'crypto:BTC/USD', change: '4.0' }, ', up 4.0 % in 24 h, test.'],
    ['of another day, as the market was closed', { at: MONDAY - DAY, change: '1.9' }, '), test.'],
  ])('how far a price is off the close before it: %s', (_what, given, words) => {
    const [, line] = said({ evidence: [anEvidence(given)] }).split('\n')
    expect(line!.endsWith(words), line).toBe(true)
    expect(line!.includes(' % ')).toBe(words.includes(' % '))
  })

  test('it is not told twice where the condition is about it', () => {
    const evidence = [anEvidence({ change: '1.9' }), anEvidence({ metric: 'change', value: '1.9', currency: '%' })]
    expect(said({ evidence })).toContain('AAPL 501.12 USD, change 1.9 % at 15:04:07 (New York 10:04), test.')
  })

  test('figures of one symbol and time are told in one line; a function names its symbol itself', () => {
    const evidence = [
      anEvidence(),
      anEvidence({ metric: 'change', value: '1.9', currency: '%' }),
      anEvidence({ metric: 'sma(AAPL, 50)', value: '498.2' }),
      anEvidence({ metric: 'rsi(AAPL, 14)', value: '71.3', currency: '' }),
      anEvidence({ metric: 'AAPL price / MSFT price', value: '1.0433', currency: '' }),
    ]
    expect(said({ evidence })).toContain(
      '\nAAPL 501.12 USD, change 1.9 %, sma(AAPL, 50) 498.2 USD, rsi(AAPL, 14) 71.3, AAPL price / MSFT price 1.0433 at 15:04:07 (New York 10:04), test.\n',
    )
  })

  test('a function alone stands without the symbol in front', () => {
    expect(said({ evidence: [anEvidence({ metric: 'rsi(AAPL, 14)', value: '29.1', currency: '' })] })).toContain(
      '\nrsi(AAPL, 14) 29.1 at 15:04:07',
    )
  })

  test('what a move is counted from stands beside the price', () => {
    const evidence = [anEvidence({ value: '462.30' }), anEvidence({ metric: 'peak', value: '502.5' })]
    expect(said({ evidence })).toContain('\nAAPL 462.30 USD, peak 502.5 USD at 15:04:07')
  })

  test('the person’s note comes right after the fact', () => {
    const alert = { id: 'alert', number: 7, text: 'AAPL price > 500 note "buy?"', note: 'buy?' }
    expect(said({}, { alert })).toMatch(/^Alert 7: AAPL price > 500\nYour note: buy\?\nAAPL 501.12 USD at/)
  })

  test('triggers that became true together are told together', () => {
    expect(said({ triggers: ['AAPL price > 500', 'BTC price > 97k'] })).toMatch(
      /^Alert 7: AAPL price > 500, and BTC price > 97k\n/,
    )
  })

  test.each(['0.00001234', '97410.50', '501.120', '123456789.123456789', '1'])(
    'the price %s is said as it was heard, not rounded and not regrouped',
    (value) => {
      expect(said({ evidence: [anEvidence({ value })] })).toContain(`AAPL ${value} USD at`)
    },
  )

  test('a figure of another day, as that of a closed market, has its date', () => {
    const friday = anEvidence({ at: MONDAY - 3 * DAY })
    expect(said({ evidence: [friday, anEvidence({ symbol: 'crypto:BTC/USD' })] })).toContain(
      'AAPL 501.12 USD at 20 Nov 15:04:07 (New York 10:04), test.\nBTC/USD 501.12 USD at 15:04:07, test.',
    )
  })

  test('a time in which it could not be seen is named', () => {
    const gap = { from: MONDAY - HOUR, to: MONDAY - MINUTE }
    expect(said({ gap })).toContain('\nI could not see it from 14:04 to 15:03: it may have become true earlier.\n')
  })

  test('a gap that began on another day has its date', () => {
    const gap = { from: MONDAY - 2 * DAY, to: MONDAY - MINUTE }
    expect(said({ gap })).toContain('I could not see it from 21 Nov 15:04 to 15:03:')
  })
})

describe('lateness', () => {
  test.each<[string, number, string]>([
    ['2 min', 2 * MINUTE, '2 min late.'],
    ['45 min', 45 * MINUTE, '45 min late.'],
    ['3 h', 3 * HOUR, '3 h late.'],
    ['nearly a day', 23 * HOUR, '23 h late.'],
  ])('a message that comes %s late says so', (_title, late, sentence) => {
    expect(said({}, {}, late)).toContain(`\n${sentence}\n`)
  })

  test('one that is on time does not', () => {
    expect(said({}, {}, 2 * MINUTE - 1)).not.toContain('late')
  })

  test.each<[string, Partial<Tracked>, string]>([
    [
      'a try that failed',
      { channel: 'telegram', tries: 3, reason: 'no answer within 10 s' },
      'Telegram was down (no answer within 10 s)',
    ],
    [
      'what the channel says of itself',
      { channel: 'telegram', tries: 2, reason: 'Telegram asks for a pause' },
      'Telegram asks for a pause',
    ],
    ['what was no try', { reason: 'your quiet hours' }, 'your quiet hours'],
  ])('it says why: %s', (_title, given, why) => {
    expect(said({}, given, 47 * MINUTE)).toContain(`\n47 min late, ${why}.\n`)
  })

  test('it says what the price is now, where that is known', () => {
    const late = aTracked({ channel: 'telegram', tries: 2, reason: 'no answer within 10 s' })
    const prices = new Map([['stock:AAPL', { price: '489.20', currency: 'USD' }]])
    expect(plain(render(late, MONDAY + 47 * MINUTE, prices))).toBe(
      'Alert 7: AAPL price > 500\n' +
        'AAPL 501.12 USD at 15:04:07 (New York 10:04), test.\n' +
        '47 min late, Telegram was down (no answer within 10 s); now 489.20 USD.',
    )
  })

  test('one that another address did not take says why it comes here', () => {
    const instead = { channel: 'telegram', reason: 'the bot was blocked there' }
    expect(said({}, { instead })).toContain(
      '\nThis comes here because Telegram did not take it: the bot was blocked there.\n',
    )
  })

  test.each(['expired', 'blind', 'sighted'] as const)('so does a message of the kind %s', (kind) => {
    expect(said({ kind, triggers: [], evidence: [] }, {}, 5 * MINUTE)).toContain('\n5 min late.\n')
  })

  test('it is counted from when it happened where that is known, else from when the message was made', () => {
    expect(said({ at: 0, evidence: [anEvidence({ at: 0 })] })).not.toContain('late')
    expect(said({}, { happenedAt: MONDAY - HOUR })).toContain('60 min late.')
  })
})

describe('an end', () => {
  test.each<[string, Partial<Occurrence>, string]>([
    ['with nothing under way', {}, ''],
    [
      'while it was true, but not for long enough',
      { reason: 'pending' },
      ' It was true at the end, but not yet for long enough.',
    ],
    [
      'with a firing held back',
      { reason: 'held' },
      ' One firing was held back by a cooldown or a snooze and is not told any more.',
    ],
  ])('%s', (_title, given, underWay) => {
    expect(said({ kind: 'expired', triggers: [], evidence: [], ...given })).toBe(
      `Alert 7 has ended: AAPL price > 500\nIts time was up at 15:04.${underWay}\n[Why: why 7] [Delete: delete 7]`,
    )
  })
})

describe('blindness', () => {
  test('says why and that it will say when it is over', () => {
    const reason = 'yahoo has not answered'
    const gap = { from: MONDAY - HOUR, to: MONDAY }
    expect(said({ kind: 'blind', triggers: [], evidence: [], reason, gap })).toBe(
      'Alert 7 is blind: AAPL price > 500\n' +
        'I cannot see it since 14:04: yahoo has not answered. I will say when I can see again.\n' +
        '[Why: why 7] [Pause: pause 7]',
    )
  })

  test('without a reason it still says what it means', () => {
    expect(said({ kind: 'blind', triggers: [], evidence: [] })).toContain('\nI cannot see it. I will say when')
  })

  test('when it is over, the figures now and the time that was not seen', () => {
    const gap = { from: MONDAY - HOUR, to: MONDAY }
    expect(said({ kind: 'sighted', triggers: [], evidence: [anEvidence({ value: '498.20' })], gap })).toBe(
      'Alert 7 sees again: AAPL price > 500\n' +
        'AAPL 498.20 USD at 15:04:07 (New York 10:04), test.\n' +
        'It was blind from 14:04 to 15:04; what happened between was not seen.\n' +
        '[Why: why 7]',
    )
  })
})

test.each<[string, string, string, string]>([
  ['price', '501.12', 'USD', '501.12 USD'],
  ['change', '-1.9', 'USD', 'change -1.9 %'],
  ['volume', '2100000', 'USD', 'volume 2100000'],
  ['previous close', '498', 'GBP', 'previous close 498 GBP'],
])('the figure %s %s in %s is said as "%s"', (metric, value, currency, text) => {
  expect(figure({ metric, value, currency })).toBe(text)
})

describe('a split', () => {
  const split = { symbol: 'stock:AAPL', at: MONDAY, numerator: '4', denominator: '1', isWhole: true }

  test('is told with the line in new shares, which a button applies', () => {
    expect(said({ kind: 'split', triggers: [], evidence: [], split: { ...split, line: 'AAPL price > 125' } })).toBe(
      [
        'AAPL was split 4 for 1.',
        'Alert 7 was set before that: AAPL price > 500',
        'In new shares: AAPL price > 125',
        '[Use the new line: edit 7 AAPL price > 125] [Why: why 7] [Delete: delete 7]',
      ].join('\n'),
    )
  })

  test('says that an alert without levels goes on', () => {
    expect(said({ kind: 'split', triggers: [], evidence: [], split })).toBe(
      'AAPL was split 4 for 1.\nAlert 7 goes on: AAPL price > 500\n[Why: why 7] [Delete: delete 7]',
    )
  })

  test('says of one that cannot be put into new shares that it is to be looked at', () => {
    expect(said({ kind: 'split', triggers: [], evidence: [], split: { ...split, isWhole: false } })).toContain(
      '\nLook at alert 7 again: not all of it can be put into new shares. AAPL price > 500\n',
    )
  })
})
