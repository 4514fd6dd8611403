import { describe, expect, test } from 'vitest'
import { missedLines } from '../../src/delivery/missed-words.ts'
import { renderTelling } from '../../src/delivery/telling.ts'
import { tellingsOf } from '../../src/delivery/together.ts'
import type { Told, Tracked } from '../../src/delivery/types.ts'
import { plain } from '../../src/reply.ts'
import { anEvidence, anOccurrence, aTracked, MONDAY } from './a-notification.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const prices = new Map([['stock:AAPL', { price: '489.20', currency: 'USD' }]])

let count = 0
/** A firing of an alert, so long (ms) before that Monday. */
function fired(number: number, ago = 0, given: Partial<Tracked> = {}): Tracked {
  const at = MONDAY - ago
  const id = `firing ${++count}`
  return aTracked({
    id,
    alert: { id: `alert ${number}`, number, text: 'AAPL price > 500' },
    occurrence: anOccurrence({ id, at, evidence: [anEvidence({ at })] }),
    createdAt: at,
    ...given,
  })
}

/** The messages that are told now, with their buttons. */
function said(queue: readonly Tracked[], told: readonly Told[] = []): string[] {
  const { now } = tellingsOf(queue, { told, limits: { address: 5, alert: 3 }, now: MONDAY })
  return now.map((telling) => {
    const { buttons, ...reply } = renderTelling(telling, { now: MONDAY, prices, away: new Map() })
    return [plain({ ...reply, buttons }), ...buttons.map(({ label, command }) => `[${label}: ${command}]`)].join('\n')
  })
}

describe('the digest', () => {
  const held = { held: true, dueAt: MONDAY } as const

  test('is one message with the values of the time and the price now', () => {
    const blind = anOccurrence({ id: 'b', kind: 'blind', at: MONDAY - HOUR, triggers: [], evidence: [] })
    expect(
      said([
        fired(7, 5 * HOUR, held),
        fired(1, 3 * HOUR, held),
        fired(3, 0, { ...held, occurrence: blind, outage: { symbols: ['stock:AAPL'] } }),
      ]),
    ).toEqual([
      'In your quiet hours: 2 firings and 1 other word:\n' +
        '10:04 alert 7: AAPL price > 500. AAPL 501.12 USD; now 489.20 USD.\n' +
        '12:04 alert 1: AAPL price > 500. AAPL 501.12 USD; now 489.20 USD.\n' +
        '14:04 alert 3 became blind: I could not see AAPL.\n' +
        '[History: history]\n[List: list]',
    ])
  })

  test('of very many says how many more there are', () => {
    const [message] = said(Array.from({ length: 45 }, (_, index) => fired(index, HOUR, held)))
    expect(message).toContain('\nand 5 more: history shows them.\n')
    expect(message!.match(/ alert \d+: /g)).toHaveLength(40)
  })

  test('has a short form of one segment', () => {
    const { now } = tellingsOf(
      [fired(7, HOUR, held), fired(1, 0, held), fired(2, 0, held), fired(3, 0, held), fired(4, 0, held)],
      {
        told: [],
        limits: { address: 5, alert: 3 },
        now: MONDAY,
      },
    )
    const { brief } = renderTelling(now[0]!, { now: MONDAY, prices, away: new Map() })
    expect(brief).toBe(
      'In your quiet hours: 5 firings. 7: AAPL 501.12 USD 14:04; 1: AAPL 501.12 USD 15:04; 2: AAPL 501.12 USD 15:04; 3: AAPL 501.12 USD 15:04; Reply HISTORY',
    )
    expect(brief!.length).toBeLessThanOrEqual(160)
  })
})

