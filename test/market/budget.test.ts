import { expect, test } from 'vitest'
import { type Counters, createBudget } from '../../src/market/budget.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Counters in windows that never end. */
function counted() {
  const sums = new Map<string, number>()
  const counters: Counters = (name, window) => {
    const key = `${name} ${window}`
    const spent = (points: number) => {
      sums.set(key, (sums.get(key) ?? 0) + points)
      return { points: sums.get(key)!, resetsIn: window / 2 }
    }
    return { spend: async (points) => spent(points), spent: async () => spent(0) }
  }
  return { sums, counters }
}

test('rounds may spend nine tenths, and people the rest', async () => {
  const { counters } = counted()
  const budget = createBudget('T', { perHour: 10 }, counters)
  for (let i = 0; i < 9; i++) expect(await budget.take(1, false)).toBe(0)
  expect(await budget.take(1, false)).toBe(HOUR / 2)
  expect(await budget.take(1, true)).toBe(0)
  expect(await budget.take(1, true)).toBe(HOUR / 2)
  expect(await budget.left()).toEqual([{ left: 0, of: 10, window: HOUR }])
})

test('what is refused by one limit is taken from none', async () => {
  const { counters } = counted()
  const budget = createBudget('T', { perMinute: 100, perDay: 10 }, counters)
  expect(await budget.take(9, false)).toBe(0)
  expect(await budget.take(5, false)).toBe(DAY / 2)
  expect(await budget.left()).toEqual([
    { left: 91, of: 100, window: MINUTE },
    { left: 1, of: 10, window: DAY },
  ])
})

test.each([
  ['no limits', undefined, 1_000, 0],
  ['a limit per second, which the pace keeps', { perSecond: 1 }, 1_000, 0],
  ['50 an hour, of which 45 are for rounds', { perHour: 50 }, 1, 80_000],
  ['the tightest of several', { perHour: 50, perDay: 900 }, 1, DAY / 810],
  ['a round that costs more', { perHour: 50 }, 3, 240_000],
] as const)('with %s, rounds are so far apart', (_, limits, cost, interval) => {
  expect(createBudget('T', limits, counted().counters).interval(cost)).toBeCloseTo(interval)
})

test('a counter that fails stops nothing', async () => {
  const broken = async () => {
    throw new Error('the database is away')
  }
  expect(await createBudget('T', { perDay: 1 }, () => ({ spend: broken, spent: broken })).take(1, false)).toBe(0)
})
