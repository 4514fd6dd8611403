import { expect, test } from 'vitest'
import { mapping, renumber } from '../../src/users/join.ts'

const named = (numbers: readonly number[]) => numbers.map((number) => ({ id: `alert ${number}`, number }))

test('alerts get the numbers after the last one, in the order of their old ones', () => {
  expect(renumber(named([5, 1, 2]), 7)).toEqual([
    { alert: 'alert 1', from: 1, to: 8 },
    { alert: 'alert 2', from: 2, to: 9 },
    { alert: 'alert 5', from: 5, to: 10 },
  ])
})

test.each<[number[], number, string]>([
  [[], 3, ''],
  [[1], 7, '1 → 8'],
  [[1, 2], 7, '1 → 8, 2 → 9'],
  [[1, 2, 3], 7, '1–3 → 8–10'],
  [[1, 2, 3, 7, 9, 10, 11], 0, '1–3 → 1–3, 7 → 4, 9–11 → 5–7'],
])('the numbers %j after %i are told as "%s"', (numbers, last, text) => {
  expect(mapping(renumber(named(numbers), last))).toBe(text)
})
