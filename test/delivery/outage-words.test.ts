import { describe, expect, test } from 'vitest'
import type { Waits } from '../../src/alert/waits.ts'
import type { Away } from '../../src/delivery/outage-words.ts'
import { renderBundle } from '../../src/delivery/render.ts'
import { type Bundle, tellingsOf } from '../../src/delivery/together.ts'
import type { Tracked } from '../../src/delivery/types.ts'
import { plain } from '../../src/reply.ts'
import { anEvidence, anOccurrence, aTracked, MONDAY } from './a-notification.ts'

const MINUTE = 60_000
const gap = { from: MONDAY - 35 * MINUTE, to: MONDAY }
const nobody = 'Yahoo and Nasdaq do not answer'

function blind(number: number, symbols: readonly string[], given: Partial<Tracked> = {}, reason = nobody): Tracked {
  const occurrence = anOccurrence({ kind: 'blind', triggers: [], evidence: [], gap, reason })
  return aTracked({ alert: subject(number), occurrence, outage: { symbols }, ...given })
}

function back(number: number, symbols: readonly string[], waits: Waits, price = '498.20'): Tracked {
  const evidence = symbols.map((symbol) => anEvidence({ symbol, value: price }))
  const occurrence = anOccurrence({ kind: 'sighted', triggers: [], evidence, gap })
  return aTracked({ alert: subject(number), occurrence, outage: { symbols, waits } })
}

const subject = (number: number) => ({ id: `alert ${number}`, number, text: 'AAPL price > 500' })
const above: Waits = { waits: [{ symbol: 'stock:AAPL', text: '> 500', above: '500' }], isWhole: true }
const below: Waits = { waits: [{ symbol: 'stock:AAPL', text: '< 300', below: '300' }], isWhole: true }
const other: Waits = { waits: [], isWhole: false }
const nothing: Waits = { waits: [], isWhole: true }

/** The words of one message, and of its buttons. */
function said(bundle: readonly Tracked[], away: Away = new Map(), late = 0): string {
  const reply = renderBundle(bundle as unknown as Bundle, away, MONDAY + late)
  return [plain(reply), ...reply.buttons.map(({ label, command }) => `[${label}: ${command}]`)].join('\n')
}

const AAPL = ['stock:AAPL']
const ranges = (low: string, high: string): Away => new Map([['stock:AAPL', { low, high }]])

describe('an outage', () => {
  test.each<[string, Tracked[], string[]]>([
    [
      'of one alert',
      [blind(1, AAPL)],
      [
        'I cannot see AAPL since 14:29 (Yahoo and Nasdaq do not answer). Alert 1 is blind until it is back.',
        '[Why: why 1]',
        '[Pause: pause 1]',
      ],
    ],
    [
      'of several',
      [blind(1, AAPL), blind(3, AAPL)],
      [
        'I cannot see AAPL since 14:29 (Yahoo and Nasdaq do not answer). Alerts 1 and 3 are blind until it is back.',
        '[Why 1: why 1]',
        '[Why 3: why 3]',
      ],
    ],
    [
      'of several symbols for one reason',
      [blind(1, AAPL), blind(3, ['stock:MSFT', 'stock:AAPL']), blind(4, ['stock:SPY']), blind(5, ['stock:SPY'])],
      [
        'I cannot see AAPL, MSFT and SPY since 14:29 (Yahoo and Nasdaq do not answer). Alerts 1, 3, 4 and 5 are blind until they are back.',
        '[Why 1: why 1]',
        '[Why 3: why 3]',
        '[Why 4: why 4]',
      ],
    ],
    [
      'for several reasons',
      [blind(1, AAPL), blind(2, ['crypto:BTC/USD'], {}, 'Coinbase does not answer.')],
      [
        'I cannot see AAPL since 14:29 (Yahoo and Nasdaq do not answer). Alert 1 is blind until it is back.',
        'I cannot see BTC/USD since 14:29 (Coinbase does not answer). Alert 2 is blind until it is back.',
        '[Why 1: why 1]',
        '[Why 2: why 2]',
      ],
    ],
    [
      'because a price is not believed',
      [blind(1, AAPL, { outage: { symbols: AAPL, why: 'a price of 900 is not believed' } })],
      [
        'I cannot see AAPL since 14:29 (a price of 900 is not believed). Alert 1 is blind until it is back.',
        '[Why: why 1]',
        '[Pause: pause 1]',
      ],
    ],
  ])('%s is told in one message', (_what, bundle, expected) => expect(said(bundle)).toBe(expected.join('\n')))

  test('names no more than fit', () => {
    const many = Array.from({ length: 40 }, (_, index) => blind(index + 1, AAPL))
    expect(said(many)).toContain('Alerts 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 28 more are blind until it is back.')
  })

  test('is emphasised where it says what cannot be seen', () => {
    const { pieces } = renderBundle([blind(1, AAPL)], new Map(), MONDAY)
    expect(pieces[0]).toEqual({ strong: 'I cannot see AAPL since 14:29' })
  })

  test('times are those of the person', () => {
    expect(said([blind(1, AAPL, { zone: 'Europe/Berlin' })])).toContain('I cannot see AAPL since 15:29 (')
  })

  test('told late says so', () => {
    expect(said([blind(1, AAPL)], new Map(), 5 * MINUTE)).toContain('\n5 min late.\n')
  })
})

