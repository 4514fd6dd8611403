import type { Expression, Leaf, MoveNode, Operator } from './ast.ts'
import { constantOf, fractionOf, orderOfFractions } from './constants.ts'
import { Exact, type Fraction } from './exact.ts'
import { formatExpression } from './format.ts'
import { FUNCTIONS } from './functions.ts'
import { kindOf } from './kinds.ts'
import { decimalText } from './numbers.ts'

/** What can be said of a condition without looking at the market. */
export type Verdict = 'always' | 'never' | 'open'

/** Something that a value is compared with. `money`: it has a sign of currency, so its unit is not settled yet. */
type Level = { readonly value: Fraction; readonly money: boolean }

/** How a value lies to a level: below 0, 0 or above 0. */
type Order = (level: Level) => number

/** A condition that compares one value with constants. */
export type Reading = {
  readonly value: Expression
  /** The value in canonical text: the same for the same value. */
  readonly name: string
  readonly levels: readonly Level[]
  /** Whether the condition is met where the value lies so to its levels. */
  readonly truth: (order: Order) => boolean
}

/** How one part of a condition compares one value with constants; undefined where it does something else. */
export function readingOf(leaf: Leaf): Reading | undefined {
  switch (leaf.type) {
    case 'compare':
      return (
        reading(leaf.left, [leaf.right], ([level], order) => holds(order(level!), leaf.operator)) ??
        reading(leaf.right, [leaf.left], ([level], order) => holds(-order(level!), leaf.operator))
      )
    case 'between':
      return reading(leaf.value, [leaf.low, leaf.high], ([low, high], order) => order(low!) >= 0 && order(high!) <= 0)
    case 'outside':
      return reading(leaf.value, [leaf.low, leaf.high], ([low, high], order) => order(low!) < 0 || order(high!) > 0)
    case 'cross':
      return undefined
    case 'move':
      return readingOfMove(leaf)
  }
}

function reading(
  value: Expression,
  constants: readonly Expression[],
  truth: (levels: readonly Level[], order: Order) => boolean,
): Reading | undefined {
  const levels = constants.flatMap((constant) => levelOf(constant) ?? [])
  if (levels.length < constants.length) return undefined
  return { value, name: formatExpression(value), levels, truth: (order) => truth(levels, order) }
}

/** A move from a level is a comparison with where it leads: `up 5% from 180` is at least 189. */
function readingOfMove({ value, direction, amount, since }: MoveNode): Reading | undefined {
  const from = since.type === 'level' ? levelOf(since.level) : undefined
  if (!from) return undefined
  const [top, bottom] = from.value
  const goal = (sign: number): Level => {
    const far = new Exact(decimalText(amount.text)).times(sign)
    const moved = amount.unit === '%' ? top.times(far.times('0.01').plus(1)) : top.plus(bottom.times(far))
    return { value: [moved, bottom], money: from.money || hasMoney(amount) }
  }
  const [up, down] = [goal(1), goal(-1)]
  const levels = direction === 'either' ? [up, down] : [direction === 'up' ? up : down]
  const truth = (order: Order) => levels.some((level) => (level === up ? order(level) >= 0 : order(level) <= 0))
  return { value, name: formatExpression(value), levels, truth }
}

function levelOf(constant: Expression): Level | undefined {
  const value = constantOf(constant)
  return value && { value, money: hasMoney(constant) }
}

function hasMoney(value: Expression): boolean {
  switch (value.type) {
    case 'number':
      return value.unit !== undefined && value.unit !== '%'
    case 'metric':
    case 'series':
      return false
    case 'negate':
      return hasMoney(value.item)
    case 'arithmetic':
      return hasMoney(value.left) || hasMoney(value.right)
    case 'math':
      return value.args.some(hasMoney)
  }
}

/** The reading of a condition turned round. */
export function negated(item: Reading): Reading {
  return { ...item, truth: (order) => !item.truth(order) }
}

/** The reading of an `and` or `or` of readings of one value; undefined where they are of several. */
export function joined(type: 'and' | 'or', items: readonly Reading[]): Reading | undefined {
  const [first] = items
  if (!first || items.some(({ name }) => name !== first.name)) return undefined
  const truth = (order: Order) =>
    type === 'and' ? items.every((item) => item.truth(order)) : items.some((item) => item.truth(order))
  return { ...first, levels: items.flatMap(({ levels }) => levels), truth }
}

/**
 * Tries a reading at every value that can matter: at each level, and once in every gap between two neighbours and beyond
 * the last. Between two neighbours nothing changes, so this leaves nothing out. A constant has only one value.
 */
export function verdictOn({ value, levels, truth }: Reading): Verdict {
  const constant = constantOf(value)
  if (constant) return truth((level) => orderOfFractions(constant, level.value)) ? 'always' : 'never'
  // £3 may be 300 of what the bare numbers count, and 0 is 0 in any money.
  if (new Set(levels.filter((level) => !level.value[0].isZero()).map(({ money }) => money)).size > 1) return 'open'
  const { least, most } = boundsOf(value)
  const ends = [least, most].flatMap((end) => (end ? [end.value] : []))
  const scale = [...levels.map((level) => level.value), ...ends].sort(orderOfFractions)
  const placeOf = (fraction: Fraction) => scale.findIndex((other) => orderOfFractions(other, fraction) === 0)
  const ranks = new Map(levels.map((level) => [level, placeOf(level.value)]))
  const lowest = least ? placeOf(least.value) + (least.included ? 0 : 0.5) : -0.5
  const highest = most ? placeOf(most.value) - (most.included ? 0 : 0.5) : scale.length
  const truths = Array.from({ length: 2 * scale.length + 1 }, (_, i) => i / 2 - 0.5)
    .filter((place) => place >= lowest && place <= highest)
    .map((place) => truth((level) => place - ranks.get(level)!))
  return truths.every(Boolean) ? 'always' : truths.some(Boolean) ? 'open' : 'never'
}

function holds(order: number, operator: Operator): boolean {
  switch (operator) {
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '=':
      return order === 0
    case '!=':
      return order !== 0
  }
}

/** An end of what a value can be: whether it can be exactly that, and how it is written. */
export type Bound = { readonly value: Fraction; readonly included: boolean; readonly text: string }

const FLOORS = {
  price: { text: '0', included: false },
  volume: { text: '0', included: true },
  percent: { text: '-100', included: false },
} as const

/**
 * Between what a value lies, where that is known: prices are above 0, volumes not below 0, changes above −100 %, and a
 * function where its table entry says. Of arithmetic it is not known.
 */
export function boundsOf(value: Expression): { readonly least?: Bound | undefined; readonly most?: Bound | undefined } {
  const unit = kindOf(value) === 'percent' ? '%' : ''
  const bound = (text: string, included: boolean) => ({ value: fractionOf(text), included, text: text + unit })
  if (value.type === 'metric') {
    const { text, included } = FLOORS[kindOf(value) as keyof typeof FLOORS]
    return { least: bound(text, included) }
  }
  const entry = value.type === 'series' ? FUNCTIONS[value.name] : undefined
  if (entry?.type !== 'series') return {}
  const end = (limit: number | undefined) => (limit === undefined ? undefined : bound(String(limit), true))
  return { least: end(entry.least), most: end(entry.most) }
}
