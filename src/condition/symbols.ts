import type { Condition, Expression, MetricNode, SymbolNode } from './ast.ts'
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
  return distinct(metricsOf(condition))
}

function metricsOf(condition: Condition): MetricNode[] {
  return expressionsOf(condition).filter((expression) => expression.type === 'metric')
}

function distinct(metrics: readonly MetricNode[]): SymbolNode[] {
  const found = new Map<string, SymbolNode>()
  for (const { symbol } of metrics) if (!found.has(keyOf(symbol))) found.set(keyOf(symbol), symbol)
  return [...found.values()]
}

/** Everything in a condition that has a number as its value, in the order it is written. */
export function expressionsOf(condition: Condition): Expression[] {
  switch (condition.type) {
    case 'compare':
      return [condition.left, condition.right]
    case 'between':
    case 'outside':
      return [condition.value, condition.low, condition.high]
    case 'not':
      return expressionsOf(condition.item)
    case 'and':
    case 'or':
      return condition.items.flatMap(expressionsOf)
  }
}