describe('its end', () => {
  const went = 'AAPL is back: 498.20 USD. While I was blind (14:29 to 15:04) it was between'
  test.each<[string, Tracked[], Away, string]>([
    [
      'names an alert that may have been missed',
      [back(1, AAPL, above)],
      ranges('495.10', '503.40'),
      `${went} 495.1 and 503.4: alert 1 (> 500) may have been missed; it is armed still.`,
    ],
    [
      'names each of them',
      [back(1, AAPL, above), back(2, AAPL, below), back(3, AAPL, above)],
      ranges('299', '503.40'),
      `${went} 299 and 503.4: alerts 1 (> 500), 2 (< 300) and 3 (> 500) may have been missed; they are armed still.`,
    ],
    [
      'says that nothing was missed',
      [back(1, AAPL, above), back(2, AAPL, below), back(3, AAPL, nothing)],
      ranges('495.1000061035156', '500'),
      `${went} 495.10001 and 500: nothing was missed.`,
    ],
    [
      'says of which it cannot tell',
      [back(1, AAPL, above), back(2, AAPL, other)],
      ranges('495.10', '503.40'),
      `${went} 495.1 and 503.4: alert 1 (> 500) may have been missed; it is armed still. Whether that made alert 2 true I cannot say.`,
    ],
    [
      'says so of all where it can tell of none',
      [back(1, AAPL, other), back(2, AAPL, other)],
      ranges('495.10', '503.40'),
      `${went} 495.1 and 503.4. Whether that made alerts 1 and 2 true I cannot say.`,
    ],
    [
      'says that where the price was is not known',
      [back(1, AAPL, above), back(2, AAPL, nothing), back(3, AAPL, other)],
      new Map(),
      'AAPL is back: 498.20 USD. Where it was from 14:29 to 15:04 I could not find out: alerts 1 and 3 may have been missed; they are armed still.',
    ],
    [
      'says so also where nothing can have been missed',
      [back(1, AAPL, nothing)],
      new Map(),
      'AAPL is back: 498.20 USD. Where it was from 14:29 to 15:04 I could not find out.',
    ],
  ])('%s', (_what, bundle, away, expected) => expect(said(bundle, away).split('\n')[0]).toBe(expected))

  test('of several symbols has a line for each', () => {
    const away = new Map([...ranges('495', '497'), ['stock:MSFT', { low: '300', high: '310' }]])
    expect(
      said([back(1, [...AAPL, 'stock:MSFT'], nothing)], away)
        .split('\n')
        .slice(0, 2),
    ).toEqual([
      `${went} 495 and 497: nothing was missed.`,
      'MSFT is back: 498.20 USD. While I was blind (14:29 to 15:04) it was between 300 and 310: nothing was missed.',
    ])
  })
})

describe('one message is made of', () => {
  const at = (kind: 'blind' | 'sighted', minutes: number, given: Partial<Tracked> = {}) =>
    blind(minutes, AAPL, { occurrence: anOccurrence({ kind, at: MONDAY + minutes * MINUTE }), ...given })
  const numbers = (notifications: Tracked[]) =>
    tellingsOf(notifications, { told: [], limits: { address: 100, alert: 100 }, now: MONDAY }).now.map(({ bundle }) =>
      bundle.map(({ alert }) => alert.number),
    )

  test.each<[string, Tracked[], number[][]]>([
    ['the words of one outage', [at('blind', 1), at('blind', 2)], [[1, 2]]],
    ['not those of another one later', [at('blind', 1), at('blind', 3)], [[1], [3]]],
    ['not its beginning and its end', [at('blind', 1), at('sighted', 2)], [[1], [2]]],
    ['not what is no outage', [at('blind', 1), aTracked(), aTracked()], [[1], [7], [7]]],
    ['what comes later, at the place of the first', [at('blind', 1), aTracked(), at('blind', 2)], [[1, 2], [7]]],
  ])('%s', (_what, notifications, expected) => expect(numbers(notifications)).toEqual(expected))
})
