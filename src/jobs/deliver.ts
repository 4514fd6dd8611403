import { randomUUID } from 'node:crypto'
import { type DeliverLimits, type DeliverPorts, deliver } from '../delivery/deliver.ts'

/** One run works for at most this long before it lets the queue breathe, ms. */
const RUN_FOR = 5_000

/** What a run works with. `portsFor` makes the ports of a batch that is leased under a token. */
export type DeliverJob = {
  portsFor(token: string): Omit<DeliverPorts, 'pause'>
  readonly limits: DeliverLimits
  /** Hands on what addresses did not take. */
  handOn(): Promise<void>
}

/**
 * Delivers what is due on a channel, batch after batch. Each batch is leased under a token of its own, so that a process
 * that was paused past its lease can record nothing when it wakes. While the platform asks for a pause nothing is leased.
 */
export function createDeliver({ portsFor, limits, handOn }: DeliverJob): () => Promise<void> {
  let pausedUntil = 0
  const pause = (until: number) => {
    pausedUntil = until
  }
  return async () => {
    const until = Date.now() + RUN_FOR
    const round = () => deliver({ ...portsFor(randomUUID()), pause }, limits)
    while (Date.now() >= pausedUntil && (await round()) > 0 && Date.now() < until);
    await handOn()
  }
}
