import { emptyCell, type Figures, fillCell } from '../../src/condition/cell.ts'
import type { Cell } from '../../src/condition/evaluate.ts'

/** A cell with the figures given as decimal text; the others are unknown. */
export function aCell(figures: Partial<Figures> = {}, symbol = 'stock:AAPL'): Cell {
  const cell = emptyCell(symbol, `${symbol} has no quote.`)
  if (Object.keys(figures).length > 0) fillCell(cell, { currency: 'USD', ...figures })
  return cell
}
