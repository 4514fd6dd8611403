import type { Plan, Trigger } from './people.ts'
import type { Tick } from './prices.ts'

/**
 * A tick as it was: `setAt`, when the market had its prices; `seenAt`, when every alert in the database showed that it had
 * been looked at on them, and those that had been true for as long as they wait (and `HELD_FOR_SURE`) had fired. ms.
 */
export type Past = Tick & { readonly setAt: number; readonly seenAt: number }

/** By how much longer an alert with `for` must have been true for a tick to wait for its firing, ms. */
export const HELD_FOR_SURE = 500

/** Ticks in a row in which a trigger is true, first and last one by their numbers, and what must come of it. */
export type Stretch = {
  readonly from: number
  readonly until: number
  /** `must`: it fires once, on the prices of its first tick where `isExact`. `may`: once or not at all, as the moments fell. */
  readonly fires: 'must' | 'may'
  readonly isExact: boolean
  readonly setAt: number
  /** When everybody had seen that it was over; a last one never is. ms. */
  readonly endedAt: number
}

/**
 * When an alert that was set before the first tick fires. Every tick was seen, so what becomes true fires on the very tick;
 * only where lengths of time matter (`for`, `cooldown`) more than one moment may be right.
 */
export function stretchesOf(plan: Plan, ticks: readonly Past[]): Stretch[] {
  const all = plan.triggers
    .flatMap((trigger) => stretchesOfTrigger(trigger, ticks))
    .sort((one, other) => one.from - other.from)
    .map((stretch) => ({ ...stretch, ...whether(stretch, plan, ticks) }))
    .filter(({ fires }) => fires !== 'never') as Stretch[]
  return plan.once ? all.slice(0, 1) : all
}

type Bare = Pick<Stretch, 'from' | 'until' | 'setAt' | 'endedAt'>

function stretchesOfTrigger({ met }: Trigger, ticks: readonly Past[]): Bare[] {
  const found: Bare[] = []
  let open: Bare | undefined
  for (const [index, tick] of ticks.entries()) {
    const isMet = met(tick.levels)
    // What is true from the beginning did not become true.
    if (isMet && index === 0) throw new Error('an alert is true on the first tick')
    if (isMet)
      open = {
        from: open?.from ?? tick.number,
        until: tick.number,
        setAt: open?.setAt ?? tick.setAt,
        endedAt: ticks[index + 1]?.seenAt ?? Number.MAX_SAFE_INTEGER,
      }
    if (open && (!isMet || index === ticks.length - 1)) found.push(open)
    if (!isMet) open = undefined
  }
  return found
}

function whether(
  { from, until, setAt, endedAt }: Bare,
  plan: Plan,
  ticks: readonly Past[],
): { fires: 'must' | 'may' | 'never'; isExact: boolean } {
  // What a cooldown allows is judged by what was told: `wrongWithCooldown`.
  if (plan.cooldown !== undefined) return { fires: 'may', isExact: false }
  if (plan.for === undefined) return { fires: 'must', isExact: true }
  const [first, last] = [ticks.find(({ number }) => number === from)!, ticks.find(({ number }) => number === until)!]
  if (last.seenAt - first.seenAt >= plan.for + HELD_FOR_SURE) return { fires: 'must', isExact: false }
  return { fires: endedAt - setAt >= plan.for ? 'may' : 'never', isExact: false }
}

/**
 * What is wrong with what an alert with a cooldown told. `told`: which of its stretches were told, by their first ticks.
 * Of a stretch that was not told there must have been one shortly before.
 */
export function wrongWithCooldown(
  cooldown: number,
  stretches: readonly Stretch[],
  told: ReadonlySet<number>,
): string[] {
  const wrong: string[] = []
  let last: Stretch | undefined
  for (const stretch of stretches) {
    const isTold = told.has(stretch.from)
    // The rest began when it fired, somewhere in that stretch.
    if (!isTold && (!last || stretch.setAt - last.endedAt > cooldown))
      wrong.push(`tick ${stretch.from} was not told, and there was nothing before it to rest from`)
    if (isTold && last && stretch.endedAt - last.setAt < cooldown)
      wrong.push(`tick ${stretch.from} was told within the cooldown of tick ${last.from}`)
    if (isTold) last = stretch
  }
  return wrong
}
