import { describe, expect, test } from 'vitest'
import { importedFrom } from '../src/imported.ts'
import { placeIn } from '../src/place.ts'

const aPerson = {
  user: {
    ...{ id: 'user', zone: 'Europe/Berlin', quiet: { from: 1_320, to: 420 } },
    subscriptions: [{ id: 's', channel: 'telegram', address: '1', off: { at: 1, reason: 'blocked' } }],
  },
  alerts: [
    { line: '/alert AAPL > 500', phase: 'armed', paused: false },
    { line: '/alert AAPL > 600', phase: 'pending', paused: true },
    { line: '/alert AAPL > 700', phase: 'done' },
    { line: '/alert AAPL > 800', phase: 'deleted' },
  ],
}
const aFile = (...people: readonly unknown[]) => JSON.stringify({ version: 1, people })

describe('what is taken out of a file', () => {
  test('of people: who and where they were, their settings, and the alerts that are on or paused', () => {
    expect(importedFrom(aFile(aPerson))).toEqual([
      {
        id: 'user',
        places: [{ channel: 'telegram', address: '1' }],
        zone: 'Europe/Berlin',
        quiet: { from: 1_320, to: 420 },
        alerts: [
          { line: 'AAPL > 500', isPaused: false },
          { line: 'AAPL > 600', isPaused: true },
        ],
      },
    ])
  })

  test.each<[string, object]>([
    ['a time zone that there is not', { zone: 'Mars/Olympus' }],
    ['an order in place of a time zone', { zone: { $gt: '' } }],
    ['hours that are none', { quiet: { from: { $gt: 0 }, to: 420 } }],
    ['hours beyond the day', { quiet: { from: 0, to: 5_000 } }],
  ])('%s is left out', (_title, given) => {
    const [person] = importedFrom(aFile({ ...aPerson, user: { ...aPerson.user, ...given } }))
    for (const field of Object.keys(given)) expect(person).not.toHaveProperty(field)
  })

  test('of lines: each, with or without a slash', () => {
    expect(importedFrom('/alert AAPL > 500\r\n\n  ALERT BTC > 1\n')).toEqual([
      {
        places: [],
        alerts: [
          { line: 'AAPL > 500', isPaused: false },
          { line: 'BTC > 1', isPaused: false },
        ],
      },
    ])
  })
})

const withAddress = (address: unknown) => ({ ...aPerson, user: { subscriptions: [{ channel: 'telegram', address }] } })

test.each<[string, string, string]>([
  ['nothing', ' \n', 'The file is empty.'],
  ['something else', '/alert AAPL > 1\nhello', 'Line 2 is no alert: it does not begin with /alert.'],
  ['half a file', '{"version":1,', 'The file is no JSON to its end.'],
  ['another kind of JSON', '{"a":1}', 'The file is JSON, but none that export or mydata made.'],
  ['a version that is an order', '{"version":{"$gt":0},"people":[]}', 'The file is JSON, but none that'],
  ['a later version', '{"version":2,"people":[]}', 'The file is JSON, but none that'],
  [
    'an order in place of an address',
    aFile(aPerson, withAddress({ $gt: '' })),
    'Person 2 of the file cannot be read: an address',
  ],
  ['a person that is none', aFile(7), 'Person 1 of the file cannot be read: something is missing.'],
  ['a person without alerts', aFile({ user: aPerson.user }), 'Person 1 of the file cannot be read: a list is missing.'],
  [
    'an alert whose line is none',
    aFile({ ...aPerson, alerts: [{ phase: 'armed', line: ['/alert A > 1'] }] }),
    'an alert has no line.',
  ],
])('%s is refused', (_title, text, said) => {
  expect(() => importedFrom(text)).toThrow(said)
})

test('an address is a channel and what stands behind the colon', () => {
  expect(placeIn('sms:+12025550123')).toEqual({ channel: 'sms', address: '+12025550123' })
  expect(placeIn('telegram:-100/45')).toEqual({ channel: 'telegram', address: '-100/45' })
  for (const wrong of ['anna', ':1', 'sms:', 'sms: 1']) expect(() => placeIn(wrong)).toThrow('is no address')
})
