import { DateTime } from 'luxon'
import type { Content } from '../alert/change.ts'
import type { Firing } from '../backtest.ts'
import { duration } from '../condition/format.ts'
import type { LookBack } from './look-back.ts'
import { seenWords } from './seen-words.ts'
import { moment, times } from './words.ts'

type Look = LookBack['resolution']

/** What was looked at, each time: `the close of each hour`. */
const CLOSES: Readonly<Record<Look, string>> = {
  quotes: 'each recorded quote',
  '1m': 'the close of each minute',
  '5m': 'the close of every 5 minutes',
  '15m': 'the close of every 15 minutes',
  '1h': 'the close of each hour',
  '4h': 'the close of every 4 hours',
  '1d': 'the close of each day',
  '1w': 'the close of each week',
}

/** What looks are counted in: `3 of 22 days`. */
const UNITS: Readonly<Record<Look, string>> = {
  quotes: 'quotes',
  '1m': 'minutes',
  '5m': 'stretches of 5 minutes',
  '15m': 'stretches of 15 minutes',
  '1h': 'hours',
  '4h': 'stretches of 4 hours',
  '1d': 'days',
  '1w': 'weeks',
}

/** How often an alert would have fired, in which period and counted how, in one sentence. Dates are in `zone` (IANA). */
export function countLine(result: LookBack, { options }: Pick<Content, 'options'>, zone: string): string {
  const { firings, period, resolution } = result
  const time = resolution === 'quotes' ? 'HH:mm:ss' : 'HH:mm'
  const [from, to] = [startStamp(period.from, zone, time), endStamp(period.to, zone, time)]
  return `From ${from} to ${to} this would have fired ${times(firings.length)} (counted ${howOften(options)}).`
}

/** A day alone is meant from its beginning. */
function startStamp(at: number, zone: string, time: string): string {
  const start = DateTime.fromMillis(at, { zone })
  return start.toFormat(isMidnight(start) ? 'd LLL yyyy' : `d LLL yyyy ${time}`)
}

/** A day alone is meant to its end. */
function endStamp(at: number, zone: string, time: string): string {
  const end = DateTime.fromMillis(at, { zone })
  return isMidnight(end) ? end.minus(1).toFormat('d LLL yyyy') : end.toFormat(`d LLL yyyy ${time}`)
}

function isMidnight(moment: DateTime): boolean {
  return moment.toMillis() === moment.startOf('day').toMillis()
}

/** How firings are counted: `each time it became true, 1h apart at least`. */
export function howOften({ mode, every, cooldown, for: stays }: Content['options']): string {
  const became = stays === undefined ? 'became true' : `had been true for ${duration(stays)}`
  if (mode === 'every') return `every ${duration(every ?? 0)} from when it ${became}`
  return `each time it ${became}${cooldown === undefined ? '' : `, ${duration(cooldown)} apart at least`}`
}

/** One firing: when, in `zone` (IANA), and what was seen. `now` in ms. */
export function firingLine(
  firing: Firing,
  { resolution }: LookBack,
  zone: string,
  now: number,
): [when: string, what: string] {
  const { at, evidence } = firing
  const isExact = resolution === 'quotes'
  const when = isExact ? DateTime.fromMillis(at, { zone }).toFormat('ccc d LLL HH:mm:ss') : moment(at, zone, now)
  return [when, seenWords(evidence)]
}

/** How closely it was looked at, what may have been missed in between, and what was not there to be seen. */
export function closenessLines(result: LookBack): string[] {
  const { resolution, missing } = result
  const notes = [...touchedNote(result), ...unseenNote(result)]
  return [`I looked at ${CLOSES[resolution]}.`, ...notes, ...missing]
}

/** Only where something was touched. */
export function touchedNote({ touched = 0 }: LookBack): string[] {
  return touched === 0 ? [] : [`Touched in between: up to ${touched} more.`]
}

/** Only where something could not be seen. */
export function unseenNote({ looks, unseen, why, resolution }: LookBack): string[] {
  if (looks === 0) return ['There was nothing to be seen in that time.']
  if (unseen === 0) return []
  return [`It could not be seen at ${unseen} of ${looks} ${UNITS[resolution]}${why === undefined ? '.' : `: ${why}`}`]
}
