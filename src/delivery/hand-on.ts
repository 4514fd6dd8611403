import type { Off, Subscription, User } from '../users/types.ts'
import { nextAddress, othersOf, sameAt } from './next-address.ts'
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
  /** After how long (ms) what is urgent and not acknowledged is told elsewhere; left out where nothing is. */
  readonly escalateAfter?: number
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
  ports: HandOnPorts,
  now: number,
): Promise<Notification | 'told' | 'nowhere'> {
  const others = await othersOf(one, user, ports.byIds)
  if ([one, ...others].some(({ acknowledgedAt }) => acknowledgedAt !== undefined)) return 'told'
  const isTold = others.some(({ state }) => state === 'sent' || state === 'due' || state === 'sending')
  if (isTold && !isUnheard(one, others)) return 'told'
  const next = nextAddress(one, user, others)
  if (!next || !user) return isTold ? 'told' : 'nowhere'
  return {
    ...sameAt(one, user, next, { ...ports, now }),
    ...(one.unheard ? { unheard: one.unheard } : {}),
    instead: { channel: one.channel, reason: one.reason ?? 'it takes nothing any more' },
  }
}

/** It is urgent, and at no other address it waits to be acknowledged any more. */
function isUnheard({ urgent, occurrence }: Tracked, others: readonly Tracked[]): boolean {
  return urgent === true && occurrence.kind === 'fired' && others.every(({ escalateAt }) => escalateAt === undefined)
}
