import { Decimal } from 'decimal.js'
import type { Metric } from './ast.ts'
import type { Minor } from './currency.ts'
import type { Cell } from './evaluate.ts'

/** The figures of a cell, by their names in it. */
export const FIGURES = ['price', 'open', 'high', 'low', 'previousClose', 'volume', 'bid', 'ask'] as const
type Figure = (typeof FIGURES)[number]

/** What fills a cell: decimal text for each figure that is known. */
export type Figures = { readonly currency: string; readonly minor?: Minor } & { readonly [figure in Figure]?: string }

/** A cell of which nothing is known; `why` says so in words a person may read. */
export function emptyCell(symbol: string, why: string): Cell {
  const nothing = Object.fromEntries(FIGURES.map((figure) => [figure, Number.NaN])) as Record<Figure, number>
  return { symbol, currency: '', ...nothing, text: {}, why }
}

/** Writes figures into a cell; those not given become unknown. A listing in a minor unit is kept in that unit. */
export function fillCell(cell: Cell, figures: Figures): void {
  const { minor } = figures
  cell.currency = minor?.name ?? figures.currency
  cell.why = undefined
  cell.text = {}
  for (const figure of FIGURES) {
    const given = figures[figure]
    const text = given !== undefined && minor && figure !== 'volume' ? inMinor(given, minor) : given
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

/** An amount of a currency in its minor unit: decimal text. */
export function inMinor(amount: string, { per }: Minor): string {
  return new Decimal(amount).times(per).toFixed()
}
