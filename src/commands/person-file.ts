import type { Alert } from '../alert/types.ts'
import type { Person } from '../store/person.ts'
import { alertLine } from './alert-line.ts'

/** Which shape a file has; another shape gets another number. */
export const FILE_VERSION = 1

/** What is said at the top of the file. */
const ABOUT =
  'All that Signal Generator keeps of the people below. Times are milliseconds since 1970, UTC. The lines of "alertLines" set the alerts again when they are sent to the bot; signal-generator import takes the whole file.'

/** The line that sets an alert again, as it can be sent on any channel. */
export function sendableLine(alert: Alert): string {
  return `/${alertLine(alert)}`
}

/** The lines that set a person's alerts again, as far as they are on or paused. */
export function linesOf({ alerts }: Pick<Person, 'alerts'>): string[] {
  return alerts.filter(({ phase }) => phase === 'armed' || phase === 'pending').map(sendableLine)
}

/** The beginning of a file of people, made at `now` (ms): entries follow with commas between them, then `FILE_END`. */
export function fileStart(now: number): string {
  const head = { about: ABOUT, version: FILE_VERSION, madeAt: now, people: [] }
  return JSON.stringify(head, null, 2).replace(/\[\]\s*\}$/, '[\n')
}

/** What follows the last entry of a file. */
export const FILE_END = '\n  ]\n}\n'

/** One person, as their entry in a file: JSON. */
export function fileEntry(person: Person): string {
  const { user, notifications, answers, questions, confirmations, consents } = person
  const alerts = person.alerts.map((alert) => ({ line: sendableLine(alert), ...alert }))
  const kept = { notifications, answers, questions, confirmations, consents }
  const entry = { user, alertLines: linesOf(person), alerts, ...kept }
  return JSON.stringify(entry, null, 2).replace(/^/gm, '    ')
}

/** A file of one person, JSON. `now`: ms. */
export function personFile(person: Person, now: number): string {
  return fileStart(now) + fileEntry(person) + FILE_END
}
