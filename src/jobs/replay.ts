import type { Quote } from '../market/provider.ts'
import type { Replay, Tick } from '../market/replay.ts'
import type { Turns } from './turns.ts'

/** What playing a recorded day works with. */
export type ReplayPorts = {
  readonly replay: Replay
  /** Begin at once, or only when there is an alert. */
  readonly startsNow: boolean
  hasAlerts(): Promise<boolean>
  /** How far it was played before; null when it was not. */
  position(): Promise<number | null>
  advance(at: number): Promise<void>
  /** The time of the newest quote that was written; undefined when none was. */
  newest(): Promise<number | undefined>
  write(quotes: readonly Quote[]): Promise<void>
  /** Keeps others from looking at a tick of which half is written. */
  readonly inTurn: Turns
  /** Evaluates every alert at the replay's time, and stores what came of it. */
  watch(): Promise<void>
  /** True: leave the rest for another time. */
  isStopping(): boolean
  done(): Promise<void>
}

/**
 * Plays what is due: each tick is written, evaluated and stored before the next is begun, and only then counts as
 * played, so that a death in between plays it again.
 */
export function createReplayer(ports: ReplayPorts): () => Promise<void> {
  const { replay } = ports
  const play = async ({ at, quotes }: Tick) => {
    await ports.write(quotes)
    await ports.watch()
    await ports.advance(at)
    replay.done(at)
  }
  return async () => {
    if (!replay.started) {
      const position = await ports.position()
      if (position === null && !ports.startsNow && !(await ports.hasAlerts())) return
      if (position === null) replay.start()
      else {
        // The next tick may have been written already: its quotes must not be looked at from a time before them, nor before
        // all of it is there.
        replay.start(position, await ports.newest())
        // Nobody was away: what ends before the next tick, like a cooldown, ends on the quotes of its own time.
        if (!replay.next()) await ports.watch()
      }
    }
    for (let tick = replay.next(); tick && !ports.isStopping(); tick = replay.next()) {
      const due = tick
      await ports.inTurn(() => play(due))
    }
    // Timers have run up to here: after a restart the clock must not go back. Read before asking for a tick that is due.
    const at = replay.now()
    if (!replay.next()) await ports.advance(at)
    await ports.done()
  }
}
