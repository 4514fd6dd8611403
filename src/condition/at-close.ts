import { blankCell, type Cell, emptyCell, fillCell } from './cell.ts'
import { INTERVALS, type Series } from './history.ts'
import { tickerOf } from './name.ts'
import { seriesIn } from './rows.ts'

/** A cell as it was at the close of its last finished day. */
export type ClosingView = {
  /** Its `at` is when that day was over; bid and ask are not known. It shares the candles. */
  readonly view: Cell
  /** Brings it up to date. */
  refresh(): void
}

/** Looks at a cell through its finished daily candles. The previous close is the close before the last. */
export function closingView(cell: Cell): ClosingView {
  const series = seriesIn(cell, '1d')
  const view: Cell = { ...emptyCell(cell.symbol, ''), series: cell.series }
  let seen: Series['finished'] | undefined
  const refresh = () => {
    view.currency = cell.currency
    if (series.finished.length === 0) {
      blankCell(view, series.why ?? `No trading day of ${tickerOf(cell.symbol)} has finished yet.`)
    } else if (series.finished !== seen) fill(view, series)
    seen = series.finished
  }
  refresh()
  return { view, refresh }
}

function fill(view: Cell, { finished, gaps }: Series): void {
  const { start, open, high, low, close, volume } = finished.at(-1)!
  // A day that is missing before the last one had the close that it is counted from.
  const previousClose = gaps?.some(({ until }) => until === start) ? undefined : finished.at(-2)?.close
  fillCell(view, {
    currency: view.currency,
    at: start + INTERVALS['1d'],
    price: close,
    open,
    high,
    low,
    ...(volume === null ? {} : { volume }),
    ...(previousClose === undefined ? {} : { previousClose }),
  })
}
