import type { KeptAlert, KeptNotification } from './database.ts'
import { type Past, type Stretch, stretchesOf, wrongWithCooldown } from './oracle.ts'
import { tickOfPrice } from './prices.ts'
import type { Taken } from './protocol.ts'
import type { Planned } from './setting.ts'
import { firingIn } from './told.ts'
import type { Wish, Writings } from './writing.ts'

/** What is judged: what happened, what was written, what people were told, and what the database has. */
export type Evidence = {
  readonly ticks: readonly Past[]
  readonly planned: readonly Planned[]
  readonly writings: Writings
  readonly taken: readonly Taken[]
  readonly alerts: readonly KeptAlert[]
  readonly notifications: readonly KeptNotification[]
  /** Ids of notifications, one for each send that had no answer in time: nobody knew what became of it. */
  readonly unanswered: readonly string[]
  /** Ids of those who wrote, by place. */
  readonly users: ReadonlyMap<string, string>
}

/** A channel in figures. */
export type Row = { expected: number; delivered: number; lost: number; copies: number }

/** What came of it. `faults`: what must not be, each in words. `delays`: from a price to the message about it, ms. */
export type Verdict = {
  readonly rows: ReadonlyMap<string, Row>
  readonly expected: number
  readonly possible: number
  /** Of those that were only possible. */
  readonly possibleTold: number
  readonly stored: number
  readonly delivered: number
  readonly lost: readonly string[]
  readonly falsely: readonly string[]
  readonly copies: readonly string[]
  /** How many of them followed a send that had no answer in time. */
  readonly copiesOfUnanswered: number
  readonly delays: readonly number[]
  readonly commands: CommandFigures
  readonly faults: readonly string[]
}

/** What became of what people wrote. */
export type CommandFigures = {
  readonly written: number
  readonly messages: number
  readonly answered: number
  readonly broken: number
  /** How often somebody asked again, by the channel: nothing came of what they had written before. */
  readonly askedAgain: Readonly<Record<string, number>>
  readonly unanswered: readonly string[]
  readonly sets: number
  readonly acted: number
  readonly tells: number
  readonly twice: readonly string[]
  readonly median: number
}

/** Judges all of it. */
export function judge(evidence: Evidence): Verdict {
  const told = new Map<string, Taken[]>()
  const falsely: string[] = []
  const expectations = expectationsOf(evidence)
  for (const taken of evidence.taken) {
    const firing = firingIn(taken.place, taken.text)
    if (!firing) continue
    const tick = Math.max(...firing.prices.map(({ price }) => tickOfPrice(price)))
    const found = expectations.find(taken.place, firing.number, tick)
    if (found === undefined)
      falsely.push(
        `${taken.place} ${new Date(taken.at).toISOString()}: ${taken.text.split('\n').slice(0, 2).join(' / ')}`,
      )
    else told.set(found, [...(told.get(found) ?? []), taken])
  }
  const rows = new Map<string, Row>()
  const [lost, copies, delays]: [string[], string[], number[]] = [[], [], []]
  let [expected, possible, possibleTold, delivered] = [0, 0, 0, 0]
  for (const { key, place, must, most, setAt } of expectations.all) {
    const row = rowOf(rows, place)
    const came = told.get(key) ?? []
    if (must) {
      expected++
      row.expected++
    } else possible++
    if (came.length > 0) {
      delivered++
      if (!must) possibleTold++
      row.delivered++
      if (setAt !== undefined) delays.push(came[0]!.at - setAt)
    }
    if (must && came.length === 0) {
      lost.push(key)
      row.lost++
    }
    for (let extra = most; extra < came.length; extra++) {
      copies.push(key)
      row.copies++
    }
  }
  const fired = evidence.notifications.filter(({ occurrence }) => occurrence.kind === 'fired')
  const commands = commandsOf(evidence)
  const faults = [
    ...fired
      .filter(({ state }) => state !== 'sent')
      .map(
        ({ _id, state, reason, channel, address }) =>
          `stored and ${state} (${reason}): ${_id} for ${channel}:${address}`,
      ),
    ...evidence.alerts
      .filter(({ unsent }) => unsent.length > 0)
      .map(({ _id, text }) => `stored and owed by alert ${_id} (${text})`),
    ...cooldownFaults(evidence, told),
  ]
  return {
    rows,
    copiesOfUnanswered: explained(copies, evidence),
    expected,
    possible,
    possibleTold,
    stored: fired.length,
    delivered,
    lost,
    falsely,
    copies,
    delays,
    commands,
    faults,
  }
}

/** How many copies came at the place and of the alert of a send that had no answer in time, each counted once. */
function explained(copies: readonly string[], { notifications, unanswered }: Evidence): number {
  const byId = new Map(notifications.map((one) => [one._id, one]))
  const left = unanswered.flatMap((id) => {
    const { channel, address, alert } = byId.get(id) ?? {}
    return alert ? [`${channel}:${address} alert ${alert.number} `] : []
  })
  return copies.filter((copy) => {
    const at = left.findIndex((start) => copy.startsWith(start))
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  }).length
}

