import { expect, test } from 'vitest'
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
  [
    'the address is not theirs any more',
    [anAlert({ unsent: [anOccurrence()], subscription: 'old' }), user, planning()],
  ],
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
