import { randomUUID } from 'node:crypto'
import { type DeliverLimits, type DeliverPorts, deliver } from '../delivery/deliver.ts'
import { createRecorder, type RecorderPorts } from '../delivery/recorder.ts'
import type { Outcome, Tracked } from '../delivery/types.ts'
import { within } from '../delivery/within.ts'
import { SET_BACK } from './set-back.ts'

/** One run works for at most this long before it lets the queue breathe, ms. */
const RUN_FOR = 5_000

/** What is sent in one batch works with, under a token of its own. */
export type BatchPorts = Omit<DeliverPorts, 'pause' | 'lease' | 'record'> & {
  /** What is due at so many addresses, but for these notifications. */
  lease(addresses: number, except: readonly string[]): Promise<Tracked[]>
  /** As in `DeliverPorts`; `at`: when that was known, ms. Called again with the same where it throws. */
  record(ids: readonly string[], outcome: Outcome, at: number): Promise<boolean>
}

/** What a run works with. `portsFor` makes the ports of a batch that is leased under a token. */
export type DeliverJob = {
  portsFor(token: string): BatchPorts
  readonly limits: DeliverLimits
  readonly recorder: RecorderPorts
  /** Makes due what waits until later: the clock by which it waits was set back. */
  hasten(): Promise<void>
  /** Hands on what addresses did not take. */
  handOn(): Promise<void>
  /** Tells elsewhere what is urgent and was not acknowledged in time. */
  escalate(): Promise<void>
}

/**
 * Delivers what is due on a channel, batch after batch. Each batch is leased under a token of its own, so that a process
 * that was paused past its lease can record nothing when it wakes. What the database does not let it record it keeps, and
 * records it when the database is back; until then it sends nothing of that again. While the platform asks for a pause nothing is leased.
 */
export function createDeliver(job: DeliverJob): () => Promise<void> {
  const { limits, hasten, handOn, escalate } = job
  const recorder = createRecorder(job.recorder)
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
  const round = () => {
    const ports = job.portsFor(randomUUID())
    const lease = (addresses: number) => ports.lease(addresses, recorder.unrecorded())
    const record = (ids: readonly string[], outcome: Outcome) => {
      const at = Date.now()
      return recorder.record(ids, () => ports.record(ids, outcome, at))
    }
    return deliver({ ...ports, lease, record, pause }, limits)
  }
  return async () => {
    await followClock()
    const until = Date.now() + RUN_FOR
    try {
      while (Date.now() >= pausedUntil && (await round()) > 0 && Date.now() < until);
    } finally {
      // The program may be about to end, and waits for its jobs.
      await within(RUN_FOR, recorder.settled()).catch(() => {})
    }
    await handOn()
    await escalate()
  }
}

/** By how much (ms) the real clock is before one that nobody sets. */
function aheadOfMonotonic(): number {
  return Date.now() - performance.now()
}
