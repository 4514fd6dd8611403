import type { CompareNode, Condition, Expression, LogicNode, MetricNode, Operator, RangeNode } from './ast.ts'
import { Problem, replaced } from './errors.ts'
import { formatCondition, formatExpression } from './format.ts'
import { type Kind, kindOf } from './kinds.ts'
import { type Exact, exactOf } from './numbers.ts'
import { keyOf } from './symbols.ts'

/**
 * Refuses, with a `Problem`, what can be said without looking at the market: comparisons of constants, parts that can
 * never be met, parts that always are. Prices are above 0, volumes not below 0, changes above −100 %. Parts that speak
 * of one figure of one symbol are seen through; anything else is believed.
 */
export function checkSense(condition: Condition, text: string): void {
  if (condition.type === 'not') checkSense(condition.item, text)
  if (condition.type === 'compare') checkLeaf(condition, condition.left, condition.right, text)
  if (condition.type === 'between' || condition.type === 'outside') {
    checkLeaf(condition, condition.value, condition.low, text)
  }
  if (condition.type === 'and' || condition.type === 'or') {
    for (const item of condition.items) checkSense(item, text)
    checkTogether(condition, text)
  }
}

function checkLeaf(leaf: CompareNode | RangeNode, left: Expression, right: Expression, text: string): void {
  const verdict = sameMetric(left, right) && leaf.type === 'compare' ? verdictOnSelf(leaf) : verdictOn([leaf], 'and')
  if (verdict === 'open') return
  const said = verdict === 'always' ? 'is always true' : 'can never be met'
  const sentence = `${formatCondition(leaf)} ${said}${reasonOf(left, right)}.`
  throw new Problem(
    sentence,
    leaf.at,
    left.type === 'number' ? [replaced(text, left.at, 'AAPL'), replaced(text, right.at, 'AAPL')] : [],
  )
}

function reasonOf(left: Expression, right: Expression): string {
  if (left.type === 'number' && right.type === 'number') return ': it names no symbol'
  if (left.type !== 'metric' || sameMetric(left, right)) return ''
  const floor = FLOORS[kindOf(left) ?? 'price']
  return `: ${formatExpression(left)} is ${floor.included ? 'never below' : 'always above'} ${floor.text}`
}

function sameMetric(left: Expression, right: Expression): boolean {
  return left.type === 'metric' && right.type === 'metric' && nameOf(left) === nameOf(right)
}

function verdictOnSelf({ operator }: CompareNode): Verdict {
  return holds(0, operator) ? 'always' : 'never'
}

/** The items of an `and` or `or` that speak of the same figure, taken together. */
function checkTogether({ type, items, at }: LogicNode, text: string): void {
  const groups = new Map<string, Condition[]>()
  for (const item of items) {
    const figure = onlyFigure(item)
    if (figure) groups.set(nameOf(figure), [...(groups.get(nameOf(figure)) ?? []), item])
  }
  for (const group of groups.values()) {
    const verdict = verdictOn(group, type)
    if (verdict === 'never') throw new Problem(neverSentence(group), at, neverTries(items, at, text))
    if (verdict === 'always') throw new Problem(alwaysSentence(group), at, [relinked(items, text, 'and')])
  }
}

function neverSentence(group: readonly Condition[]): string {
  return `This can never be met: ${group.map(formatCondition).join(' and ')} exclude each other.`
}

function alwaysSentence(group: readonly Condition[]): string {
  return `This is always true: one of ${group.map(formatCondition).join(' and ')} always holds.`
}

/** `or` in place of `and`; or, of two bounds the wrong way round, the range between them. */
function neverTries(items: readonly Condition[], at: LogicNode['at'], text: string): string[] {
  const bounds = items.flatMap((item) => (item.type === 'compare' && item.right.type === 'number' ? [item] : []))
  const [low, high] = bounds.sort((a, b) => exactOf(textOf(a.right)).cmp(exactOf(textOf(b.right))))
  const isRange = items.length === 2 && low && high && textOf(low.right) !== textOf(high.right)
  const range = isRange ? `${formatExpression(low.left)} between ${textOf(low.right)} and ${textOf(high.right)}` : ''
  return [relinked(items, text, 'or'), range && replaced(text, at, range)]
}

function textOf(value: Expression): string {
  return value.type === 'number' ? value.text : '0'
}

