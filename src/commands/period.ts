import { DateTime } from 'luxon'
import type { Period } from '../backtest.ts'
import { instantOf } from '../condition/until.ts'
import { UserError } from '../errors.ts'
import { readDuration, shorten } from './readers.ts'

/** The moment of asking (ms) and the time zone (IANA) that dates are in. */
export type Calendar = { readonly now: number; readonly zone: string }

const DAY = 86_400_000
/** How far back is looked where nobody says. */
const USUAL = 30 * DAY

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DATE = String.raw`(?:\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d)?(?:z|[+-]\d\d:\d\d)?)?|\d{1,2}\.? [a-z]{3,9}\.?(?: \d{4})?|[a-z]{3,9}\.? \d{1,2}(?:,? \d{4})?|today|yesterday)`
const LAST = /(?:^|[\s,]+)(?:(?:in|over|for|during) )?(?:the )?(?:last|past) (\d+ ?[a-z]+|day|week|month|year)$/i
const FROM = new RegExp(String.raw`(?:^|[\s,]+)(?:from|since) (${DATE})(?:,? (?:to|till|until|–|-) (${DATE}))?$`, 'i')

/**
 * The period a person typed behind a condition, and what stands before it: `last 90d`, `over the last 2 weeks`,
 * `from 2026-01-01 to 2026-06-01`, `since 1 Mar`; the last 30 days where none is typed. Throws a `UserError` for one that
 * is none.
 */
export function readPeriod(text: string, calendar: Calendar): { period: Period; rest: string } {
  const { now } = calendar
  const last = LAST.exec(text)
  if (last) return { period: { from: now - lengthOf(last[1]!), to: now }, rest: text.slice(0, last.index).trim() }
  const from = FROM.exec(text)
  if (!from) return { period: { from: now - USUAL, to: now }, rest: text }
  const [, begins = '', ends] = from
  return { period: periodOf(begins, ends, calendar), rest: text.slice(0, from.index).trim() }
}

/** From a date to another, or to now; a date without a time begins with its day and ends with it. Throws a `UserError`. */
export function periodOf(begins: string, ends: string | undefined, calendar: Calendar): Period {
  const from = momentOf(begins, 'start', calendar)
  const to = ends === undefined ? calendar.now : momentOf(ends, 'end', calendar)
  if (from >= to) throw new UserError(`${begins} is not before ${ends ?? 'now'}.`)
  return { from, to }
}

const UNITS: Readonly<Record<string, number>> = {
  day: DAY,
  d: DAY,
  week: 7 * DAY,
  w: 7 * DAY,
  month: 30 * DAY,
  year: 365 * DAY,
  y: 365 * DAY,
}

function lengthOf(words: string): number {
  const [, count = '1', unit = ''] = /^(\d{0,4}) ?([a-z]+?)s?$/i.exec(words) ?? []
  const ms = UNITS[unit.toLowerCase()]
  if (ms === undefined || /^0+$/.test(count)) return readDuration(words, 'backtest AAPL > 300 last 90d').value
  return (count === '' ? 1 : Number(count)) * ms
}

/** A date or a moment as people write it, at the start or the end of its day; ms. Throws a `UserError`. */
export function momentOf(text: string, edge: 'start' | 'end', { now, zone }: Calendar): number {
  const iso = /^(\d{4}-\d\d-\d\d)(?:[t ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(z|[+-]\d\d:?\d\d)?)?$/i.exec(text.trim())
  const [, date, time, offset] = iso ?? []
  const day = date ?? dateIn(text, now, zone)
  const whole = DateTime.fromISO(offset === undefined ? day : `${day}T${time}${offset.toUpperCase()}`, { zone })
  if (!whole.isValid) throw new UserError(`"${shorten(text)}" is not a date. Type it like 2026-01-31.`)
  if (offset !== undefined) return whole.toMillis()
  if (time !== undefined) return instantOf({ date: day, time }, zone)
  return edge === 'end' ? instantOf({ date: day }, zone) : whole.startOf('day').toMillis()
}

/** `1 Mar 2026`, `Mar 1`, `yesterday` as `YYYY-MM-DD`; without a year the last such day. Any other text is no date. */
function dateIn(text: string, now: number, zone: string): string {
  const today = DateTime.fromMillis(now, { zone })
  const word = text.trim().toLowerCase()
  if (word === 'today') return today.toISODate()!
  if (word === 'yesterday') return today.minus({ days: 1 }).toISODate()!
  const [, day = '', name = '', year] =
    /^(\d{1,2})\.? ([a-z]{3,9})\.?(?: (\d{4}))?$/.exec(word) ??
    swapped(/^([a-z]{3,9})\.? (\d{1,2})(?:,? (\d{4}))?$/.exec(word)) ??
    []
  const month = MONTHS.findIndex((one) => name.startsWith(one)) + 1
  const dateOf = (of: number) => `${of}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`
  if (month === 0) return text
  if (year !== undefined) return dateOf(Number(year))
  const thisYear = dateOf(today.year)
  return thisYear > today.toISODate()! ? dateOf(today.year - 1) : thisYear
}

function swapped(match: RegExpExecArray | null): (string | undefined)[] | undefined {
  return match ? [match[0], match[2], match[1], match[3]] : undefined
}
