import { describe, expect, it } from 'vitest'
import * as change from '../../src/alert/change.ts'
import type { Alert } from '../../src/alert/types.ts'
import { UserError } from '../../src/errors.ts'
import { aCondition, anAlert, anEvaluation, blank } from '../builders.ts'

const NOW = 10_000
const deletion = { at: NOW, by: 'message' }
const unmet = { ...blank, side: 'unmet' as const }
const met = { ...blank, side: 'met' as const }
const held = { ...met, held: true }
const running = { ...met, running: true }
const pending = { phase: 'pending', triggers: [met], clock: { counted: 0, since: 9_000 } } as const

const content = (given: Partial<change.Content> = {}): change.Content => {
  const { typed, text, condition, options, until, bindings, symbols, daySymbols, needs, zone } = anAlert()
  const understood = { typed, text, condition, options, until, bindings, symbols, daySymbols, needs, zone }
  return { ...understood, triggerCount: 1, ...given }
}
const otherCondition = { ...aCondition, operator: '<' as const } as typeof aCondition

describe('a change that makes no sense is refused in a sentence', () => {
  it.each<[what: string, alert: Partial<Alert>, run: (alert: Alert) => unknown, says: string]>([
    ['pausing twice', { paused: true }, change.pause, 'is paused already'],
    ['pausing what is done', { phase: 'done' }, change.pause, 'is done'],
    ['pausing what has expired', { phase: 'expired', until: 1 }, change.pause, 'give it another one with /edit 7'],
    ['pausing what is deleted', { phase: 'deleted' }, change.pause, 'is deleted'],
    ['resuming what is not paused', {}, (alert) => change.resume(alert, NOW), 'is not paused'],
    ['resuming out of time', { paused: true, until: 1 }, (alert) => change.resume(alert, NOW), '/edit 7'],
    ['snoozing into the past', {}, (alert) => change.snooze(alert, NOW, NOW), 'is past'],
    ['snoozing what is paused', { paused: true }, (alert) => change.snooze(alert, NOW + 1, NOW), 'silent already'],
    ['snoozing what has expired', { phase: 'expired' }, (alert) => change.snooze(alert, NOW + 1, NOW), '/edit 7'],
    ['waking what is awake', {}, (alert) => change.wake(alert, NOW), 'is not snoozed'],
    ['waking after the snooze', { snoozedUntil: NOW }, (alert) => change.wake(alert, NOW), 'is not snoozed'],
    ['again, out of time', { phase: 'expired', until: NOW }, (alert) => change.again(alert, NOW), '/edit 7'],
    ['again, deleted', { phase: 'deleted' }, (alert) => change.again(alert, NOW), 'is deleted'],
    ['editing to end in the past', {}, (alert) => change.edit(alert, content({ until: NOW }), NOW), 'is past'],
    ['editing what is deleted', { phase: 'deleted' }, (alert) => change.edit(alert, content(), NOW), 'is deleted'],
    [
      'repeating twice',
      { options: { mode: 'repeat' } },
      (alert) => change.makeRepeat(alert, '', NOW),
      'repeats already',
    ],
    [
      'repeating every',
      { options: { mode: 'every', every: 1 } },
      (a) => change.makeRepeat(a, '', NOW),
      'repeats already',
    ],
    ['deleting twice', { phase: 'deleted' }, (alert) => change.remove(alert, deletion), 'is deleted'],
    ['bringing back what does not know what it was', { phase: 'deleted' }, change.restore, 'deleted for good'],
    [
      'telling what is not true',
      {},
      (a) => change.tellNow(a, anEvaluation({ truths: ['unmet'] }), NOW),
      'not true now',
    ],
    [
      'telling what is not known',
      {},
      (a) => change.tellNow(a, anEvaluation({ truths: ['unknown'] }), NOW),
      'I cannot see now whether alert 7 is true',
    ],
    ['telling while paused', { paused: true }, (a) => change.tellNow(a, anEvaluation(), NOW), 'resume it first'],
    ['telling what is done', { phase: 'done' }, (a) => change.tellNow(a, anEvaluation(), NOW), 'is done'],
  ])('%s', (_what, alert, run, says) => {
    expect(() => run(anAlert(alert))).toThrow(UserError)
    expect(() => run(anAlert(alert))).toThrow(says)
  })
})

