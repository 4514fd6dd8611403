import type { Condition, CrossNode, MoveNode, Parsed, RangeNode } from './ast.ts'
import { leavesOf } from './symbols.ts'

/**
 * What can fire by itself: the branches of an `or` at the top, in the order they are written. `outside` at the top, or as
 * such a branch, is two: below the low end, above the high end. So is a move either way: up, down. A branch with
 * crossings either way in it is two: all of them upwards, all of them downwards. With `for`, the whole condition is one.
 */
export function triggersOf({ condition, options }: Parsed): Condition[] {
  if (options.for !== undefined) return [condition]
  const branches = condition.type === 'or' ? condition.items : [condition]
  return branches.flatMap(sidesOf)
}

function sidesOf(branch: Condition): readonly Condition[] {
  if (branch.type === 'outside') return endsOf(branch)
  if (branch.type === 'move') return waysOf(branch)
  if (!leavesOf(branch).some((leaf) => leaf.type === 'cross' && leaf.direction === 'either')) return [branch]
  return [crossing(branch, 'above'), crossing(branch, 'below')]
}

function endsOf({ value, low, high, at }: RangeNode): Condition[] {
  return [
    { type: 'compare', left: value, operator: '<', right: low, at },
    { type: 'compare', left: value, operator: '>', right: high, at },
  ]
}

function waysOf(move: MoveNode): MoveNode[] {
  if (move.direction !== 'either') return [move]
  return [
    { ...move, direction: 'up' },
    { ...move, direction: 'down' },
  ]
}

/** The same with all crossings that could be either way made one way. */
function crossing(condition: Condition, direction: Exclude<CrossNode['direction'], 'either'>): Condition {
  switch (condition.type) {
    case 'not':
      return { ...condition, item: crossing(condition.item, direction) }
    case 'and':
    case 'or':
      return { ...condition, items: condition.items.map((item) => crossing(item, direction)) }
    case 'cross':
      return condition.direction === 'either' ? { ...condition, direction } : condition
    default:
      return condition
  }
}
