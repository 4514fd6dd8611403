import type { Tracked } from './types.ts'

/** What is told in one message: one notification, or the words of one outage of all alerts that it makes blind. */
export type Bundle = readonly [Tracked, ...Tracked[]]

/** Alerts that became blind, or see again, so close to each other on the clock of evaluation did so by one outage, ms. */
const ONE_OUTAGE = 60_000

/** Notifications to one address, in their order, with those of one outage put together at the place of the first. */
export function bundled(notifications: readonly Tracked[]): Bundle[] {
  const bundles: [Tracked, ...Tracked[]][] = []
  for (const notification of notifications) {
    const bundle = bundles.find(([first]) => isOneOutage(first, notification))
    if (bundle) bundle.push(notification)
    else bundles.push([notification])
  }
  return bundles
}

function isOneOutage(one: Tracked, other: Tracked): boolean {
  if (!one.outage || !other.outage || one.occurrence.kind !== other.occurrence.kind) return false
  return Math.abs(one.occurrence.at - other.occurrence.at) <= ONE_OUTAGE
}
