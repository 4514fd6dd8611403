import type { Subscription, User } from '../users/types.ts'
import { heldUntil } from './quiet.ts'
import type { Outcome, Tracked } from './types.ts'

/** Where something goes: an address, and for which user it is kept. */
export type Destination = { readonly address: string; readonly user: string }

/** Where a notification goes now, or what is to be recorded instead of sending it. */
export type Standing =
  | { readonly to: Destination; readonly outcome?: undefined }
  | { readonly to?: undefined; readonly outcome: Outcome }

/** So long (ms) after its person was heard of last a phone may be somebody else's by now. */
export const IDLE = 90 * 86_400_000
/** What is said elsewhere of a phone that is not texted any more for that. */
export const IS_IDLE =
  'I have not heard from you for 90 days, and a number may go to somebody else: confirm it anew with subscribe sms, or text me from it'

/** Why what was to be told elsewhere is not sent. */
export const ACKNOWLEDGED = 'you have acknowledged it'

/**
 * How a notification stands with its person at the moment of sending (`now`: ms, real clock; `zone`: of who has not told
 * theirs): an address may be theirs no more, off, idle, or another one by now, and it may be quiet.
 */
export function standingOf(notification: Tracked, user: User | undefined, zone: string, now: number): Standing {
  if (!user) return { outcome: { state: 'dropped', reason: 'the one it was for is not here any more' } }
  const subscription = user.subscriptions.find(({ id }) => id === notification.subscription)
  if (!subscription)
    return { outcome: { state: 'dropped', reason: 'that address is not yours any more', onward: 'keep on' } }
  const { off, address, mailedAs = user.id } = subscription
  if (off) return { outcome: { state: 'dropped', reason: off.reason, onward: 'keep on' } }
  if (isIdle(subscription, now)) return { outcome: { state: 'dropped', reason: IS_IDLE, onward: 'switch off' } }
  if (notification.unheard && notification.acknowledgedAt !== undefined)
    return { outcome: { state: 'dropped', reason: ACKNOWLEDGED } }
  const quiet = heldUntil(user, { urgent: notification.urgent, zone, now })
  if (quiet === undefined) return { to: { address, user: mailedAs } }
  return { outcome: { state: 'due', dueAt: quiet, reason: 'your quiet hours', isTry: false, held: true } }
}

/** Of a phone that was never heard of nobody knows. */
function isIdle({ channel, lastHeardAt, confirmedAt }: Subscription, now: number): boolean {
  const last = Math.max(lastHeardAt ?? 0, confirmedAt ?? 0)
  return channel === 'sms' && last > 0 && now - last > IDLE
}
