import type { Condition, Expression, NumberNode } from '../condition/ast.ts'
import { formatNumber } from '../condition/format.ts'
import { decimalText } from '../condition/numbers.ts'
import { keyOf } from '../condition/symbols.ts'
import { triggersOf } from '../condition/triggers.ts'
import { isActive } from './step.ts'
import type { Alert } from './types.ts'

/**
 * Where the price of a symbol has to go for a trigger to become true: so far up, so far down, or both. Decimal text, in
 * the unit that the symbol is quoted in.
 */
export type Wait = {
  readonly symbol: string
  /** As a person would say it: `> 500`. */
  readonly text: string
  readonly above?: string
  readonly atLeast?: string
  readonly below?: string
  readonly atMost?: string
}

/** What an alert waits for: each trigger that is not true now. `isWhole`: there is nothing else that it waits for. */
export type Waits = { readonly waits: readonly Wait[]; readonly isWhole: boolean }

/**
 * The prices an alert waits for. Only triggers that are the price of one symbol against numbers can be told so; where it
 * has to stay true for a while, or only the close counts, none can. One that is over waits for nothing.
 */
export function waitsOf(alert: Alert): Waits {
  const { condition, options, bindings, triggers } = alert
  if (!isActive(alert)) return { waits: [], isWhole: true }
  const waiting = triggersOf({ condition, options }).filter((_, index) => triggers[index]?.side !== 'met')
  if (options.for !== undefined || options.atClose) return { waits: [], isWhole: waiting.length === 0 }
  const waits = waiting.map((trigger) => waitOf(trigger, bindings)).filter((wait) => wait !== undefined)
  return { waits, isWhole: waits.length === waiting.length }
}

function waitOf(trigger: Condition, bindings: Alert['bindings']): Wait | undefined {
  switch (trigger.type) {
    case 'compare': {
      const { left, operator, right } = trigger
      if (right.type !== 'number' || operator === '!=') return undefined
      return ofPrice(left, bindings, `${operator} ${formatNumber(right)}`, BOUNDS[operator](exact(right)))
    }
    case 'between': {
      const { value, low, high } = trigger
      if (low.type !== 'number' || high.type !== 'number') return undefined
      const text = `between ${formatNumber(low)} and ${formatNumber(high)}`
      return ofPrice(value, bindings, text, { atLeast: exact(low), atMost: exact(high) })
    }
    case 'cross': {
      const { value, direction, touch, level } = trigger
      if (level.type !== 'number' || direction === 'either') return undefined
      const operator = ({ above: touch ? '>=' : '>', below: touch ? '<=' : '<' } as const)[direction]
      return ofPrice(value, bindings, `${operator} ${formatNumber(level)}`, BOUNDS[operator](exact(level)))
    }
    default:
      return undefined
  }
}

type Bounds = Omit<Wait, 'symbol' | 'text'>

const BOUNDS = {
  '>': (level: string): Bounds => ({ above: level }),
  '>=': (level: string): Bounds => ({ atLeast: level }),
  '<': (level: string): Bounds => ({ below: level }),
  '<=': (level: string): Bounds => ({ atMost: level }),
  '=': (level: string): Bounds => ({ atLeast: level, atMost: level }),
} as const

function ofPrice(value: Expression, bindings: Alert['bindings'], text: string, bounds: Bounds): Wait | undefined {
  if (value.type !== 'metric' || value.metric !== 'price') return undefined
  const symbol = bindings[keyOf(value.symbol)]
  return symbol === undefined ? undefined : { symbol, text, ...bounds }
}

function exact({ text }: NumberNode): string {
  return decimalText(text)
}