function rowOf(rows: Map<string, Row>, place: string): Row {
  const channel = place.replace(/:.*/s, '')
  const row = rows.get(channel) ?? { expected: 0, delivered: 0, lost: 0, copies: 0 }
  rows.set(channel, row)
  return row
}

/** A firing at a place. `most`: how often it may be told there before it is a copy. */
type Expectation = {
  readonly key: string
  readonly place: string
  readonly must: boolean
  readonly most: number
  readonly setAt?: number
}

function expectationsOf({ planned, ticks, writings }: Evidence) {
  const all: Expectation[] = []
  const finders = new Map<string, (tick: number) => string | undefined>()
  for (const { plan, number, places, person } of planned) {
    const stretches = stretchesOf(plan, ticks)
    for (const place of places) {
      const keyOf = ({ from }: Stretch) => `${place} alert ${number} (${person.name}: ${plan.line}), tick ${from}`
      for (const stretch of stretches)
        all.push({ key: keyOf(stretch), place, must: stretch.fires === 'must', most: 1, setAt: stretch.setAt })
      finders.set(`${place} ${number}`, (tick) => {
        const found = stretches.find(({ from, until, isExact }) =>
          isExact ? tick === from : tick >= from && tick <= until,
        )
        return found && keyOf(found)
      })
    }
  }
  for (const { person, number, level, told } of writings.sets) {
    if (number === undefined || told === undefined) continue
    const { place } = person.chat
    const key = `${place} alert ${number} (${person.name}: ${level}), told when asked`
    all.push({ key, place, must: told.answeredAt !== undefined && !told.isBroken, most: told.times })
    finders.set(`${place} ${number}`, () => key)
  }
  return { all, find: (place: string, number: number, tick: number) => finders.get(`${place} ${number}`)?.(tick) }
}

function cooldownFaults({ planned, ticks }: Evidence, told: ReadonlyMap<string, readonly Taken[]>): string[] {
  return planned.flatMap(({ plan, number, places, person }) => {
    if (plan.cooldown === undefined) return []
    const stretches = stretchesOf(plan, ticks)
    return places.flatMap((place) => {
      const isTold = ({ from }: Stretch) =>
        told.has(`${place} alert ${number} (${person.name}: ${plan.line}), tick ${from}`)
      const toldFrom = new Set(stretches.filter(isTold).map(({ from }) => from))
      return wrongWithCooldown(plan.cooldown!, stretches, toldFrom).map(
        (what) => `${place} alert ${number} (${plan.line}): ${what}`,
      )
    })
  })
}

function commandsOf({ writings, alerts, notifications, users }: Evidence): CommandFigures {
  const { written, sets } = writings
  const answered = written.filter(({ answeredAt }) => answeredAt !== undefined)
  const waits = answered.map(({ at, answeredAt }) => answeredAt! - at).sort((a, b) => a - b)
  const made = new Map(sets.map((set) => [set, alertsOf(set, alerts)]))
  const twice = sets.flatMap((set) => doubled(set, made.get(set)!, notifications, users))
  return {
    written: written.length,
    messages: written.reduce((sum, { times }) => sum + times, 0),
    answered: answered.length,
    askedAgain: askedAgainIn(written),
    broken: written.filter(({ isBroken }) => isBroken).length,
    unanswered: written
      .filter(({ answeredAt }) => answeredAt === undefined)
      .map(({ place, words, at }) => `${place} ${new Date(at).toISOString()}: ${words}`),
    sets: sets.length,
    acted: [...made.values()].reduce((sum, those) => sum + those.length, 0),
    tells: sets.filter(({ told }) => told !== undefined).length,
    twice,
    median: waits[Math.floor(waits.length / 2)] ?? Number.NaN,
  }
}

function askedAgainIn(written: Writings['written']): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { place, times } of written) {
    const channel = place.replace(/:.*/s, '')
    counts[channel] = (counts[channel] ?? 0) + times - 1
  }
  return counts
}

/** `level` stands in one message. */
function alertsOf({ level }: Wish, alerts: readonly KeptAlert[]): KeptAlert[] {
  return alerts.filter(({ text }) => text.includes(` ${level} `))
}

/** What of a message was done more often than it was sent, or not at all though it was said to be. */
function doubled(
  { person, number, level, set, told }: Wish,
  made: readonly KeptAlert[],
  notifications: readonly KeptNotification[],
  users: ReadonlyMap<string, string>,
): string[] {
  const { place } = person.chat
  const faults: string[] = []
  if (made.length > set.times) faults.push(`${place}: ${made.length} alerts of ${set.times} messages "${set.words}"`)
  if (number !== undefined && !made.some((alert) => alert.number === number))
    faults.push(`${place}: alert ${number} (${level}) was said to be on, and is not there`)
  if (number === undefined || told === undefined) return faults
  const firings = notifications.filter(
    ({ user, alert, occurrence }) =>
      user === users.get(place) && alert.number === number && occurrence.kind === 'fired',
  )
  if (firings.length > told.times)
    faults.push(`${place}: ${firings.length} firings of ${told.times} messages "${told.words}"`)
  return faults
}
