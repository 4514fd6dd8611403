import type { Content } from '../alert/change.ts'
import type { Side, Truth } from '../alert/types.ts'
import type { Condition, Expression, Operator } from '../condition/ast.ts'
import { numberOf } from '../condition/numbers.ts'
import { keyOf } from '../condition/symbols.ts'
import { triggersOf } from '../condition/triggers.ts'
import type { Moment } from './scene.ts'

/**
 * How many triggers may have become true on the way to a moment although the looks at both ends do not show it: at most
 * one each. `before` and `now`: the triggers at both ends. Undefined where the moment does not tell how far prices went.
 */
export type Touches = (moment: Moment, before: readonly (Side | null)[], now: readonly Truth[]) => number | undefined

/** Whether a price on its way between two figures may have been where a trigger is met, and where it is unmet. */
type Reach = { readonly symbol: string; readonly met: Between; readonly unmet: Between }
type Between = (low: number, high: number) => boolean

/**
 * Counts touches by the highs and lows of candles. Undefined where these cannot tell: where a trigger is anything but the
 * price of one symbol against numbers, where it has to stay true, or where only the close counts.
 */
export function touchesOf({ condition, options, bindings }: Content): Touches | undefined {
  if (options.for !== undefined || options.atClose) return undefined
  const reaches = triggersOf({ condition, options }).map((trigger) => reachOf(trigger, bindings))
  if (reaches.includes(undefined)) return undefined
  return ({ ranges }, before, now) =>
    ranges &&
    reaches.filter((reach, index) => {
      const range = ranges.find(({ symbol }) => symbol === reach?.symbol)
      if (!reach || !range || before[index] !== now[index]) return false
      const passes = now[index] === 'met' ? reach.unmet : now[index] === 'unmet' ? reach.met : () => false
      return passes(Number(range.low), Number(range.high))
    }).length
}

function reachOf(trigger: Condition, bindings: Content['bindings']): Reach | undefined {
  switch (trigger.type) {
    case 'compare':
      return reachOfPrice(trigger.left, [trigger.right], bindings, ([level = 0]) => ({
        met: between(trigger.operator, level),
        unmet: between(OPPOSITE[trigger.operator], level),
      }))
    case 'between':
      return reachOfPrice(trigger.value, [trigger.low, trigger.high], bindings, ([bottom = 0, top = 0]) => ({
        met: (low, high) => high >= bottom && low <= top,
        unmet: (low, high) => low < bottom || high > top,
      }))
    case 'cross':
      return reachOfPrice(trigger.value, [trigger.level], bindings, ([level = 0]) => {
        const isBelow = trigger.direction === 'below'
        const beyond = between(isBelow ? (trigger.touch ? '<=' : '<') : trigger.touch ? '>=' : '>', level)
        const behind = between(isBelow ? '>' : '<', level)
        // It has to come from the other side, and met it stays until it is back there.
        const passes: Between = (low, high) => beyond(low, high) && behind(low, high)
        return { met: passes, unmet: passes }
      })
    default:
      return undefined
  }
}

const OPPOSITE = { '>': '<=', '>=': '<', '<': '>=', '<=': '>', '=': '!=', '!=': '=' } as const

function reachOfPrice(
  value: Expression,
  levels: readonly Expression[],
  bindings: Content['bindings'],
  make: (levels: readonly number[]) => Omit<Reach, 'symbol'>,
): Reach | undefined {
  if (value.type !== 'metric' || value.metric !== 'price') return undefined
  const numbers = levels.flatMap((level) => (level.type === 'number' ? [numberOf(level.text)] : []))
  const symbol = bindings[keyOf(value.symbol)]
  return symbol !== undefined && numbers.length === levels.length ? { symbol, ...make(numbers) } : undefined
}

/** Whether some price between a low and a high compares so with a level. */
function between(operator: Operator, level: number): Between {
  switch (operator) {
    case '>':
      return (_low, high) => high > level
    case '>=':
      return (_low, high) => high >= level
    case '<':
      return (low) => low < level
    case '<=':
      return (low) => low <= level
    case '=':
      return (low, high) => low <= level && level <= high
    case '!=':
      return (low, high) => low !== level || high !== level
  }
}
