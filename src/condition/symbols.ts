import type { Condition, Expression, Leaf, MetricNode, SymbolNode } from './ast.ts'
import { isReserved } from './words.ts'

/** The symbol as written, the key of an alert's bindings: `AAPL`, `crypto:ON`. */
export function keyOf(symbol: SymbolNode): string {
  return symbol.class ? `${symbol.class}:${symbol.ticker}` : symbol.ticker
}

/** The symbol as text that is read as that symbol again: one that is a word of the language has `$` in front. */
export function formatSymbol(symbol: SymbolNode): string {
  return !symbol.class && isReserved(symbol.ticker) ? `$${symbol.ticker}` : keyOf(symbol)
}

/** The symbols of a condition in the order they are written, each once (by `keyOf`). */
export function symbolsOf(condition: Condition): SymbolNode[] {
  const found = new Map<string, SymbolNode>()
  for (const { symbol } of metricsOf(condition)) if (!found.has(keyOf(symbol))) found.set(keyOf(symbol), symbol)
  return [...found.values()]
}

/** Every figure of a symbol that a condition speaks of, also inside of functions, in the order they are written. */
export function metricsOf(condition: Condition): MetricNode[] {
  return expressionsOf(condition).flatMap(metricsIn)
}

/** The same of one value. */
export function metricsIn(expression: Expression): MetricNode[] {
  switch (expression.type) {
    case 'number':
      return []
    case 'metric':
      return [expression]
    case 'series':
      return [expression.of]
    case 'negate':
      return metricsIn(expression.item)
    case 'arithmetic':
      return [...metricsIn(expression.left), ...metricsIn(expression.right)]
    case 'math':
      return expression.args.flatMap(metricsIn)
  }
}

/** The comparisons, ranges, crossings and moves of a condition, in the order they are written. */
export function leavesOf(condition: Condition): Leaf[] {
  switch (condition.type) {
    case 'not':
      return leavesOf(condition.item)
    case 'and':
    case 'or':
      return condition.items.flatMap(leavesOf)
    default:
      return [condition]
  }
}

/** Every whole value of a condition (what stands on a side of a comparison and the like), in the order it is written. */
export function expressionsOf(condition: Condition): Expression[] {
  return leavesOf(condition).flatMap(valuesOf)
}

/** The whole values of one leaf; the amount of a move is none. */
export function valuesOf(leaf: Leaf): Expression[] {
  switch (leaf.type) {
    case 'compare':
      return [leaf.left, leaf.right]
    case 'between':
    case 'outside':
      return [leaf.value, leaf.low, leaf.high]
    case 'cross':
      return [leaf.value, leaf.level]
    case 'move':
      return leaf.since.type === 'level' ? [leaf.value, leaf.since.level] : [leaf.value]
  }
}
