import { Decimal } from 'decimal.js'
import type { Metric } from './ast.ts'
import type { Minor } from './currency.ts'
import type { Interval, Series } from './history.ts'

/**
 * What is known of one symbol at this moment, as the evaluator reads it. Mutable: the watch room writes it, compiled
 * conditions hold on to it and read it. A figure that is not known, or too old to be trusted, is NaN.
 */
export type Cell = {
  /** Canonical name. */
  readonly symbol: string
  currency: string
  price: number
  open: number
  high: number
  low: number
  previousClose: number
  volume: number
  bid: number
  ask: number
  /** The time of the quote behind it (`asOf`, else `receivedAt`), ms; 0 while there is none. */
  at: number
  /** When that quote was received, ms; 0 while there is none. */
  heardAt: number
  /** When the session it fell into ends, ms: at T its market is open iff T is before that. Infinity where it never closes. */
  sessionEnd: number
  /** Its candles; a compiled condition puts an empty series here for each interval it needs, and holds on to it. */
  readonly series: Map<Interval, Series>
  /** The same figures as decimal text, for exact comparison. */
  text: Texts
  /** Why `price` is NaN, in words a person may read; undefined while it is known. */
  why: string | undefined
}

/** A figure that a provider tells. */
export type Told = Exclude<Metric, 'change'>
type Texts = { [metric in Told]?: string | undefined }

/** The figures of a cell, by their names in it. */
export const FIGURES = ['price', 'open', 'high', 'low', 'previousClose', 'volume', 'bid', 'ask'] as const
type Figure = (typeof FIGURES)[number]

/** What fills a cell: decimal text for each figure that is known. */
export type Figures = {
  readonly currency: string
  readonly minor?: Minor
  /** As in `Cell`; left out: 0, and never closed. */
  readonly at?: number
  readonly heardAt?: number
  readonly sessionEnd?: number
} & { readonly [figure in Figure]?: string }

/** A cell of which nothing is known; `why` says so in words a person may read. */
export function emptyCell(symbol: string, why: string): Cell {
  const nothing = Object.fromEntries(FIGURES.map((figure) => [figure, Number.NaN])) as Record<Figure, number>
  const times = { at: 0, heardAt: 0, sessionEnd: Number.POSITIVE_INFINITY }
  return { symbol, currency: '', ...nothing, ...times, series: new Map(), text: noTexts(), why }
}

/** Writes figures into a cell; those not given become unknown. A listing in a minor unit is kept in that unit. */
export function fillCell(cell: Cell, figures: Figures): void {
  write(cell, figures.minor ? inMinorUnits(figures, figures.minor) : figures)
}

function write(cell: Cell, figures: Figures): void {
  cell.currency = figures.currency
  cell.at = figures.at ?? 0
  cell.heardAt = figures.heardAt ?? 0
  cell.sessionEnd = figures.sessionEnd ?? Number.POSITIVE_INFINITY
  cell.why = undefined
  // Written out: each quote of each symbol passes here, and a loop over names takes several times as long.
  const { text } = cell
  text.price = figures.price
  text.open = figures.open
  text.high = figures.high
  text.low = figures.low
  text['previous close'] = figures.previousClose
  text.volume = figures.volume
  text.bid = figures.bid
  text.ask = figures.ask
  cell.price = doubleOf(figures.price)
  cell.open = doubleOf(figures.open)
  cell.high = doubleOf(figures.high)
  cell.low = doubleOf(figures.low)
  cell.previousClose = doubleOf(figures.previousClose)
  cell.volume = doubleOf(figures.volume)
  cell.bid = doubleOf(figures.bid)
  cell.ask = doubleOf(figures.ask)
}

/** Makes every figure of a cell unknown, for a reason in words a person may read. */
export function blankCell(cell: Cell, why: string): void {
  for (const figure of FIGURES) cell[figure] = Number.NaN
  cell.text = noTexts()
  cell.at = 0
  cell.heardAt = 0
  cell.why = why
}

/** An amount of a currency in its minor unit: decimal text. */
export function inMinor(amount: string, { per }: Minor): string {
  return new Decimal(amount).times(per).toFixed()
}

function inMinorUnits({ minor: _, ...figures }: Figures, minor: Minor): Figures {
  const amounts = FIGURES.flatMap((figure) => {
    const amount = figures[figure]
    return amount === undefined || figure === 'volume' ? [] : [[figure, inMinor(amount, minor)]]
  })
  return { ...figures, ...Object.fromEntries(amounts), currency: minor.name }
}

function doubleOf(text: string | undefined): number {
  return text === undefined ? Number.NaN : Number(text)
}

/** Always the same names in the same order, so that every cell has the same shape. */
function noTexts(): Texts {
  return {
    price: undefined,
    open: undefined,
    high: undefined,
    low: undefined,
    'previous close': undefined,
    volume: undefined,
    bid: undefined,
    ask: undefined,
  }
}
