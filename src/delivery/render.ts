import { DateTime } from 'luxon'
import type { Evidence, Gap, Occurrence } from '../alert/types.ts'
import { classOf, tickerOf } from '../condition/name.ts'
import { type Button, compose, type Reply } from '../reply.ts'
import type { Subject, Tracked } from './types.ts'

/** From when on a message says that it is late, ms. */
const LATE = 120_000
/** From when on lateness is told in hours, ms. */
const LONG = 5_400_000
const NEW_YORK = 'America/New_York'

/** What a person is told of a notification, at `now` (real clock, ms): first the fact, then the evidence, then what one can do. */
export function render(notification: Tracked, now: number): Reply {
  const { alert, occurrence, zone } = notification
  const late = lateness(notification, now)
  const at = (time: number) => clockTime(time, zone, occurrence.at)
  switch (occurrence.kind) {
    case 'fired': {
      const fact = `Alert ${alert.number}: ${occurrence.triggers.join(', and ')}`
      const lines = [...evidenceLines(occurrence, zone), ...gapLines(occurrence.gap, at), ...late]
      return compose([{ strong: fact }, `\n${lines.join('\n')}`], buttonsOfFiring(alert, occurrence.last === true))
    }
    case 'expired': {
      const underWay = occurrence.reason === undefined ? '' : ` ${EXPIRED_WITH[occurrence.reason] ?? occurrence.reason}`
      const lines = [alert.text, `Its time was up at ${at(occurrence.at)}.${underWay}`, ...late]
      return compose(
        [{ strong: `Alert ${alert.number} has ended` }, `: ${lines.join('\n')}`],
        pressed(alert, 'why', 'delete'),
      )
    }
    case 'blind': {
      const lines = [alert.text, `${blindness(occurrence, at)} I will say when I can see again.`, ...late]
      return compose(
        [{ strong: `Alert ${alert.number} is blind` }, `: ${lines.join('\n')}`],
        pressed(alert, 'why', 'pause'),
      )
    }
    case 'sighted': {
      const lines = [alert.text, ...evidenceLines(occurrence, zone), ...blindLines(occurrence.gap, at), ...late]
      return compose([{ strong: `Alert ${alert.number} sees again` }, `: ${lines.join('\n')}`], pressed(alert, 'why'))
    }
  }
}

const EXPIRED_WITH: Readonly<Record<string, string>> = {
  pending: 'It was true at the end, but not yet for long enough.',
  held: 'One firing was held back by a cooldown or a snooze and is not told any more.',
}

function blindness({ reason, gap }: Occurrence, at: (time: number) => string): string {
  const since = gap ? ` since ${at(gap.from)}` : ''
  return `I cannot see it${since}${reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`}.`
}

const LABELS = { again: 'Again', pause: 'Pause', why: 'Why', delete: 'Delete' } as const

/** Commands on an alert that need its number alone. */
function pressed({ number }: Subject, ...commands: readonly (keyof typeof LABELS)[]): Button[] {
  return commands.map((command) => ({ label: LABELS[command], command: `${command} ${number}` }))
}

function buttonsOfFiring(alert: Subject, isDone: boolean): Button[] {
  const snooze = { label: 'Snooze 1 h', command: `snooze ${alert.number} 1h` }
  return [...pressed(alert, isDone ? 'again' : 'pause'), snooze, ...pressed(alert, 'why', 'delete')]
}

/** The price of a market that is closed may be days older than what fired: then it has its date. */
function evidenceLines({ evidence, at }: Occurrence, zone: string): string[] {
  return evidence.map((one) => {
    const time = clockTime(one.at, zone, at, 'HH:mm:ss')
    const local =
      classOf(one.symbol) === 'stock' && zone !== NEW_YORK ? ` (New York ${clockTime(one.at, NEW_YORK, one.at)})` : ''
    return `${tickerOf(one.symbol)} ${figure(one)} at ${time}${local}, ${one.source}.`
  })
}

/** A figure as people read it: the metric unless it is the price, the value, its unit. */
export function figure({ metric, value, currency }: Pick<Evidence, 'metric' | 'value' | 'currency'>): string {
  if (metric === 'price') return `${value} ${currency}`
  if (metric === 'change') return `change ${value} %`
  return metric === 'volume' ? `volume ${value}` : `${metric} ${value} ${currency}`
}

function gapLines(gap: Gap | undefined, at: (time: number) => string): string[] {
  return gap ? [`I could not see it from ${at(gap.from)} to ${at(gap.to)}: it may have become true earlier.`] : []
}

function blindLines(gap: Gap | undefined, at: (time: number) => string): string[] {
  return gap ? [`It was blind from ${at(gap.from)} to ${at(gap.to)}; what happened between was not seen.`] : []
}

function lateness({ createdAt, reason }: Tracked, now: number): string[] {
  const late = now - createdAt
  if (late < LATE) return []
  const long = late < LONG ? `${Math.round(late / 60_000)} min` : `${Math.round(late / 3_600_000)} h`
  return [`This comes ${long} late${reason ? `: ${reason}` : ''}.`]
}

/** A moment in a zone; with its date when that is not the day of `today`. */
function clockTime(time: number, zone: string, today: number, format = 'HH:mm'): string {
  const moment = DateTime.fromMillis(time, { zone })
  const isToday = moment.hasSame(DateTime.fromMillis(today, { zone }), 'day')
  return moment.toFormat(isToday ? format : `d LLL ${format}`)
}
