import type { User } from '../users/types.ts'
import { nextAddress, othersOf, sameAt } from './next-address.ts'
import type { Notification, Tracked, Unheard } from './types.ts'

/** What escalation works with. */
export type EscalatePorts = {
  /** What is urgent, and was not acknowledged in time; so many at most. `now`: ms, real clock. */
  unheard(now: number, limit: number): Promise<readonly Tracked[]>
  users(ids: readonly string[]): Promise<ReadonlyMap<string, User>>
  byIds(ids: readonly string[]): Promise<readonly Tracked[]>
  add(notifications: readonly Notification[]): Promise<void>
  /** It waits for no word any more; false where that had changed since it was read. */
  escalated(one: Pick<Tracked, 'id' | 'escalateAt'>): Promise<boolean>
  /** All that was, or is to be, told of these occurrences is acknowledged. */
  acknowledge(users: readonly string[], occurrences: readonly string[], now: number): Promise<void>
  /** The time zone of those who have not told theirs. */
  readonly zone: string
  /** After how long (ms) what is not acknowledged is told elsewhere. */
  readonly escalateAfter: number
}

/** So many are looked at in a round, the rest in the next: whoever delivers has other things to do. */
const BATCH = 200

/**
 * What is urgent and was not acknowledged in time is told at the next address of its person too, and so on from there,
 * until it is acknowledged or no address is left. A death in between leaves it to be looked at again: by then the other
 * address has it under the same id, and it goes on from there. Gives the channels that have something to send. `now`: ms,
 * real clock.
 */
export async function escalate(ports: EscalatePorts, now: number): Promise<ReadonlySet<string>> {
  const channels = new Set<string>()
  const over = await ports.unheard(now, BATCH)
  if (over.length === 0) return channels
  const users = await ports.users([...new Set(over.map(({ user }) => user))])
  for (const one of over) {
    const user = users.get(one.user)
    const next = user && (await nextFor(one, user, ports, now))
    if (next) await ports.add([next])
    const isMeant = await ports.escalated(one)
    if (next && (isMeant || !(await isAcknowledged(one, user, ports, now)))) channels.add(next.channel)
  }
  return channels
}

/** The notification for the next address; undefined where there is none, or where another one waits to be acknowledged. */
async function nextFor(one: Tracked, user: User, ports: EscalatePorts, now: number): Promise<Notification | undefined> {
  const others = await othersOf(one, user, ports.byIds)
  if (others.some(({ acknowledgedAt, escalateAt = 0 }) => acknowledgedAt !== undefined || escalateAt > now)) return
  const next = nextAddress(one, user, others)
  return next && { ...sameAt(one, user, next, { ...ports, now }), unheard: unheardAt(one, ports, now) }
}

function unheardAt({ channel, createdAt, sentAt }: Tracked, { escalateAfter }: EscalatePorts, now: number): Unheard {
  const since = sentAt ?? createdAt
  // A clock that was set back tells nothing of how long it was.
  const after = now < since ? escalateAfter : now - since
  return sentAt === null ? { channel, after, isUntold: true } : { channel, after }
}

/** Where it was acknowledged while its next address was looked for, what was just added is not sent there. */
async function isAcknowledged(
  { id, occurrence }: Tracked,
  { id: user, formerIds = [] }: User,
  ports: EscalatePorts,
  now: number,
): Promise<boolean> {
  const [asItIs] = await ports.byIds([id])
  if (asItIs?.acknowledgedAt === undefined) return false
  await ports.acknowledge([user, ...formerIds], [occurrence.id], now)
  return true
}
