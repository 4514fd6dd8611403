import { readdirSync, readFileSync } from 'node:fs'

/** Wednesday, 7 October 2026, 10:00 in New York. */
export const CLOCK = { now: Date.UTC(2026, 9, 7, 14, 0), zone: 'America/New_York' }

/**
 * A line of a corpus file: what is typed, and the columns after it. One column: the canonical form; two: what is wrong
 * with it, and what to type instead. Blank lines and `#` headings are left out.
 */
export type Line = { readonly input: string; readonly columns: readonly string[] }

/** The lines of one corpus file. */
export function linesOf(file: string): Line[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [input = '', ...columns] = line.split(' → ')
      return { input, columns }
    })
}

/** The lines of every corpus file. */
export const corpus = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.txt'))
  .flatMap(linesOf)

/** Those that are understood. */
export const understood = corpus.filter(({ columns }) => columns.length === 1)

/** Those that are refused or asked about. */
export const refused = corpus.filter(({ columns }) => columns.length === 2)

/** A tree without its places in the text. */
export function withoutPlaces<T>(tree: T): T {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === 'at' ? undefined : value)))
}
