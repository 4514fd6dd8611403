import type { Expression, Leaf } from '../condition/ast.ts'
import { formatNumber } from '../condition/format.ts'
import { numberOf } from '../condition/numbers.ts'
import { keyOf, leavesOf } from '../condition/symbols.ts'
import type { Alert } from './types.ts'

/** A price that an alert speaks of, in the unit that the symbol is quoted in, and how it speaks of it: `> 500`. */
export type PriceLevel = { readonly symbol: string; readonly price: number; readonly text: string }

/**
 * The constant prices that an alert compares the price of a symbol with, in the order they are written: what can be drawn
 * as a line beside that price. Moves and what is computed have none.
 */
export function priceLevelsOf({ condition, bindings }: Pick<Alert, 'condition' | 'bindings'>): PriceLevel[] {
  const level = (value: Expression, words: string, to: Expression): PriceLevel[] => {
    if (value.type !== 'metric' || value.metric !== 'price' || to.type !== 'number') return []
    const symbol = bindings[keyOf(value.symbol)]
    return symbol === undefined ? [] : [{ symbol, price: numberOf(to.text), text: `${words} ${formatNumber(to)}` }]
  }
  return leavesOf(condition).flatMap((leaf) => levelsOf(leaf, level))
}

type Level<T> = (value: Expression, words: string, to: Expression) => T[]

function levelsOf<T>(leaf: Leaf, level: Level<T>): T[] {
  switch (leaf.type) {
    case 'compare':
      return level(leaf.left, leaf.operator, leaf.right)
    case 'between':
      return [...level(leaf.value, '>=', leaf.low), ...level(leaf.value, '<=', leaf.high)]
    case 'outside':
      return [...level(leaf.value, '<', leaf.low), ...level(leaf.value, '>', leaf.high)]
    case 'cross':
      return level(leaf.value, WAYS[leaf.direction], leaf.level)
    case 'move':
      return []
  }
}

const WAYS = { above: 'crosses above', below: 'crosses below', either: 'crosses' } as const
