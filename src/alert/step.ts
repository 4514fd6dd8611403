import { type Memory, NOTHING } from '../condition/memory.ts'
import type { Alert, Evidence, ForClock, Gap, Occurrence, TriggerState, Truth } from './types.ts'

/** What one look at the market says of one alert. */
export type Evaluation = {
  /** The time of the newest quote it rests on (`asOf`, else `receivedAt`); for a timer's look: the timer's time. ms */
  readonly at: number
  /** The time of the newest quote it rests on, also for a timer's look; left out where there is none. ms */
  readonly seenAt?: number
  /** One per trigger, in the order of `alert.triggers`. While closed: of the last price. */
  readonly truths: readonly Truth[]
  /** What each trigger is to remember after this look, and after a firing at it; left out where nothing was looked at. */
  readonly memories?: readonly { readonly kept: Memory; readonly begun: () => Memory }[]
  /** Some symbol's market is in session. Closed hours make no edges and stop the clock of `for`. */
  readonly open: boolean
  /** Canonical text of the triggers, and the figures; called only when something is to be said. */
  readonly describe: () => { triggers: readonly string[]; evidence: readonly Evidence[] }
  /** Why it is unknown, in a person's words. */
  readonly why?: string
}

/** An alert after something happened to it, and what its owner is owed a word about, in the order it happened. */
export type Step = { readonly alert: Alert; readonly occurrences: readonly Occurrence[] }

const NONE: readonly Occurrence[] = []

/**
 * The life of an alert: what one look at the market makes of it. Pure and total; nothing changed: the same object.
 * `now` is the moment of the look on the clock of evaluation, `grace` how long an alert may be blind before its owner
 * hears of it, both ms. It takes a condition to stay as it was last seen until the next look, so an alert is to be
 * looked at when a market opens or closes, at `dueAt`, and with unknown truths at the moment the process went away.
 * `revision` and `unsent` are left to the caller.
 */
export function step(alert: Alert, evaluation: Evaluation, now: number, grace: number): Step {
  if (!isWatched(alert)) return { alert, occurrences: NONE }
  if (alert.until !== null && evaluation.at > alert.until) return expire(alert, now)
  // A quote from before `until` may be looked at after it: the alert's timers end there all the same.
  const time = alert.until === null ? now : Math.min(now, alert.until)
  const released = releaseHolds(alert, time)
  const seen = runClock(released, seeTriggers(released, evaluation, now, grace), evaluation, time)
  const watched = watchBlindness(seen, evaluation, now, grace)
  const ready = readyToFire(watched.alert, evaluation)
  if (ready.length === 0)
    return watched.alert === alert ? watched : { ...watched, alert: mark(watched.alert, evaluation, now) }
  const fired = fire(watched.alert, ready, evaluation, now)
  // A firing shows by itself that the alert sees again, and names the gap.
  const others = watched.occurrences.filter(({ kind }) => kind !== 'sighted')
  return { alert: fired.alert, occurrences: [...others, ...fired.occurrences] }
}

/** Whether an alert's life goes on: armed or pending. It may be paused all the same. */
export function isActive({ phase }: Alert): boolean {
  return phase === 'armed' || phase === 'pending'
}

/** Whether an alert is looked at: its life goes on, and it is not paused. */
export function isWatched(alert: Alert): boolean {
  return isActive(alert) && !alert.paused
}

/**
 * Makes triggers (by index) fire at `now` (ms), and gives the alert after it: done with `once`, in its cooldown with
 * `cooldown`, running with `every`. Asks nothing: whether they may fire is for the caller to know.
 */
export function fire(alert: Alert, fired: readonly number[], evaluation: Evaluation, now: number): Step {
  const { mode } = alert.options
  const { triggers, evidence } = evaluation.describe()
  const gap = earliestGap(fired.map((index) => alert.triggers[index]?.gap))
  const occurrence: Occurrence = {
    ...bare(alert, 'fired', now),
    triggers: fired.map((index) => triggers[index] ?? ''),
    evidence,
    ...(gap && { gap }),
    ...(mode === 'once' && { last: true }),
  }
  const counted: Alert = {
    ...mark(alert, evaluation, now),
    phase: 'armed',
    clock: null,
    triggers: alert.triggers.map((trigger, index) =>
      fired.includes(index) ? afterFiring(trigger, mode === 'every', evaluation.memories?.[index]?.begun()) : trigger,
    ),
    firedAt: now,
    firings: alert.firings + 1,
  }
  const rest = restOf(alert)
  if (mode === 'once') return { alert: settle(counted, 'done'), occurrences: [occurrence] }
  return { alert: rest === undefined ? counted : { ...counted, cooldownUntil: now + rest }, occurrences: [occurrence] }
}

