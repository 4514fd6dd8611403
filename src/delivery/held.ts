import type { User } from '../users/types.ts'
import { heldUntil } from './quiet.ts'

/** What a look at what is held works with. */
export type HeldPorts = {
  /** Who has something held, and until when (ms) at the latest. */
  held(): Promise<readonly { readonly user: string; readonly until: number }[]>
  users(ids: readonly string[]): Promise<ReadonlyMap<string, User>>
  releaseHeld(user: string): Promise<void>
  /** The time zone of those who have not told theirs. */
  readonly zone: string
}

/**
 * Makes due what is held longer than its person's quiet hours as they are now: these, or the time zone, may have changed
 * since. What is still to wait is held anew when it is about to be sent. `now`: ms, real clock.
 */
export async function releaseHeld(ports: HeldPorts, now: number): Promise<void> {
  const held = await ports.held()
  if (held.length === 0) return
  const users = await ports.users(held.map(({ user }) => user))
  for (const { user: id, until } of held) {
    const user = users.get(id)
    const end = heldUntil(user, { urgent: false, zone: ports.zone, now }) ?? now
    if (until > end) await ports.releaseHeld(id)
  }
}
