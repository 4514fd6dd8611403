import { UserError } from '../errors.ts'
import { type Evaluation, fire, isActive, isWatched, memoryOf, type Step, settle } from './step.ts'
import type { Alert, Deletion, TriggerState } from './types.ts'

/** What an alert watches and how: what a person types, understood. */
export type Content = Pick<
  Alert,
  'typed' | 'text' | 'condition' | 'options' | 'until' | 'bindings' | 'symbols' | 'daySymbols' | 'needs' | 'zone'
> & {
  readonly triggerCount: number
}

/** Whose a new alert is and where it comes from; `createdAt` is now, in ms. */
export type Origin = Pick<Alert, 'id' | 'user' | 'subscription' | 'maker' | 'createdAt'>

/** What an alert watches and how, as it is now. */
export function contentOf(alert: Alert): Content {
  const { typed, text, condition, options, until, bindings, symbols, daySymbols, needs, zone, triggers } = alert
  const understood = { typed, text, condition, options, until, bindings, symbols, daySymbols, needs, zone }
  return { ...understood, triggerCount: triggers.length }
}

const BLANK: TriggerState = { side: null, held: false, running: false }

/** A new alert, armed and waiting for its baseline; number and revision are the store's to give. */
export function create({ triggerCount, ...fields }: Origin & Content): Omit<Alert, 'number' | 'revision' | 'unsent'> {
  requireAhead(fields.until, fields.createdAt, 'The moment it should run until is past: give a later one.')
  return {
    ...fields,
    ...blankState(triggerCount),
    paused: false,
    snoozedUntil: null,
    cooldownUntil: null,
    firedAt: null,
    firings: 0,
  }
}

/** Not watched until resumed. Refuses one that is not watched now. */
export function pause(alert: Alert): Alert {
  requireActive(alert)
  if (alert.paused) throw new UserError(`Alert ${alert.number} is paused already.`)
  return { ...alert, paused: true }
}

/** Watched again, with a new baseline; snooze and cooldown run on. Refuses one that is not paused, or out of time. */
export function resume(alert: Alert, now: number): Alert {
  requireActive(alert)
  if (!alert.paused) throw new UserError(`Alert ${alert.number} is not paused.`)
  requireTimeLeft(alert, now)
  return { ...baseline(alert, alert.triggers.length), paused: false }
}

/**
 * Silent until a moment (ms) ahead of `now`: edges before it are held. One that is done is armed anew by it and speaks at
 * that moment if a trigger that was met is still met: snoozing what has just rung means *tell me again then*.
 */
export function snooze(alert: Alert, until: number, now: number): Alert {
  if (alert.phase !== 'done') requireActive(alert)
  if (alert.paused) throw new UserError(`Alert ${alert.number} is paused, so it is silent already.`)
  if (until <= now) throw new UserError('That moment is past: give one that is still to come.')
  requireTimeLeft(alert, now)
  if (alert.phase !== 'done') return { ...alert, snoozedUntil: until }
  const triggers = alert.triggers.map((trigger) => ({
    side: trigger.side,
    held: trigger.side === 'met',
    running: false,
    ...memoryOf(trigger),
  }))
  return { ...alert, phase: 'armed', triggers, snoozedUntil: until }
}

/** Ends a snooze; what it held fires at the next look at which it is met. Refuses one that is not snoozed. */
export function wake(alert: Alert, now: number): Alert {
  requireActive(alert)
  if (alert.snoozedUntil === null || alert.snoozedUntil <= now) {
    throw new UserError(`Alert ${alert.number} is not snoozed.`)
  }
  return { ...alert, snoozedUntil: null }
}

/** Armed anew from whatever it is but deleted: new baseline, no hold, not paused. Refuses one that is out of time. */
export function again(alert: Alert, now: number): Alert {
  requireKept(alert)
  requireTimeLeft(alert, now)
  return { ...baseline(alert, alert.triggers.length), paused: false, snoozedUntil: null, cooldownUntil: null }
}

/**
 * Another content for the same alert. A new condition, or an alert that had ended, gets a new baseline; where only the
 * options changed, sides and what is under way are kept, and what already waits is never lost by it. A pause and a snooze
 * stay as they are.
 */
export function edit(alert: Alert, { triggerCount, ...fields }: Content, now: number): Alert {
  requireKept(alert)
  requireAhead(fields.until, now, 'The moment it should run until is past: give a later one.')
  const edited = { ...alert, ...fields }
  if (isActive(alert) && triggerCount === alert.triggers.length && sameCondition(alert, edited))
    return adapt(edited, now)
  return { ...baseline(edited, triggerCount), cooldownUntil: null }
}

