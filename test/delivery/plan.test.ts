import { describe, expect, test } from 'vitest'
import type { Options } from '../../src/condition/ast.ts'
import { type Planning, plan } from '../../src/delivery/plan.ts'
import type { User } from '../../src/users/types.ts'
import { anAlert } from '../builders.ts'
import { anOccurrence, MONDAY } from './a-notification.ts'

const here = { id: 'subscription', channel: 'telegram', address: '42' }
const elsewhere = { id: 'other', channel: 'sms', address: '+12025550123' }
const user: User = { id: 'user', subscriptions: [here, elsewhere], zone: 'Europe/Berlin' }

/** On that Monday, without outages, but for what is given. */
const planning = (given: Partial<Planning> = {}): Planning => ({
  zone: 'UTC',
  now: MONDAY,
  gather: 40_000,
  outageOf: () => undefined,
  ...given,
})

test('the subscription an alert was made from hears of each occurrence, and no other does', () => {
  const unsent = [anOccurrence({ id: 'a.1.fired' }), anOccurrence({ id: 'a.2.expired', kind: 'expired' })]
  expect(plan(anAlert({ unsent }), user, planning())).toEqual([
    {
      id: 'a.1.fired:subscription:fired',
      user: 'user',
      subscription: 'subscription',
      channel: 'telegram',
      address: '42',
      zone: 'Europe/Berlin',
      alert: { id: 'alert', number: 7, text: 'AAPL price > 500' },
      occurrence: unsent[0],
      createdAt: MONDAY,
    },
    expect.objectContaining({ id: 'a.2.expired:subscription:expired', occurrence: unsent[1] }),
  ])
})

test.each<[string, Options, string[]]>([
  ['names one of them', { mode: 'once', via: ['sms'] }, ['other']],
  ['names both', { mode: 'once', via: ['sms', 'telegram'] }, ['subscription', 'other']],
  ['names none that they have any more', { mode: 'once', via: ['email'] }, ['subscription']],
])('an alert whose `via` %s is told there', (_title, options, told) => {
  const alert = anAlert({ unsent: [anOccurrence()], options })
  expect(plan(alert, user, planning()).map(({ subscription }) => subscription)).toEqual(told)
})

test('the firing of what is urgent waits to be acknowledged, and nothing else does', () => {
  const unsent = [anOccurrence({ id: 'a.1.fired' }), anOccurrence({ id: 'a.2.expired', kind: 'expired' })]
  const waiting = planning({ escalateAfter: 300_000 })
  const planned = plan(anAlert({ unsent, options: { mode: 'once', urgent: true } }), user, waiting)
  expect(planned.map(({ escalateAt }) => escalateAt)).toEqual([MONDAY + 300_000, undefined])
  expect(plan(anAlert({ unsent }), user, waiting).map(({ escalateAt }) => escalateAt)).toEqual([undefined, undefined])
})

test.each<[string, User['subscriptions'], Options, string[]]>([
  ['hears of it, whatever it was made from', [here, { ...elsewhere, isDefault: true }], { mode: 'once' }, ['other']],
  [
    'does not where `via` names another',
    [here, { ...elsewhere, isDefault: true }],
    { mode: 'once', via: ['telegram'] },
    ['subscription'],
  ],
  [
    'hears of it with all others of the set',
    [
      { ...here, isDefault: true },
      { ...elsewhere, isDefault: true },
    ],
    { mode: 'once' },
    ['subscription', 'other'],
  ],
  [
    'that is off leaves it to where the alert was made',
    [here, { ...elsewhere, isDefault: true, off: { at: 0, reason: 'gone' } }],
    { mode: 'once' },
    ['subscription'],
  ],
])('an address that is to hear of every alert %s', (_title, subscriptions, options, told) => {
  const alert = anAlert({ unsent: [anOccurrence()], options })
  expect(plan(alert, { ...user, subscriptions }, planning()).map(({ subscription }) => subscription)).toEqual(told)
})

