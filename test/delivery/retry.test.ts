import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as retry from '../../src/delivery/retry.ts'
import type { Tracked } from '../../src/delivery/types.ts'
import { SendError } from '../../src/errors.ts'
import { aTracked, MONDAY } from './a-notification.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const GIVE_UP_AFTER = 24 * 3_600_000
const patience = { first: 2 * SECOND, whole: GIVE_UP_AFTER }
const afterFailure = (notification: Tracked, error: SendError, now: number, random: number) =>
  retry.afterFailure(notification, error, { patience, now, random })
const transient = new SendError('the platform is down', { permanent: false })

describe('the wait after a failed try', () => {
  test.each<[number, number]>([
    [1, 2 * SECOND],
    [2, 4 * SECOND],
    [3, 8 * SECOND],
    [4, 16 * SECOND],
    [9, 512 * SECOND],
    [10, 10 * MINUTE],
    [11, 10 * MINUTE],
    [1_000, 10 * MINUTE],
  ])('after try %i it is tried again %i ms later: doubled each time, up to 10 min', (tries, wait) => {
    expect(afterFailure(aTracked({ tries }), transient, MONDAY, 0)).toEqual({
      state: 'due',
      dueAt: MONDAY + wait,
      reason: 'the platform is down',
    })
  })

  test('up to a quarter comes on top, so that many do not come back at the same moment', () => {
    const latest = afterFailure(aTracked(), transient, MONDAY, 1)
    expect(latest).toMatchObject({ state: 'due', dueAt: MONDAY + 2.5 * SECOND })
  })

  test('is what the platform asked for, where it did: that was no try', () => {
    const error = new SendError('slow down', { permanent: false, retryAfter: MINUTE })
    for (const tries of [1, 10])
      expect(afterFailure(aTracked({ tries }), error, MONDAY, 0)).toMatchObject({
        dueAt: MONDAY + MINUTE,
        isTry: false,
      })
  })

  test('is counted from the first wait that is configured', () => {
    const short = { patience: { first: 20, whole: 1_000 }, now: MONDAY, random: 0 }
    expect(retry.afterFailure(aTracked({ tries: 2 }), transient, short)).toMatchObject({ dueAt: MONDAY + 40 })
    expect(retry.afterFailure(aTracked({ tries: 50 }), transient, { ...short, now: MONDAY + 10 })).toMatchObject({
      reason: 'given up after 1 s: the platform is down',
    })
  })

  test('is never shorter than the doubled wait, never longer by more than a quarter, and whole', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (tries, random) => {
          const outcome = afterFailure(aTracked({ tries }), transient, MONDAY, random)
          if (outcome.state !== 'due') throw new Error(`it is ${outcome.state}`)
          const wait = outcome.dueAt - MONDAY
          const doubled = Math.min(2 * SECOND * 2 ** (tries - 1), 10 * MINUTE)
          expect(Number.isInteger(wait)).toBe(true)
          expect(wait).toBeGreaterThanOrEqual(doubled)
          expect(wait).toBeLessThanOrEqual(doubled * 1.25 + 1)
        },
      ),
    )
  })
})

describe('giving up', () => {
  test('an address that will never take it is not tried again', () => {
    const error = new SendError('the person has blocked me', { permanent: true })
    expect(afterFailure(aTracked(), error, MONDAY, 0)).toEqual({
      state: 'failed',
      reason: 'the person has blocked me',
      onward: 'switch off',
    })
  })

  test.each<[string, number, string]>([
    ['a try that would come just within 24 h is made', GIVE_UP_AFTER - 2 * SECOND, 'due'],
    ['one that would come later is not', GIVE_UP_AFTER - 2 * SECOND + 1, 'failed'],
  ])('%s', (_title, age, state) => {
    const outcome = afterFailure(aTracked(), transient, MONDAY + age, 0)
    expect(outcome.state).toBe(state)
  })

  test('one that will take nothing for so long that another is to be told meanwhile stays on', () => {
    const error = new SendError('the texts of today are used up', { permanent: true, retryAfter: 5 * 3_600_000 })
    expect(afterFailure(aTracked(), error, MONDAY, 0)).toMatchObject({ state: 'failed', onward: 'keep on' })
  })

  test('the time is counted from the first try: what was held, or waited while the bot was away, has all of it', () => {
    const firstTriedAt = MONDAY + GIVE_UP_AFTER
    expect(afterFailure(aTracked({ firstTriedAt }), transient, firstTriedAt + MINUTE, 0)).toMatchObject({
      state: 'due',
    })
  })

  test('the reason says that it was given up and why', () => {
    expect(afterFailure(aTracked(), transient, MONDAY + GIVE_UP_AFTER, 0)).toEqual({
      state: 'failed',
      reason: 'given up after 24 h: the platform is down',
      onward: 'keep on',
    })
  })

  test('a wait the platform asks for that ends after the day is not waited for', () => {
    const error = new SendError('banned', { permanent: false, retryAfter: 2 * GIVE_UP_AFTER })
    expect(afterFailure(aTracked(), error, MONDAY, 0)).toMatchObject({ state: 'failed' })
  })
})
