import { DateTime } from 'luxon'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A round moment at the axis of time, ms, and how it is written. */
export type Mark = { readonly at: number; readonly text: string }

/** Distances between marks, ms, and how the time is written at each of them (luxon's tokens). */
const STEPS: readonly (readonly [number, string])[] = [
  [MINUTE, 'HH:mm'],
  [5 * MINUTE, 'HH:mm'],
  [15 * MINUTE, 'HH:mm'],
  [30 * MINUTE, 'HH:mm'],
  [HOUR, 'HH:mm'],
  [2 * HOUR, 'HH:mm'],
  [3 * HOUR, 'HH:mm'],
  [6 * HOUR, 'HH:mm'],
  [12 * HOUR, 'd LLL HH:mm'],
  [DAY, 'd LLL'],
  [2 * DAY, 'd LLL'],
  [7 * DAY, 'd LLL'],
  [14 * DAY, 'd LLL'],
]

/** From here on months are counted, as many as these. */
const MONTHS: readonly number[] = [1, 2, 3, 6, 12, 24, 60, 120, 240]

/** At most `count` round moments of a zone within a stretch of time, both in ms. */
export function roundTimes(from: number, to: number, zone: string, count: number): Mark[] {
  const step = STEPS.find(([length]) => (to - from) / length <= count)
  return step ? byLength(from, to, zone, step) : byMonths(from, to, zone, count)
}

/** Counted from midnight, so that they are round by the clock on the wall also where an hour is left out or comes twice. */
function byLength(from: number, to: number, zone: string, [length, format]: readonly [number, string]): Mark[] {
  const start = DateTime.fromMillis(from, { zone }).startOf('day')
  const marks: Mark[] = []
  const days = Math.max(1, Math.round(length / DAY))
  for (let day = start; day.toMillis() <= to; day = day.plus({ days })) {
    for (let minutes = 0; minutes < 24 * 60; minutes += Math.min(length, DAY) / MINUTE) {
      const at = day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
      const isNew = at.toMillis() > (marks.at(-1)?.at ?? Number.NEGATIVE_INFINITY)
      if (isNew && at.toMillis() >= from && at.toMillis() <= to) marks.push(markOf(at, format))
    }
  }
  return marks
}

/** Midnight is written as the day that begins. */
function markOf(at: DateTime, format: string): Mark {
  const isMidnight = at.hour === 0 && at.minute === 0
  return { at: at.toMillis(), text: at.toFormat(isMidnight ? 'd LLL' : format, { locale: 'en' }) }
}

function byMonths(from: number, to: number, zone: string, count: number): Mark[] {
  const first = DateTime.fromMillis(from, { zone })
  const all = DateTime.fromMillis(to, { zone }).diff(first, 'months').months
  const months = MONTHS.find((each) => all / each <= count) ?? MONTHS.at(-1)!
  const marks: Mark[] = []
  for (let at = first.startOf('year'); at.toMillis() <= to; at = at.plus({ months })) {
    const text = at.toFormat(at.month === 1 ? 'yyyy' : 'LLL', { locale: 'en' })
    if (at.toMillis() >= from) marks.push({ at: at.toMillis(), text })
  }
  return marks
}
