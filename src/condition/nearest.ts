/**
 * How many letters must be put in, left out, exchanged or swapped with their neighbour to get from one word to the other
 * (Damerau–Levenshtein distance, optimal string alignment).
 */
export function distanceBetween(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1]
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const changed = rows[i - 1]![j - 1]! + (same ? 0 : 1)
      const swap = swapped ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, changed, swap))
    }
    rows.push(row)
  }
  return rows[from.length]![to.length]!
}

/**
 * The words that are nearly the one given, nearest first: the more letters it has, the more of them may be wrong, one in
 * three. Case does not count.
 */
export function nearestOf(word: string, words: Iterable<string>): string[] {
  const lower = word.toLowerCase()
  if (lower.length > LONGEST) return []
  const allowed = Math.max(1, Math.floor(lower.length / 3))
  return [...words]
    .map((known) => ({ known, distance: distanceBetween(lower, known.toLowerCase()) }))
    .filter(({ known, distance }) => distance <= allowed && distance < known.length)
    .sort((a, b) => a.distance - b.distance)
    .map(({ known }) => known)
}

/** The nearest of them, or undefined where none is near. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  return nearestOf(word, words)[0]
}

/** No word of ours is longer, and the table below grows with the square. */
const LONGEST = 20
