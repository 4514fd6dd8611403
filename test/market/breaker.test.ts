import { expect, test } from 'vitest'
import { afterFailure, type Breaker, stateOf, WELL } from '../../src/market/breaker.ts'

const SECOND = 1_000

/** What becomes of a breaker by failures at these moments (s). */
function failed(...moments: number[]): Breaker {
  return moments.reduce((breaker, at) => afterFailure(breaker, at * SECOND), WELL)
}

test.each<[string, Breaker, number, string]>([
  ['nothing', WELL, 0, 'closed'],
  ['two failures', failed(0, 10), 11, 'closed'],
  ['three failures', failed(0, 10, 20), 20, 'open'],
  ['three failures, 30 s ago', failed(0, 10, 20), 50, 'half-open'],
  ['a trial that failed', failed(0, 10, 20, 50), 109, 'open'],
  ['a trial that failed, twice as long ago', failed(0, 10, 20, 50), 110, 'half-open'],
  ['a failure that came while it rested', failed(0, 10, 20, 25), 50, 'half-open'],
  ['many trials, 10 min ago', failed(0, 0, 0, 100, 1e3, 2e3, 3e3, 4e3, 5e3), 5_600, 'half-open'],
  ['many trials, almost 10 min ago', failed(0, 0, 0, 100, 1e3, 2e3, 3e3, 4e3, 5e3), 5_599, 'open'],
  ['a clock that was set back', failed(100, 110, 120), 50, 'half-open'],
])('after %s', (_, breaker, at, state) => expect(stateOf(breaker, at * SECOND)).toBe(state))

test('the time that a provider asks for counts at once, and its rests do not grow by it', () => {
  const told = afterFailure(WELL, 0, 90 * SECOND)
  expect([0, 89, 90].map((at) => stateOf(told, at * SECOND))).toEqual(['open', 'open', 'half-open'])
  const again = afterFailure(told, 90 * SECOND)
  expect([119, 120].map((at) => stateOf(again, at * SECOND))).toEqual(['open', 'half-open'])
})
