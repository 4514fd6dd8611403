import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { again, pause, resume, snooze, wake } from '../../src/alert/change.ts'
import { dueAt } from '../../src/alert/due.ts'
import { isActive, type Step, step } from '../../src/alert/step.ts'
import type { Alert, Occurrence, Truth } from '../../src/alert/types.ts'
import type { Options } from '../../src/condition/ast.ts'
import { UserError } from '../../src/errors.ts'
import { anAlert, anEvaluation, blank } from '../builders.ts'
import { type Command, type Look, type Moment, retell, type Said, type Wish } from './naive.ts'

const RUNS = { numRuns: 1_000 }
const GRACE = 5
/** So many lives take a while on a busy machine, ms. */
const PATIENCE = 120_000

const duration = fc.integer({ min: 1, max: 20 })
const options: fc.Arbitrary<Options> = fc
  .record({
    mode: fc.constantFrom('once', 'repeat', 'every'),
    rest: fc.option(duration),
    for: fc.option(duration, { freq: 2 }),
  })
  .map(({ mode, rest, for: wanted }) => ({
    mode: mode as Options['mode'],
    ...(mode === 'every' && { every: rest ?? 7 }),
    ...(mode === 'repeat' && rest !== null && { cooldown: rest }),
    ...(wanted !== null && { for: wanted }),
  }))

const wish: fc.Arbitrary<Wish> = fc
  .record({
    options,
    until: fc.option(fc.integer({ min: 5, max: 90 }), { freq: 2 }),
    triggers: fc.integer({ min: 1, max: 3 }),
  })
  .map((given) => ({ ...given, triggers: given.options.for === undefined ? given.triggers : 1, grace: GRACE }))

const truth: fc.Arbitrary<Truth> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('met' as const) },
  { weight: 3, arbitrary: fc.constant('unmet' as const) },
  { weight: 2, arbitrary: fc.constant('unknown' as const) },
)
const look = fc.record({
  kind: fc.constant('look' as const),
  lag: fc.integer({ min: 0, max: 4 }),
  open: fc.integer({ min: 0, max: 4 }).map((number) => number > 0),
  truths: fc.oneof(
    { weight: 5, arbitrary: fc.array(truth, { minLength: 3, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant<Truth[]>(['unknown', 'unknown', 'unknown']) },
  ),
})
const command = fc.record({
  kind: fc.constantFrom<Command['kind'][]>('pause', 'resume', 'again', 'wake', 'snooze', 'snooze', 'snooze'),
  length: fc.integer({ min: 1, max: 50 }),
})

/** Moments with time that passes between them, now and then none. */
function historyOf(of: Wish): fc.Arbitrary<Moment[]> {
  const what = fc.oneof({ weight: 6, arbitrary: look }, { weight: 1, arbitrary: command })
  const moments = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), what), { minLength: 5, maxLength: 40 })
  return moments.map((list) => {
    let now = 0
    return list.map(([passed, given]): Moment => {
      now += passed
      if (given.kind !== 'look') return { kind: given.kind, now, until: now + given.length }
      const { kind, open, truths, lag } = given
      return { kind, now, at: now - lag, open, truths: truths.slice(0, of.triggers) }
    })
  })
}

const life = wish.chain((of) => fc.tuple(fc.constant(of), historyOf(of)))

const alertOf = ({ options, until, triggers }: Wish) =>
  anAlert({ options, until, triggers: Array.from({ length: triggers }, () => blank) })

function evaluationOf({ at, open, truths }: Look) {
  return anEvaluation({ at, open, truths, describe: () => ({ triggers: truths.map((_, i) => `${i}`), evidence: [] }) })
}

function happen(alert: Alert, moment: Moment): Step | 'refused' {
  if (moment.kind === 'look') return step(alert, evaluationOf(moment), moment.now, GRACE)
  // Snoozing what is done has a test of its own.
  if (moment.kind === 'snooze' && !isActive(alert)) return 'refused'
  const { now, until } = moment
  const commands = { pause, resume, again, wake, snooze: (given: Alert) => snooze(given, until, now) }
  try {
    return { alert: commands[moment.kind](alert, now), occurrences: [] }
  } catch (error) {
    if (error instanceof UserError) return 'refused'
    throw error
  }
}

type Lived = { accepted: Moment[]; said: Said[]; alerts: Alert[] }

function live(of: Wish, history: readonly Moment[], between: (alert: Alert, index: number) => Alert = (a) => a): Lived {
  const lived: Lived = { accepted: [], said: [], alerts: [alertOf(of)] }
  for (const [index, moment] of history.entries()) {
    const before = between(lived.alerts.at(-1)!, index)
    const happened = happen(before, moment)
    if (happened === 'refused') continue
    lived.said.push(...happened.occurrences.map((occurrence) => saidOf(occurrence, lived.accepted.length)))
    lived.accepted.push(moment)
    lived.alerts.push(happened.alert)
  }
  return lived
}

