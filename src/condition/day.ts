import type { Condition, Metric, SymbolNode } from './ast.ts'
import { expressionsOf } from './symbols.ts'

/** What is counted over a trading day, and so needs more than the last quote. */
const OF_THE_DAY: ReadonlySet<Metric> = new Set(['open', 'high', 'low', 'previous close', 'change'])

/** The symbols of which a condition looks at a figure of the day, as often as it does. */
export function daySymbolsOf(condition: Condition): SymbolNode[] {
  return expressionsOf(condition).flatMap((expression) =>
    expression.type === 'metric' && OF_THE_DAY.has(expression.metric) ? [expression.symbol] : [],
  )
}
