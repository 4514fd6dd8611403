import type { Alert, Occurrence } from '../alert/types.ts'
import type { Subscription, User } from '../users/types.ts'
import { escalating, notificationId } from './next-address.ts'
import { heldUntil } from './quiet.ts'
import type { Notification, Outage } from './types.ts'

/** What plans are made with: the zone of who has not told theirs, the real clock (ms), and what is known of outages. */
export type Planning = {
  readonly zone: string
  readonly now: number
  /** The clock of evaluation is the real one: an occurrence says when it happened. */
  readonly isReal?: boolean
  /** How long (ms) the word of an outage waits for that of other alerts. */
  readonly gather: number
  /** After how long (ms) what is urgent and not acknowledged is told elsewhere; left out where nothing is. */
  readonly escalateAfter?: number
  outageOf(occurrence: Occurrence): Outage | undefined
}

/**
 * Who is told of what an alert owes a word about, and when. One notification for each occurrence and subscription, with an
 * id that is the same however often it is planned. In quiet hours what is not urgent is held until they end.
 */
export function plan(alert: Alert, user: User | undefined, planning: Planning): Notification[] {
  const { zone, now, gather, outageOf } = planning
  const told = subscriptionsFor(alert, user?.subscriptions ?? [])
  const { note, urgent } = alert.options
  const quiet = heldUntil(user, { urgent, zone, now })
  const { id, number, text, maker } = alert
  const subject = { id, number, text, ...(note === undefined ? {} : { note }), ...(maker ? { maker } : {}) }
  return alert.unsent.flatMap((occurrence) => {
    const outage = outageOf(occurrence)
    const isLate = planning.isReal === true && occurrence.at < now
    const due = { ...(outage && { outage, dueAt: now + gather }), ...(quiet && { held: true as const, dueAt: quiet }) }
    return told.map(({ id, channel, address }) => ({
      id: notificationId(occurrence, id),
      user: alert.user,
      subscription: id,
      channel,
      address,
      zone: user?.zone ?? zone,
      alert: subject,
      occurrence,
      createdAt: now,
      ...due,
      ...(isLate ? { happenedAt: occurrence.at } : {}),
      ...(urgent ? { urgent } : {}),
      ...escalating({ occurrence, urgent }, planning),
    }))
  })
}

/**
 * Those that `via` names and that are on; where there are none, and without `via`, those that hear of every alert; where
 * there are none, the one the alert was made from, or the first that is on. Where none is on, those that would be told if they were: that they miss it is kept and told later.
 */
function subscriptionsFor({ options, subscription }: Alert, all: readonly Subscription[]): readonly Subscription[] {
  const on = all.filter(({ off }) => !off)
  const named = (from: readonly Subscription[]) =>
    from.filter(({ channel }) => options.via?.some((via) => via === channel))
  const own = (from: readonly Subscription[]) => from.filter(({ id }) => id === subscription)
  const set = (from: readonly Subscription[]) => from.filter(({ isDefault }) => isDefault)
  return (
    [named(on), set(on), own(on), on.slice(0, 1), named(all), set(all), own(all)].find((some) => some.length > 0) ?? []
  )
}
