/** What is wrong with what was delivered, firing by firing; one that is too many twice is there twice. */
export type Verdict = {
  readonly lost: readonly string[]
  /** Told once more than it happened. */
  readonly copies: readonly string[]
  /** Told, and never happened. */
  readonly invented: readonly string[]
}

/** Compares two multisets of firings. */
export function judge(expected: readonly string[], delivered: readonly string[]): Verdict {
  const more = without(delivered, expected)
  return {
    lost: without(expected, delivered),
    copies: more.filter((firing) => expected.includes(firing)),
    invented: more.filter((firing) => !expected.includes(firing)),
  }
}

function without(all: readonly string[], taken: readonly string[]): string[] {
  const left = [...all]
  for (const one of taken) {
    const at = left.indexOf(one)
    if (at >= 0) left.splice(at, 1)
  }
  return left
}