/** How long it is quiet after it fired, ms. */
function restOf({ options: { mode, every, cooldown } }: Pick<Alert, 'options'>): number | undefined {
  return mode === 'every' ? every : cooldown
}

function afterFiring(trigger: TriggerState, running: boolean, begun: Memory | undefined): TriggerState {
  return remembering(begun, { side: 'met', held: false, running, ...memoryOf(trigger) })
}

/** An alert that is not watched any more, with nothing under way; sides and memory are kept as last known. */
export function settle(alert: Alert, phase: 'done' | 'expired' | 'deleted'): Alert {
  return {
    ...alert,
    phase,
    snoozedUntil: null,
    cooldownUntil: null,
    blindSince: null,
    blindTold: false,
    triggers: alert.triggers.map((trigger) => ({
      side: trigger.side,
      held: false,
      running: false,
      ...memoryOf(trigger),
    })),
    clock: null,
    knownAt: null,
  }
}

/** What a trigger remembers, as a part of one. */
export function memoryOf({ memory }: TriggerState): Pick<TriggerState, 'memory'> {
  return memory === undefined ? {} : { memory }
}

function remembering(memory: Memory | undefined, trigger: TriggerState): TriggerState {
  return memory === undefined || memory === (trigger.memory ?? NOTHING) ? trigger : { ...trigger, memory }
}

/** Remembers up to which quote it was looked at, and when. */
function mark(alert: Alert, { seenAt }: Evaluation, now: number): Alert {
  return seenAt === undefined ? alert : { ...alert, seenAt, lookedAt: now }
}

function bare(alert: Alert, kind: Occurrence['kind'], now: number): Occurrence {
  return { id: `${alert.id}.${alert.revision + 1}.${kind}`, kind, at: now, triggers: [], evidence: [] }
}

function expire(alert: Alert, now: number): Step {
  const underWay = alert.phase === 'pending' ? 'pending' : alert.triggers.some(({ held }) => held) ? 'held' : undefined
  const occurrence = { ...bare(alert, 'expired', now), ...(underWay && { reason: underWay }) }
  return { alert: settle(alert, 'expired'), occurrences: [occurrence] }
}

/**
 * Forgets a snooze and a cooldown that are over, so that no timer runs out for them twice. A cooldown that would last longer
 * than it is to was begun by a clock that was set back since.
 */
function releaseHolds(alert: Alert, time: number): Alert {
  const snoozedUntil = stillAhead(alert.snoozedUntil, time)
  const ends = stillAhead(alert.cooldownUntil, time)
  const cooldownUntil = ends === null ? null : Math.min(ends, time + (restOf(alert) ?? Number.POSITIVE_INFINITY))
  const same = snoozedUntil === alert.snoozedUntil && cooldownUntil === alert.cooldownUntil
  return same ? alert : { ...alert, snoozedUntil, cooldownUntil }
}

function stillAhead(moment: number | null, time: number): number | null {
  return moment !== null && moment > time ? moment : null
}

function truthOf(evaluation: Evaluation, index: number): Truth {
  return evaluation.truths[index] ?? 'unknown'
}

/** Every trigger after this look; an edge is held, and fires from there. */
function seeTriggers(alert: Alert, evaluation: Evaluation, now: number, grace: number): Alert {
  const triggers = alert.triggers.map((trigger, index) => {
    const truth = truthOf(evaluation, index)
    const kept = evaluation.open ? remembering(evaluation.memories?.[index]?.kept, trigger) : trigger
    if (truth === 'unknown') return loseSight(kept, now)
    const seen = evaluation.open ? takeSide(kept, truth) : kept
    return regainSight(seen, seen.held || seen.running || alert.clock !== null, now, grace)
  })
  if (triggers.every((trigger, index) => trigger === alert.triggers[index])) return alert
  const unseen = triggers.flatMap(({ knownAt }) => knownAt ?? [])
  return { ...alert, triggers, knownAt: unseen.length > 0 ? Math.min(...unseen) : null }
}

function loseSight(trigger: TriggerState, now: number): TriggerState {
  return trigger.side === null || trigger.knownAt !== undefined ? trigger : { ...trigger, knownAt: now }
}

function takeSide(trigger: TriggerState, truth: 'met' | 'unmet'): TriggerState {
  if (truth === trigger.side) return trigger
  if (truth === 'unmet' || trigger.side === null)
    return { side: truth, held: false, running: false, ...memoryOf(trigger) }
  return { ...trigger, side: 'met', held: true }
}

