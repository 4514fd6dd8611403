/**
 * Counts one more for `key` at `now` (ms). Undefined while there are not too many in the window of time; else how long
 * (ms) until the next one begins.
 */
export type Limit = (key: string, now: number) => number | undefined

/**
 * At most so many in each window (ms): minutes and hours as they stand on the clock. It counts in the memory of this
 * process: what one person sends comes to one process as a rule, and after a restart everybody begins anew.
 */
export function createLimit(most: number, window: number): Limit {
  let current = Number.NaN
  const counts = new Map<string, number>()
  return (key, now) => {
    const start = Math.floor(now / window) * window
    if (start !== current) counts.clear()
    current = start
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count > most ? start + window - now : undefined
  }
}
