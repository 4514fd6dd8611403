import type { Off, Subscription, User } from '../users/types.ts'
import { notificationId } from './plan.ts'
import { heldUntil } from './quiet.ts'
import { happenedAt } from './together.ts'
import type { Notification, Tracked } from './types.ts'

/** What handing on works with. */
export type HandOnPorts = {
  /** What is owed to another address than it was planned for; so many at most. */
  onward(limit: number): Promise<readonly Tracked[]>
  users(ids: readonly string[]): Promise<ReadonlyMap<string, User>>
  byIds(ids: readonly string[]): Promise<readonly Tracked[]>
  switchOff(user: string, subscription: Pick<Subscription, 'id' | 'address'>, off: Off): Promise<void>
  add(notifications: readonly Notification[]): Promise<void>
  handedOn(id: string, isMissed: boolean): Promise<void>
  /** The time zone of those who have not told theirs. */
  readonly zone: string
}

/** So many are looked at before the next look. */
const BATCH = 200

/**
 * What an address did not take goes to the next address of its person that is on and was not tried; where there is none,
 * it is kept to be told when they write. A death in between leaves it to be handed on again, to the same address and under
 * the same id. Gives the channels that have something to send. `now`: ms, real clock.
 */
export async function handOn(ports: HandOnPorts, now: number): Promise<ReadonlySet<string>> {
  const channels = new Set<string>()
  for (let owed = await ports.onward(BATCH); owed.length > 0; owed = await ports.onward(BATCH)) {
    for (const one of owed.filter(({ onward }) => onward === 'switch off')) await switchOff(one, ports, now)
    const users = await ports.users([...new Set(owed.map(({ user }) => user))])
    for (const one of owed) {
      const next = await nextFor(one, users.get(one.user), ports, now)
      if (typeof next === 'object') await ports.add([next])
      if (typeof next === 'object') channels.add(next.channel)
      await ports.handedOn(one.id, next === 'nowhere')
    }
  }
  return channels
}

async function switchOff({ user, subscription: id, address, reason }: Tracked, ports: HandOnPorts, now: number) {
  await ports.switchOff(user, { id, address }, { at: now, reason: reason ?? 'it takes nothing any more' })
}

/** The notification for the next address; `told` where another address has it or will have it. */
async function nextFor(
  one: Tracked,
  user: User | undefined,
  { byIds, zone }: HandOnPorts,
  now: number,
): Promise<Notification | 'told' | 'nowhere'> {
  const idFor = ({ id }: Subscription) => notificationId(one.occurrence, id)
  const all = (user?.subscriptions ?? []).filter(({ id }) => id !== one.subscription)
  const others = new Map((await byIds(all.map(idFor))).map((other) => [other.id, other]))
  if ([...others.values()].some(({ state }) => state === 'sent' || state === 'due' || state === 'sending'))
    return 'told'
  const next = all.find((subscription) => !subscription.off && !others.has(idFor(subscription)))
  if (!next || !user) return 'nowhere'
  const quiet = heldUntil(user, { urgent: one.urgent, zone, now })
  const { alert, occurrence, outage, urgent } = one
  return {
    ...{ id: idFor(next), user: one.user, subscription: next.id, channel: next.channel, address: next.address },
    ...{ zone: user.zone ?? zone, alert, occurrence, createdAt: now, happenedAt: happenedAt(one) },
    ...(outage ? { outage } : {}),
    ...(urgent ? { urgent } : {}),
    ...(quiet === undefined ? {} : { held: true, dueAt: quiet }),
    instead: { channel: one.channel, reason: one.reason ?? 'it takes nothing any more' },
  }
}
