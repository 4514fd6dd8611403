import type { CompareNode, Condition, CrossNode, Expression, Leaf, LogicNode, MoveNode } from './ast.ts'
import { constantOf, divisionByZero, fractionOf, orderOfFractions } from './constants.ts'
import { Problem, replaced, shortened, without } from './errors.ts'
import type { Fraction } from './exact.ts'
import { formatCondition, formatExpression } from './format.ts'
import { sampleOf } from './kinds.ts'
import { exactOf } from './numbers.ts'
import { metricsIn, valuesOf } from './symbols.ts'
import { boundsOf, joined, negated, type Reading, readingOf, type Verdict, verdictOn } from './verdict.ts'

/**
 * Refuses, with a `Problem`, what can be said without looking at the market: parts that name no symbol, parts that can
 * never be met, parts that always are. Parts that compare one value with constants are seen through, alone and together;
 * anything else is believed.
 */
export function checkSense(condition: Condition, text: string): void {
  read(condition, text)
}

/** A condition and its reading. */
type Part = { readonly item: Condition; readonly reading: Reading }

/** Checks a condition, innermost parts first; gives its reading where all of it compares one value with constants. */
function read(condition: Condition, text: string): Reading | undefined {
  switch (condition.type) {
    case 'not': {
      const item = read(condition.item, text)
      return item && negated(item)
    }
    case 'and':
    case 'or': {
      const readings = condition.items.map((item) => ({ item, reading: read(item, text) }))
      const parts = readings.filter((part): part is Part => part.reading !== undefined)
      checkTogether(condition, parts, text)
      return parts.length < readings.length ? undefined : joined(condition.type, readingsOf(parts))
    }
    default:
      return readLeaf(condition, text)
  }
}

function readingsOf(parts: readonly Part[]): Reading[] {
  return parts.map(({ reading }) => reading)
}

function readLeaf(leaf: Leaf, text: string): Reading | undefined {
  for (const value of valuesOf(leaf)) checkDivision(value, text)
  const reading = readingOf(leaf)
  if (valuesOf(leaf).every((value) => metricsIn(value).length === 0)) throw nothingNamed(leaf, reading, text)
  if (leaf.type === 'compare') checkSides(leaf, leaf.left, leaf.right)
  if (leaf.type === 'cross') checkCross(leaf, text)
  if (leaf.type === 'move') checkFall(leaf, text)
  if (reading) checkReading(leaf, reading, text)
  return reading
}

function checkDivision(value: Expression, text: string): void {
  const place = divisionByZero(value)
  if (!place) return
  const { left, at } = place
  const undivided = replaced(text, at, text.slice(left.at.start, left.at.end))
  throw new Problem(`${shortened(formatExpression(place))} divides by zero.`, at, [undivided])
}

const SAID: Readonly<Record<Verdict, string>> = {
  always: 'is always true: it names no symbol',
  never: 'can never be met: it names no symbol',
  open: 'names no symbol, so there is nothing to watch',
}

function nothingNamed(leaf: Leaf, reading: Reading | undefined, text: string): Problem {
  const tries = valuesOf(leaf).map(({ at }) => replaced(text, at, 'AAPL'))
  return new Problem(`${said(leaf)} ${SAID[reading ? verdictOn(reading) : 'open']}.`, leaf.at, tries)
}

/** A value is never above itself, and always equal to itself. */
function checkSides(leaf: CompareNode | CrossNode, one: Expression, other: Expression): void {
  if (formatExpression(one) !== formatExpression(other)) return
  const always = leaf.type === 'compare' && /=/.test(leaf.operator) && leaf.operator !== '!='
  throw new Problem(
    `${said(leaf)} ${always ? 'is always true' : 'can never be met'}: both sides are the same.`,
    leaf.at,
  )
}

function checkReading(leaf: Leaf, reading: Reading, text: string): void {
  const verdict = verdictOn(reading)
  if (verdict === 'open') return
  const [level] = reading.levels
  throw foregone(leaf, verdict, limitOf(reading.value, level!.value), withSamples(leaf, reading.value, text))
}

function foregone(leaf: Leaf, verdict: 'always' | 'never', reason: string, tries: readonly string[]): Problem {
  const sentence = verdict === 'always' ? 'is always true' : 'can never be met'
  return new Problem(`${said(leaf)} ${sentence}${reason && `: ${reason}`}.`, leaf.at, tries)
}

/** What a value never is, where a level lies at an end of it or beyond; empty where it does not. */
function limitOf(value: Expression, level: Fraction): string {
  const { least, most } = boundsOf(value)
  const name = shortened(formatExpression(value))
  if (least && orderOfFractions(level, least.value) <= 0)
    return `${name} is ${least.included ? 'never below' : 'always above'} ${least.text}`
  return most && orderOfFractions(level, most.value) >= 0 ? `${name} is never above ${most.text}` : ''
}

/** The line with other constants, such as a value of that kind may well be compared with. */
function withSamples(leaf: Leaf, value: Expression, text: string): string[] {
  const constants = valuesOf(leaf).filter((other) => other !== value && metricsIn(other).length === 0)
  const inOrder = constants.sort((a, b) => a.at.start - b.at.start)
  return [asRange(leaf, text), inOrder.reduceRight((line, { at }) => replaced(line, at, sampleOf(value)), text)]
}

