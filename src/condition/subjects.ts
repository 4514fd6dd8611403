import type { Condition, Expression, LogicNode, MetricNode, Operator } from './ast.ts'
import type { Bare, Raw, RawChain, RawCompare, RawRange, RawValue } from './build.ts'
import { Problem, quoted, replaced } from './errors.ts'
import { exactOf, numberOf } from './numbers.ts'

/** What was typed, and the subject of the comparison before, which the next may leave out. */
type Reading = { readonly text: string; subject: MetricNode | null }

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
  return fill(raw, { text, subject: null })
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
    case 'not':
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

function fillCompare({ left, operator, right, at }: RawCompare, reading: Reading): Condition {
  const first = left ? fillValue(left, reading) : subjectOf(reading, at)
  if (first.type === 'metric') reading.subject = first
  const second = fillValue(right, reading)
  if (first.type === 'number' && second.type === 'metric') {
    reading.subject = second
    return { type: 'compare', left: second, operator: FLIPPED[operator], right: first, at }
  }
  return { type: 'compare', left: first, operator, right: second, at }
}

function fillRange({ type, value, ends, at }: RawRange, reading: Reading): Condition {
  const subject = value ? fillValue(value, reading) : subjectOf(reading, at)
  if (subject.type === 'metric') reading.subject = subject
  const [first, second] = ends.map((end) => fillValue(end, reading)) as [Expression, Expression]
  const reversed = first.type === 'number' && second.type === 'number' && exactOf(first.text).gt(exactOf(second.text))
  return { type, value: subject, low: reversed ? second : first, high: reversed ? first : second, at }
}

function fillChain(chain: RawChain, reading: Reading): Condition {
  const [first, middle, last] = chain.values
  const [before, after] = chain.operators
  if (middle.type === 'number')
    throw chainProblem(chain, reading.text, 'The symbol of a chain stands in the middle, like 300 < AAPL < 500.')
  if (before.charAt(0) !== after.charAt(0) || !/^[<>]/.test(before)) {
    throw chainProblem(chain, reading.text, 'The two signs of a chain point the same way, like 300 < AAPL < 500.')
  }
  const subject = fillValue(middle, reading) as MetricNode
  reading.subject = subject
  const low: Condition = {
    type: 'compare',
    left: subject,
    operator: FLIPPED[before],
    right: fillValue(first, reading),
    at: chain.at,
  }
  const high: Condition = {
    type: 'compare',
    left: subject,
    operator: after,
    right: fillValue(last, reading),
    at: chain.at,
  }
  return { type: 'and', items: [low, high], at: chain.at }
}

function chainProblem({ values, operators, at }: RawChain, text: string, sentence: string): Problem {
  const numbers = values.filter((value) => value.type === 'number').sort((a, b) => numberOf(a.text) - numberOf(b.text))
  const subject = values.find((value) => value.type !== 'number')
  const [low, high] = numbers.map((value) => text.slice(value.at.start, value.at.end))
  const name = subject && text.slice(subject.at.start, subject.at.end)
  const ordered = replaced(text, at, `${low} < ${name} < ${high}`)
  const apart = replaced(text, { start: values[1].at.end, end: values[1].at.end }, ' or')
  return new Problem(
    sentence,
    at,
    operators[0].charAt(0) === operators[1].charAt(0) ? [ordered, apart] : [apart, ordered],
  )
}

function fillValue(value: RawValue, reading: Reading): Expression {
  if (value.type === 'number') return value
  if (value.type === 'metric') return { ...value, metric: value.metric ?? 'price' }
  if (!reading.subject) throw whoseMetric(value, reading.text)
  return { type: 'metric', symbol: reading.subject.symbol, metric: value.metric, at: value.at }
}

/** A metric word may also be meant as a stock of that name, all the more so in capitals. */
function whoseMetric({ metric, at }: Bare, text: string): Problem {
  const ticker = `stock:${metric.toUpperCase()}`
  const capitals = text.slice(at.start, at.end) === metric.toUpperCase()
  const tries = [replaced(text, at, `AAPL ${metric}`), ...(metric.includes(' ') ? [] : [replaced(text, at, ticker)])]
  const sentence = metric.includes(' ')
    ? `The ${metric} of which symbol? Say for example AAPL ${metric}.`
    : `The ${metric} of which symbol? For the stock of that name write ${ticker}.`
  return new Problem(sentence, at, capitals ? tries.reverse() : tries)
}

function subjectOf({ subject, text }: Reading, at: Raw['at']): MetricNode {
  if (subject) return subject
  const inserted = replaced(text, { start: at.start, end: at.start }, 'AAPL ')
  const ticker = /^\s*[A-Z]{2,}\b/.test(text) ? [`$${text.trim()}`] : []
  throw new Problem(`Which symbol is ${quoted(text, at)} about?`, at, [...ticker, inserted])
}
