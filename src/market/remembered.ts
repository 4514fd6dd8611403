/**
 * What `ask` gives, kept for `age` (ms): in that time it is asked for once, and once for all who wait for it. A failure
 * is not kept. A clock that was set back makes it ask anew.
 */
export function createRemembered<T>(now: () => number, age: number, ask: () => Promise<T>): () => Promise<T> {
  let kept: { readonly at: number; readonly value: Promise<T> } | undefined
  return () => {
    const old = kept === undefined ? Number.POSITIVE_INFINITY : now() - kept.at
    if (kept !== undefined && old >= 0 && old < age) return kept.value
    const mine = { at: now(), value: ask() }
    kept = mine
    mine.value.catch(() => {
      if (kept === mine) kept = undefined
    })
    return mine.value
  }
}