/** `AAPL > 300-500`: a range was meant, and not a difference. */
function asRange(leaf: Leaf, text: string): string {
  if (leaf.type !== 'compare' || leaf.right.type !== 'arithmetic' || leaf.right.operator !== '-') return ''
  return replaced(text, { start: leaf.left.at.end, end: leaf.right.at.start }, ' between ')
}

/** A crossing needs values on both sides of the level; to touch it, the level itself will do on the far one. */
function checkCross(leaf: CrossNode, text: string): void {
  checkSides(leaf, leaf.value, leaf.level)
  const level = constantOf(leaf.level)
  if (!level) return
  const { least, most } = boundsOf(leaf.value)
  const above = most ? orderOfFractions(most.value, level) : 1
  const below = least ? orderOfFractions(level, least.value) : 1
  const reachesAbove = below > 0 && (above > 0 || (above === 0 && leaf.touch === true && most?.included === true))
  const reachesBelow = above > 0 && (below > 0 || (below === 0 && leaf.touch === true && least?.included === true))
  if ((leaf.direction !== 'below' && reachesAbove) || (leaf.direction !== 'above' && reachesBelow)) return
  throw foregone(leaf, 'never', limitOf(leaf.value, level), withSamples(leaf, leaf.value, text))
}

const HUNDRED = fractionOf('100')

/** What is never below 0 cannot fall by more than it is, and what is always above it not even by all of it. */
function checkFall(leaf: MoveNode, text: string): void {
  const { least } = boundsOf(leaf.value)
  if (leaf.direction !== 'down' || leaf.amount.unit !== '%' || !least?.value[0].isZero()) return
  const order = orderOfFractions(fractionOf(leaf.amount.text), HUNDRED)
  if (order < 0 || (order === 0 && least.included)) return
  throw foregone(leaf, 'never', limitOf(leaf.value, least.value), [replaced(text, leaf.amount.at, '5%')])
}

/** The items of an `and` or `or` that speak of the same value, taken together. */
function checkTogether(node: LogicNode, parts: readonly Part[], text: string): void {
  for (const name of new Set(readingsOf(parts).map((reading) => reading.name))) {
    const group = parts.filter(({ reading }) => reading.name === name)
    const reading = group.length > 1 ? joined(node.type, readingsOf(group)) : undefined
    const verdict = reading ? verdictOn(reading) : 'open'
    if (verdict !== 'open') throw foregoneTogether(node, verdict, group, text)
  }
}

function foregoneTogether(
  { type, items, at }: LogicNode,
  verdict: 'always' | 'never',
  group: readonly Part[],
  text: string,
): Problem {
  const said = listed(atFault(type, verdict, group).map(({ item }) => shortened(formatCondition(item))))
  const [before, last] = group.slice(-2).map(({ item }) => item.at)
  const withoutLast = without(text, { start: before!.end, end: last!.end })
  return verdict === 'never'
    ? new Problem(`This can never be met: ${said} exclude each other.`, at, [
        ...neverTries(items, at, text),
        withoutLast,
      ])
    : new Problem(`This is always true: one of ${said} always holds.`, at, [relinked(items, text, 'and'), withoutLast])
}

/** Of more parts than this no pair is looked for. */
const MOST_PAIRED = 6

/** The first two parts that make the verdict by themselves; all of them where no two do. */
function atFault(type: LogicNode['type'], verdict: Verdict, group: readonly Part[]): readonly Part[] {
  if (group.length > MOST_PAIRED) return group
  const pairs = group.flatMap((one, i) => group.slice(i + 1).map((other) => [one, other]))
  return pairs.find((pair) => verdictOn(joined(type, readingsOf(pair))!) === verdict) ?? group
}

function listed(texts: readonly string[]): string {
  return (texts.length > 3 ? [...texts.slice(0, 2), `${texts.length - 2} more`] : texts).join(' and ')
}

/** `or` in place of `and`; or, of two bounds the wrong way round, the range between them. */
function neverTries(items: readonly Condition[], at: LogicNode['at'], text: string): string[] {
  const bounds = items.flatMap((item) =>
    item.type === 'compare' && item.right.type === 'number' ? [{ ...item, level: exactOf(item.right.text) }] : [],
  )
  const [low, high] = bounds.sort((a, b) => a.level.cmp(b.level))
  const isRange = items.length === 2 && low && high && !low.level.eq(high.level)
  const range = isRange
    ? `${formatExpression(low.left)} between ${formatExpression(low.right)} and ${formatExpression(high.right)}`
    : ''
  return [relinked(items, text, 'or'), range && replaced(text, at, range)]
}

/** Two conditions with another word between them. */
function relinked(items: readonly Condition[], text: string, link: string): string {
  const [first, second] = items
  if (items.length !== 2 || !first || !second || first.at.end > second.at.start) return ''
  return replaced(text, { start: first.at.end, end: second.at.start }, ` ${link} `)
}

function said(leaf: Leaf): string {
  return shortened(formatCondition(leaf), 70)
}
