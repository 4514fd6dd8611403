import type {
  ArithmeticNode,
  Condition,
  Expression,
  Leaf,
  MathNode,
  MetricNode,
  NumberNode,
  SeriesNode,
} from './ast.ts'
import { Problem, replaced, shortened, spanning } from './errors.ts'
import { formatExpression, formatNumber } from './format.ts'
import { FUNCTIONS } from './functions.ts'
import { Exact, exactOf } from './numbers.ts'
import { formatSymbol, keyOf, leavesOf, metricsIn, valuesOf } from './symbols.ts'

/** What sort of figure a value is: only like can be compared with like. A `ratio` is a plain number. */
export type Kind = 'price' | 'percent' | 'volume' | 'ratio'

const SAID: Readonly<Record<Kind, string>> = {
  price: 'a price',
  percent: 'a percentage',
  volume: 'a number of units',
  ratio: 'a plain number',
}

/** The kind of a value; a number without a sign fits all of them and has none, and so has arithmetic of such numbers. */
export function kindOf(value: Expression): Kind | undefined {
  return judge(value, () => {})
}

/**
 * Refuses, with a `Problem`, a percentage where a price belongs, and all the other ways to compare, add or subtract
 * unlike figures. Every such problem proposes what to write instead.
 */
export function checkKinds(condition: Condition, text: string): void {
  for (const leaf of leavesOf(condition)) checkLeaf(leaf, text)
}

/** What is told of each place where values meet, innermost first, with the kinds of the values in order. */
type Meeting = (node: ArithmeticNode | MathNode, kinds: readonly (Kind | undefined)[]) => void

function judge(value: Expression, meet: Meeting): Kind | undefined {
  switch (value.type) {
    case 'number':
      return value.unit === undefined ? undefined : value.unit === '%' ? 'percent' : 'price'
    case 'metric':
      return kindOfMetric(value)
    case 'series':
      return kindOfSeries(value)
    case 'negate':
      return judge(value.item, meet)
    case 'arithmetic': {
      const kinds = [judge(value.left, meet), judge(value.right, meet)] as const
      meet(value, kinds)
      return COMBINED[value.operator](...kinds)
    }
    case 'math': {
      const kinds = value.args.map((argument) => judge(argument, meet))
      meet(value, kinds)
      return kinds.find(Boolean)
    }
  }
}

function kindOfMetric({ metric }: MetricNode): Kind {
  return metric === 'change' ? 'percent' : metric === 'volume' ? 'volume' : 'price'
}

function kindOfSeries({ name, of }: SeriesNode): Kind {
  const entry = FUNCTIONS[name]
  const gives = entry?.type === 'series' ? entry.gives : 'same'
  return gives === 'percent' ? 'percent' : gives === 'number' ? 'ratio' : kindOfMetric(of)
}

type Combining = (left: Kind | undefined, right: Kind | undefined) => Kind | undefined

const sum: Combining = (left, right) => left ?? right
const product: Combining = (left, right) => {
  if (left === undefined || right === undefined) return left ?? right
  // One of them is mostly an exchange rate: what comes of it is a price again, in another currency.
  if (left === 'price' && right === 'price') return undefined
  return left === 'ratio' ? right : right === 'ratio' ? left : 'ratio'
}
const quotient: Combining = (left, right) => {
  if (right === undefined) return left
  return right === 'ratio' ? (left ?? 'ratio') : 'ratio'
}
const COMBINED: Readonly<Record<ArithmeticNode['operator'], Combining>> = {
  '+': sum,
  '-': sum,
  '*': product,
  '/': quotient,
}

function checkLeaf(leaf: Leaf, text: string): void {
  const judged = valuesOf(leaf).map((value) => ({ value, kind: judge(value, refuseUnlike(text)) }))
  const mayBeChange = leaf.type !== 'move' && judged.slice(1).every(({ kind }) => kind === 'percent')
  for (const [i, left] of judged.entries()) {
    for (const right of judged.slice(i + 1)) checkPair(left, right, mayBeChange, text)
  }
  if (leaf.type === 'move') checkAmount(leaf.amount, judged[0]!, text)
}

type Judged = { readonly value: Expression; readonly kind: Kind | undefined }

function checkAmount(amount: NumberNode, { value, kind }: Judged, text: string): void {
  const isMoney = amount.unit !== undefined && amount.unit !== '%'
  if (!isMoney || kind === undefined || kind === 'price') return
  const sentence = `${said(value)} is ${SAID[kind]}, so it cannot move by ${formatNumber(amount)}.`
  throw new Problem(
    sentence,
    amount.at,
    [bareOf(amount), `${bareOf(amount)}%`].map((by) => replaced(text, amount.at, by)),
  )
}

function checkPair(left: Judged, right: Judged, mayBeChange: boolean, text: string): void {
  if (left.kind === undefined || right.kind === undefined || left.kind === right.kind) return
  for (const [one, other] of [[left, right] as const, [right, left] as const]) {
    if (isPercentAdded(one.value)) throw addedPercent(one.value, other.kind!, text)
  }
  const sentence = `${said(left.value)} cannot be compared with ${SAID[right.kind]}: ${said(right.value)}.`
  throw new Problem(sentence, right.value.at, [
    ...(mayBeChange ? asChange(left.value, text) : []),
    ...triesFor(left, right, text),
  ])
}

/** Whole lines with one side made like the other, what was most likely meant first. */
function triesFor(left: Judged, right: Judged, text: string): string[] {
  const sides = [[right, left] as const, [left, right] as const]
  return [
    ...sides.flatMap(([{ value }, { kind }]) =>
      isNumber(value) ? [replaced(text, value.at, fitting(value, kind))] : [],
    ),
    ...sides.flatMap(([side, model]) => withMetricOf(side, model, text)),
    ...asQuotient(left.value, right.value, text),
    replaced(text, right.value.at, sampleOf(left.value)),
  ]
}

