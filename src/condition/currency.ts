import { Decimal } from 'decimal.js'
import { UserError } from '../errors.ts'
import type { Condition, Expression, MetricNode, NumberNode, Parsed } from './ast.ts'
import { replaced } from './errors.ts'
import { formatNumber } from './format.ts'
import { kindOf } from './kinds.ts'
import { decimalText } from './numbers.ts'
import { formatSymbol, keyOf } from './symbols.ts'

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
 * `UserError` where a sign names another currency or cannot be checked, or prices in two currencies are compared.
 */
export function settleCurrencies(
  { condition, options }: Parsed,
  typed: string,
  moneyOf: (written: string) => Money | undefined,
): Parsed {
  return { condition: settle(condition, { typed, moneyOf }), options }
}

type Ledger = { readonly typed: string; moneyOf(written: string): Money | undefined }

function settle(condition: Condition, ledger: Ledger): Condition {
  switch (condition.type) {
    case 'not':
      return { ...condition, item: settle(condition.item, ledger) }
    case 'and':
    case 'or':
      return { ...condition, items: condition.items.map((item) => settle(item, ledger)) }
    case 'compare': {
      const [left, right] = alike([condition.left, condition.right], ledger)
      return { ...condition, left: left!, right: right! }
    }
    case 'between':
    case 'outside': {
      const [value, low, high] = alike([condition.value, condition.low, condition.high], ledger)
      return { ...condition, value: value!, low: low!, high: high! }
    }
  }
}

/** Values that are compared with each other, all in the money of the first price among them. */
function alike(values: readonly Expression[], ledger: Ledger): Expression[] {
  const prices = values.filter((value): value is MetricNode => value.type === 'metric' && kindOf(value) === 'price')
  const known = prices.flatMap((node) => {
    const money = ledger.moneyOf(keyOf(node.symbol))
    return money ? [{ node, money }] : []
  })
  const [first] = known
  if (!first) return unchecked(values, prices[0], ledger.typed)
  const other = known.find(({ money }) => unitOf(money) !== unitOf(first.money))
  if (other) {
    const sentence = `${nameOf(first.node)} is quoted in ${unitOf(first.money)} and ${nameOf(other.node)} in ${unitOf(other.money)}: they cannot be compared.`
    throw new UserError(sentence, { text: ledger.typed, at: other.node.at })
  }
  return values.map((value) =>
    value.type === 'number' ? inMoney(value, first.node, first.money, ledger.typed) : value,
  )
}

/** Without knowing what a symbol is quoted in, a sign could be right or wrong by a factor of a hundred. */
function unchecked(values: readonly Expression[], node: MetricNode | undefined, typed: string): Expression[] {
  const signed = values.find((value) => value.type === 'number' && value.unit !== undefined && value.unit !== '%')
  if (!node || !signed) return [...values]
  const sentence = `I cannot see just now what ${nameOf(node)} is quoted in, so I cannot check the sign of the amount.`
  const bare = formatNumber({ type: 'number', text: (signed as NumberNode).text, at: signed.at })
  throw new UserError(sentence, { text: typed, at: signed.at, suggestion: replaced(typed, signed.at, bare) })
}

function inMoney(number: NumberNode, node: MetricNode, { currency, minor }: Money, typed: string): NumberNode {
  const { unit, text, at } = number
  if (unit === undefined || unit === '%') return number
  if (!SIGNS[unit]?.includes(currency)) {
    const sentence = `${nameOf(node)} is quoted in ${currency}, not in ${unit}.`
    throw new UserError(sentence, {
      text: typed,
      at,
      suggestion: replaced(typed, at, formatNumber({ type: 'number', text, at })),
    })
  }
  return minor ? { type: 'number', text: new Decimal(decimalText(text)).times(minor.per).toFixed(), at } : number
}

function nameOf({ symbol }: MetricNode): string {
  return formatSymbol(symbol)
}

function unitOf({ currency, minor }: Money): string {
  return minor?.name ?? currency
}
