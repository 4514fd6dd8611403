import { expect, it } from 'vitest'
import { dueAt } from '../../src/alert/due.ts'
import type { Alert } from '../../src/alert/types.ts'
import { anAlert, blank } from '../builders.ts'

const unmet = { ...blank, side: 'unmet' as const }
const met = { ...blank, side: 'met' as const }
const held = { ...met, held: true }
const running = { ...met, running: true }
const waiting = { options: { mode: 'once', for: 600 }, phase: 'pending', triggers: [met] } as const

it.each<[title: string, alert: Partial<Alert>, due: number | null]>([
  ['an alert without timers', { triggers: [unmet] }, null],
  ['a snooze that holds nothing', { snoozedUntil: 900 }, null],
  ['a snooze that holds an edge', { snoozedUntil: 900, triggers: [unmet, held] }, 900],
  ['the later of snooze and cooldown', { snoozedUntil: 900, cooldownUntil: 1200, triggers: [held] }, 1200],
  ['every, running', { cooldownUntil: 700, triggers: [running] }, 700],
  ['held with no hold left: a quote is awaited', { triggers: [held] }, null],
  ['a running wait', { ...waiting, clock: { counted: 0, since: 100 } }, 700],
  ['a running wait of which some is counted', { ...waiting, clock: { counted: 400, since: 1000 } }, 1200],
  ['a wait that stands still', { ...waiting, clock: { counted: 400, since: null } }, null],
  ['until: half a minute after it, for quotes that come late', { until: 5000 }, 35000],
  ['blind, not yet told', { blindSince: 2000 }, 2300],
  ['blind and told', { blindSince: 2000, blindTold: true }, null],
  ['the earliest of all', { until: 5000, blindSince: 2000, snoozedUntil: 900, triggers: [held] }, 900],
  ['a paused alert', { paused: true, until: 5000 }, null],
  ['a done alert', { phase: 'done', until: 5000 }, null],
  ['an expired alert', { phase: 'expired', until: 5000 }, null],
  ['a deleted alert', { phase: 'deleted', until: 5000 }, null],
])('%s is due then', (_title, alert, due) => {
  expect(dueAt(anAlert(alert), 300)).toBe(due)
})
