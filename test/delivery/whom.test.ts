import { expect, test } from 'vitest'
import { plan } from '../../src/delivery/plan.ts'
import { renderBundle } from '../../src/delivery/render.ts'
import type { Tracked } from '../../src/delivery/types.ts'
import { anAlert } from '../builders.ts'

const anna = { id: '1', name: 'Anna' }
const user = { id: 'user', subscriptions: [{ id: 'subscription', channel: 'double', address: 'group' }], zone: 'UTC' }
const unsent = [{ id: 'o', kind: 'fired' as const, at: 1, triggers: ['AAPL price > 500'], evidence: [] }]
const planning = { zone: 'UTC', now: 1, gather: 0, outageOf: () => undefined }

/** The reply that tells of an alert's firing. */
function told(alert: Parameters<typeof plan>[0]) {
  const [notification] = plan(alert, user, planning)
  const tracked = { ...notification!, state: 'due', tries: 0, dueAt: 1, reason: null, receipt: null, sentAt: null }
  return renderBundle([tracked as Tracked], new Map() as never, 1)
}

test('a firing of a group’s alert concerns who made it', () => {
  expect(told(anAlert({ unsent, maker: anna })).whom).toEqual(anna)
})

test('a firing of anybody else’s concerns nobody but whoever it goes to', () => {
  expect('whom' in told(anAlert({ unsent }))).toBe(false)
})
