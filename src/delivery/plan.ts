import type { Alert } from '../alert/types.ts'
import type { Subscription, User } from '../users/types.ts'
import type { Notification } from './types.ts'

/**
 * Who is told of what an alert owes a word about. One notification for each occurrence and subscription, with an id
 * that is the same however often it is planned. `zone` stands in for a user who has not told theirs; `now` in ms.
 */
export function plan(alert: Alert, user: User | undefined, zone: string, now: number): Notification[] {
  const told = subscriptionsFor(alert, user?.subscriptions ?? [])
  const { note } = alert.options
  return alert.unsent.flatMap((occurrence) =>
    told.map(({ id, channel, address }) => ({
      id: `${occurrence.id}:${id}:${occurrence.kind}`,
      user: alert.user,
      subscription: id,
      channel,
      address,
      zone: user?.zone ?? zone,
      alert: { id: alert.id, number: alert.number, text: alert.text, ...(note === undefined ? {} : { note }) },
      occurrence,
      createdAt: now,
    })),
  )
}

/** Those that `via` names; where there are none (any more), and without `via`, the one the alert was made from. */
function subscriptionsFor({ options, subscription }: Alert, all: readonly Subscription[]): readonly Subscription[] {
  const named = all.filter(({ channel }) => options.via?.some((via) => via === channel))
  return named.length > 0 ? named : all.filter(({ id }) => id === subscription)
}
