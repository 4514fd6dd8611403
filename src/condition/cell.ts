import type { Metric } from './ast.ts'
import type { Cell } from './evaluate.ts'

/** The figures of a cell, by their names in it. */
export const FIGURES = ['price', 'open', 'high', 'low', 'previousClose', 'volume', 'bid', 'ask'] as const
type Figure = (typeof FIGURES)[number]

/** What fills a cell: decimal text for each figure that is known. */
export type Figures = { readonly currency: string } & { readonly [figure in Figure]?: string }

/** A cell of which nothing is known; `why` says so in words a person may read. */
export function emptyCell(symbol: string, why: string): Cell {
  const nothing = Object.fromEntries(FIGURES.map((figure) => [figure, Number.NaN])) as Record<Figure, number>
  return { symbol, currency: '', ...nothing, text: {}, why }
}

/** Writes figures into a cell; those not given become unknown. */
export function fillCell(cell: Cell, figures: Figures): void {
  cell.currency = figures.currency
  cell.why = undefined
  cell.text = {}
  for (const figure of FIGURES) {
    const text = figures[figure]
    cell[figure] = text === undefined ? Number.NaN : Number(text)
    if (text !== undefined) cell.text[metricOf(figure)] = text
  }
}

/** Makes every figure of a cell unknown, for a reason in words a person may read. */
export function blankCell(cell: Cell, why: string): void {
  for (const figure of FIGURES) cell[figure] = Number.NaN
  cell.text = {}
  cell.why = why
}

function metricOf(figure: Figure): Exclude<Metric, 'change'> {
  return figure === 'previousClose' ? 'previous close' : figure
}
