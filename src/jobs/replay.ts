import type { Quote } from '../market/provider.ts'
import type { Replay } from '../market/replay.ts'

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
  /** Evaluates every alert at this moment, and stores what came of it. */
  watch(at: number): Promise<void>
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
  return async () => {
    if (!replay.started) {
      const position = await ports.position()
      if (position === null && !ports.startsNow && !(await ports.hasAlerts())) return
      if (position === null) replay.start()
      else {
        // The next tick may have been written already: its quotes must not be looked at from a time before them.
        replay.start(position, await ports.newest())
        // Nobody was away: what ends before the next tick, like a cooldown, ends on the quotes of its own time.
        await ports.watch(replay.now())
      }
    }
    for (let tick = replay.next(); tick && !ports.isStopping(); tick = replay.next()) {
      await ports.write(tick.quotes)
      await ports.watch(tick.at)
      await ports.advance(tick.at)
      replay.done(tick.at)
    }
    // Timers have run up to here: after a restart the clock must not go back. Read before asking for a tick that is due.
    const at = replay.now()
    if (!replay.next()) await ports.advance(at)
    await ports.done()
  }
}
