import type { Condition, Parsed, RangeNode } from './ast.ts'

/**
 * What can fire by itself: the branches of an `or` at the top, in the order they are written. `outside` at the top, or as
 * such a branch, is two: below the low end, above the high end. With `for`, the whole condition is one.
 */
export function triggersOf({ condition, options }: Parsed): Condition[] {
  if (options.for !== undefined) return [condition]
  const branches = condition.type === 'or' ? condition.items : [condition]
  return branches.flatMap((branch) => (branch.type === 'outside' ? sidesOf(branch) : [branch]))
}

function sidesOf({ value, low, high, at }: RangeNode): Condition[] {
  return [
    { type: 'compare', left: value, operator: '<', right: low, at },
    { type: 'compare', left: value, operator: '>', right: high, at },
  ]
}
