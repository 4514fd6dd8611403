import { expect, test } from 'vitest'
import { sparkline } from '../../src/commands/sparkline.ts'

test.each<[readonly number[], string]>([
  [[], ''],
  [[1], ''],
  [[1, 2], '▁█'],
  [[3, 3, 3], '▁▁▁'],
  [[1, 2, 3, 4, 5, 6, 7, 8], '▁▂▃▄▅▆▇█'],
  [[8, 1, 8], '█▁█'],
])('%j', (values, bars) => expect(sparkline(values)).toBe(bars))

test('many values are as wide as a phone, the first and the last among them', () => {
  const bars = sparkline(Array.from({ length: 400 }, (_, index) => index))
  expect(bars).toHaveLength(32)
  expect(bars.at(0)).toBe('▁')
  expect(bars.at(-1)).toBe('█')
})