function saidOf({ kind, triggers, gap, reason, last }: Occurrence, moment: number): Said {
  return {
    moment,
    kind,
    triggers: triggers.map(Number),
    ...(gap && { gap }),
    ...(reason && { reason }),
    ...(last && { last }),
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

describe('whatever happens to an alert', () => {
  it(
    'it says what a second, stateless telling of its life says',
    () => {
      const property = fc.property(life, ([of, history]) => {
        const { accepted, said } = live(of, history)
        expect(said).toEqual(retell(of, accepted))
      })
      fc.assert(property, { numRuns: 3_000 })
    },
    PATIENCE,
  )

  it(
    'being written to JSON and read back anywhere changes nothing',
    () => {
      const property = fc.property(
        life,
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        ([of, history], at) => {
          const restarted = live(of, history, (alert, index) => (at[index] ? JSON.parse(JSON.stringify(alert)) : alert))
          expect(restarted).toEqual(live(of, history))
        },
      )
      fc.assert(property, RUNS)
    },
    PATIENCE,
  )

  it(
    'the same happenings say the same, and nothing is written into what was given',
    () => {
      const property = fc.property(life, ([of, history]) => {
        expect(live(of, freeze(history), freeze)).toEqual(live(of, history))
      })
      fc.assert(property, RUNS)
    },
    PATIENCE,
  )

  it(
    'a look that changes nothing gives the very same alert back, and then has nothing to say',
    () => {
      const property = fc.property(life, ([of, history]) => {
        const { accepted, alerts, said } = live(of, history)
        for (const [index, moment] of accepted.entries()) {
          const [before, after] = [alerts[index]!, alerts[index + 1]!]
          if (moment.kind !== 'look' || before !== after) continue
          expect(said.filter((word) => word.moment === index)).toEqual([])
        }
        const changed = accepted.flatMap((moment, index) =>
          moment.kind === 'look' && alerts[index] !== alerts[index + 1] ? [[alerts[index], alerts[index + 1]]] : [],
        )
        for (const [before, after] of changed) expect(after).not.toEqual(before)
      })
      fc.assert(property, RUNS)
    },
    PATIENCE,
  )

  it(
    'nothing fires at a look at which every trigger is unknown',
    () => {
      const property = fc.property(life, ([of, history]) => {
        const { accepted, said } = live(of, history)
        for (const { kind, moment, triggers } of said) {
          const seen = accepted[moment] as Look
          if (kind === 'fired') expect(triggers.map((trigger) => seen.truths[trigger])).not.toContain('unknown')
          if (kind === 'fired') expect(triggers.length).toBeGreaterThan(0)
        }
      })
      fc.assert(property, RUNS)
    },
    PATIENCE,
  )

  it(
    'before it is due the same look does nothing, and when it is due it does something',
    () => {
      const property = fc.property(life, fc.integer({ min: 1, max: 200 }), ([of, history], later) => {
        const { accepted, alerts } = live(of, history)
        for (const [index, moment] of accepted.entries()) {
          if (moment.kind !== 'look') continue
          const alert = alerts[index + 1]!
          const due = dueAt(alert, GRACE)
          const again = (now: number) => step(alert, evaluationOf({ ...moment, at: now }), now, GRACE)
          // Past `until` any look ends the alert; its own timer only waits for quotes that come late.
          const early = Math.min(
            moment.now + later,
            (due ?? Number.POSITIVE_INFINITY) - 1,
            alert.until ?? Number.POSITIVE_INFINITY,
          )
          if (early >= moment.now) expect(quietly(again(early).alert)).toEqual(quietly(alert))
          if (due !== null) expect(again(Math.max(due, moment.now)).alert).not.toBe(alert)
        }
      })
      fc.assert(property, RUNS)
    },
    PATIENCE,
  )
})

/** Without the holds: one that is over and holds nothing is forgotten at whatever look comes next. */
const quietly = ({ snoozedUntil: _, cooldownUntil: __, ...rest }: Alert) => rest

it('the lives made up here are eventful: each kind of word is said', () => {
  const counts: Record<string, number> = {}
  for (const [of, history] of fc.sample(life, { numRuns: 2_000, seed: 1 })) {
    for (const { kind, gap, reason } of live(of, history).said) {
      const name = [kind, gap && 'gap', reason].filter(Boolean).join(' ')
      counts[name] = (counts[name] ?? 0) + 1
    }
  }
  for (const name of ['fired', 'fired gap', 'expired', 'expired pending', 'expired held', 'blind gap', 'sighted gap']) {
    expect(counts[name] ?? 0, name).toBeGreaterThan(10)
  }
})
