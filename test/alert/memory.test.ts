import { describe, expect, test } from 'vitest'
import * as change from '../../src/alert/change.ts'
import { type Evaluation, step } from '../../src/alert/step.ts'
import type { Alert } from '../../src/alert/types.ts'
import type { Memory } from '../../src/condition/memory.ts'
import { anAlert, anEvaluation, blank } from '../builders.ts'

const GRACE = 5_000
const peak = (value: string): Memory => [{ type: 'mark', value }]

/** A look that remembers a peak of 520 (500 after a firing), but for what is given. */
function aLook(given: Partial<Evaluation> = {}): Evaluation {
  return anEvaluation({ truths: ['unmet'], memories: [{ kept: peak('520'), begun: () => peak('500') }], ...given })
}

const memories = ({ triggers }: Alert) => triggers.map(({ memory }) => memory)

describe('what crossings and trailing moves remember', () => {
  test('is kept with their trigger', () => {
    expect(memories(step(anAlert(), aLook(), 0, GRACE).alert)).toEqual([peak('520')])
  })

  test('changes nothing where it is what was remembered before', () => {
    const remembered = peak('520')
    const alert = anAlert({ triggers: [{ ...blank, side: 'unmet', memory: remembered }] })
    const look = aLook({ memories: [{ kept: remembered, begun: () => peak('500') }] })
    expect(step(alert, look, 1, GRACE).alert).toBe(alert)
  })

  test('is kept while the trigger is unknown because of another part', () => {
    const alert = anAlert({ triggers: [{ ...blank, side: 'unmet', memory: peak('510') }] })
    expect(memories(step(alert, aLook({ truths: ['unknown'] }), 1, GRACE).alert)).toEqual([peak('520')])
  })

  test('is not changed by a price of closed hours', () => {
    const alert = anAlert({ triggers: [{ ...blank, side: 'unmet', memory: peak('510') }] })
    expect(memories(step(alert, aLook({ open: false }), 1, GRACE).alert)).toEqual([peak('510')])
  })

  test('begins anew with a firing, in the trigger that fired', () => {
    const looked = { kept: peak('520'), begun: () => peak('478.4') }
    const triggers = [
      { ...blank, side: 'unmet' as const, memory: peak('510') },
      { ...blank, side: 'unmet' as const, memory: peak('510') },
    ]
    const alert = anAlert({ triggers, options: { mode: 'repeat' } })
    const look = aLook({ truths: ['met', 'unmet'], memories: [looked, looked] })
    const after = step(alert, look, 1, GRACE)
    expect(after.occurrences).toHaveLength(1)
    expect(memories(after.alert)).toEqual([peak('478.4'), peak('520')])
  })

  test('outlives the end of an alert, so that a snooze of what has just rung can still see it', () => {
    const alert = anAlert({ triggers: [{ ...blank, side: 'unmet', memory: peak('510') }] })
    const done = step(alert, aLook({ truths: ['met'] }), 1, GRACE).alert
    expect(done.phase).toBe('done')
    const snoozed = change.snooze(done, 10, 1)
    expect(snoozed.triggers).toEqual([{ side: 'met', held: true, running: false, memory: peak('500') }])
  })

  test.each<[string, (alert: Alert) => Alert]>([
    ['again', (alert) => change.again(alert, 1)],
    ['resume', (alert) => change.resume({ ...alert, paused: true }, 1)],
  ])('is forgotten with %s', (_title, anew) => {
    const alert = anAlert({ triggers: [{ ...blank, side: 'met', memory: peak('510') }] })
    expect(anew(alert).triggers).toEqual([blank])
  })

  test('is kept by an edit of the options, and forgotten where the hours that count change', () => {
    const alert = anAlert({ triggers: [{ ...blank, side: 'met', memory: peak('510') }] })
    const edited = (options: Alert['options']) => change.edit(alert, { ...alert, options, triggerCount: 1 }, 1)
    expect(memories(edited({ mode: 'repeat' }))).toEqual([peak('510')])
    expect(edited({ mode: 'once', during: 'extended' }).triggers).toEqual([blank])
    expect(edited({ mode: 'once', atClose: true }).triggers).toEqual([blank])
  })
})
