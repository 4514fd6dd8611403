import { randomUUID } from 'node:crypto'
import { type DeliverLimits, type DeliverPorts, deliver } from '../delivery/deliver.ts'

/** One run works for at most this long before it lets the queue breathe, ms. */
const RUN_FOR = 5_000

/** A clock that goes back by more than this was set, ms. */
const SET_BACK = 10_000

/** What a run works with. `portsFor` makes the ports of a batch that is leased under a token. */
export type DeliverJob = {
  portsFor(token: string): Omit<DeliverPorts, 'pause'>
  readonly limits: DeliverLimits
  /** Makes due what waits until later: the clock by which it waits was set back. */
  hasten(): Promise<void>
  /** Hands on what addresses did not take. */
  handOn(): Promise<void>
  /** Tells elsewhere what is urgent and was not acknowledged in time. */
  escalate(): Promise<void>
}

/**
 * Delivers what is due on a channel, batch after batch. Each batch is leased under a token of its own, so that a process
 * that was paused past its lease can record nothing when it wakes. While the platform asks for a pause nothing is leased.
 */
export function createDeliver({ portsFor, limits, hasten, handOn, escalate }: DeliverJob): () => Promise<void> {
  let pausedUntil = 0
  let ahead = aheadOfMonotonic()
  const pause = (until: number) => {
    pausedUntil = until
  }
  const followClock = async () => {
    const before = ahead
    ahead = aheadOfMonotonic()
    if (ahead > before - SET_BACK) return
    pausedUntil = 0
    await hasten()
  }
  return async () => {
    await followClock()
    const until = Date.now() + RUN_FOR
    const round = () => deliver({ ...portsFor(randomUUID()), pause }, limits)
    while (Date.now() >= pausedUntil && (await round()) > 0 && Date.now() < until);
    await handOn()
    await escalate()
  }
}

/** By how much (ms) the real clock is before one that nobody sets. */
function aheadOfMonotonic(): number {
  return Date.now() - performance.now()
}