describe('create', () => {
  const origin = { id: 'alert', user: 'user', subscription: 'subscription', createdAt: 0 }

  it('gives an alert that has seen nothing, with one state for each trigger', () => {
    const { number: _, revision: __, unsent: ___, ...fresh } = anAlert({ triggers: [blank, blank] })
    expect(change.create({ ...origin, ...content({ triggerCount: 2 }) })).toEqual(fresh)
  })

  it('refuses a time that is past', () => {
    expect(() => change.create({ ...origin, createdAt: NOW, ...content({ until: NOW }) })).toThrow('give a later one')
  })
})

describe('resume and again', () => {
  const busy = anAlert({ ...pending, knownAt: 5, blindSince: 6, blindTold: true, cooldownUntil: 20_000 })
  const calm = { phase: 'armed', paused: false, triggers: [blank], clock: null, knownAt: null, blindSince: null }

  it('start from a new baseline', () => {
    expect(change.resume({ ...busy, paused: true }, NOW)).toMatchObject({ ...calm, cooldownUntil: 20_000 })
    expect(change.again(busy, NOW)).toMatchObject({ ...calm, cooldownUntil: null, snoozedUntil: null })
  })

  it('again arms what is paused, done or has expired with time left', () => {
    for (const given of [{ paused: true }, { phase: 'done' }, { phase: 'expired', until: NOW + 1 }] as const) {
      expect(change.again(anAlert(given), NOW)).toMatchObject(calm)
    }
  })
})

describe('snooze and wake', () => {
  it('set and end the silence, and leave what is held', () => {
    const snoozed = change.snooze(anAlert({ triggers: [held] }), NOW + 5, NOW)
    expect(snoozed).toMatchObject({ snoozedUntil: NOW + 5, triggers: [held] })
    expect(change.wake(snoozed, NOW)).toMatchObject({ snoozedUntil: null, triggers: [held] })
  })

  it('a snooze of what is done arms it, and holds what was true', () => {
    const done = anAlert({ phase: 'done', triggers: [met, unmet] })
    expect(change.snooze(done, NOW + 5, NOW)).toMatchObject({ phase: 'armed', triggers: [held, unmet] })
  })
})

