import type { CompareNode, Condition, Expression, Metric, Operator, RangeNode } from './ast.ts'
import { type Figure, figureOf, orderOf } from './exact.ts'
import { formatCondition } from './format.ts'
import { decimalText, Exact, isLong, numberOf } from './numbers.ts'
import { expressionsOf, keyOf } from './symbols.ts'

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
  /** The same figures as decimal text, for exact comparison. */
  text: Partial<Record<Exclude<Metric, 'change'>, string>>
  /** Why `price` is NaN, in words a person may read; undefined while it is known. */
  why: string | undefined
}

/** The value of a condition at a moment. */
export type Truth = 'met' | 'unmet' | 'unknown'

/** The same as numbers, so that Kleene's logic is arithmetic: `not` is minus, `and` the least, `or` the greatest. */
export const UNMET = -1
/** As `UNMET`: between the two others. */
export const UNKNOWN = 0
/** As `UNMET`: the greatest. */
export const MET = 1

/** A compiled condition's answer as a word. */
export function wordOf(value: number): Truth {
  return value > 0 ? 'met' : value < 0 ? 'unmet' : 'unknown'
}

/**
 * Makes a function that says whether the condition is `MET`, `UNMET` or `UNKNOWN` at the moment it is called.
 * `cellOf` is asked now, once for each mention, with the symbol as written (`keyOf`); the function then reads the cells
 * without looking anything up. Comparisons are exact, see `orderOf`.
 */
export function compile(condition: Condition, cellOf: (written: string) => Cell): () => number {
  switch (condition.type) {
    case 'compare':
      return compileCompare(condition, cellOf)
    case 'between':
    case 'outside':
      return compileRange(condition, cellOf)
    case 'not': {
      const item = compile(condition.item, cellOf)
      return () => 0 - item()
    }
    case 'and':
      return condition.items.map((item) => compile(item, cellOf)).reduce(both)
    case 'or':
      return condition.items.map((item) => compile(item, cellOf)).reduce(either)
  }
}

function both(left: () => number, right: () => number): () => number {
  return () => {
    const value = left()
    if (value === UNMET) return UNMET
    const other = right()
    return other < value ? other : value
  }
}

function either(left: () => number, right: () => number): () => number {
  return () => {
    const value = left()
    if (value === MET) return MET
    const other = right()
    return other > value ? other : value
  }
}

/** What a comparison is where the left side is smaller than, equal to, larger than the right. */
const ANSWERS: Readonly<Record<Operator, readonly [smaller: number, equal: number, larger: number]>> = {
  '>': [UNMET, UNMET, MET],
  '>=': [UNMET, MET, MET],
  '<': [MET, UNMET, UNMET],
  '<=': [MET, MET, UNMET],
  '=': [UNMET, MET, UNMET],
  '!=': [MET, UNMET, MET],
}

function compileCompare({ left, operator, right }: CompareNode, cellOf: (written: string) => Cell): () => number {
  if (left.type === 'metric' && left.metric === 'price' && right.type === 'number') {
    return priceAgainst(cellOf(keyOf(left.symbol)), right.text, operator)
  }
  return answer(orderOf(figureOf(left, cellOf), figureOf(right, cellOf)), operator)
}

function answer(order: () => number, operator: Operator): () => number {
  const [smaller, equal, larger] = ANSWERS[operator]
  return () => {
    const sign = order()
    return sign < 0 ? smaller : sign > 0 ? larger : sign === 0 ? equal : UNKNOWN
  }
}

/** The commonest comparison by far; the same as the general one, but with nothing between the cell and the answer. */
function priceAgainst(cell: Cell, text: string, operator: Operator): () => number {
  const level = numberOf(text)
  const levelText = decimalText(text)
  const [smaller, equal, larger] = ANSWERS[operator]
  return () => {
    const price = cell.price
    if (price > level) return larger
    if (price < level) return smaller
    if (price !== level) return UNKNOWN
    const sign = orderOfTexts(cell.text.price ?? String(price), levelText)
    return sign < 0 ? smaller : sign > 0 ? larger : equal
  }
}

/** Compares decimal texts of which the doubles are equal. */
function orderOfTexts(left: string, right: string): number {
  if (!isLong(left) && !isLong(right)) return 0
  return new Exact(left).cmp(right)
}

function compileRange({ type, value, low, high, at }: RangeNode, cellOf: (written: string) => Cell): () => number {
  const against = (end: Expression, operator: Operator) =>
    compileCompare({ type: 'compare', left: value, operator, right: end, at }, cellOf)
  return type === 'between'
    ? both(against(low, '>='), against(high, '<='))
    : either(against(low, '<'), against(high, '>'))
}

/** One figure a comparison looks at. */
export type Operand = {
  /** Canonical name. */
  readonly symbol: string
  readonly metric: Metric
  /** Decimal text; for `change` cut after four decimals. Left out while it is not known. */
  readonly value?: string
  /** ISO 4217 for prices, `%` for `change`, empty for `volume`. */
  readonly currency: string
}

/** A comparison or range with what is known of it now. */
export type Leaf = {
  /** Canonical text. */
  readonly text: string
  readonly truth: Truth
  readonly operands: readonly Operand[]
  /** Only where the truth is unknown: why, in words a person may read. */
  readonly why?: string
}

/** Each comparison and range of a condition, in the order they are written, with its value now and what it rests on. */
export function explain(condition: Condition, cellOf: (written: string) => Cell): Leaf[] {
  if (condition.type === 'not') return explain(condition.item, cellOf)
  if (condition.type === 'and' || condition.type === 'or')
    return condition.items.flatMap((item) => explain(item, cellOf))
  const truth = wordOf(compile(condition, cellOf)())
  const operands = operandsOf(condition, cellOf)
  const why = truth === 'unknown' ? whyUnknown(condition, cellOf) : undefined
  return [{ text: formatCondition(condition), truth, operands, ...(why === undefined ? {} : { why }) }]
}

function operandsOf(leaf: Condition, cellOf: (written: string) => Cell): Operand[] {
  const found = new Map<string, Operand>()
  for (const expression of expressionsOf(leaf)) {
    if (expression.type !== 'metric') continue
    const { symbol, currency, text } = cellOf(keyOf(expression.symbol))
    const { metric } = expression
    const value = textOf(figureOf(expression, cellOf), metric === 'change' ? undefined : text[metric])
    const unit = metric === 'change' ? '%' : metric === 'volume' ? '' : currency
    found.set(`${symbol} ${metric}`, { symbol, metric, currency: unit, ...(value === undefined ? {} : { value }) })
  }
  return [...found.values()]
}

/** A figure as its provider wrote it, trailing zeros and all, where it has a text of its own. */
function textOf(figure: Figure, written: string | undefined): string | undefined {
  if (Number.isNaN(figure.read())) return undefined
  if (written !== undefined) return written
  const [numerator, denominator] = figure.exact()
  const value = figure.computed ? numerator.div(denominator).toDecimalPlaces(4, Exact.ROUND_DOWN) : numerator
  return value.toFixed()
}

function whyUnknown(leaf: Condition, cellOf: (written: string) => Cell): string {
  for (const expression of expressionsOf(leaf)) {
    if (expression.type !== 'metric' || !Number.isNaN(figureOf(expression, cellOf).read())) continue
    const written = keyOf(expression.symbol)
    return cellOf(written).why ?? `The ${expression.metric} of ${written} is not known.`
  }
  return 'It is not known.'
}