describe('an address that is off', () => {
  const off = { at: MONDAY, reason: 'the bot was blocked there' }
  const told = (user: User, options: Options = { mode: 'once' }, subscription = 'subscription') =>
    plan(anAlert({ unsent: [anOccurrence()], options, subscription }), user, planning()).map((one) => one.subscription)
  test.each<[string, User['subscriptions'], Options, string, string[]]>([
    ['is passed over for the next one', [{ ...here, off }, elsewhere], { mode: 'once' }, 'subscription', ['other']],
    ['that is gone is too', [elsewhere], { mode: 'once' }, 'subscription', ['other']],
    [
      'is passed over where `via` names it',
      [here, { ...elsewhere, off }],
      { mode: 'once', via: ['sms'] },
      'subscription',
      ['subscription'],
    ],
    [
      'is told of where there is no other: it will be kept as missed',
      [
        { ...here, off },
        { ...elsewhere, off },
      ],
      { mode: 'once' },
      'subscription',
      ['subscription'],
    ],
  ])('%s', (_title, subscriptions, options, subscription, expected) => {
    expect(told({ ...user, subscriptions }, options, subscription)).toEqual(expected)
  })
})

describe('in quiet hours', () => {
  const quiet = { from: 16 * 60, to: 16 * 60 + 30 }
  const sleeping: User = { ...user, quiet }
  test('what fires is held until they end, by the clock of the person', () => {
    expect(plan(anAlert({ unsent: [anOccurrence()] }), sleeping, planning())).toMatchObject([
      { held: true, dueAt: Date.UTC(2026, 10, 23, 15, 30) },
    ])
  })
  test('what is urgent is not', () => {
    const alert = anAlert({ unsent: [anOccurrence()], options: { mode: 'once', urgent: true } })
    const [notification] = plan(alert, sleeping, planning())
    expect(notification).toMatchObject({ urgent: true })
    expect(notification).not.toHaveProperty('held')
  })
  test('the word of an outage is held too', () => {
    const alert = anAlert({ unsent: [anOccurrence({ kind: 'blind' })] })
    const outageOf = () => ({ symbols: ['stock:AAPL'] })
    expect(plan(alert, sleeping, planning({ outageOf }))).toMatchObject([
      { held: true, dueAt: Date.UTC(2026, 10, 23, 15, 30) },
    ])
  })
})

test('on the real clock a notification knows when that happened of which it tells', () => {
  const alert = anAlert({ unsent: [anOccurrence({ at: MONDAY - 5_000 })] })
  expect(plan(alert, user, planning({ isReal: true }))).toMatchObject([{ happenedAt: MONDAY - 5_000 }])
  expect(plan(alert, user, planning())[0]).not.toHaveProperty('happenedAt')
})

test('the note goes with the notification', () => {
  const alert = anAlert({ unsent: [anOccurrence()], options: { mode: 'once', note: 'buy?' } })
  expect(plan(alert, user, planning())[0]?.alert.note).toBe('buy?')
})

test('planned again, at another time, it has the same ids', () => {
  const alert = anAlert({ unsent: [anOccurrence()] })
  const ids = [MONDAY, MONDAY + 1].map((now) => plan(alert, user, planning({ now })).map(({ id }) => id))
  expect(ids[0]).toEqual(ids[1])
})

test.each<[string, Parameters<typeof plan>]>([
  ['nothing has happened', [anAlert(), user, planning()]],
  ['the user is gone', [anAlert({ unsent: [anOccurrence()] }), undefined, planning()]],
  ['they have no address', [anAlert({ unsent: [anOccurrence()] }), { ...user, subscriptions: [] }, planning()]],
])('nobody is told anything where %s', (_title, given) => {
  expect(plan(...given)).toEqual([])
})

test('whoever has not told their time zone gets the bot’s', () => {
  const [notification] = plan(
    anAlert({ unsent: [anOccurrence()] }),
    { ...user, zone: null },
    planning({ zone: 'Asia/Tokyo' }),
  )
  expect(notification?.zone).toBe('Asia/Tokyo')
})

test('the word of an outage waits for that of others, and says what could not be seen', () => {
  const outage = { symbols: ['stock:AAPL'] }
  const unsent = [anOccurrence({ id: 'a.1.blind', kind: 'blind' }), anOccurrence({ id: 'a.2.fired' })]
  const outageOf: Planning['outageOf'] = ({ kind }) => (kind === 'blind' ? outage : undefined)
  const [blind, fired] = plan(anAlert({ unsent }), user, planning({ outageOf }))
  expect(blind).toMatchObject({ id: 'a.1.blind:subscription:blind', outage, createdAt: MONDAY, dueAt: MONDAY + 40_000 })
  expect(fired).not.toHaveProperty('dueAt')
})
