import { DateTime } from 'luxon'
import type { Evidence } from '../alert/types.ts'
import { classOf, tickerOf } from '../condition/name.ts'
import { type Button, compose, type Reply } from '../reply.ts'
import type { Tracked } from './types.ts'

/** From when on a message says that it is late, ms. */
const LATE = 120_000
const NEW_YORK = 'America/New_York'

/** What a person is told of a notification, at `now` (real clock, ms): first the fact, then the evidence, then what one can do. */
export function render(notification: Tracked, now: number): Reply {
  const { alert, occurrence, zone } = notification
  const late = lateness(notification, now)
  const at = (time: number) => clockTime(time, zone, occurrence.at)
  switch (occurrence.kind) {
    case 'fired': {
      const fact = `Alert ${alert.number}: ${occurrence.triggers.join(', and ')}`
      const lines = [...evidenceLines(occurrence.evidence, zone), ...gapLines(occurrence.gap, at), ...late]
      return compose([{ strong: fact }, `\n${lines.join('\n')}`], buttons(alert.number, occurrence.last === true))
    }
    case 'expired': {
      const underWay = occurrence.reason === undefined ? '' : ` ${EXPIRED_WITH[occurrence.reason] ?? occurrence.reason}`
      return compose([
        { strong: `Alert ${alert.number} has ended` },
        `: ${alert.text}\nIts time was up at ${at(occurrence.at)}.${underWay}`,
      ])
    }
    case 'blind':
      return compose([
        { strong: `Alert ${alert.number} is blind` },
        `: ${alert.text}\n${occurrence.reason ?? 'Its figures are not known.'} I will say when I can see again.`,
      ])
    case 'sighted': {
      const since = occurrence.gap
        ? ` It was blind from ${at(occurrence.gap.from)} to ${at(occurrence.gap.to)}; what happened between was not seen.`
        : ''
      const lines = evidenceLines(occurrence.evidence, zone)
      return compose([
        { strong: `Alert ${alert.number} sees again` },
        `: ${alert.text}\n${[...lines, ...late].join('\n')}${since}`,
      ])
    }
  }
}

const EXPIRED_WITH: Readonly<Record<string, string>> = {
  pending: 'It was true at the end, but not yet for long enough.',
  held: 'One firing was held back by a cooldown or a snooze and is not told any more.',
}

function buttons(number: number, isDone: boolean): Button[] {
  return [
    isDone ? { label: 'Again', command: `again ${number}` } : { label: 'Pause', command: `pause ${number}` },
    ...(isDone ? [] : [{ label: 'Snooze 1 h', command: `snooze ${number} 1h` }]),
    { label: 'Why', command: `why ${number}` },
    { label: 'Delete', command: `delete ${number}` },
  ]
}

function evidenceLines(evidence: readonly Evidence[], zone: string): string[] {
  return evidence.map((one) => {
    const time = clockTime(one.at, zone, one.at, 'HH:mm:ss')
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

function gapLines(gap: { from: number; to: number } | undefined, at: (time: number) => string): string[] {
  return gap ? [`I could not see it from ${at(gap.from)} to ${at(gap.to)}: it may have become true earlier.`] : []
}

function lateness({ createdAt, reason }: Tracked, now: number): string[] {
  const late = now - createdAt
  if (late < LATE) return []
  return [`This comes ${Math.round(late / 60_000)} min late${reason ? `: ${reason}` : ''}.`]
}

/** A moment in a zone; with its date when that is not the day of `today`. */
function clockTime(time: number, zone: string, today: number, format = 'HH:mm'): string {
  const moment = DateTime.fromMillis(time, { zone })
  const isToday = moment.hasSame(DateTime.fromMillis(today, { zone }), 'day')
  return moment.toFormat(isToday ? format : `d LLL ${format}`)
}
