import { UserError } from '../errors.ts'
import type {
  ArithmeticNode,
  CompareNode,
  Condition,
  Expression,
  Leaf,
  MetricNode,
  NumberNode,
  Parsed,
  Since,
} from './ast.ts'
import { replaced } from './errors.ts'
import { formatNumber } from './format.ts'
import { asQuotient, kindOf } from './kinds.ts'
import { exactOf } from './numbers.ts'
import { formatSymbol, keyOf, leavesOf, metricsIn, valuesOf } from './symbols.ts'

/** A unit that a listing is traded in instead of its currency: `per` of it (`GBp`: 100) make one. */
export type Minor = { readonly name: string; readonly per: number }

/** What a symbol is quoted in. */
export type Money = { readonly currency: string; readonly minor?: Minor }

/** The currencies that people write with a sign. */
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  $: ['USD', 'CAD', 'AUD', 'NZD', 'HKD', 'SGD', 'TWD', 'MXN'],
  '€': ['EUR'],
  '£': ['GBP'],
  '¥': ['JPY', 'CNY'],
}

/**
 * A condition with its amounts of money made those that its symbols are quoted in: a listing in a minor unit takes bare
 * numbers in that unit, and `£3` becomes `300`. `moneyOf` knows what a symbol (as written) is quoted in. Throws
 * `UserError` where a sign names another currency or cannot be checked, or where prices in two currencies are compared,
 * added or subtracted. Multiplied and divided they may be: that is how one is turned into the other.
 */
export function settleCurrencies(
  { condition, options }: Parsed,
  typed: string,
  moneyOf: (written: string) => Money | undefined,
): Parsed {
  const numbers = leavesOf(condition).flatMap((leaf) => {
    const suggestion = isPlain(leaf) ? asQuotient(leaf.left, leaf.right, typed)[0] : undefined
    return groupsOf(leaf).flatMap((group) => settledNumbers(group, { typed, suggestion, moneyOf }))
  })
  return { condition: numbers.length > 0 ? withNumbers(condition, new Map(numbers)) : condition, options }
}

/** Whether two figures are compared as they are. */
function isPlain(leaf: Leaf): leaf is CompareNode {
  return leaf.type === 'compare' && [leaf.left, leaf.right].every(({ type }) => type === 'metric' || type === 'series')
}

/** What is known beside a condition. `suggestion`: what to type in place of prices that cannot be compared. */
type Ledger = {
  readonly typed: string
  readonly suggestion: string | undefined
  moneyOf(written: string): Money | undefined
}

/** Figures that must be in one money: prices of symbols, and amounts with a sign of currency. */
type Group = readonly (MetricNode | NumberNode)[]

/** The group that a value belongs to, and those inside of it that stand on their own. */
type Parts = { readonly group: Group; readonly apart: readonly Group[] }

const NO_MONEY: Parts = { group: [], apart: [] }

function groupsOf(leaf: Leaf): Group[] {
  const amount = leaf.type === 'move' ? [leaf.amount] : []
  const { group, apart } = joined([...valuesOf(leaf), ...amount].map(partsOf))
  return [group, ...apart]
}

function joined(parts: readonly Parts[]): Parts {
  return { group: parts.flatMap(({ group }) => group), apart: parts.flatMap(({ apart }) => apart) }
}

function standingAlone({ group, apart }: Parts): Parts {
  return { group: [], apart: [group, ...apart] }
}

function partsOf(value: Expression): Parts {
  switch (value.type) {
    case 'number':
      return { group: value.unit === undefined || value.unit === '%' ? [] : [value], apart: [] }
    case 'metric':
    case 'series':
      return kindOf(value) === 'price' ? { group: metricsIn(value), apart: [] } : NO_MONEY
    case 'negate':
      return partsOf(value.item)
    case 'math':
      return joined(value.args.map(partsOf))
    case 'arithmetic':
      return value.operator === '+' || value.operator === '-'
        ? joined([partsOf(value.left), partsOf(value.right)])
        : partsOfProduct(value)
  }
}

/**
 * A price multiplied or divided by a plain number is a price still, and meets what the whole is compared with. Of two
 * prices each stands on its own where both name a symbol; an amount alone meets the symbol on the other side.
 */
