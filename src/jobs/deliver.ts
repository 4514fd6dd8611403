import { randomUUID } from 'node:crypto'
import { type DeliverLimits, type DeliverPorts, deliver } from '../delivery/deliver.ts'

/** One run works for at most this long before it lets the queue breathe, ms. */
const RUN_FOR = 5_000

/**
 * Delivers what is due on a channel, batch after batch. Each batch is leased under a token of its own, so that a process
 * that was paused past its lease can record nothing when it wakes.
 */
export function createDeliver(portsFor: (token: string) => DeliverPorts, limits: DeliverLimits): () => Promise<void> {
  return async () => {
    const until = Date.now() + RUN_FOR
    while ((await deliver(portsFor(randomUUID()), limits)) === limits.batch && Date.now() < until);
  }
}
