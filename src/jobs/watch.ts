import { type FanOutPorts, fanOut } from '../delivery/fan-out.ts'
import type { Shard } from '../watch/shard.ts'
import { createTurns } from './turns.ts'

/** What a round of watching works with. */
export type WatchPorts = {
  /** A shard that has not looked yet. */
  newShard(): Shard
  /** The clock of evaluation, ms. */
  clock(): number
  /** A clock of evaluation that goes back by more than this (ms) was set; left out where it never is. */
  readonly setBack?: number
  readonly fanOut: FanOutPorts
  /** Real clock, ms. */
  now(): number
  /** There is something to send on this channel. */
  due(channel: string): Promise<void>
}

/** Watches a shard: one round, and the firings that are stored handed to delivery. Rounds come one after another. */
export type Watch = () => Promise<void>

/**
 * Makes the watch of a shard. Where the clock of evaluation was set back, what is in memory is of a time to come: it is
 * begun anew from what is stored.
 */
export function createWatch({ newShard, clock, setBack, fanOut: ports, now, due }: WatchPorts): Watch {
  let shard = newShard()
  let last = Number.NEGATIVE_INFINITY
  const inTurn = createTurns()

  const round = async () => {
    const at = clock()
    const isSetBack = setBack !== undefined && at < last - setBack
    if (isSetBack) shard = newShard()
    last = isSetBack ? at : Math.max(last, at)
    try {
      await shard.run()
    } finally {
      // What is stored already is owed, also where this round failed.
      for (const channel of await fanOut(ports, now())) await due(channel)
    }
  }

  return () => inTurn(round)
}