describe('edit', () => {
  const kept: [title: string, alert: Partial<Alert>, options: Alert['options'], after: Partial<Alert>][] = [
    ['sides are kept', { triggers: [met] }, { mode: 'repeat' }, { triggers: [met] }],
    ['what is held stays held', { triggers: [held] }, { mode: 'repeat' }, { triggers: [held] }],
    ['a wait runs on', pending, { mode: 'once', for: 5 }, pending],
    ['a wait that is dropped is said', pending, { mode: 'once' }, { phase: 'armed', clock: null, triggers: [held] }],
    ['what runs, runs on', { triggers: [running] }, { mode: 'every', every: 9 }, { triggers: [running] }],
    ['without every nothing runs', { triggers: [running] }, { mode: 'repeat' }, { triggers: [met] }],
    [
      'a shorter cooldown counts from the same firing',
      { firedAt: 9_000, cooldownUntil: 99_000 },
      { mode: 'repeat', cooldown: 2_000 },
      { cooldownUntil: 11_000 },
    ],
    [
      'a cooldown that would be over is',
      { firedAt: 1, cooldownUntil: 99_000 },
      { mode: 'every', every: 9 },
      { cooldownUntil: null },
    ],
    ['no cooldown ends it', { firedAt: 9_000, cooldownUntil: 99_000 }, { mode: 'repeat' }, { cooldownUntil: null }],
    [
      'pause and snooze stay',
      { paused: true, snoozedUntil: 99 },
      { mode: 'repeat' },
      { paused: true, snoozedUntil: 99 },
    ],
  ]
  it.each(kept)('of options only: %s', (_title, alert, options, after) => {
    expect(change.edit(anAlert(alert), content({ options }), NOW)).toMatchObject({ options, ...after })
  })

  it('of options only is recognised wherever in the line the condition stood', () => {
    const moved = JSON.parse(JSON.stringify(aCondition).replaceAll('"start":0', '"start":3'))
    expect(moved).not.toEqual(aCondition)
    expect(change.edit(anAlert({ triggers: [met] }), content({ condition: moved }), NOW).triggers).toEqual([met])
  })

  it.each<[title: string, alert: Partial<Alert>, given: Partial<change.Content>, triggers: Alert['triggers']]>([
    ['the condition', {}, { condition: otherCondition }, [blank]],
    ['the instrument', {}, { bindings: { AAPL: 'crypto:AAPL/USD' } }, [blank]],
    ['the number of triggers', {}, { triggerCount: 2 }, [blank, blank]],
    ['what was done', { phase: 'done' }, {}, [blank]],
    ['what had expired', { phase: 'expired', until: 1 }, { until: NOW + 1 }, [blank]],
  ])('of %s starts from a new baseline, without the cooldown', (_title, alert, given, triggers) => {
    const before = anAlert({
      ...pending,
      cooldownUntil: 99_000,
      firedAt: 1,
      firings: 3,
      snoozedUntil: 50_000,
      ...alert,
    })
    const after = change.edit(before, content(given), NOW)
    expect(after).toMatchObject({ phase: 'armed', triggers, clock: null, cooldownUntil: null })
    expect(after).toMatchObject({ firedAt: 1, firings: 3, snoozedUntil: 50_000 })
  })
})

describe('makeRepeat', () => {
  it('changes the option and the canonical text, and keeps the sides', () => {
    const after = change.makeRepeat(anAlert({ triggers: [met] }), 'AAPL price > 500 repeat', NOW)
    expect(after).toMatchObject({ options: { mode: 'repeat' }, text: 'AAPL price > 500 repeat', triggers: [met] })
  })

  it('arms what was done', () => {
    expect(change.makeRepeat(anAlert({ phase: 'done', triggers: [met] }), '', NOW)).toMatchObject({
      phase: 'armed',
      triggers: [blank],
    })
  })
})

describe('remove', () => {
  it('leaves a tombstone that still owes what it owed', () => {
    const owed = change.tellNow(anAlert({ options: { mode: 'repeat' } }), anEvaluation(), NOW).occurrences
    expect(change.remove(anAlert({ ...pending, unsent: owed }), deletion)).toMatchObject({
      phase: 'deleted',
      clock: null,
      unsent: owed,
    })
  })
})

describe('tellNow', () => {
  it('says what is true, and only that, also in a snooze', () => {
    const look = anEvaluation({ truths: ['unmet', 'met'], describe: () => ({ triggers: ['a', 'b'], evidence: [] }) })
    const { alert, occurrences } = change.tellNow(anAlert({ triggers: [unmet, met], snoozedUntil: 99_000 }), look, NOW)
    expect(occurrences).toMatchObject([{ id: 'alert.2.fired', at: NOW, triggers: ['b'], last: true }])
    expect(alert).toMatchObject({ phase: 'done', firedAt: NOW, firings: 1 })
  })

  it('starts the cooldown, and every', () => {
    const options = { mode: 'every', every: 500 } as const
    const { alert } = change.tellNow(anAlert({ options }), anEvaluation(), NOW)
    expect(alert).toMatchObject({ phase: 'armed', cooldownUntil: NOW + 500, triggers: [running] })
  })
})
