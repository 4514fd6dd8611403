import type { Expression, Leaf } from './ast.ts'
import type { Cell } from './cell.ts'
import type { Figure } from './exact.ts'
import { takesLive } from './over-candles.ts'
import { partsOf } from './parts.ts'
import type { Scene, Terms } from './scene.ts'
import { keyOf, valuesOf } from './symbols.ts'

type Quoted = { readonly name: string; readonly cell: Cell }

/**
 * The first value of a leaf that compares several symbols, made unknown while their quotes are too far apart for that:
 * so the leaf is unknown too, and remembers nothing of such a look.
 */
export function together(figure: Figure, leaf: Leaf, scene: Scene): Figure {
  const cells = quotedIn(leaf, scene).map(({ cell }) => cell)
  if (cells.length < 2) return figure
  const { apart } = scene.terms
  return { ...figure, read: () => (gapOf(cells) > apart ? Number.NaN : figure.read()) }
}

/** Why that is so, in words a person may read; undefined while it is not. */
export function whyApart(leaf: Leaf, scene: Scene): string | undefined {
  const quoted = quotedIn(leaf, scene)
  if (quoted.length < 2) return undefined
  const gap = gapOf(quoted.map(({ cell }) => cell))
  if (!(gap > scene.terms.apart)) return undefined
  const names = quoted.map(({ name }) => name)
  const said = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return `The quotes of ${said} were received ${Math.round(gap / 1000)} s apart: too far to compare them.`
}

/** The symbols whose quotes a leaf looks at, each once; a function of finished candles alone looks at none. */
function quotedIn(leaf: Leaf, { cellOf, terms }: Scene): Quoted[] {
  const found: Quoted[] = []
  for (const value of valuesOf(leaf)) {
    for (const part of partsOf(value)) {
      const name = quotedBy(part, terms)
      if (name !== undefined && !found.some((one) => one.name === name)) found.push({ name, cell: cellOf(name) })
    }
  }
  return found
}

function quotedBy(part: Expression, { atClose }: Terms): string | undefined {
  if (part.type === 'metric') return keyOf(part.symbol)
  return part.type === 'series' && takesLive(part, atClose) ? keyOf(part.of.symbol) : undefined
}

/**
 * How far apart (ms) the quotes were received of those symbols that are in session at the time of the newest one; those
 * whose session is over count at their last price, however old that is. At close no quote is looked at: no gap.
 */
function gapOf(cells: readonly Cell[]): number {
  let newest = 0
  for (const { heardAt } of cells) if (heardAt > newest) newest = heardAt
  let oldest = newest
  for (const { heardAt, sessionEnd } of cells) if (newest < sessionEnd && heardAt < oldest) oldest = heardAt
  return newest - oldest
}
