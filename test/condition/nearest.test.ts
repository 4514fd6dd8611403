import { expect, test } from 'vitest'
import { distanceBetween, nearest } from '../../src/condition/nearest.ts'

test.each([
  ['price', 'price', 0],
  ['prise', 'price', 1],
  ['abvoe', 'above', 1],
  ['volum', 'volume', 1],
  ['untill', 'until', 1],
  ['', 'and', 3],
  ['and', '', 3],
  ['ca', 'abc', 3],
])('%s and %s are %d apart', (from, to, expected) => {
  expect(distanceBetween(from, to)).toBe(expected)
})

test.each([
  ['PRISE', 'price'],
  ['belwo', 'below'],
  ['bitcoin', undefined],
  ['x'.repeat(1000), undefined],
])('the word nearest to %s is %s', (word, expected) => {
  expect(nearest(word, ['price', 'above', 'below'])).toBe(expected)
})
