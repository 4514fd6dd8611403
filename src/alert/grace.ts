import { classOf } from '../condition/name.ts'
import type { Alert } from './types.ts'

/**
 * How long (ms) an alert may be blind before its owner hears of it. `grace` is that of most; an alert on nothing but
 * crypto has half of it: its prices move at any hour and come every few seconds, so silence means more there, and sooner.
 */
export function graceOf({ symbols }: Pick<Alert, 'symbols'>, grace: number): number {
  return symbols.length > 0 && symbols.every((symbol) => classOf(symbol) === 'crypto') ? grace / 2 : grace
}
