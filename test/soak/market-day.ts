import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, KeptAlert } from './database.ts'
import { HELD_FOR_SURE, type Past } from './oracle.ts'
import { FIRST_TICK, nextTick, type Tick } from './prices.ts'
import type { Random } from './random.ts'
import type { Planned } from './setting.ts'
import type { Remote } from './world.ts'

/** What moving the market works with. `least`: how long a tick lasts at least, ms. */
export type DayPorts = {
  readonly market: Remote
  readonly database: Database
  readonly planned: readonly Planned[]
  readonly random: Random
  readonly least: number
  isOver(): boolean
  /** A tick that nobody has looked at for very long. */
  stuck(what: string): void
}

const LOOK_EVERY = 100
/** So long may it take until a tick was looked at, ms: far more than it does, whoever is killed. */
const PATIENCE = 120_000

/**
 * Moves the market from tick to tick, each time everybody's alerts have been looked at on it, as far as the database shows:
 * so no tick is missed, however long nobody was there to watch, and what must fire is known. Gives the ticks, when it is over.
 */
export async function moveMarket(ports: DayPorts): Promise<Past[]> {
  const { market, random, least, isOver } = ports
  const past: Past[] = []
  let tick: Tick = FIRST_TICK
  let setAt = Date.now()
  for (;;) {
    const seenAt = await seen({ ...tick, setAt }, past, ports)
    if (isOver()) return [...past, { ...tick, setAt, seenAt }]
    await sleep(Math.max(0, setAt + least * random.between(0.7, 1.3) - Date.now()))
    // What came to be due meanwhile is waited for, too.
    const sureAt = await seen({ ...tick, setAt }, past, ports)
    const next = nextTick(tick, random)
    past.push({ ...tick, setAt, seenAt: sureAt })
    tick = next
    setAt = Date.now()
    await market.ask('set', next)
  }
}

type Open = Tick & { readonly setAt: number }

/** Resolves when every alert was looked at on a tick; gives when it was asked. */
async function seen(tick: Open, past: readonly Past[], { planned, database, stuck }: DayPorts): Promise<number> {
  const ids = planned.map(({ id }) => id)
  for (let isStuck = false; ; ) {
    const now = Date.now()
    const alerts = new Map((await database.alerts({ _id: { $in: ids } })).map((alert) => [alert._id, alert]))
    const open = planned.filter((one) => !isSeen(one, alerts.get(one.id), tick, past, now))
    if (open.length === 0) return now
    if (!isStuck && now - tick.setAt > PATIENCE) {
      isStuck = true
      stuck(`tick ${tick.number}: ${open.map(({ plan, person }) => `${person.name}: ${plan.line}`).join('; ')}`)
    }
    await sleep(LOOK_EVERY)
  }
}

function isSeen(
  { plan }: Planned,
  alert: KeptAlert | undefined,
  tick: Open,
  past: readonly Past[],
  now: number,
): boolean {
  if (!alert) return false
  if (alert.phase !== 'armed' && alert.phase !== 'pending') return true
  const sides = plan.triggers.map(({ met }) => (met(tick.levels) ? 'met' : 'unmet'))
  if (alert.triggers.some(({ side }, index) => side !== sides[index])) return false
  return (
    plan.for === undefined ||
    !sides.includes('met') ||
    hasFired(plan.for, plan.triggers[0]!.met, alert, tick, past, now)
  )
}

/** Whether one that must have been true for a while has fired, if it was for sure. */
function hasFired(
  length: number,
  met: (levels: Tick['levels']) => boolean,
  { firedAt }: KeptAlert,
  tick: Open,
  past: readonly Past[],
  now: number,
): boolean {
  const unmet = past.findLastIndex(({ levels }) => !met(levels))
  const first = past[unmet + 1] ?? { ...tick, seenAt: now }
  return now - first.seenAt < length + HELD_FOR_SURE || (firedAt ?? 0) >= first.setAt
}