function isNumber(value: Expression): value is NumberNode {
  return value.type === 'number'
}

/** `AAPL > 5%`: the change may be meant. */
function asChange(value: Expression, text: string): string[] {
  return value.type === 'metric' ? [replaced(text, value.at, `${formatSymbol(value.symbol)} change`)] : []
}

function fitting(number: NumberNode, kind: Kind | undefined): string {
  return kind === 'percent' ? `${bareOf(number)}%` : bareOf(number)
}

/** `AAPL volume > sma(AAPL, 20)`: every figure of the one side made the figure that the other side speaks of. */
function withMetricOf(side: Judged, model: Judged, text: string): string[] {
  const metric = metricsIn(model.value).find((node) => kindOfMetric(node) === model.kind)?.metric
  const nodes = metricsIn(side.value)
  if (metric === undefined || nodes.length === 0) return []
  return [nodes.reduceRight((line, { symbol, at }) => replaced(line, at, `${formatSymbol(symbol)} ${metric}`), text)]
}

/**
 * A line with two values that cannot be compared divided by each other: how many times the one is in the other can be
 * asked of any two. Empty where they stand the other way round, or one of them is a number.
 */
export function asQuotient(left: Expression, right: Expression, text: string): string[] {
  if (isNumber(left) || isNumber(right) || left.at.end > right.at.start) return []
  const [above, relation, below] = [left.at, { start: left.at.end, end: right.at.start }, right.at].map((at) =>
    text.slice(at.start, at.end),
  )
  const divisor = right.type === 'arithmetic' ? `(${below})` : below
  return [replaced(text, spanning(left.at, right.at), `${dividend(left, above!)} / ${divisor}${relation}1`)]
}

function dividend(value: Expression, typed: string): string {
  return isSum(value) ? `(${typed})` : typed
}

/** A level that such a value may well be compared with, as it is typed: `500`, `5%`. */
export function sampleOf(value: Expression): string {
  const kind = kindOf(value)
  if (kind === 'ratio') return value.type === 'series' ? '30' : '1'
  return kind === 'percent' ? '5%' : kind === 'volume' ? '2m' : '500'
}

/** Refuses sums of unlike values, and percentages of something: 5% counts as 5. */
function refuseUnlike(text: string): Meeting {
  return (node, kinds) => {
    const known = kinds.filter((kind) => kind !== undefined)
    const other = known.find((kind) => kind !== known[0])
    if (other === undefined) return
    if (node.type === 'math') throw mixed(node, node.args, known[0]!, other, text)
    if (node.operator === '*' || node.operator === '/') return refusePercentOf(node, kinds, text)
    if (isPercentAdded(node)) throw addedPercent(node, kinds.find((kind) => kind !== 'percent')!, text)
    throw mixed(node, [node.left, node.right], known[0]!, other, text)
  }
}

function mixed(node: Expression, parts: readonly Expression[], one: Kind, other: Kind, text: string): Problem {
  const [first, ...rest] = parts.map((value) => ({ value, kind: kindOf(value) })) as [Judged, ...Judged[]]
  const symbols = new Set(metricsIn(node).map(({ symbol }) => keyOf(symbol)))
  const alike = rest.flatMap((side) => [...withMetricOf(side, first, text), ...withMetricOf(first, side, text)])
  const alone = parts.map((part) => replaced(text, node.at, text.slice(part.at.start, part.at.end)))
  const tries = symbols.size > 1 ? [...alike, ...alone] : alone
  return new Problem(`${said(node)} mixes ${SAID[one]} with ${SAID[other]}.`, node.at, tries)
}

type Sum = ArithmeticNode & { readonly operator: '+' | '-' }

function isSum(value: Expression): value is Sum {
  return value.type === 'arithmetic' && (value.operator === '+' || value.operator === '-')
}

/** Whether a value is another one with a percentage added or taken off. */
function isPercentAdded(value: Expression): value is Sum {
  return isSum(value) && (isPercentage(value.right) || (value.operator === '+' && isPercentage(value.left)))
}

function isPercentage(value: Expression): value is NumberNode & { readonly unit: '%' } {
  return value.type === 'number' && value.unit === '%'
}

/** `AAPL + 5%` → `AAPL * 1.05`. */
function addedPercent(node: Sum, kind: Kind, text: string): Problem {
  const [base, percentage] = isPercentage(node.right) ? [node.left, node.right] : [node.right, node.left as NumberNode]
  const share = exactOf(percentage.text).div(100)
  const factor = (node.operator === '+' ? new Exact(1).plus(share) : new Exact(1).minus(share)).toFixed()
  const done = node.operator === '+' ? 'added to' : 'taken from'
  const typed = text.slice(base.at.start, base.at.end)
  return new Problem(`${formatNumber(percentage)} cannot be ${done} ${SAID[kind]}; write * ${factor}.`, node.at, [
    replaced(text, node.at, `${dividend(base, typed)} * ${factor}`),
  ])
}

function refusePercentOf(node: ArithmeticNode, kinds: readonly (Kind | undefined)[], text: string): void {
  const percentage = [node.right, node.left].find(isPercentage)
  if (!percentage) return
  const kind = kinds.find((one) => one !== 'percent')!
  const share = exactOf(percentage.text).div(100).toFixed()
  const sentence = `Write ${formatNumber(percentage)} of ${SAID[kind]} as ${node.operator} ${share}.`
  throw new Problem(sentence, percentage.at, [replaced(text, percentage.at, share)])
}

function bareOf({ text, at }: NumberNode): string {
  return formatNumber({ type: 'number', text, at })
}

function said(value: Expression): string {
  return shortened(formatExpression(value))
}
