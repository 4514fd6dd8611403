import { setTimeout as wait } from 'node:timers/promises'

/** The longest (ms) a person is kept waiting for a provider. */
export const PATIENCE = 6_000

/** What work gives, or undefined where it takes longer than `patience` (ms); the work itself goes on. Throws what it throws. */
export async function inTime<T>(work: Promise<T>, patience: number): Promise<T | undefined> {
  const over = new AbortController()
  const late = wait(patience, undefined, { signal: over.signal }).catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    over.abort()
  }
}
