import { expect, test } from 'vitest'
import { onLoss } from '../../src/alert/lost.ts'
import type { Alert } from '../../src/alert/types.ts'
import { anAlert } from '../builders.ts'

const NOW = 10_000
const LOST = { symbol: 'stock:AAPL', since: 1_000, said: 'Yahoo does not know it any more' }

test('a loss is a word to the owner of an alert, which goes on as it is and remembers that', () => {
  const alert = anAlert({ revision: 4, phase: 'pending' })
  expect(onLoss(alert, LOST, NOW)).toEqual({
    alert: { ...alert, lost: [{ symbol: 'stock:AAPL', since: 1_000 }] },
    occurrences: [
      {
        ...{ id: 'alert.5.lost', kind: 'lost', at: NOW, triggers: [], evidence: [] },
        loss: { symbol: 'stock:AAPL', said: 'Yahoo does not know it any more' },
      },
    ],
  })
})

test.each<[string, Partial<Alert>]>([
  ['is done', { phase: 'done' }],
  ['is deleted', { phase: 'deleted' }],
  ['has expired', { phase: 'expired' }],
  ['does not watch it', { symbols: ['stock:MSFT'] }],
  ['knows of it', { lost: [{ symbol: 'stock:AAPL', since: 1_000 }] }],
])('an alert that %s is left alone', (_what, given) => {
  const alert = anAlert(given)
  const step = onLoss(alert, LOST, NOW)
  expect(step.alert).toBe(alert)
  expect(step.occurrences).toEqual([])
})

test.each<[string, Partial<Alert>]>([
  ['of the same symbol, which came back', { lost: [{ symbol: 'stock:AAPL', since: 500 }] }],
  ['of another symbol', { lost: [{ symbol: 'stock:MSFT', since: 1_000 }] }],
])('that it knows of an earlier loss %s hides none', (_what, given) => {
  const { alert, occurrences } = onLoss(anAlert(given), LOST, NOW)
  expect(occurrences).toHaveLength(1)
  const others = given.lost!.filter(({ symbol }) => symbol !== 'stock:AAPL')
  expect(alert.lost).toEqual([...others, { symbol: 'stock:AAPL', since: 1_000 }])
})
