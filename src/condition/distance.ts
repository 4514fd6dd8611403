import type { Condition, CrossNode, Expression, Leaf, MoveNode, Operator } from './ast.ts'
import type { Cell } from './cell.ts'
import { type Figure, orderOf, roundedText } from './exact.ts'
import { figureOf } from './figure.ts'
import { kindOf } from './kinds.ts'
import { compileLeaf } from './leaf.ts'
import { answer, type Compiled } from './logic.ts'
import { type Memory, NOTHING } from './memory.ts'
import { moveOf } from './move.ts'
import { numberOf } from './numbers.ts'
import { PLAIN, recallAll, type Scene, sceneOf, type Terms } from './scene.ts'
import { keyOf, metricsIn } from './symbols.ts'
import { UNMET } from './truth.ts'

/** How far a price has to move until a comparison, a crossing or a move is met. */
export type Distance = {
  /** The symbol as written; of a value made of several, the first. */
  readonly written: string
  /** The level as typed, without a sign of currency: `500`, `100k`. Of a move: its price, rounded to 4 decimals. */
  readonly level: string
  /** Where the level lies, seen from the price: it has to rise (`above`) or to fall (`below`). */
  readonly toward: 'above' | 'below'
  /** Per cent, never negative. */
  readonly percent: number
}

/** A value, the level it has to come to, and whether it is there. */
type Target = {
  readonly subject: Expression
  readonly value: Figure
  readonly operator: Operator
  readonly truth: Compiled
  level(): string
  goal(): number
}

/**
 * For each comparison and crossing of a price with a constant, and each move, that is unmet now, in the order they are
 * written: how far it is. A price below its level: level / price − 1, what it has to gain. One above: (price − level) /
 * level, by how much it stands over it. At 333.69, `> 500` is 49.8 % away and `< 300` is 11.2 %. What is not known is left
 * out, and so is `!=`. `memory` is what the trigger remembers; without one, peaks are counted from now.
 */
export function distance(
  condition: Condition,
  cellOf: (written: string) => Cell,
  terms: Terms = PLAIN,
  memory: Memory = NOTHING,
): Distance[] {
  const scene = sceneOf(cellOf, terms)
  const targets = targetsOf(condition, false, scene)
  recallAll(scene.holders, memory)
  return targets.flatMap(distanceTo)
}

function distanceTo({ subject, value, operator, truth, level, goal }: Target): Distance[] {
  const [first] = metricsIn(subject)
  if (!first || truth() !== UNMET) return []
  const price = value.read()
  const rises = operator === '=' ? goal() > price : operator.startsWith('>')
  const percent = rises ? (goal() / price - 1) * 100 : ((price - goal()) / goal()) * 100
  if (!Number.isFinite(percent)) return []
  return [
    {
      written: keyOf(first.symbol),
      level: level(),
      toward: rises ? 'above' : 'below',
      percent: Math.max(0, percent),
    },
  ]
}

const OPPOSITE = { '>': '<=', '>=': '<', '<': '>=', '<=': '>', '=': '!=', '!=': '=' } as const

function targetsOf(condition: Condition, negated: boolean, scene: Scene): Target[] {
  switch (condition.type) {
    case 'not':
      return targetsOf(condition.item, !negated, scene)
    case 'and':
    case 'or':
      return condition.items.flatMap((item) => targetsOf(item, negated, scene))
    default:
      return targetsOfLeaf(condition, negated, scene)
  }
}

function targetsOfLeaf(leaf: Leaf, negated: boolean, scene: Scene): Target[] {
  switch (leaf.type) {
    case 'compare':
      return levelTarget(leaf.left, negated ? OPPOSITE[leaf.operator] : leaf.operator, leaf.right, scene)
    case 'between':
    case 'outside': {
      const inside = (leaf.type === 'between') !== negated
      const [low, high] = inside ? (['>=', '<='] as const) : (['<', '>'] as const)
      return [...levelTarget(leaf.value, low, leaf.low, scene), ...levelTarget(leaf.value, high, leaf.high, scene)]
    }
    case 'cross':
      return crossTargets(leaf, scene)
    case 'move':
      return moveTargets(leaf, negated, scene)
  }
}

function levelTarget(subject: Expression, operator: Operator, level: Expression, scene: Scene): Target[] {
  if (level.type !== 'number' || operator === '!=' || kindOf(subject) !== 'price') return []
  const value = figureOf(subject, scene)
  const truth = answer(orderOf(value, figureOf(level, scene)), operator)
  return [{ subject, value, operator, truth, level: () => level.text, goal: () => numberOf(level.text) }]
}

/** A crossing that has to come back first is not on its way. */
function crossTargets(cross: CrossNode, scene: Scene): Target[] {
  const { value, direction, touch, level } = cross
  if (direction === 'either') return levelTarget(value, '=', level, scene)
  // Compiled for its place in the memory alone.
  compileLeaf(cross, scene)
  const operator = direction === 'above' ? '>' : '<'
  return levelTarget(value, touch ? `${operator}=` : operator, level, scene)
}

function moveTargets(move: MoveNode, negated: boolean, scene: Scene): Target[] {
  const { value, legs } = moveOf(move, scene)
  return legs.map(({ direction, target }) => {
    const met = direction === 'up' ? '>=' : '<='
    const operator = negated ? OPPOSITE[met] : met
    const truth = answer(orderOf(value, target), operator)
    const level = () => roundedText(target.exact())
    return { subject: move.value, value, operator, truth, level, goal: target.read }
  })
}
