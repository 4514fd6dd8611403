import type { Alert } from '../alert/types.ts'
import { moment, times } from './words.ts'

const PHASES = {
  armed: 'On',
  pending: 'True, waiting for its time',
  done: 'Done',
  expired: 'Ended',
  deleted: 'Deleted',
} as const

/** Where an alert is in its life: `On, paused`. */
export function phaseWords({ phase, paused }: Pick<Alert, 'phase' | 'paused'>): string {
  return `${PHASES[phase]}${paused ? ', paused' : ''}`
}

/** Where an alert is in its life, when it was set and fired, and what runs; moments in `zone` (IANA), `now` in ms. */
export function stateLines(alert: Alert, zone: string, now: number): string[] {
  const at = (time: number) => moment(time, zone, now)
  const ahead = (time: number | null): time is number => time !== null && time > now
  return [
    `${phaseWords(alert)}; set ${at(alert.createdAt)}, fired ${times(alert.firings)}${
      alert.firedAt === null ? '' : `, last ${at(alert.firedAt)}`
    }.`,
    ...(ahead(alert.snoozedUntil) ? [`Silent until ${at(alert.snoozedUntil)}.`] : []),
    ...(ahead(alert.cooldownUntil) ? [`Not again before ${at(alert.cooldownUntil)}.`] : []),
    ...(alert.triggers.some(({ held }) => held)
      ? ['Something became true meanwhile and is held back until then.']
      : []),
    ...(alert.blindSince === null ? [] : [`Blind since ${at(alert.blindSince)}.`]),
    ...(alert.until === null ? [] : [`Ends ${at(alert.until)}.`]),
  ]
}
