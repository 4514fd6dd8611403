import { type FloodLimits, siftFlood } from './flood.ts'
import type { Told, Tracked } from './types.ts'

/** What is told in one message: one notification or several, in their order. */
export type Bundle = readonly [Tracked, ...Tracked[]]

/**
 * A message to be sent. `alone`: one notification. `outage`: the words of one outage of all alerts that it makes blind.
 * `digest`: what waited for the end of quiet hours. `flood`: firings that came close together. `summary`: what is so old
 * that only its outline is of use.
 */
export type Telling = {
  readonly how: 'alone' | 'outage' | 'digest' | 'flood' | 'summary'
  readonly bundle: Bundle
  /** The numbers of alerts that have fired so often that what they fire next is gathered for a while. */
  readonly gathers: readonly number[]
}

/** What is to be told at an address now, in order, and what later: not before `dueAt` (ms), for a reason in words. */
export type Tellings = {
  readonly now: readonly Telling[]
  readonly later: readonly { readonly dueAt: number; readonly reason: string; readonly members: readonly Tracked[] }[]
}

/** Alerts that became blind, or see again, so close to each other on the clock of evaluation did so by one outage, ms. */
const ONE_OUTAGE = 60_000
/** From when on something is so old that only a summary of it is told, ms. */
export const OLD = 24 * 3_600_000

/** What came of a time when nobody could be told: when it happened, on the real clock (ms). */
export function happenedAt({ happenedAt: at, createdAt }: Tracked): number {
  return at ?? createdAt
}

/**
 * How the notifications that are due at one address, in their order, are told. `told`: firings told there in the last ten
 * minutes. `now`: ms, real clock.
 */
export function tellingsOf(
  queue: readonly Tracked[],
  { told, limits, now }: { readonly told: readonly Told[]; readonly limits: FloodLimits; readonly now: number },
): Tellings {
  const isOld = (one: Tracked) => !one.held && now - happenedAt(one) >= OLD
  const mayFlood = (one: Tracked) => one.occurrence.kind === 'fired' && !one.urgent && !one.held && !isOld(one)
  const { together, later, gathering } = siftFlood(queue.filter(mayFlood), told, limits, now)
  const isLater = (one: Tracked) => later.some(({ members }) => members.includes(one))
  const groups: { how: Telling['how']; members: [Tracked, ...Tracked[]] }[] = []
  for (const one of queue.filter((notification) => !isLater(notification))) {
    const how = howOf(one, isOld(one), together)
    const group = groups.find(({ members, ...other }) => other.how === how && belongs(how, members[0], one, together))
    if (group) group.members.push(one)
    else groups.push({ how, members: [one] })
  }
  return { now: groups.map((group) => tellingFrom(group, queue, gathering)), later }
}

type Together = readonly (readonly Tracked[])[]

function howOf(one: Tracked, isOld: boolean, together: Together): Telling['how'] {
  if (one.held) return 'digest'
  if (isOld) return 'summary'
  if (one.outage) return 'outage'
  return together.some((members) => members.includes(one)) ? 'flood' : 'alone'
}

function belongs(how: Telling['how'], first: Tracked, one: Tracked, together: Together): boolean {
  if (how === 'outage') return isOneOutage(first, one)
  if (how === 'flood') return together.some((members) => members.includes(first) && members.includes(one))
  return how !== 'alone'
}

/** It is said with the last of its firings that is told by itself. */
function tellingFrom(
  { how, members }: { how: Telling['how']; members: Bundle },
  queue: readonly Tracked[],
  gathering: ReadonlySet<string>,
): Telling {
  const lastOf = (id: string) =>
    queue.findLast(({ alert, occurrence }) => alert.id === id && occurrence.kind === 'fired')
  const ending = how === 'alone' || how === 'flood' ? members.filter((one) => lastOf(one.alert.id) === one) : []
  const gathers = ending.filter(({ alert }) => gathering.has(alert.id)).map(({ alert }) => alert.number)
  return { how, bundle: members, gathers }
}

function isOneOutage(one: Tracked, other: Tracked): boolean {
  if (!one.outage || !other.outage || one.occurrence.kind !== other.occurrence.kind) return false
  return Math.abs(one.occurrence.at - other.occurrence.at) <= ONE_OUTAGE
}
