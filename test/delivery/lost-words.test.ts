import { describe, expect, test } from 'vitest'
import { outagesOf } from '../../src/delivery/outages.ts'
import { renderTelling } from '../../src/delivery/telling.ts'
import { type Telling, tellingsOf } from '../../src/delivery/together.ts'
import type { Tracked } from '../../src/delivery/types.ts'
import { septets } from '../../src/gsm.ts'
import { plain } from '../../src/reply.ts'
import { anAlert } from '../builders.ts'
import { anOccurrence, aTracked, MONDAY } from './a-notification.ts'

const said = 'Yahoo and Nasdaq do not know it any more'

function lost(number: number, symbol = 'stock:DEAD', given: Partial<Tracked> = {}): Tracked {
  const occurrence = anOccurrence({ kind: 'lost', triggers: [], evidence: [], loss: { symbol, said } })
  const alert = { id: `alert ${number}`, number, text: `${symbol.slice(6)} price > 3` }
  return aTracked({ alert, occurrence, outage: { symbols: [symbol] }, ...given })
}

const tellings = (notifications: readonly Tracked[]): readonly Telling[] =>
  tellingsOf(notifications, { told: [], limits: { address: 100, alert: 100 }, now: MONDAY }).now
const wording = { now: MONDAY, prices: new Map(), away: new Map() }

/** What a person reads of these, message by message, with the buttons. */
function messages(...notifications: readonly Tracked[]): string[] {
  return tellings(notifications).map((telling) => {
    const reply = renderTelling(telling, wording)
    return [plain(reply), ...reply.buttons.map(({ label, command }) => `[${label}: ${command}]`)].join('\n')
  })
}

describe('that a symbol is lost', () => {
  test.each<[string, Tracked[], string[]]>([
    [
      'on which there is one alert',
      [lost(1)],
      [
        'DEAD may have been delisted or renamed: Yahoo and Nasdaq do not know it any more. Alert 1 watches it: delete it, or set it anew with the new name.',
        '[Delete: delete 1]',
        '[Why: why 1]',
      ],
    ],
    [
      'on which there are several',
      [lost(1), lost(3)],
      [
        'DEAD may have been delisted or renamed: Yahoo and Nasdaq do not know it any more. Alerts 1 and 3 watch it: delete them, or set them anew with the new name.',
        '[Delete 1: delete 1]',
        '[Delete 3: delete 3]',
      ],
    ],
    [
      'together with another, on both of which there is an alert',
      [lost(1), lost(2, 'crypto:GONE/USD'), lost(1, 'crypto:GONE/USD')],
      [
        'DEAD may have been delisted or renamed: Yahoo and Nasdaq do not know it any more. Alert 1 watches it: delete it, or set it anew with the new name.',
        'GONE/USD may have been delisted or renamed: Yahoo and Nasdaq do not know it any more. Alerts 1 and 2 watch it: delete them, or set them anew with the new name.',
        '[Delete 1: delete 1]',
        '[Delete 2: delete 2]',
      ],
    ],
  ])('%s, is told in one message', (_what, notifications, expected) =>
    expect(messages(...notifications)).toEqual([expected.join('\n')]),
  )

  test('is no part of the word of an outage, nor of that of a firing', () => {
    const blind = aTracked({ occurrence: anOccurrence({ kind: 'blind' }), outage: { symbols: ['stock:DEAD'] } })
    expect(messages(blind, lost(1), aTracked()).map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
      'I cannot see',
      'DEAD may have',
      'Alert 7: AAPL',
    ])
  })

  test('has a line in what waited for the end of quiet hours', () => {
    expect(messages(lost(1, 'stock:DEAD', { held: true }))[0]).toContain(
      '15:04 alert 1: DEAD may have been delisted or renamed; delete 1, or set it anew with the new name',
    )
  })

  test('has a short form where the whole is too long for a text message', () => {
    const brief = (...notifications: Tracked[]) =>
      tellings(notifications).map((telling) => renderTelling(telling, wording).brief)
    expect(brief(lost(1))).toEqual([undefined])
    expect(brief(lost(1), lost(3, 'stock:GONE'), lost(1, 'stock:GONE'))).toEqual([
      'DEAD, GONE may be delisted or renamed. Alerts 1, 3 watch them. Reply DELETE 1 or WHY 1',
    ])
    expect(brief(...[1, 2, 3, 4, 5].map((number) => lost(number)))).toEqual([
      'DEAD may be delisted or renamed. Alerts 1, 2, 3, 4, 5 watch it. Reply DELETE 1 or WHY 1',
    ])
  })

  test('of many alerts on many symbols fits one text message', () => {
    const many = Array.from({ length: 40 }, (_, index) => lost(index + 100, `stock:DEAD${index}`))
    const [brief] = tellings(many).map((telling) => renderTelling(telling, wording).brief!)
    expect(septets(brief!)).toBeLessThanOrEqual(160)
    expect(brief).toMatch(/Reply DELETE 100 or WHY 100$/)
  })
})

test('the word of a loss waits for those of the other alerts, whatever is known of outages', async () => {
  const occurrence = anOccurrence({ kind: 'lost', loss: { symbol: 'stock:DEAD', said } })
  const nobody = () => Promise.reject(new Error('asked'))
  expect(await outagesOf([anAlert({ unsent: [occurrence] })], { unseen: nobody, blindness: nobody })).toEqual(
    new Map([[occurrence.id, { symbols: ['stock:DEAD'] }]]),
  )
})