/** Repeats from now on. `text` is its canonical form with that option. Refuses one that repeats already. */
export function makeRepeat(alert: Alert, text: string, now: number): Alert {
  requireKept(alert)
  requireTimeLeft(alert, now)
  if (alert.options.mode !== 'once') throw new UserError(`Alert ${alert.number} repeats already.`)
  const options = { ...alert.options, mode: 'repeat' as const }
  return edit(alert, { ...alert, triggerCount: alert.triggers.length, text, options }, now)
}

/** A tombstone, which remembers what it was. What it still owes somebody a word about stays owed. */
export function remove(alert: Alert, deletion: Deletion): Alert {
  requireKept(alert)
  const { phase, snoozedUntil, cooldownUntil, blindSince, blindTold, triggers, clock, knownAt } = alert
  const before = { phase, snoozedUntil, cooldownUntil, blindSince, blindTold, triggers, clock, knownAt }
  return { ...settle(alert, 'deleted'), deleted: { ...deletion, before } }
}

/**
 * What it was before it was deleted. One that was watched has a new baseline, as after a pause; snooze and cooldown run
 * on. Refuses one that does not remember what it was.
 */
export function restore({ deleted, ...alert }: Alert): Alert {
  if (!deleted) throw new UserError(`Alert ${alert.number} was deleted for good: I cannot bring it back.`)
  const before = { ...alert, ...deleted.before }
  return isWatched(before) ? baseline(before, before.triggers.length) : before
}

/** Says now what is true now, and counts as the firing, whatever is snoozed. Refuses when nothing is met. */
export function tellNow(alert: Alert, evaluation: Evaluation, now: number): Step {
  requireActive(alert)
  if (alert.paused) throw new UserError(`Alert ${alert.number} is paused: resume it first.`)
  requireTimeLeft(alert, now)
  const met = alert.triggers.flatMap((_, index) => (evaluation.truths[index] === 'met' ? [index] : []))
  if (met.length === 0 && evaluation.truths.includes('unknown')) {
    throw new UserError(`I cannot see now whether alert ${alert.number} is true. Try again in a moment.`)
  }
  if (met.length === 0) throw new UserError(`Alert ${alert.number} is not true now, so there is nothing to tell.`)
  return fire(alert, met, evaluation, now)
}

function blankState(triggers: number) {
  return {
    phase: 'armed' as const,
    blindSince: null,
    blindTold: false,
    triggers: Array.from({ length: triggers }, () => BLANK),
    clock: null,
    knownAt: null,
  }
}

function baseline(alert: Alert, triggers: number): Alert {
  return { ...alert, ...blankState(triggers) }
}

/** The same tree over the same instruments and hours; where in the typed line its parts stood does not matter. */
function sameCondition(one: Alert, other: Alert): boolean {
  return shapeOf(one) === shapeOf(other)
}

function shapeOf({ condition, bindings, options: { during, atClose } }: Alert): string {
  const bound = Object.entries(bindings).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([condition, bound, during, atClose], (key, value) => (key === 'at' ? undefined : value))
}

/** What is under way, made to fit options that have changed. */
function adapt(alert: Alert, now: number): Alert {
  const { mode, every, cooldown } = alert.options
  const rest = mode === 'every' ? every : mode === 'repeat' ? cooldown : undefined
  const restEnd = rest === undefined || alert.firedAt === null ? null : alert.firedAt + rest
  // Its edge waited only for a `for` that is gone: dropping the wait must not drop the edge.
  const freed = alert.phase === 'pending' && alert.options.for === undefined
  const triggers = alert.triggers.map((trigger) => ({
    ...trigger,
    held: trigger.held || freed,
    running: trigger.running && mode === 'every',
  }))
  const state = { triggers, cooldownUntil: restEnd !== null && restEnd > now ? restEnd : null }
  return freed ? { ...alert, ...state, phase: 'armed', clock: null } : { ...alert, ...state }
}

function requireKept(alert: Alert): void {
  if (alert.phase === 'deleted') throw new UserError(`Alert ${alert.number} is deleted.`)
}

function requireActive(alert: Alert): void {
  requireKept(alert)
  if (isActive(alert)) return
  if (alert.phase === 'expired') throw new UserError(outOfTime(alert))
  throw new UserError(`Alert ${alert.number} is done.`, { suggestion: `again ${alert.number}` })
}

function requireTimeLeft(alert: Alert, now: number): void {
  requireAhead(alert.until, now, outOfTime(alert))
}

function outOfTime({ number }: Alert): string {
  return `Alert ${number} ran until a moment that is past: give it another one with /edit ${number}.`
}

function requireAhead(until: number | null, now: number, sentence: string): void {
  if (until !== null && until <= now) throw new UserError(sentence)
}
