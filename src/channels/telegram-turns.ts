import type { Clock } from './channel.ts'

/** At most `count` messages within `per` ms. */
export type Limit = { readonly count: number; readonly per: number }

/** Turns over all that is sent, of two kinds: what somebody waits for goes before what nobody does. */
export type Turns = {
  /**
   * Waits for a turn and takes it. Gives undefined then; where it takes longer than `patience` ms it takes none, and gives
   * for how long (ms) it would have been.
   */
  take(isAwaited: boolean, patience: number): Promise<number | undefined>
  /** The clock was set: turns that were taken until now count no more. */
  reset(): void
}

type Waiting = { readonly until: number; settle(wait: number | undefined): void }

/** Turns as the limit allows, by a clock. */
export function createTurns(clock: Clock, { count, per }: Limit): Turns {
  const awaited: Waiting[] = []
  const others: Waiting[] = []
  let taken: number[] = []
  let isServing = false

  /** When the turn after so many others is. */
  const after = (ahead: number, now: number) => {
    const before = taken[taken.length - count + (ahead % count)]
    return Math.max(now, (before ?? Number.NEGATIVE_INFINITY) + per) + Math.floor(ahead / count) * per
  }
  /** Who waits behind those that came later may have waited for as long as it can. */
  const refuseLate = (at: number, now: number) => {
    for (const waiting of others.filter(({ until }) => until < at)) {
      others.splice(others.indexOf(waiting), 1)
      waiting.settle(after(awaited.length + others.length, now) - now)
    }
  }
  const serve = async () => {
    isServing = true
    while (awaited.length + others.length > 0) {
      const now = clock.now()
      const at = after(0, now)
      // Nobody waits for longer than that: the clock was set back.
      if (at - now > per) taken = []
      else if (at > now) {
        refuseLate(at, now)
        await clock.sleep(at - now)
      } else {
        taken = [...taken, at].slice(-count)
        const next = awaited.shift() ?? others.shift()
        next?.settle(undefined)
      }
    }
    isServing = false
  }

  return {
    take(isAwaited, patience) {
      const now = clock.now()
      const ahead = isAwaited ? awaited.length : awaited.length + others.length
      const wait = after(ahead, now) - now
      if (wait > patience) return Promise.resolve(wait)
      return new Promise((settle) => {
        const line = isAwaited ? awaited : others
        line.push({ until: now + patience, settle })
        if (!isServing) void serve()
      })
    },
    reset() {
      taken = []
    },
  }
}
