import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { remove, restore } from '../../src/alert/change.ts'
import { isActive } from '../../src/alert/step.ts'
import type { Alert, Phase, TriggerState } from '../../src/alert/types.ts'
import { anAlert, blank } from '../builders.ts'

const moment = fc.option(fc.integer({ min: 1, max: 1e13 }), { nil: null })
const trigger: fc.Arbitrary<TriggerState> = fc.record(
  {
    side: fc.constantFrom('met' as const, 'unmet' as const, null),
    held: fc.boolean(),
    running: fc.boolean(),
    knownAt: fc.nat(),
    gap: fc.record({ from: fc.nat(), to: fc.nat() }),
  },
  { requiredKeys: ['side', 'held', 'running'] },
)
const kept: fc.Arbitrary<Alert> = fc
  .record({
    phase: fc.constantFrom<Phase>('armed', 'pending', 'done', 'expired'),
    paused: fc.boolean(),
    until: moment,
    snoozedUntil: moment,
    cooldownUntil: moment,
    blindSince: moment,
    blindTold: fc.boolean(),
    triggers: fc.array(trigger, { minLength: 1, maxLength: 3 }),
    clock: fc.option(fc.record({ counted: fc.nat(), since: moment }), { nil: null }),
    knownAt: moment,
    firedAt: moment,
    firings: fc.nat(),
    revision: fc.integer({ min: 1, max: 1_000 }),
  })
  .map(anAlert)

const deletion = { at: 5, by: 'message' }

describe('deleted and brought back', () => {
  test('an alert that was not watched is exactly what it was', () => {
    const unwatched = kept.filter((alert) => !isActive(alert) || alert.paused)
    fc.assert(
      fc.property(unwatched, (alert) => {
        expect(restore(remove(alert, deletion))).toEqual(alert)
      }),
    )
  })

  test('one that was watched is what it was, but for its baseline', () => {
    const watched = kept.filter((alert) => isActive(alert) && !alert.paused)
    fc.assert(
      fc.property(watched, (alert) => {
        const baseline = {
          phase: 'armed',
          triggers: alert.triggers.map(() => blank),
          clock: null,
          knownAt: null,
          blindSince: null,
          blindTold: false,
        }
        expect(restore(remove(alert, deletion))).toEqual({ ...alert, ...baseline })
      }),
    )
  })

  test('what it fired meanwhile, or owed before, is not touched', () => {
    fc.assert(
      fc.property(kept, fc.nat(), (alert, firings) => {
        const tombstone = { ...remove(alert, deletion), firings }
        expect(restore(tombstone).firings).toBe(firings)
      }),
    )
  })
})
