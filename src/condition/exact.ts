import type { Expression, Metric, NumberNode } from './ast.ts'
import type { Cell } from './evaluate.ts'
import { decimalText, Exact, exactOf, isLong, numberOf } from './numbers.ts'
import { keyOf } from './symbols.ts'

/** A figure compiled for reading again and again. */
export type Figure = {
  /** The nearest double at this moment; NaN while it is not known. */
  readonly read: () => number
  /** The same figure as a fraction of decimals; asked only while `read` is not NaN. */
  readonly exact: () => readonly [numerator: Exact, denominator: Exact]
  /** Whether some decimal behind it may have more digits than a double tells apart. */
  readonly long: () => boolean
  /** Computed, so that `read` may be off by some units in the last place. */
  readonly computed: boolean
}

const ONE = new Exact(1)

/** Makes a figure of an expression. `cellOf` is asked once, now, with the symbol as written. */
export function figureOf(expression: Expression, cellOf: (written: string) => Cell): Figure {
  if (expression.type === 'number') return constant(expression)
  const cell = cellOf(keyOf(expression.symbol))
  return expression.metric === 'change' ? change(cell) : told(cell, expression.metric)
}

function constant({ text }: NumberNode): Figure {
  const value = numberOf(text)
  const exact = exactOf(text)
  const long = isLong(decimalText(text))
  return { read: () => value, exact: () => [exact, ONE], long: () => long, computed: false }
}

/** A figure that the provider told. */
function told(cell: Cell, metric: Exclude<Metric, 'change'>): Figure {
  const read = reader(cell, metric)
  return {
    read,
    exact: () => [new Exact(cell.text[metric] ?? read()), ONE],
    long: () => isLong(cell.text[metric]),
    computed: false,
  }
}

/** The double of a metric in a cell. */
export function reader(cell: Cell, metric: Exclude<Metric, 'change'>): () => number {
  switch (metric) {
    case 'price':
      return () => cell.price
    case 'open':
      return () => cell.open
    case 'high':
      return () => cell.high
    case 'low':
      return () => cell.low
    case 'previous close':
      return () => cell.previousClose
    case 'volume':
      return () => cell.volume
    case 'bid':
      return () => cell.bid
    case 'ask':
      return () => cell.ask
  }
}

/** (price − previous close) / previous close × 100; NaN where either is not known or the previous close is not above 0. */
function change(cell: Cell): Figure {
  const price = told(cell, 'price')
  const close = told(cell, 'previous close')
  return {
    read: () => (cell.previousClose > 0 ? ((cell.price - cell.previousClose) / cell.previousClose) * 100 : Number.NaN),
    exact: () => {
      const [before] = close.exact()
      return [price.exact()[0].minus(before).times(100), before]
    },
    long: () => true,
    computed: true,
  }
}

/** How far a computed per cent may be from the true one: some hundred times the error of its three operations. */
const DOUBT = 1e-12

/**
 * Compares two figures: below 0, 0 or above 0 as the left is smaller, equal or larger; NaN while either is not known.
 *
 * Exact although it starts from doubles. Rounding a decimal to the nearest double is monotonic: it never turns a larger
 * number into a smaller double. So where the doubles differ, the decimals differ the same way. Where they are equal, the
 * decimals are equal too unless one has more than 15 significant digits; only then are the decimal texts compared. A
 * computed figure is compared as decimals whenever it comes near.
 */
export function orderOf(left: Figure, right: Figure): () => number {
  const computed = left.computed || right.computed
  return () => {
    const a = left.read()
    const b = right.read()
    const doubt = computed ? DOUBT * (100 + Math.abs(a) + Math.abs(b)) : 0
    if (Math.abs(a - b) > doubt) return a < b ? -1 : 1
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN
    return computed || left.long() || right.long() ? orderExactly(left, right) : 0
  }
}

function orderExactly(left: Figure, right: Figure): number {
  const [a, b] = left.exact()
  const [c, d] = right.exact()
  return a.times(d).cmp(c.times(b))
}
