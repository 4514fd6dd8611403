import type { Told, Tracked } from './types.ts'

/** How many firings are told one by one: to one address within a minute, and of one alert within ten. */
export type FloodLimits = { readonly address: number; readonly alert: number }

/** What is made of firings that are due at one address. */
export type Sifted = {
  /** Each by itself. */
  readonly alone: readonly Tracked[]
  /** Each group in one message; the firings of one are in the order they had. */
  readonly together: readonly (readonly Tracked[])[]
  /** Not before `dueAt` (ms), and why. */
  readonly later: readonly { readonly dueAt: number; readonly reason: string; readonly members: readonly Tracked[] }[]
  /** With these their alert has had what is told one by one: what it fires next is gathered. */
  readonly gathering: ReadonlySet<string>
}

/** How far back (ms) what was told is counted. */
export const COUNTED = 600_000
const MINUTE = 60_000

type Room = { readonly left: number; readonly opensAt: number }

/**
 * While there is room, what is at hand goes at once, as one message where it is more than there is room for. Without room
 * it waits until there is: a minute at most for an address, ten for an alert that fires again and again. `told`: what was
 * told at this address in the last ten minutes. `now`: ms, real clock.
 */
export function siftFlood(
  firings: readonly Tracked[],
  told: readonly Told[],
  limits: FloodLimits,
  now: number,
): Sifted {
  const groups = [...new Set(firings.map(({ alert }) => alert.id))].map((id) => {
    const members = firings.filter(({ alert }) => alert.id === id)
    const ofAlert = told.filter(({ alert }) => alert === id)
    return { id, members, room: roomFor(ofAlert, limits.alert, COUNTED, now) }
  })
  const open = groups.filter(({ room }) => room.left > 0)
  const shut = groups.filter(({ room }) => room.left <= 0)
  const room = roomFor(told, limits.address, MINUTE, now)
  const ready = firings.filter(({ alert }) => open.some(({ id }) => id === alert.id))
  const often = shut.map(({ members, room: { opensAt } }) => ({ dueAt: opensAt, reason: OFTEN, members }))
  if (ready.length > 0 && room.left <= 0) {
    const later = [...often, { dueAt: room.opensAt, reason: MANY, members: ready }]
    return { alone: [], together: [], later, gathering: new Set() }
  }
  const gathering = new Set(open.filter(({ members, room: { left } }) => members.length >= left).map(({ id }) => id))
  if (ready.length > room.left) return { alone: [], together: [ready], later: often, gathering }
  const merged = open.filter(({ members, room: { left } }) => members.length > left)
  const alone = ready.filter(({ alert }) => !merged.some(({ id }) => id === alert.id))
  return { alone, together: merged.map(({ members }) => members), later: often, gathering }
}

const OFTEN = 'it fired often, so I gathered what came'
const MANY = 'many fired at once, so I gathered them'

/** How much room there is in a time that moves with the clock, and when there is some again. */
function roomFor(told: readonly Told[], most: number, length: number, now: number): Room {
  const times = told.map(({ sentAt }) => sentAt).filter((at) => at <= now && at > now - length)
  times.sort((one, other) => one - other)
  const left = most - times.length
  return { left, opensAt: left > 0 ? now : times[times.length - most]! + length }
}
