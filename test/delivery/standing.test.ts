import { describe, expect, test } from 'vitest'
import { IS_IDLE, standingOf } from '../../src/delivery/standing.ts'
import type { Tracked } from '../../src/delivery/types.ts'
import type { Subscription, User } from '../../src/users/types.ts'
import { aNotification, MONDAY } from './a-notification.ts'

const DAY = 86_400_000
const here: Subscription = { id: 'subscription', channel: 'sms', address: '+12025550123' }
const anna: User = { id: 'anna', subscriptions: [here], zone: null }
const due = { ...aNotification({ channel: 'sms' }), state: 'sending', tries: 1 } as Tracked

const standing = (given: Partial<Subscription>, user: Partial<User> = {}) =>
  standingOf(due, { ...anna, subscriptions: [{ ...here, ...given }], ...user }, 'UTC', MONDAY)

test('something goes to the address as it is now, for the user for whom that is kept', () => {
  expect(standing({ address: '+12025550199' })).toEqual({ to: { address: '+12025550199', user: 'anna' } })
  expect(standing({ mailedAs: 'who it was then' })).toEqual({ to: { address: here.address, user: 'who it was then' } })
})

test.each<[string, Partial<Subscription>, Partial<User>, string]>([
  ['taken away', { id: 'another' }, {}, 'that address is not yours any more'],
  [
    'off',
    { off: { at: 0, reason: 'you asked for no more messages there' } },
    {},
    'you asked for no more messages there',
  ],
])(
  'what is due to an address that is %s is dropped with the reason, and told elsewhere',
  (_what, given, user, reason) => {
    expect(standing(given, user)).toEqual({ outcome: { state: 'dropped', reason, onward: 'keep on' } })
  },
)

test('what is due to somebody who was erased is dropped', () => {
  expect(standingOf(due, undefined, 'UTC', MONDAY)).toMatchObject({ outcome: { state: 'dropped' } })
})

describe('a phone of whose person nothing was heard for 90 days', () => {
  test.each<[string, Partial<Subscription>, boolean]>([
    ['heard of 90 days ago', { lastHeardAt: MONDAY - 90 * DAY }, false],
    ['heard of longer ago', { lastHeardAt: MONDAY - 90 * DAY - 1 }, true],
    ['heard of longer ago, and confirmed since', { lastHeardAt: 1, confirmedAt: MONDAY - DAY }, false],
    ['confirmed longer ago', { confirmedAt: MONDAY - 91 * DAY }, true],
    ['confirmed longer ago, and heard of since', { confirmedAt: 1, lastHeardAt: MONDAY }, false],
    ['of whom that is not known', {}, false],
    ['that is no phone', { channel: 'telegram', lastHeardAt: 1 }, false],
  ])('%s: %j is idle: %s', (_what, given, isIdle) => {
    const outcome = { state: 'dropped', reason: IS_IDLE, onward: 'switch off' }
    expect(standing(given)).toEqual(isIdle ? { outcome } : { to: { address: here.address, user: 'anna' } })
  })
})
