import { readFileSync } from 'node:fs'

/** Wednesday, 7 October 2026, 10:00 in New York. */
export const CLOCK = { now: Date.UTC(2026, 9, 7, 14, 0), zone: 'America/New_York' }

/** A line of a corpus file: what is typed, and the columns after it. Blank lines and `#` headings are left out. */
export function linesOf(file: string): { input: string; columns: string[] }[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [input = '', ...columns] = line.split(' → ')
      return { input, columns }
    })
}

/** A tree without its places in the text. */
export function withoutPlaces<T>(tree: T): T {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === 'at' ? undefined : value)))
}
