import { type FanOutPorts, fanOut } from '../delivery/fan-out.ts'
import type { Shard } from '../watch/shard.ts'

/** What a round of watching works with. */
export type WatchPorts = {
  /** A shard that has not looked yet. */
  newShard(): Shard
  /** A clock of evaluation that goes back by more than this (ms) was set; left out where it never is. */
  readonly setBack?: number
  readonly fanOut: FanOutPorts
  /** Real clock, ms. */
  now(): number
  /** There is something to send on this channel. */
  due(channel: string): Promise<void>
}

/** Watches a shard: one round, and the firings that are stored handed to delivery. Rounds come one after another. */
export type Watch = (evaluatedAt: number) => Promise<void>

/**
 * Makes the watch of a shard. `evaluatedAt`: the clock of evaluation, ms; it never runs back a little. Where it was set
 * back, what is in memory is of a time to come: it is begun anew from what is stored.
 */
export function createWatch({ newShard, setBack, fanOut: ports, now, due }: WatchPorts): Watch {
  let shard = newShard()
  let last = Number.NEGATIVE_INFINITY
  let queue: Promise<void> = Promise.resolve()

  const round = async (evaluatedAt: number) => {
    if (setBack !== undefined && evaluatedAt < last - setBack) {
      shard = newShard()
      last = evaluatedAt
    }
    last = Math.max(last, evaluatedAt)
    try {
      await shard.run(last)
    } finally {
      // What is stored already is owed, also where this round failed.
      for (const channel of await fanOut(ports, now())) await due(channel)
    }
  }

  return (evaluatedAt) => {
    const work = queue.then(() => round(evaluatedAt))
    queue = work.catch(() => {})
    return work
  }
}
