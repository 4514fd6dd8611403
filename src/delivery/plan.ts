import type { Alert, Occurrence } from '../alert/types.ts'
import type { Subscription, User } from '../users/types.ts'
import type { Notification, Outage } from './types.ts'

/** What plans are made with: the zone of who has not told theirs, the real clock (ms), and what is known of outages. */
export type Planning = {
  readonly zone: string
  readonly now: number
  /** How long (ms) the word of an outage waits for that of other alerts. */
  readonly gather: number
  outageOf(occurrence: Occurrence): Outage | undefined
}

/**
 * Who is told of what an alert owes a word about. One notification for each occurrence and subscription, with an id
 * that is the same however often it is planned.
 */
export function plan(alert: Alert, user: User | undefined, planning: Planning): Notification[] {
  const { zone, now, gather, outageOf } = planning
  const told = subscriptionsFor(alert, user?.subscriptions ?? [])
  const { note } = alert.options
  return alert.unsent.flatMap((occurrence) => {
    const outage = outageOf(occurrence)
    return told.map(({ id, channel, address }) => ({
      id: `${occurrence.id}:${id}:${occurrence.kind}`,
      user: alert.user,
      subscription: id,
      channel,
      address,
      zone: user?.zone ?? zone,
      alert: { id: alert.id, number: alert.number, text: alert.text, ...(note === undefined ? {} : { note }) },
      occurrence,
      createdAt: now,
      ...(outage && { outage, dueAt: now + gather }),
    }))
  })
}

/** Those that `via` names; where there are none (any more), and without `via`, the one the alert was made from. */
function subscriptionsFor({ options, subscription }: Alert, all: readonly Subscription[]): readonly Subscription[] {
  const named = all.filter(({ channel }) => options.via?.some((via) => via === channel))
  return named.length > 0 ? named : all.filter(({ id }) => id === subscription)
}