function partsOfProduct(value: ArithmeticNode): Parts {
  const sides = [value.left, value.right].map((side) => ({ isPrice: kindOf(side) === 'price', parts: partsOf(side) }))
  const parts = sides.map((side) => side.parts)
  if (sides.every(({ isPrice }) => isPrice)) {
    const named = parts.every(({ group }) => group.some(({ type }) => type === 'metric'))
    return named ? joined(parts.map(standingAlone)) : standingAlone(joined(parts))
  }
  const remains = kindOf(value) === 'price'
  return joined(sides.map(({ isPrice, parts: own }) => (remains && isPrice ? own : standingAlone(own))))
}

/** The amounts of a group, each with what it is in the money of the first price whose money is known. */
function settledNumbers(group: Group, { typed, suggestion, moneyOf }: Ledger): [NumberNode, NumberNode][] {
  const prices = group.filter((node) => node.type === 'metric')
  const numbers = group.filter((node) => node.type === 'number')
  const known = prices.flatMap((node) => {
    const money = moneyOf(keyOf(node.symbol))
    return money ? [{ node, money }] : []
  })
  const [first] = known
  if (!first) return unchecked(numbers, prices[0], typed)
  const other = known.find(({ money }) => unitOf(money) !== unitOf(first.money))
  if (other) {
    const sentence = `${nameOf(first.node)} is quoted in ${unitOf(first.money)} and ${nameOf(other.node)} in ${unitOf(other.money)}: they cannot be compared.`
    throw new UserError(sentence, { text: typed, at: other.node.at, ...(suggestion ? { suggestion } : {}) })
  }
  return numbers.map((number) => [number, inMoney(number, first.node, first.money, typed)])
}

/** Without knowing what a symbol is quoted in, a sign could be right or wrong by a factor of a hundred. */
function unchecked([number]: readonly NumberNode[], node: MetricNode | undefined, typed: string): [] {
  if (!node || !number) return []
  const sentence = `I cannot see just now what ${nameOf(node)} is quoted in, so I cannot check the sign of the amount.`
  throw new UserError(sentence, { text: typed, at: number.at, suggestion: replaced(typed, number.at, bareOf(number)) })
}

function inMoney(number: NumberNode, node: MetricNode, { currency, minor }: Money, typed: string): NumberNode {
  const { unit = '', text, at } = number
  if (!SIGNS[unit]?.includes(currency)) {
    const sentence = `${nameOf(node)} is quoted in ${currency}, not in ${unit}.`
    throw new UserError(sentence, { text: typed, at, suggestion: replaced(typed, at, bareOf(number)) })
  }
  return minor ? { type: 'number', text: exactOf(text).times(minor.per).toFixed(), at } : number
}

function bareOf({ text, at }: NumberNode): string {
  return formatNumber({ type: 'number', text, at })
}

function nameOf({ symbol }: MetricNode): string {
  return formatSymbol(symbol)
}

function unitOf({ currency, minor }: Money): string {
  return minor?.name ?? currency
}

type Numbers = ReadonlyMap<NumberNode, NumberNode>

/** The same condition with some of its numbers exchanged. */
function withNumbers(condition: Condition, numbers: Numbers): Condition {
  const value = (expression: Expression) => exchanged(expression, numbers)
  switch (condition.type) {
    case 'not':
      return { ...condition, item: withNumbers(condition.item, numbers) }
    case 'and':
    case 'or':
      return { ...condition, items: condition.items.map((item) => withNumbers(item, numbers)) }
    case 'compare':
      return { ...condition, left: value(condition.left), right: value(condition.right) }
    case 'between':
    case 'outside':
      return { ...condition, value: value(condition.value), low: value(condition.low), high: value(condition.high) }
    case 'cross':
      return { ...condition, value: value(condition.value), level: value(condition.level) }
    case 'move': {
      const amount = numbers.get(condition.amount) ?? condition.amount
      return { ...condition, value: value(condition.value), amount, since: sinceWith(condition.since, value) }
    }
  }
}

function sinceWith(since: Since, value: (expression: Expression) => Expression): Since {
  return since.type === 'level' ? { ...since, level: value(since.level) } : since
}

function exchanged(expression: Expression, numbers: Numbers): Expression {
  switch (expression.type) {
    case 'number':
      return numbers.get(expression) ?? expression
    case 'metric':
    case 'series':
      return expression
    case 'negate':
      return { ...expression, item: exchanged(expression.item, numbers) }
    case 'arithmetic':
      return { ...expression, left: exchanged(expression.left, numbers), right: exchanged(expression.right, numbers) }
    case 'math':
      return { ...expression, args: expression.args.map((argument) => exchanged(argument, numbers)) }
  }
}
