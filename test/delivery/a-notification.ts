import type { Evidence, Occurrence } from '../../src/alert/types.ts'
import type { Notification, Tracked } from '../../src/delivery/types.ts'

/** 15:04:07 UTC on a Monday: 16:04 in Berlin, 10:04 in New York. */
export const MONDAY = Date.UTC(2026, 10, 23, 15, 4, 7)

/** AAPL at 501.12 USD on that Monday, but for what is given. */
export function anEvidence(given: Partial<Evidence> = {}): Evidence {
  return {
    symbol: 'stock:AAPL',
    metric: 'price',
    value: '501.12',
    currency: 'USD',
    source: 'test',
    at: MONDAY,
    ...given,
  }
}

/** `AAPL price > 500` became true on that Monday, but for what is given. */
export function anOccurrence(given: Partial<Occurrence> = {}): Occurrence {
  const triggers = ['AAPL price > 500']
  return { id: 'alert.2.fired', kind: 'fired', at: MONDAY, triggers, evidence: [anEvidence()], ...given }
}

/** A notification of alert 7 to the one address of its owner, but for what is given. */
export function aNotification(given: Partial<Notification> = {}): Notification {
  return {
    id: 'alert.2.fired:subscription:fired',
    user: 'user',
    subscription: 'subscription',
    channel: 'double',
    address: 'here',
    zone: 'UTC',
    alert: { id: 'alert', number: 7, text: 'AAPL price > 500' },
    occurrence: anOccurrence(),
    createdAt: MONDAY,
    ...given,
  }
}

/** The same as leased for its first try, but for what is given. */
export function aTracked(given: Partial<Tracked> = {}): Tracked {
  const untried = { state: 'sending', tries: 1, dueAt: MONDAY, reason: null, receipt: null, sentAt: null } as const
  return { ...aNotification(), ...untried, ...given }
}
