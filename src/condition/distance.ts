import type { Condition, Expression, MetricNode, NumberNode, Operator } from './ast.ts'
import { type Cell, compile, UNMET } from './evaluate.ts'
import { reader } from './exact.ts'
import { kindOf } from './kinds.ts'
import { numberOf } from './numbers.ts'
import { keyOf } from './symbols.ts'

/** How far a price has to move until a comparison is met. */
export type Distance = {
  /** The symbol as written. */
  readonly written: string
  /** The level as typed, without a sign of currency: `500`, `100k`. */
  readonly level: string
  /** Where the level lies, seen from the price: it has to rise (`above`) or to fall (`below`). */
  readonly toward: 'above' | 'below'
  /** Per cent, never negative. */
  readonly percent: number
}

type Target = { readonly subject: MetricNode; readonly operator: Operator; readonly level: NumberNode }

/**
 * For each comparison of a price with a constant that is unmet now, in the order they are written: how far it is.
 * A price below its level: level / price − 1, what it has to gain. One above: (price − level) / level, by how much it
 * stands over it. At 333.69, `> 500` is 49.8 % away and `< 300` is 11.2 %. What is not known is left out, and so is `!=`.
 */
export function distance(condition: Condition, cellOf: (written: string) => Cell): Distance[] {
  return targetsOf(condition, false).flatMap((target) => distanceTo(target, cellOf))
}

function distanceTo({ subject, operator, level }: Target, cellOf: (written: string) => Cell): Distance[] {
  const at = level.at
  if (compile({ type: 'compare', left: subject, operator, right: level, at }, cellOf)() !== UNMET) return []
  const price = subject.metric === 'change' ? Number.NaN : reader(cellOf(keyOf(subject.symbol)), subject.metric)()
  const goal = numberOf(level.text)
  const rises = operator === '=' ? goal > price : operator.startsWith('>')
  const percent = rises ? (goal / price - 1) * 100 : ((price - goal) / goal) * 100
  return Number.isFinite(percent)
    ? [
        {
          written: keyOf(subject.symbol),
          level: level.text,
          toward: rises ? 'above' : 'below',
          percent: Math.max(0, percent),
        },
      ]
    : []
}

const OPPOSITE = { '>': '<=', '>=': '<', '<': '>=', '<=': '>', '=': '!=', '!=': '=' } as const

function targetsOf(condition: Condition, negated: boolean): Target[] {
  switch (condition.type) {
    case 'not':
      return targetsOf(condition.item, !negated)
    case 'and':
    case 'or':
      return condition.items.flatMap((item) => targetsOf(item, negated))
    case 'compare':
      return target(condition.left, negated ? OPPOSITE[condition.operator] : condition.operator, condition.right)
    case 'between':
    case 'outside': {
      const inside = (condition.type === 'between') !== negated
      const [low, high] = inside ? (['>=', '<='] as const) : (['<', '>'] as const)
      return [...target(condition.value, low, condition.low), ...target(condition.value, high, condition.high)]
    }
  }
}

function target(subject: Expression, operator: Operator, level: Expression): Target[] {
  if (subject.type !== 'metric' || level.type !== 'number' || operator === '!=' || kindOf(subject) !== 'price')
    return []
  return [{ subject, operator, level }]
}
