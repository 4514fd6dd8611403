import { expect, test } from 'vitest'
import { roundLevels } from '../../src/commands/round-levels.ts'

test.each<[number, string, string]>([
  [333.69, '340', '320'],
  [97_410.5, '100000', '95000'],
  [1.0812, '1.10', '1.05'],
  [500, '520', '480'],
  [4.2, '4.4', '4.0'],
  [0.00001234, '0.0000125', '0.0000120'],
  [1, '1.05', '0.95'],
  [612_345, '620000', '600000'],
])('about %d a round level above is %s, one below %s', (price, above, below) => {
  expect(roundLevels(price)).toEqual({ above, below })
})

test.each([0.0000001, 0.037, 0.99, 7, 19.99, 248, 1_234, 98_765, 4_321_000])(
  'about %d both are more than 1 %% and less than 12 %% away',
  (price) => {
    const { above, below } = roundLevels(price)
    for (const [level, sign] of [
      [above, 1],
      [below, -1],
    ] as const) {
      const away = (Number(level) / price - 1) * sign
      expect(away).toBeGreaterThan(0.00999)
      expect(away).toBeLessThan(0.12)
    }
  },
)
