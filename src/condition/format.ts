import type {
  CompareNode,
  Condition,
  Expression,
  MetricNode,
  NumberNode,
  Options,
  Parsed,
  RangeNode,
  Until,
} from './ast.ts'
import { formatSymbol, keyOf } from './symbols.ts'

/**
 * The canonical text of a line: what the bot reads back and the database keeps. `parse` makes the same tree of it, but for
 * the places in the text. `once` is not printed; the other options follow in one order.
 */
export function format({ condition, options }: Parsed): string {
  return [formatCondition(condition), ...optionWords(options)].join(' ')
}

/** The canonical text of a condition: every metric named, no bracket that is not needed. */
export function formatCondition(condition: Condition): string {
  return print(condition, LOOSEST, { write: formatExpression })
}

/**
 * The short text for lists: `price` left out, and a subject that is the one before (`AAPL > 500 or < 300`). `parse` makes
 * the same tree of it.
 */
export function brief({ condition, options }: Parsed): string {
  return [print(condition, LOOSEST, briefWriter()), ...optionWords(options)].join(' ')
}

/** A value as canonical text: `AAPL price`, `$500`, `-5%`. */
export function formatExpression(expression: Expression): string {
  if (expression.type === 'number') return formatNumber(expression)
  return `${formatSymbol(expression.symbol)} ${expression.metric}`
}

/** A number with its unit where the language has it: `5%`, `-$5`. */
export function formatNumber({ text, unit }: NumberNode): string {
  if (unit === undefined) return text
  if (unit === '%') return `${text}%`
  return text.startsWith('-') ? `-${unit}${text.slice(1)}` : `${unit}${text}`
}

/** A length of time (ms) as the language has it: `1h30m`, `1w`, `90s` as `1m30s`. Parts of a second are dropped. */
export function duration(ms: number): string {
  let seconds = Math.floor(ms / 1000)
  if (seconds > 0 && seconds % WEEK === 0) return `${seconds / WEEK}w`
  let text = ''
  for (const [unit, size] of PARTS) {
    const count = Math.floor(seconds / size)
    if (count > 0) text += `${count}${unit}`
    seconds -= count * size
  }
  return text || '0s'
}

const WEEK = 7 * 86_400
const PARTS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const

/** A moment as the language has it: `2026-12-31 17:00`. */
export function formatUntil({ date, time }: Until): string {
  return time === undefined ? date : `${date} ${time}`
}

/** Options in canonical order; none for `once` alone. */
function optionWords(options: Options): string[] {
  return [
    options.mode === 'repeat' ? 'repeat' : '',
    options.every === undefined ? '' : `every ${duration(options.every)}`,
    options.cooldown === undefined ? '' : `cooldown ${duration(options.cooldown)}`,
    options.for === undefined ? '' : `for ${duration(options.for)}`,
    options.until === undefined ? '' : `until ${formatUntil(options.until)}`,
  ].filter(Boolean)
}

/** How values are written; a subject may come out empty where it can be left out. */
type Writer = { write(expression: Expression): string; subject?(subject: MetricNode): string }

const LOOSEST = 0
const LEVEL = { or: 0, and: 1, not: 2, compare: 3, between: 3, outside: 3 } as const

/** Brackets go around what binds looser than the place it stands in. */
function print(condition: Condition, place: number, writer: Writer): string {
  const level = LEVEL[condition.type]
  const text = printBare(condition, level, writer)
  return level < place ? `(${text})` : text
}

function printBare(condition: Condition, level: number, writer: Writer): string {
  switch (condition.type) {
    case 'or':
    case 'and':
      return condition.items.map((item) => print(item, level + 1, writer)).join(` ${condition.type} `)
    case 'not':
      return `not ${print(condition.item, level, writer)}`
    case 'compare':
      return printCompare(condition, writer)
    case 'between':
    case 'outside':
      return printRange(condition, writer)
  }
}

function printCompare({ left, operator, right }: CompareNode, writer: Writer): string {
  return `${printSubject(left, writer)}${operator} ${writer.write(right)}`
}

function printRange({ type, value, low, high }: RangeNode, writer: Writer): string {
  return `${printSubject(value, writer)}${type} ${writer.write(low)} and ${writer.write(high)}`
}

function printSubject(subject: Expression, { write, subject: shorten }: Writer): string {
  const text = subject.type === 'metric' && shorten ? shorten(subject) : write(subject)
  return text && `${text} `
}

function briefWriter(): Writer {
  let last = ''
  const write = (expression: Expression) =>
    expression.type === 'metric' && expression.metric === 'price'
      ? formatSymbol(expression.symbol)
      : formatExpression(expression)
  const subject = (node: MetricNode) => {
    const name = `${keyOf(node.symbol)} ${node.metric}`
    const text = name === last ? '' : write(node)
    last = name
    return text
  }
  return { write, subject }
}
