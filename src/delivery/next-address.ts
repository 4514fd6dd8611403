import type { Occurrence } from '../alert/types.ts'
import type { Subscription, User } from '../users/types.ts'
import { heldUntil } from './quiet.ts'
import { happenedAt } from './together.ts'
import type { Notification, Tracked } from './types.ts'

/** What is sent on with: the real clock (ms), the zone of who has not told theirs, and how long (ms) what is urgent waits for a word. */
export type SendingOn = { readonly now: number; readonly zone: string; readonly escalateAfter?: number }

/** The id of what is told of an occurrence at a subscription: the same however often, and by whomever, it is planned. */
export function notificationId({ id, kind }: Pick<Occurrence, 'id' | 'kind'>, subscription: string): string {
  return `${id}:${subscription}:${kind}`
}

/** Until when a new notification may be acknowledged before it is told elsewhere too: only the firing of what is urgent is. */
export function escalating(
  { occurrence, urgent }: { readonly occurrence: Pick<Occurrence, 'kind'>; readonly urgent?: boolean | undefined },
  { now, escalateAfter }: Pick<SendingOn, 'now' | 'escalateAfter'>,
): Pick<Notification, 'escalateAt'> {
  return urgent && occurrence.kind === 'fired' && escalateAfter !== undefined ? { escalateAt: now + escalateAfter } : {}
}

/** What is told, or was to be told, of the occurrence of a notification at the addresses that its person has now, but for its own. */
export async function othersOf(
  one: Tracked,
  user: User | undefined,
  byIds: (ids: readonly string[]) => Promise<readonly Tracked[]>,
): Promise<readonly Tracked[]> {
  const others = (user?.subscriptions ?? []).filter(({ id }) => id !== one.subscription)
  return others.length === 0 ? [] : await byIds(others.map(({ id }) => notificationId(one.occurrence, id)))
}

/** The first address of a person that is on and was not tried with this; undefined where none is left. */
export function nextAddress(
  one: Tracked,
  user: User | undefined,
  others: readonly Tracked[],
): Subscription | undefined {
  const tried = new Set(others.map(({ id }) => id))
  return user?.subscriptions.find(
    ({ id, off }) => id !== one.subscription && !off && !tried.has(notificationId(one.occurrence, id)),
  )
}

/** The same for another address of its person, without the word why it comes there. */
export function sameAt(one: Tracked, user: User, to: Subscription, sending: SendingOn): Notification {
  const { alert, occurrence, outage, urgent } = one
  const { now, zone } = sending
  const quiet = heldUntil(user, { urgent, zone, now })
  return {
    ...{ id: notificationId(occurrence, to.id), user: one.user, subscription: to.id, channel: to.channel },
    ...{ address: to.address, zone: user.zone ?? zone, alert, occurrence, createdAt: now, happenedAt: happenedAt(one) },
    ...(outage ? { outage } : {}),
    ...(urgent ? { urgent } : {}),
    ...(quiet === undefined ? {} : { held: true, dueAt: quiet }),
    ...escalating(one, sending),
  }
}
