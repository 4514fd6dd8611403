import { Decimal } from 'decimal.js'
import type { Condition, Expression, Leaf, MetricNode, NumberNode, SeriesNode, Since } from './ast.ts'
import { FUNCTIONS } from './functions.ts'
import { decimalText } from './numbers.ts'
import { keyOf } from './symbols.ts'

/** A symbol as written in a condition (`keyOf`), and how many new shares there are for each old one. */
export type Rebase = { readonly symbol: string; readonly ratio: Decimal }

/** A condition in new shares. `isWhole`: false where something in it cannot be put into new shares by its numbers alone. */
export type Rebased = { readonly condition: Condition; readonly isWhole: boolean }

/** With how many digits a level that was divided is written. */
const DIGITS = 6
/** Functions over numbers whose value grows as all of their arguments do. */
const HOMOGENEOUS: ReadonlySet<string> = new Set(['min', 'max', 'abs'])

/**
 * A value as it is after a split. `power`: with which power of the price of one share it goes: 1 for a price, −1 for a
 * volume, 0 for a share of something; null for a number, which goes with whatever it is compared with. Undefined where it
 * goes with no power.
 */
type Scaled = { readonly value: Expression; readonly power: number | null | undefined }

/** A condition after a split: price levels of that symbol divided by the ratio, those of volumes multiplied. */
export function rebased(condition: Condition, rebase: Rebase): Rebased {
  switch (condition.type) {
    case 'not': {
      const { condition: item, isWhole } = rebased(condition.item, rebase)
      return { condition: item === condition.item ? condition : { ...condition, item }, isWhole }
    }
    case 'and':
    case 'or': {
      const parts = condition.items.map((item) => rebased(item, rebase))
      const isSame = parts.every((part, index) => part.condition === condition.items[index])
      const items = parts.map((part) => part.condition)
      return { condition: isSame ? condition : { ...condition, items }, isWhole: parts.every(({ isWhole }) => isWhole) }
    }
    default:
      return rebasedLeaf(condition, rebase)
  }
}

/** With which power of the price of one share of that symbol a value goes; undefined where with none. */
export function powerOf(value: Expression, rebase: Rebase): number | undefined {
  return scale(value, rebase).power ?? undefined
}

function rebasedLeaf(leaf: Leaf, rebase: Rebase): Rebased {
  switch (leaf.type) {
    case 'compare':
      return put(leaf, [leaf.left, leaf.right], rebase, ([left, right]) => ({ ...leaf, left: left!, right: right! }))
    case 'between':
    case 'outside':
      return put(leaf, [leaf.value, leaf.low, leaf.high], rebase, ([value, low, high]) => ({
        ...leaf,
        value: value!,
        low: low!,
        high: high!,
      }))
    case 'cross':
      return put(leaf, [leaf.value, leaf.level], rebase, ([value, level]) => ({
        ...leaf,
        value: value!,
        level: level!,
      }))
    case 'move': {
      const amount = leaf.amount.unit === '%' ? [] : [leaf.amount]
      const level = leaf.since.type === 'level' ? [leaf.since.level] : []
      return put(leaf, [leaf.value, ...amount, ...level], rebase, (values) => ({
        ...leaf,
        value: values[0]!,
        amount: amount.length > 0 ? (values[1] as NumberNode) : leaf.amount,
        since: level.length > 0 ? ({ type: 'level', level: values.at(-1)! } satisfies Since) : leaf.since,
      }))
    }
  }
}

/** All values of a leaf go with one power: its plain numbers are put into that; the same leaf where nothing changes. */
function put(leaf: Leaf, values: readonly Expression[], rebase: Rebase, make: (values: Expression[]) => Leaf): Rebased {
  const together = alike(
    values.map((value) => scale(value, rebase)),
    rebase,
  )
  if (together.power === undefined) return { condition: leaf, isWhole: false }
  const isSame = together.values.every((value, index) => value === values[index])
  return { condition: isSame ? leaf : make(together.values), isWhole: true }
}

