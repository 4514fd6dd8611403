import { DateTime, IANAZone } from 'luxon'
import type { Until } from './ast.ts'
import type { Day, Moment } from './build.ts'
import { Problem, quoted } from './errors.ts'

/** The moment of evaluation (ms) and the person's time zone (IANA). */
export type Clock = { readonly now: number; readonly zone: string }

/**
 * The instant (ms since 1970) a moment on the calendar means in a time zone. A date alone ends with its day: the start of
 * the next one. Where clocks change, the later reading counts, so that an alert never ends early: an hour that comes twice
 * is the second one, and in an hour that is left out the clock is read as if it had not been put forward yet.
 */
export function instantOf({ date, time }: Until, zone: string): number {
  if (time === undefined) return DateTime.fromISO(date, { zone }).plus({ days: 1 }).startOf('day').toMillis()
  const naive = DateTime.fromISO(`${date}T${time}`, { zone: 'utc' }).toMillis()
  const rules = IANAZone.create(zone)
  const readings = [-DAY, DAY].map((shift) => naive - rules.offset(naive + shift) * 60_000)
  if (readings[0] === readings[1]) return readings[0]!
  const real = readings.filter((instant) => instant + rules.offset(instant) * 60_000 === naive)
  return Math.max(...(real.length > 0 ? real : readings))
}

const DAY = 86_400_000

/** The moment that is `ms` from now, on the person's calendar, to the next full second. */
export function untilAfter(ms: number, { now, zone }: Clock): Until {
  const then = DateTime.fromMillis(Math.ceil((now + ms) / 1000) * 1000, { zone })
  return { date: then.toFormat('yyyy-MM-dd'), time: then.toFormat(then.second === 0 ? 'HH:mm' : 'HH:mm:ss') }
}

/**
 * The day meant by what was typed after `until`: a time alone is its next occurrence, a weekday or a date without a year
 * the next such day, today included. Throws a `Problem` for a day that does not exist or is over.
 */
export function untilOf(moment: Moment, text: string, clock: Clock): Until {
  const time = moment.time === null ? {} : { time: moment.time }
  const days = daysOf(moment.day, wallClock(clock)).filter((day) => day.isValid)
  if (days.length === 0) throw new Problem(`There is no such day as ${quoted(text, moment.at)}.`, moment.at)
  const readings = days.map((day) => ({ date: day.toFormat('yyyy-MM-dd'), ...time }))
  const next = readings.find((until) => instantOf(until, clock.zone) > clock.now)
  if (!next) throw new Problem(`${quoted(text, moment.at)} is over already.`, moment.at)
  return next
}

/** The date and time on the person's clock, as if it were UTC: days are counted without a time zone, and far faster. */
function wallClock({ now, zone }: Clock): DateTime {
  return DateTime.fromMillis(now + IANAZone.create(zone).offset(now) * 60_000, { zone: 'utc' })
}

/** The days a person may mean, the nearest first. */
function daysOf(day: Day | null, now: DateTime): DateTime[] {
  const today = now.startOf('day')
  switch (day?.type) {
    case undefined:
      return [today, today.plus({ days: 1 })]
    case 'today':
      return [today]
    case 'tomorrow':
      return [today.plus({ days: 1 })]
    case 'date':
      return [DateTime.fromISO(day.date, { zone: 'utc' })]
    case 'weekday': {
      const ahead = (day.weekday - now.weekday + 7) % 7
      return [today.plus({ days: ahead }), today.plus({ days: ahead + 7 })]
    }
    case 'annual':
      // `until 1.5k dec`: luxon would throw.
      return LEAP_CYCLE.filter(() => Number.isInteger(day.day)).map((years) =>
        DateTime.fromObject({ year: now.year + years, month: day.month, day: day.day }, { zone: 'utc' }),
      )
  }
}

/** 29 February is at most eight years away. */
const LEAP_CYCLE = [0, 1, 2, 3, 4, 5, 6, 7, 8]

/** Refuses, with a `Problem`, a time zone that does not exist. */
export function checkZone(zone: string): void {
  // `create` remembers each zone; `isValidZone` would take longer than all the rest of parsing, every time.
  if (!IANAZone.create(zone).isValid) throw new Problem(`I don't know the time zone "${zone}".`, { start: 0, end: 0 })
}