/** Two conditions with another word between them. */
function relinked(items: readonly Condition[], text: string, link: string): string {
  const [first, second] = items
  if (items.length !== 2 || !first || !second || first.at.end > second.at.start) return ''
  return replaced(text, { start: first.at.end, end: second.at.start }, ` ${link} `)
}

function nameOf({ symbol, metric }: MetricNode): string {
  return `${keyOf(symbol)} ${metric}`
}

/** The one figure a condition compares with constants; undefined where there are several, or other comparisons. */
function onlyFigure(condition: Condition): MetricNode | undefined {
  const leaves = leavesOf(condition)
  const [first] = leaves
  const alike = leaves.every(({ subject, constants }) => {
    const plain = constants.every((constant) => constant.type === 'number')
    return (
      plain &&
      subject.type === 'metric' &&
      first?.subject.type === 'metric' &&
      nameOf(subject) === nameOf(first.subject)
    )
  })
  return alike && first?.subject.type === 'metric' ? first.subject : undefined
}

type Leaf = { readonly subject: Expression; readonly constants: readonly Expression[] }

function leavesOf(condition: Condition): Leaf[] {
  switch (condition.type) {
    case 'compare':
      return [{ subject: condition.left, constants: [condition.right] }]
    case 'between':
    case 'outside':
      return [{ subject: condition.value, constants: [condition.low, condition.high] }]
    case 'not':
      return leavesOf(condition.item)
    case 'and':
    case 'or':
      return condition.items.flatMap(leavesOf)
  }
}

type Verdict = 'always' | 'never' | 'open'

/** What a figure can be at least, and whether it can be exactly that. */
const FLOORS: Readonly<Record<Kind, { text: string; included: boolean }>> = {
  price: { text: '0', included: false },
  volume: { text: '0', included: true },
  percent: { text: '-100', included: false },
}

/**
 * Tries conditions on one figure, or on none, at every value that can matter: at each constant, and once in every gap
 * between two neighbours and beyond the last. Between two neighbours nothing changes, so this leaves nothing out.
 */
function verdictOn(group: readonly Condition[], type: 'and' | 'or'): Verdict {
  const leaves = group.flatMap(leavesOf)
  if (leaves.some(({ constants }) => constants.some((constant) => constant.type !== 'number'))) return 'open'
  const subject = leaves[0]?.subject
  const floor = FLOORS[(subject?.type === 'metric' && kindOf(subject)) || 'price']
  const numbers = leaves
    .flatMap(({ subject: left, constants }) => [left, ...constants])
    .filter((value) => value.type === 'number')
  const scale = [...numbers.map((number) => exactOf(number.text)), exactOf(floor.text)].sort((a, b) => a.cmp(b))
  const lowest = placeOf(exactOf(floor.text), scale) + (floor.included ? 0 : 0.5)
  const places = scale
    .flatMap((value) => [placeOf(value, scale), placeOf(value, scale) + 0.5])
    .filter((place) => place >= lowest)
  const truths = places.map((place) =>
    type === 'and'
      ? group.every((item) => truthAt(item, place, scale))
      : group.some((item) => truthAt(item, place, scale)),
  )
  return truths.every(Boolean) ? 'always' : truths.some(Boolean) ? 'open' : 'never'
}

/** A constant's place on the scale; half a step further is the gap after it. */
function placeOf(value: Exact, scale: readonly Exact[]): number {
  return scale.findIndex((other) => other.eq(value))
}

function truthAt(condition: Condition, place: number, scale: readonly Exact[]): boolean {
  const order = (left: Expression, right: Expression) => at(left, place, scale) - at(right, place, scale)
  switch (condition.type) {
    case 'compare':
      return holds(order(condition.left, condition.right), condition.operator)
    case 'between':
      return order(condition.value, condition.low) >= 0 && order(condition.value, condition.high) <= 0
    case 'outside':
      return order(condition.value, condition.low) < 0 || order(condition.value, condition.high) > 0
    case 'not':
      return !truthAt(condition.item, place, scale)
    case 'and':
      return condition.items.every((item) => truthAt(item, place, scale))
    case 'or':
      return condition.items.some((item) => truthAt(item, place, scale))
  }
}

function at(value: Expression, place: number, scale: readonly Exact[]): number {
  return value.type === 'number' ? placeOf(exactOf(value.text), scale) : place
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
