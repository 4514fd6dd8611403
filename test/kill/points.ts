import type { Trap } from './wire-proxy.ts'

/** Where the program is killed: at an operation on the wire, or when the double has the `line`-th message about a firing. */
export type Point = { readonly stage: Stage } & (Trap | { readonly line: number })
export type Stage = 'tick' | 'store' | 'fan-out' | 'send' | 'record'

const at = (stage: Stage, operation: string, when: Trap['when'], ...nths: number[]): Point[] =>
  nths.map((nth) => ({ stage, operation, when, nth }))

const message = (line: number): Point => ({ stage: 'send', line })

/** Leased by a process that dies before it sends. */
export const LEASED: Point = { stage: 'send', operation: 'update notifications (lease)', when: 'after', nth: 1 }

/** The last firing of the day is stored, and nobody is there to hand it on. */
export const LAST_STORED: Point = {
  stage: 'store',
  operation: 'update alerts (with firings)',
  when: 'after',
  nth: 1,
  holding: '505.391',
}

/** The points, in the order of a firing's way. Each comes early enough to be reached however the work falls into batches. */
export const POINTS: readonly Point[] = [
  ...at('tick', 'update quotes', 'before', 1),
  ...at('tick', 'update quotes', 'after', 2, 10),
  ...at('tick', 'find quotes', 'after', 40),
  ...at('tick', 'update progress (replay)', 'before', 13),
  ...at('tick', 'update progress (replay)', 'after', 25),
  ...at('store', 'update alerts (with firings)', 'before', 15),
  ...at('store', 'update alerts (with firings)', 'after', 1, 15),
  LAST_STORED,
  ...at('fan-out', 'find alerts (with unsent firings)', 'after', 20),
  ...at('fan-out', 'insert notifications', 'before', 3),
  ...at('fan-out', 'insert notifications', 'after', 20),
  ...at('fan-out', 'update alerts (firings taken off)', 'before', 9),
  ...at('send', 'update notifications (lease)', 'before', 3),
  LEASED,
  ...at('send', 'find notifications (leased)', 'after', 4),
  ...[2, 30].map(message),
  ...at('record', 'update notifications (sent)', 'before', 1, 45),
  ...at('record', 'update notifications (sent)', 'after', 1, 25),
]

/** A point in words. */
export function describePoint(point: Point): string {
  if ('line' in point) return `message ${point.line} is on stdout`
  const { operation, nth, when, holding } = point
  const which = holding === undefined ? `no. ${nth}` : `with ${holding}`
  return `${operation} ${which}, ${when === 'before' ? 'not done' : 'done, answer not heard'}`
}
