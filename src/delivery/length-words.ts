/** A length (ms) as a message tells it: `24 h`, `10 min`, `3 s`. */
export function lengthWords(length: number): string {
  if (length >= 5_400_000) return `${Math.round(length / 3_600_000)} h`
  return length >= 90_000 ? `${Math.round(length / 60_000)} min` : `${Math.round(length / 1_000)} s`
}
