import type { Condition, Expression, LogicNode, Operator } from './ast.ts'
import type { Raw, RawChain, RawCompare, RawCross, RawMove, RawRange, RawValue } from './build.ts'
import { Problem, quoted, replaced } from './errors.ts'
import { readMove } from './moves.ts'
import { exactOf, numberOf } from './numbers.ts'
import { metricsIn } from './symbols.ts'
import { readValue } from './values.ts'

/**
 * What was typed, the value that was spoken of last, which the next part may leave out, and whether that was said to
 * cross something.
 */
type Reading = { readonly text: string; subject: Expression | null; crossed: boolean }

const FLIPPED: Readonly<Record<Operator, Operator>> = {
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
  '=': '=',
  '!=': '!=',
}

/**
 * Puts in the subjects that were left out, takes chains apart, and turns comparisons round so that the symbol stands
 * left of a number and the low end of a range before the high one. Throws a `Problem` where there is nothing to put in.
 */
export function fillSubjects(raw: Raw, text: string): Condition {
  return fill(raw, { text, subject: null, crossed: false })
}

function fill(raw: Raw, reading: Reading): Condition {
  switch (raw.type) {
    case 'compare':
      return fillCompare(raw, reading)
    case 'chain':
      return fillChain(raw, reading)
    case 'between':
    case 'outside':
      return fillRange(raw, reading)
    case 'cross':
      return fillCross(raw, reading)
    case 'move':
      return fillMove(raw, reading)
    case 'not':
      reading.crossed = false
      return { type: 'not', item: fill(raw.item, reading), at: raw.at }
    case 'and':
    case 'or':
      return flat({ type: raw.type, items: raw.items.map((item) => fill(item, reading)), at: raw.at })
  }
}

/** A chain inside an `and` became an `and` of its own. */
function flat({ type, items, at }: LogicNode): LogicNode {
  return { type, items: items.flatMap((item) => (item.type === type ? item.items : [item])), at }
}

/** The value that something is said of: what was typed, or what was spoken of last. */
function subjectOf({ value, at }: { value: RawValue | null; at: Raw['at'] }, reading: Reading): Expression {
  if (!value) return reading.subject ?? noSubject(at, reading.text)
  const subject = readValue(value, reading)
  if (!isConstant(subject)) reading.subject = subject
  return subject
}

function noSubject(at: Raw['at'], text: string): never {
  const inserted = replaced(text, { start: at.start, end: at.start }, 'AAPL ')
  const ticker = /^\s*[A-Z]{2,}\b/.test(text) ? [`$${text.trim()}`] : []
  throw new Problem(`Which symbol is ${quoted(text, at)} about?`, at, [...ticker, inserted])
}

/** Whether it speaks of no symbol. */
function isConstant(value: Expression): boolean {
  return metricsIn(value).length === 0
}

function fillCompare(raw: RawCompare, reading: Reading): Condition {
  if (reading.crossed) askWhetherCrossing(raw, reading.text)
  reading.crossed = false
  const { operator, at } = raw
  const left = subjectOf(raw, reading)
  const right = readValue(raw.right, reading)
  if (!isConstant(left) || isConstant(right)) return { type: 'compare', left, operator, right, at }
  reading.subject = right
  return { type: 'compare', left: right, operator: FLIPPED[operator], right: left, at }
}

/** `crosses above 500 or below 300` can be read two ways, and they do not fire at the same moments. */
function askWhetherCrossing({ value, sign, right, at }: RawCompare, text: string): void {
  const word = text.slice(sign.start, sign.end).toLowerCase()
  if (value || sign.start !== at.start || !/^(?:above|over|below|under)$/.test(word)) return
  const said = `${word} ${text.slice(right.at.start, right.at.end)}`
  const start = { start: at.start, end: at.start }
  const tries = ['crosses ', 'is '].map((before) => replaced(text, start, before))
  throw new Problem(`Crosses ${said}, or is ${said}? Say which.`, at, tries)
}

function fillRange(raw: RawRange, reading: Reading): Condition {
  reading.crossed = false
  const value = subjectOf(raw, reading)
  const [first, second] = raw.ends.map((end) => readValue(end, reading)) as [Expression, Expression]
  const reversed = first.type === 'number' && second.type === 'number' && exactOf(first.text).gt(exactOf(second.text))
  return { type: raw.type, value, low: reversed ? second : first, high: reversed ? first : second, at: raw.at }
}

const OTHER_WAY = { above: 'below', below: 'above', either: 'either' } as const

function fillCross(raw: RawCross, reading: Reading): Condition {
  const value = subjectOf(raw, reading)
  const level = readValue(raw.level, reading)
  reading.crossed = true
  const { type, direction, at } = raw
  const touch = raw.touch ? ({ touch: true } as const) : {}
  if (!isConstant(value) || isConstant(level)) return { type, value, direction, ...touch, level, at }
  reading.subject = level
  return { type, value: level, direction: OTHER_WAY[direction], ...touch, level: value, at }
}

function fillMove(raw: RawMove, reading: Reading): Condition {
  reading.crossed = false
  return readMove(raw, subjectOf(raw, reading), reading.text)
}

function fillChain(chain: RawChain, reading: Reading): Condition {
  reading.crossed = false
  const { values, at } = chain
  const [before, after] = chain.operators
  const middle = subjectOf({ value: values[1], at }, reading)
  if (isConstant(middle))
    throw chainProblem(chain, reading.text, 'The symbol of a chain stands in the middle, like 300 < AAPL < 500.')
  if (before.charAt(0) !== after.charAt(0) || !/^[<>]/.test(before)) {
    throw chainProblem(chain, reading.text, 'The two signs of a chain point the same way, like 300 < AAPL < 500.')
  }
  const compared = (operator: Operator, value: RawValue): Condition => {
    return { type: 'compare', left: middle, operator, right: readValue(value, reading), at }
  }
  return { type: 'and', items: [compared(FLIPPED[before], values[0]), compared(after, values[2])], at }
}

function chainProblem({ values, operators, at }: RawChain, text: string, sentence: string): Problem {
  const numbers = values.filter((value) => value.type === 'number').sort((a, b) => numberOf(a.text) - numberOf(b.text))
  const subject = values.find((value) => value.type !== 'number')
  const [low, high] = numbers.map((value) => text.slice(value.at.start, value.at.end))
  const name = subject && text.slice(subject.at.start, subject.at.end)
  const ordered = replaced(text, at, `${low} < ${name} < ${high}`)
  const apart = replaced(text, { start: values[1].at.end, end: values[1].at.end }, ' or')
  const sameWay = operators[0].charAt(0) === operators[1].charAt(0)
  return new Problem(sentence, at, sameWay ? [ordered, apart] : [apart, ordered])
}
