import type { Condition, Expression, MetricNode } from './ast.ts'
import { Problem, replaced } from './errors.ts'
import { formatExpression, formatNumber } from './format.ts'
import { formatSymbol } from './symbols.ts'

/** What sort of figure a value is: only like can be compared with like. */
export type Kind = 'price' | 'percent' | 'volume'

const SAID: Readonly<Record<Kind, string>> = { price: 'a price', percent: 'a percentage', volume: 'a number of units' }

/** The kind of a value; a number without a sign fits all of them and has none. */
export function kindOf(value: Expression): Kind | undefined {
  if (value.type === 'number') return value.unit === undefined ? undefined : value.unit === '%' ? 'percent' : 'price'
  return value.metric === 'change' ? 'percent' : value.metric === 'volume' ? 'volume' : 'price'
}

/** Refuses, with a `Problem`, a percentage where a price belongs, and all the other ways to compare unlike figures. */
export function checkKinds(condition: Condition, text: string): void {
  for (const [left, right] of pairsOf(condition)) checkPair(left, right, text)
}

function pairsOf(condition: Condition): [Expression, Expression][] {
  switch (condition.type) {
    case 'not':
      return pairsOf(condition.item)
    case 'and':
    case 'or':
      return condition.items.flatMap(pairsOf)
    case 'compare':
      return [[condition.left, condition.right]]
    case 'between':
    case 'outside': {
      const { value, low, high } = condition
      return [
        [value, low],
        [value, high],
        [low, high],
      ]
    }
  }
}

function checkPair(left: Expression, right: Expression, text: string): void {
  const kind = kindOf(left)
  const other = kindOf(right)
  if (kind === undefined || other === undefined || kind === other) return
  const sentence = `${formatExpression(left)} cannot be compared with ${SAID[other]}: ${formatExpression(right)}.`
  throw new Problem(sentence, right.at, triesFor(left, right, text))
}

function triesFor(left: Expression, right: Expression, text: string): string[] {
  if (right.type === 'metric') {
    return left.type === 'metric' ? [replaced(text, right.at, `${formatSymbol(right.symbol)} ${left.metric}`)] : []
  }
  const bare = formatNumber({ type: 'number', text: right.text, at: right.at })
  const plain = [replaced(text, right.at, kindOf(left) === 'percent' ? `${bare}%` : bare)]
  return left.type === 'metric' && right.unit === '%' ? [replaced(text, left.at, changeOf(left)), ...plain] : plain
}

function changeOf({ symbol }: MetricNode): string {
  return `${formatSymbol(symbol)} change`
}