/** The gap is remembered only where a firing to come has to name it: the oldest one, which lies at the edge itself. */
function regainSight(trigger: TriggerState, waiting: boolean, now: number, grace: number): TriggerState {
  if (trigger.knownAt === undefined) return trigger
  const { knownAt, ...known } = trigger
  return waiting && !known.gap && now - knownAt > grace ? { ...known, gap: { from: knownAt, to: now } } : known
}

function earliestGap(gaps: readonly (Gap | undefined)[]): Gap | undefined {
  return gaps.reduce((first, gap) => (gap && (!first || gap.from < first.from) ? gap : first), undefined)
}

/** `for`: an edge starts the clock instead of being held; it is held once the clock has counted long enough. */
function runClock(before: Alert, seen: Alert, evaluation: Evaluation, time: number): Alert {
  const trigger = seen.triggers[0]
  const wanted = seen.options.for
  if (wanted === undefined || !trigger) return seen
  const edge = before.triggers[0]?.side === 'unmet' && trigger.side === 'met'
  const clock = edge ? { counted: 0, since: time } : notAhead(seen.clock, time)
  if (clock === null) return seen
  if (trigger.side === 'unmet') return { ...seen, phase: 'armed', clock: null }
  const met = truthOf(evaluation, 0) === 'met'
  const next = turn(clock, met && evaluation.open, time)
  const total = next.counted + (next.since === null ? 0 : time - next.since)
  // Also at the look that finds the market closed: until then it was open.
  if (met && total >= wanted) return { ...seen, phase: 'armed', clock: null, triggers: [{ ...trigger, held: true }] }
  if (edge) return { ...seen, phase: 'pending', clock: next, triggers: [{ ...trigger, held: false }] }
  return next === seen.clock ? seen : { ...seen, clock: next }
}

/** What began to be counted in a time to come, since the clock was set back, begins now. */
function notAhead(clock: ForClock | null, time: number): ForClock | null {
  return clock !== null && clock.since !== null && clock.since > time ? { ...clock, since: time } : clock
}

/** The clock made to run or to stand from `time` on. */
function turn(clock: ForClock, run: boolean, time: number): ForClock {
  if (run) return clock.since === null ? { ...clock, since: time } : clock
  return clock.since === null ? clock : { counted: clock.counted + time - clock.since, since: null }
}

/** The indices of the triggers that fire at this look. */
function readyToFire(alert: Alert, evaluation: Evaluation): number[] {
  if (alert.snoozedUntil !== null || alert.cooldownUntil !== null) return []
  return alert.triggers.flatMap(({ held, running }, index) =>
    truthOf(evaluation, index) === 'met' && (held || (running && evaluation.open)) ? [index] : [],
  )
}

/**
 * Says once that an alert is blind, and once that it sees again: one trigger that cannot be seen is enough, because it
 * could have fired by itself. Closed hours are not counted and end nothing.
 */
function watchBlindness(alert: Alert, evaluation: Evaluation, now: number, grace: number): Step {
  const blind = alert.triggers.some((_, index) => truthOf(evaluation, index) === 'unknown')
  if (!evaluation.open) return { alert: alert.blindTold ? alert : forgetBlindness(alert), occurrences: NONE }
  if (!blind) return { alert: forgetBlindness(alert), occurrences: sighted(alert, evaluation, now) }
  // A clock that was set back makes nobody wait for the hour that it lost.
  const since = Math.min(alert.blindSince ?? now, now)
  const watched = alert.blindSince === since ? alert : { ...alert, blindSince: since }
  if (alert.blindTold || now - since < grace) return { alert: watched, occurrences: NONE }
  const gap = { from: since, to: now }
  const occurrence = {
    ...bare(alert, 'blind', now),
    gap,
    ...(evaluation.why !== undefined && { reason: evaluation.why }),
  }
  return { alert: { ...watched, blindTold: true }, occurrences: [occurrence] }
}

function forgetBlindness(alert: Alert): Alert {
  return alert.blindSince === null ? alert : { ...alert, blindSince: null, blindTold: false }
}

function sighted(alert: Alert, evaluation: Evaluation, now: number): readonly Occurrence[] {
  if (alert.blindSince === null || !alert.blindTold) return NONE
  const gap = { from: alert.blindSince, to: now }
  return [{ ...bare(alert, 'sighted', now), evidence: evaluation.describe().evidence, gap }]
}
