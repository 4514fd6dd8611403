import type { Trap } from './wire-proxy.ts'

/** Where the program is killed: at an operation on the wire, or when the double has the `line`-th message about a firing. */
export type Point = { readonly stage: Stage } & (Trap | { readonly line: number })
export type Stage = 'tick' | 'store' | 'fan-out' | 'send' | 'record'

const at = (stage: Stage, operation: string, when: Trap['when'], ...nths: number[]): Point[] =>
  nths.map((nth) => ({ stage, operation, when, nth }))

const message = (line: number): Point => ({ stage: 'send', line })

/** The points, in the order of a firing's way. The day has 40 ticks and 66 firings. */
export const POINTS: readonly Point[] = [
  ...at('tick', 'update quotes', 'before', 1, 18),
  ...at('tick', 'update quotes', 'after', 2, 10, 36),
  ...at('tick', 'find quotes', 'after', 40),
  ...at('tick', 'update progress (replay)', 'before', 13),
  ...at('tick', 'update progress (replay)', 'after', 25),
  ...at('store', 'update alerts (with firings)', 'before', 1, 12),
  ...at('store', 'update alerts (with firings)', 'after', 1, 12, 30),
  ...at('fan-out', 'find alerts (with unsent firings)', 'after', 20),
  ...at('fan-out', 'insert notifications', 'before', 3),
  ...at('fan-out', 'insert notifications', 'after', 3, 20),
  ...at('fan-out', 'update alerts (firings taken off)', 'before', 9),
  ...at('fan-out', 'update alerts (firings taken off)', 'after', 9),
  ...at('send', 'update notifications (lease)', 'before', 1),
  ...at('send', 'update notifications (lease)', 'after', 1, 8),
  ...at('send', 'find notifications (leased)', 'after', 4),
  ...[1, 30, 60].map(message),
  ...at('record', 'update notifications (sent)', 'before', 1, 25, 50),
  ...at('record', 'update notifications (sent)', 'after', 1, 25),
]

/** A point in words. */
export function describePoint(point: Point): string {
  if ('line' in point) return `message ${point.line} is on stdout`
  return point.when === 'before'
    ? `${point.operation} no. ${point.nth}, not done`
    : `${point.operation} no. ${point.nth}, done, not heard of`
}
