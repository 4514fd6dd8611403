import { DateTime } from 'luxon'
import type { Exchange } from './exchanges.ts'

/** From when to when (ms) an exchange trades; `until` excluded. */
export type Hours = { readonly from: number; readonly until: number }

/** What an exchange told of its days. */
export type Told = {
  /** Its regular hours by local date (ISO), null where it does not trade on that day; only of some days. */
  readonly days: ReadonlyMap<string, Hours | null>
  /** The hours it told last, as local minutes. */
  readonly usual: Exchange
}

/** An exchange's regular hours of this day or of the next one on which it trades, as somebody told them at `at` (ms). */
export type News = { readonly zone: string; readonly regular: Hours; readonly at: number; readonly currency: string }

const MINUTE = 60_000
/** So long after the usual opening (ms) the hours of an earlier day mean that there is no trading today. */
const SURELY_BEGUN = 30 * MINUTE
/** So many days are remembered. */
const REMEMBERED = 16
/** Nobody is believed about days further off than this. */
const FURTHEST = 12

/**
 * What is known of an exchange's days after some news; the same object where they are none. Whoever tells the hours of a
 * later day while today's trading should be ahead or going on, or of an earlier one when it should have begun, says that
 * there is none today. `listed`: its hours as the table has them.
 */
export function hear(told: Told | undefined, news: News, listed: Exchange | undefined): Told {
  const { zone, regular, at, currency } = news
  const [today, day] = [DateTime.fromMillis(at, { zone }), DateTime.fromMillis(regular.from, { zone })]
  const usual = listed ?? {
    zone,
    open: minutesOf(day),
    close: minutesOf(DateTime.fromMillis(regular.until, { zone })),
    currency,
  }
  const facts = new Map<string, Hours | null>([[day.toISODate()!, regular]])
  for (const closed of closedDays(today, day, usual)) if (!told?.days.get(closed)) facts.set(closed, null)
  const isOld =
    told !== undefined && same(told.usual, usual) && [...facts].every(([date, hours]) => isKnown(told, date, hours))
  if (isOld) return told
  const days = [...(told?.days ?? []), ...facts].sort(([a], [b]) => (a < b ? -1 : 1))
  return { usual, days: new Map([...new Map(days)].slice(-REMEMBERED)) }
}

/** The local dates on which there is no trading, given that somebody speaks of `day` today. */
function closedDays(today: DateTime, day: DateTime, { open, close }: Exchange): string[] {
  const [now, ahead] = [minutesOf(today), Math.round(day.startOf('day').diff(today.startOf('day'), 'days').days)]
  if (Math.abs(ahead) > FURTHEST) return []
  if (ahead < 0) return now * MINUTE >= open * MINUTE + SURELY_BEGUN ? [today.toISODate()!] : []
  const first = now < close ? 0 : 1
  return Array.from(
    { length: Math.max(0, ahead - first) },
    (_, index) => today.plus({ days: first + index }).toISODate()!,
  )
}

function minutesOf({ hour, minute }: DateTime): number {
  return hour * 60 + minute
}

function isKnown({ days }: Told, date: string, hours: Hours | null): boolean {
  const known = days.get(date)
  if (known === undefined || known === null || hours === null) return known === hours
  return known.from === hours.from && known.until === hours.until
}

function same(a: Exchange, b: Exchange): boolean {
  return a.zone === b.zone && a.open === b.open && a.close === b.close
}
