import type { Condition, Leaf, Metric, SymbolNode } from './ast.ts'
import { partsOf } from './parts.ts'
import { leavesOf, metricsIn, valuesOf } from './symbols.ts'

/** What is counted over a trading day, and so needs more than the last quote. */
const OF_THE_DAY: ReadonlySet<Metric> = new Set(['open', 'high', 'low', 'previous close', 'change'])

/**
 * The symbols of which a condition looks at a figure of the day, as often as it does; moves `today` are such. What
 * functions look at comes from candles.
 */
export function daySymbolsOf(condition: Condition): SymbolNode[] {
  return leavesOf(condition).flatMap(daySymbolsIn)
}

function daySymbolsIn(leaf: Leaf): SymbolNode[] {
  if (leaf.type === 'move' && leaf.since.type === 'today') return metricsIn(leaf.value).map(({ symbol }) => symbol)
  return valuesOf(leaf)
    .flatMap(partsOf)
    .flatMap((part) => (part.type === 'metric' && OF_THE_DAY.has(part.metric) ? [part.symbol] : []))
}