describe('a flood', () => {
  test('is one message with a line for each firing', () => {
    expect(said([1, 2, 3, 4, 5, 6].map((number) => fired(number)))).toEqual([
      '6 firings at once:\n' +
        [1, 2, 3, 4, 5, 6]
          .map((number) => `15:04 alert ${number}: AAPL price > 500. AAPL 501.12 USD; now 489.20 USD.\n`)
          .join('') +
        '[History: history]\n[List: list]',
    ])
  })

  test('does not take what is urgent with it', () => {
    const messages = said([...[1, 2, 3, 4, 5, 6].map((number) => fired(number)), fired(9, 0, { urgent: true })])
    expect(messages.map((message) => message.split('\n')[0])).toEqual([
      '6 firings at once:',
      'Alert 9: AAPL price > 500',
    ])
  })

  test('of one alert begins with a third firing that says so and offers a cooldown', () => {
    const before = [5, 3].map((ago) => ({ address: 'here', alert: 'alert 7', sentAt: MONDAY - ago * MINUTE }))
    expect(said([fired(7)], before)).toEqual([
      'Alert 7: AAPL price > 500\n' +
        'AAPL 501.12 USD at 15:04:07 (New York 10:04), test.\n' +
        'Alert 7 fires often: what it fires within 10 min of these I gather into one message.\n' +
        '[Cooldown 1 h: cooldown 7 1h]\n[Pause: pause 7]\n[Snooze 1 h: snooze 7 1h]\n[Why: why 7]\n[Delete: delete 7]',
    ])
    expect(said([fired(7)], before.slice(1))[0]).not.toContain('fires often')
  })

  test('of one alert names it', () => {
    const [message] = said([fired(7), fired(7), fired(7), fired(7)])
    expect(message).toMatch(/^Alert 7: 4 firings:\n15:04 alert 7: /)
    expect(message).toContain('\n[Cooldown 1 h: cooldown 7 1h]\n[History: history]\n[Why: why 7]')
  })
})

describe('what is older than a day, as after a restored backup', () => {
  test('is told in outline only, in one message', () => {
    const old = [fired(1, 48 * HOUR), fired(4, 40 * HOUR), fired(1, 25 * HOUR), fired(2, 23 * HOUR)]
    const [summary, late] = said(old)
    expect(summary).toBe(
      'You missed 3 firings between 21 Nov 15:04 and 22 Nov 14:04:\n' +
        'alert 1, 2 times: AAPL price > 500\n' +
        'alert 4, once: AAPL price > 500\n' +
        'That is too long ago for more; history has it all.\n' +
        '[History: history]',
    )
    expect(late).toContain('23 h late; now 489.20 USD.')
  })
})

describe('what nobody could be told', () => {
  const failed = (number: number, ago: number) =>
    fired(number, ago, { state: 'failed', channel: 'telegram', reason: 'the bot was blocked there' })

  test('is said in a line each, five at most', () => {
    expect(missedLines([failed(1, HOUR)], MONDAY)).toEqual([
      'You missed this (Telegram did not take it: the bot was blocked there):',
      '14:04 alert 1: AAPL price > 500. AAPL 501.12 USD.',
    ])
    const lines = missedLines(
      [1, 2, 3, 4, 5, 6, 7].map((number) => failed(number, HOUR)),
      MONDAY,
    )
    expect(lines[0]).toBe('You missed these 7 (Telegram did not take them: the bot was blocked there):')
    expect(lines[1]).toBe('2 before these: history shows them.')
    expect(lines).toHaveLength(7)
  })

  test('by several addresses is said once', () => {
    const one = failed(1, HOUR)
    expect(missedLines([one, { ...one, id: 'another', channel: 'sms' }], MONDAY)).toHaveLength(2)
  })

  test('is nothing where nothing was missed', () => {
    expect(missedLines([], MONDAY)).toEqual([])
  })
})

test('the alerts that an outage makes blind are named by their numbers, in whatever order they became so', () => {
  const occurrence = anOccurrence({ kind: 'blind', triggers: [], evidence: [], gap: { from: MONDAY, to: MONDAY } })
  const blind = [7, 1, 3].map((number) => fired(number, 0, { occurrence, outage: { symbols: ['stock:AAPL'] } }))
  expect(said(blind)).toEqual([
    'I cannot see AAPL since 15:04. Alerts 1, 3 and 7 are blind until it is back.\n' +
      '[Why 1: why 1]\n[Why 3: why 3]\n[Why 7: why 7]',
  ])
})
