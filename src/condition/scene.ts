import { closingView } from './at-close.ts'
import type { Cell } from './cell.ts'
import type { Memory, Trace } from './memory.ts'

/** How a condition is to be looked at. */
export type Terms = {
  /** The person's time zone (IANA): when `today` begins for what never closes. */
  readonly zone: string
  /** Only finished candles are looked at, and figures are those of the last finished day. */
  readonly atClose: boolean
  /** How far apart (ms) quotes that are compared with each other may have been received. */
  readonly apart: number
}

/** Terms for conditions that depend on none. */
export const PLAIN: Terms = { zone: 'utc', atClose: false, apart: Number.POSITIVE_INFINITY }

/** A part of a trigger that remembers something; it holds its own trace. */
export type Holder = {
  /** Holds another trace; undefined, or one that is not its own: begins anew. */
  recall(trace: Trace | undefined): void
  /** Whether a stored trace can be its own. */
  fits(trace: Trace): boolean
  /** The trace it holds. */
  held(): Trace
  /** What it is to hold after a look at which the whole trigger had that truth; the same object where nothing changed. */
  after(truth: number): Trace
  /** The same after a firing. */
  begun(truth: number): Trace
}

/** What the parts of a condition are compiled against. */
export type Scene = {
  readonly terms: Terms
  /** The cell of a symbol as written. At close: what it was at the last close. */
  cellOf(written: string): Cell
  /** To be called before each look, so that what is not read from live cells is up to date. */
  readonly refreshes: (() => void)[]
  /** Those that remember something, in the order they are written. */
  readonly holders: Holder[]
}

/** A scene in which nothing was compiled yet. */
export function sceneOf(cellOf: (written: string) => Cell, terms: Terms): Scene {
  if (!terms.atClose) return { terms, cellOf, refreshes: [], holders: [] }
  const refreshes: (() => void)[] = []
  const views = new Map<string, Cell>()
  const viewOf = (written: string) => {
    const known = views.get(written)
    if (known) return known
    const { view, refresh } = closingView(cellOf(written))
    views.set(written, view)
    refreshes.push(refresh)
    return view
  }
  return { terms, cellOf: viewOf, refreshes, holders: [] }
}

/** Makes all that remember something hold a memory; one that does not fit lets them begin anew. */
export function recallAll(holders: readonly Holder[], memory: Memory): void {
  const fits = memory.length === holders.length && holders.every((holder, i) => holder.fits(memory[i]!))
  for (const [i, holder] of holders.entries()) holder.recall(fits ? memory[i] : undefined)
}
