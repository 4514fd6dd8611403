import { isWatched } from './step.ts'
import type { Alert } from './types.ts'

/** How long after its `until` an alert waits for quotes from before it, ms. */
export const LATE_QUOTES = 30_000

/**
 * The earliest moment (ms) at which `step` could do something without a new quote, or null when there is none: the end
 * of a hold on something that waits, a running `for` that is complete, a while after `until`, blindness that outlasts
 * `grace` (ms). It may lie in the past: then it is due now. A look at that moment always moves it on.
 */
export function dueAt(alert: Alert, grace: number): number | null {
  if (!isWatched(alert)) return null
  const moments = [holdEnd(alert), completion(alert), expiry(alert), blindness(alert, grace)]
  const due = moments.filter((moment) => moment !== null)
  return due.length > 0 ? Math.min(...due) : null
}

/** With neither snooze nor cooldown a trigger that is held or running waits for a quote, not for a timer. */
function holdEnd({ triggers, snoozedUntil, cooldownUntil }: Alert): number | null {
  if (snoozedUntil === null && cooldownUntil === null) return null
  const waits = triggers.some(({ held, running }) => held || running)
  return waits ? Math.max(snoozedUntil ?? 0, cooldownUntil ?? 0) : null
}

function completion({ options, clock }: Alert): number | null {
  if (options.for === undefined || clock === null || clock.since === null) return null
  return clock.since + options.for - clock.counted
}

/** A quote timed at `until` still counts, also when it is received a little later. */
function expiry({ until }: Alert): number | null {
  return until === null ? null : until + LATE_QUOTES
}

function blindness({ blindSince, blindTold }: Alert, grace: number): number | null {
  return blindSince === null || blindTold ? null : blindSince + grace
}
