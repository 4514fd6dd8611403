import type { User } from '../users/types.ts'
import { heldUntil } from './quiet.ts'
import type { Outcome, Tracked } from './types.ts'

/** Where a notification goes now, or what is to be recorded instead of sending it. */
export type Standing =
  | { readonly address: string; readonly outcome?: undefined }
  | { readonly address?: undefined; readonly outcome: Outcome }

/**
 * How a notification stands with its person at the moment of sending (`now`: ms, real clock; `zone`: of who has not told
 * theirs): an address may be theirs no more, off, or another one by now, and it may be quiet.
 */
export function standingOf(notification: Tracked, user: User | undefined, zone: string, now: number): Standing {
  if (!user) return { outcome: { state: 'dropped', reason: 'the one it was for is not here any more' } }
  const subscription = user.subscriptions.find(({ id }) => id === notification.subscription)
  if (!subscription)
    return { outcome: { state: 'dropped', reason: 'that address is not yours any more', onward: 'keep on' } }
  const { off, address } = subscription
  if (off) return { outcome: { state: 'dropped', reason: off.reason, onward: 'keep on' } }
  const quiet = heldUntil(user, { urgent: notification.urgent, zone, now })
  if (quiet === undefined) return { address }
  return { outcome: { state: 'due', dueAt: quiet, reason: 'your quiet hours', isTry: false, held: true } }
}
