import type { User } from '../users/types.ts'
import type { Store } from './connect.ts'
import type { Erasure } from './erased.ts'

/** Where something of a person is kept. */
export type EraseStore = Pick<
  Store,
  | 'erased'
  | 'users'
  | 'alerts'
  | 'notifications'
  | 'messages'
  | 'conversations'
  | 'longCommands'
  | 'smsOffers'
  | 'smsAnswers'
  | 'smsConsents'
  | 'confirmations'
  | 'links'
>

/** What erasing works with. `endMail` ends the mail to a user at Amazon; left out where no mail is sent. */
export type ErasePorts = {
  readonly store: EraseStore
  endMail?(user: string): Promise<void>
  /** Hears of what could not be erased yet; it is tried again. */
  failed(error: unknown): void
}

/** After this (ms) nobody holds any more what was taken before: no lease and no lock is longer. */
export const LONGEST_LEASE = 15 * 60_000

/**
 * Erases all that is kept of a user. First there is a tombstone, from which on nobody is told anything and the addresses are
 * free for somebody new; whatever dies after it, `goOnErasing` does the rest. `by` is what asked for it: asked again by the
 * same, it does no harm to whoever the person is by then. Gives whether all of it is erased now; `at` is ms, real clock.
 */
export async function erase(ports: ErasePorts, user: User, by: string, at: number): Promise<boolean> {
  const { erased, users } = ports.store
  if (await erased.asked(by)) {
    await users.eraseBlank(user.id)
    return true
  }
  const places = user.subscriptions.map(({ channel, address }) => ({ channel, address }))
  const erasure = { user: user.id, ids: [user.id, ...(user.formerIds ?? [])], places, at }
  await erased.begin(erasure, by)
  return await pass(ports, erasure)
}

/**
 * Goes on with what was begun and did not come to its end, and looks once more for what was on its way when it was erased:
 * a command, a firing, a message of another process. `now`: ms, real clock.
 */
export async function goOnErasing(ports: ErasePorts, now: number): Promise<void> {
  for (const erasure of await ports.store.erased.open(now - LONGEST_LEASE)) await pass(ports, erasure)
}

/** One pass over all there is; each step may be done again. False where the mail could not be ended: then it stays open. */
async function pass(ports: ErasePorts, { user, ids, places }: Erasure): Promise<boolean> {
  const { store } = ports
  await store.users.erase(ids)
  const typed = await store.alerts.typedBy(ids)
  await store.longCommands.erase(typed.flatMap((line) => [`alert ${line}`, `backtest ${line}`]))
  await store.alerts.erase(ids)
  await store.notifications.erase(ids)
  await store.messages.erase(ids)
  await store.confirmations.erase(ids)
  await store.links.erase(ids)
  for (const place of places) await erasePlace(store, place)
  const isMailEnded = await endMail(ports, ids)
  if (isMailEnded) await store.erased.passed(user)
  return isMailEnded
}

async function erasePlace(store: EraseStore, { channel, address }: Erasure['places'][number]): Promise<void> {
  await store.conversations.erase(channel, address)
  const makers = [personAt(address)]
  await store.alerts.forgetMakers(makers)
  await store.notifications.forgetMakers(makers)
  if (channel !== 'sms') return
  await store.smsOffers.erase(address)
  await store.smsAnswers.erase(address)
  await store.smsConsents.forget(address)
}

/** The platform's id of whoever an address belongs to, as it stands beside what they make in groups: `user/12` → `12`. */
function personAt(address: string): string {
  return address.replace(/^user\//, '')
}

async function endMail({ endMail: end, failed }: ErasePorts, ids: readonly string[]): Promise<boolean> {
  if (!end) return true
  try {
    for (const id of ids) await end(id)
    return true
  } catch (error) {
    failed(error)
    return false
  }
}
