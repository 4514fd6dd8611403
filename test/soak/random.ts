/** Numbers from 0 up to but not 1, the same ones for the same seed. */
export type Random = {
  next(): number
  /** One of these. */
  of<T>(all: readonly T[]): T
  /** A number between two others. */
  between(least: number, most: number): number
}

/** Mulberry32 (github.com/bryc/code, jshash/PRNGs.md): small, and good enough to choose moments by. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    of: (all) => all[Math.floor(next() * all.length)]!,
    between: (least, most) => least + next() * (most - least),
  }
}