function alike(scaled: readonly Scaled[], rebase: Rebase): { values: Expression[]; power: number | null | undefined } {
  const powers = new Set(scaled.map(({ power }) => power).filter((power) => power !== null))
  const [power = null] = powers
  const values = scaled.map((one) => (one.power === null && power ? multiplied(one.value, power, rebase) : one.value))
  return { values, power: powers.size > 1 || powers.has(undefined) ? undefined : power }
}

function scale(value: Expression, rebase: Rebase): Scaled {
  switch (value.type) {
    case 'number':
      return { value, power: value.unit === '%' ? 0 : null }
    case 'metric':
      return { value, power: isOurs(value, rebase) ? powerOfMetric(value) : 0 }
    case 'series':
      return { value, power: isOurs(value.of, rebase) ? powerOfSeries(value) : 0 }
    case 'negate': {
      const item = scale(value.item, rebase)
      return { value: item.value === value.item ? value : { ...value, item: item.value }, power: item.power }
    }
    case 'math': {
      const { values: args, power } = alike(
        value.args.map((arg) => scale(arg, rebase)),
        rebase,
      )
      const isSame = args.every((arg, index) => arg === value.args[index])
      const isKept = !power || HOMOGENEOUS.has(value.name)
      return { value: isSame ? value : { ...value, args }, power: isKept ? power : undefined }
    }
    case 'arithmetic': {
      const sides = [scale(value.left, rebase), scale(value.right, rebase)] as const
      const isProduct = value.operator === '*' || value.operator === '/'
      const { values, power } = isProduct ? product(sides, value.operator === '*' ? 1 : -1) : alike(sides, rebase)
      const isSame = values[0] === value.left && values[1] === value.right
      return { value: isSame ? value : { ...value, left: values[0]!, right: values[1]! }, power }
    }
  }
}

/** A plain number in a product stays: the price beside it is in new shares. `sign`: −1 for a quotient. */
function product([left, right]: readonly [Scaled, Scaled], sign: 1 | -1): ReturnType<typeof alike> {
  const values = [left.value, right.value]
  if (left.power === undefined || right.power === undefined) return { values, power: undefined }
  if (left.power === null && right.power === null) return { values, power: null }
  return { values, power: (left.power ?? 0) + sign * (right.power ?? 0) }
}

function isOurs({ symbol }: MetricNode, { symbol: ours }: Rebase): boolean {
  return keyOf(symbol) === ours
}

function powerOfMetric({ metric }: MetricNode): number {
  return metric === 'change' ? 0 : metric === 'volume' ? -1 : 1
}

function powerOfSeries({ name, of }: SeriesNode): number {
  const entry = FUNCTIONS[name]
  const gives = entry?.type === 'series' ? entry.gives : 'same'
  return gives === 'same' ? powerOfMetric(of) : gives === 'price' ? 1 : 0
}

/** The numbers of a value of numbers alone, as they are in new shares. */
function multiplied(value: Expression, power: number, rebase: Rebase): Expression {
  switch (value.type) {
    case 'number':
      return { ...value, text: rescaled(value.text, power, rebase) }
    case 'negate':
      return { ...value, item: multiplied(value.item, power, rebase) }
    case 'arithmetic':
      return { ...value, left: multiplied(value.left, power, rebase), ...rightOf(value, power, rebase) }
    case 'math':
      return { ...value, args: value.args.map((arg) => multiplied(arg, power, rebase)) }
    default:
      return value
  }
}

/** Of a product one factor is enough. */
function rightOf(value: Extract<Expression, { type: 'arithmetic' }>, power: number, rebase: Rebase) {
  const isSum = value.operator === '+' || value.operator === '-'
  return { right: isSum ? multiplied(value.right, power, rebase) : value.right }
}

/** Decimal text that goes with a power of the price of one share, in new shares. */
export function rescaled(text: string, power: number, { ratio }: Rebase, digits = DIGITS): string {
  return new Decimal(decimalText(text)).div(ratio.pow(power)).toSignificantDigits(digits).toFixed()
}
