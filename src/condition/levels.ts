import type { CompareNode, Condition, Expression, Operator, SymbolNode } from './ast.ts'
import type { Cell } from './cell.ts'
import { ANSWERS, type Answers, type Compiled } from './logic.ts'
import { decimalText, Exact, isLong, numberOf } from './numbers.ts'
import { keyOf } from './symbols.ts'
import { UNKNOWN } from './truth.ts'

type Level = { readonly value: number; readonly text: string }

/**
 * A condition that asks nothing but where one price stands among constant levels. `answers` has one more than twice as
 * many as there are levels, which are in order: below the first, on it, between it and the second, on that, and so on.
 */
export type Levels = {
  readonly symbol: SymbolNode
  readonly levels: readonly Level[]
  readonly answers: readonly number[]
}

/** So many levels are looked at in one go: `AAPL > 500 or < 300`, `between`, `outside`. */
const MOST = 2

/** A condition as levels of one price; undefined where it is more than that. */
export function levelsOf(condition: Condition): Levels | undefined {
  switch (condition.type) {
    case 'compare':
      return ofCompare(condition)
    case 'between':
    case 'outside': {
      const { value, low, high, at } = condition
      const [first, second] = condition.type === 'between' ? (['>=', '<='] as const) : (['<', '>'] as const)
      const end = (operator: Operator, right: Expression) =>
        ofCompare({ type: 'compare', left: value, operator, right, at })
      return merged(end(first, low), end(second, high), condition.type === 'between' ? Math.min : Math.max)
    }
    case 'not': {
      const item = levelsOf(condition.item)
      return item && { ...item, answers: item.answers.map((answer) => 0 - answer) }
    }
    case 'and':
      return ofItems(condition.items, Math.min)
    case 'or':
      return ofItems(condition.items, Math.max)
    default:
      return undefined
  }
}

type Pick = (one: number, other: number) => number

function ofItems(items: readonly Condition[], pick: Pick): Levels | undefined {
  if (items.length > MOST) return undefined
  const [first, second] = items
  const one = levelsOf(first!)
  return one && merged(one, levelsOf(second!), pick)
}

function ofCompare({ left, operator, right }: CompareNode): Levels | undefined {
  if (left.type !== 'metric' || left.metric !== 'price' || right.type !== 'number') return undefined
  const level = { value: numberOf(right.text), text: decimalText(right.text) }
  return { symbol: left.symbol, levels: [level], answers: ANSWERS[operator] }
}

/** Two of them in one, where they are on the same price and are not too many together. */
function merged(one: Levels | undefined, other: Levels | undefined, pick: Pick): Levels | undefined {
  if (!one || !other || keyOf(one.symbol) !== keyOf(other.symbol)) return undefined
  if (one.levels.length + other.levels.length > MOST) return undefined
  const [first, second] = [one.levels[0]!, other.levels[0]!]
  const order = orderOfLevels(first, second)
  const [a, b] = [one.answers as Answers, other.answers as Answers]
  const { symbol } = one
  if (order === 0) return { symbol, levels: [first], answers: a.map((answer, place) => pick(answer, b[place]!)) }
  const [low, high] = order < 0 ? [a, b] : [b, a]
  const answers = [
    pick(low[0], high[0]),
    pick(low[1], high[0]),
    pick(low[2], high[0]),
    pick(low[2], high[1]),
    pick(low[2], high[2]),
  ]
  return { symbol, levels: order < 0 ? [first, second] : [second, first], answers }
}

/**
 * Makes the function that looks at the cell. Nothing is between the cell and the answer: this is the commonest condition
 * by far. Exact for the reason given at `orderOf`; only on a level may the decimals have to be compared.
 */
export function compileLevels({ levels, answers }: Levels, cell: Cell): Compiled {
  const [first, second] = levels
  return second === undefined ? onOne(first!, answers, cell) : onTwo(first!, second, answers, cell)
}

function onOne(level: Level, [smaller, equal, larger]: readonly number[], cell: Cell): Compiled {
  const { value } = level
  return () => {
    const { price } = cell
    if (price > value) return larger!
    if (price < value) return smaller!
    if (price !== value) return UNKNOWN
    const order = orderOnLevel(cell, level)
    return order < 0 ? smaller! : order > 0 ? larger! : equal!
  }
}

function onTwo(low: Level, high: Level, answers: readonly number[], cell: Cell): Compiled {
  const [below, onLow, between, onHigh, above] = answers
  const lowest = low.value
  const highest = high.value
  return () => {
    const { price } = cell
    if (price > highest) return above!
    if (price < lowest) return below!
    if (price > lowest && price < highest) return between!
    if (Number.isNaN(price)) return UNKNOWN
    const order = price === lowest ? orderOnLevel(cell, low) : 1
    if (order <= 0) return order < 0 ? below! : onLow!
    const other = price === highest ? orderOnLevel(cell, high) : -1
    return other < 0 ? between! : other > 0 ? above! : onHigh!
  }
}

function orderOnLevel(cell: Cell, level: Level): number {
  return orderOfLevels({ value: cell.price, text: cell.text.price ?? String(cell.price) }, level)
}

function orderOfLevels(one: Level, other: Level): number {
  if (one.value !== other.value) return one.value < other.value ? -1 : 1
  return isLong(one.text) || isLong(other.text) ? new Exact(one.text).cmp(other.text) : 0
}
