import type {
  CompareNode,
  Condition,
  CrossNode,
  Expression,
  MoveNode,
  NumberNode,
  Options,
  Parsed,
  RangeNode,
  SeriesNode,
  Since,
  Until,
} from './ast.ts'
import { spanInterval } from './calls.ts'
import { FUNCTIONS } from './functions.ts'
import { inQuotes } from './note.ts'
import { formatSymbol } from './symbols.ts'
import { CONTEXTS } from './words.ts'

/**
 * The canonical text of a line: what the bot reads back and the database keeps. `parse` makes the same tree of it, but for
 * the places in the text. `once` is not printed; the other options follow in one order.
 */
export function format({ condition, options }: Parsed): string {
  return [formatCondition(condition), ...optionWords(options)].join(' ')
}

/** The canonical text of a condition: every metric named, no bracket that is not needed. */
export function formatCondition(condition: Condition): string {
  return print(condition, LOOSEST, { write: formatExpression, subject: formatExpression })
}

/**
 * The short text for lists: `price` left out, and a subject that is the one before (`AAPL > 500 or < 300`). `parse` makes
 * the same tree of it.
 */
export function brief({ condition, options }: Parsed): string {
  return [print(condition, LOOSEST, briefWriter()), ...optionWords(options)].join(' ')
}

/** A value as canonical text: `AAPL price`, `$500`, `-5%`, `2 * sma(AAPL, 50)`. */
export function formatExpression(expression: Expression): string {
  return printValue(expression, LOOSEST, WHOLE)
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
  const { mode, every, cooldown, for: held, atClose, during, until, via, urgent, note } = options
  return [
    mode === 'repeat' ? 'repeat' : '',
    every === undefined ? '' : `every ${duration(every)}`,
    cooldown === undefined ? '' : `cooldown ${duration(cooldown)}`,
    held === undefined ? '' : `for ${duration(held)}`,
    atClose ? 'at close' : '',
    during === undefined ? '' : `during ${during}${during === 'always' ? '' : ' hours'}`,
    until === undefined ? '' : `until ${formatUntil(until)}`,
    via === undefined ? '' : `via ${via.join(', ')}`,
    urgent ? 'urgent' : '',
    note === undefined ? '' : `note ${inQuotes(note)}`,
  ].filter(Boolean)
}

/** How values are written; a subject comes out empty where it is the one before. */
type Writer = { write(expression: Expression): string; subject(subject: Expression): string }

const LOOSEST = 0
const LEVEL = { or: 0, and: 1, not: 2, compare: 3, between: 3, outside: 3, cross: 3, move: 3 } as const

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
    case 'cross':
      return printCross(condition, writer)
    case 'move':
      return printMove(condition, writer)
  }
}

function printCompare({ left, operator, right }: CompareNode, writer: Writer): string {
  return `${printSubject(left, writer)}${operator} ${writer.write(right)}`
}

function printRange({ type, value, low, high }: RangeNode, writer: Writer): string {
  return `${printSubject(value, writer)}${type} ${writer.write(low)} and ${writer.write(high)}`
}

const CROSSES = { above: 'crosses above', below: 'crosses below', either: 'crosses' } as const
const TOUCHES = { above: 'rises to', below: 'falls to', either: 'hits' } as const

function printCross({ value, direction, touch, level }: CrossNode, writer: Writer): string {
  const words = (touch ? TOUCHES : CROSSES)[direction]
  return `${printSubject(value, writer)}${words} ${writer.write(level)}`
}

const MOVES = { up: 'up', down: 'down', either: 'moves' } as const

function printMove({ value, direction, amount, since }: MoveNode, writer: Writer): string {
  return `${printSubject(value, writer)}${MOVES[direction]} ${formatNumber(amount)} ${printSince(since, writer)}`
}

function printSince(since: Since, writer: Writer): string {
  switch (since.type) {
    case 'window':
      return `in ${duration(since.ms)}`
    case 'today':
      return 'today'
    case 'high':
    case 'low':
      return `from ${duration(since.ms)} ${since.type}`
    case 'level':
      return `from ${asSymbol(writer.write(since.level))}`
    default:
      return `from ${since.type}`
  }
}

/** After `from` some symbols would be read as words of the language: `from $NOW price`. */
function asSymbol(value: string): string {
  const first = /^\w+/.exec(value)?.[0].toLowerCase() ?? ''
  const { words, skip } = CONTEXTS.get('from')!
  return words.has(first) || skip.has(first) ? `$${value}` : value
}

function printSubject(subject: Expression, writer: Writer): string {
  const text = writer.subject(subject)
  return text && `${text} `
}

function briefWriter(): Writer {
  let last = ''
  const write = (expression: Expression) => printValue(expression, LOOSEST, SHORT)
  const subject = (expression: Expression) => {
    const text = write(expression)
    const shown = text === last ? '' : text
    last = text
    return shown
  }
  return { write, subject }
}

/** Whether a price is named as such. */
type Naming = { readonly price: ' price' | '' }
const WHOLE: Naming = { price: ' price' }
const SHORT: Naming = { price: '' }

const SUM = 1
const PRODUCT = 2
const SIGNED = 3
const BINDING = { '+': SUM, '-': SUM, '*': PRODUCT, '/': PRODUCT } as const

function printValue(value: Expression, place: number, naming: Naming): string {
  switch (value.type) {
    case 'number':
      return formatNumber(value)
    case 'metric':
      return formatSymbol(value.symbol) + (value.metric === 'price' ? naming.price : ` ${value.metric}`)
    case 'series':
      return printSeries(value)
    case 'math':
      return `${value.name}(${value.args.map((arg) => printValue(arg, LOOSEST, SHORT)).join(', ')})`
    case 'negate':
      return bracketed(`-${printValue(value.item, SIGNED, naming)}`, SIGNED, place)
    case 'arithmetic': {
      const level = BINDING[value.operator]
      const left = printValue(value.left, level, naming)
      return bracketed(`${left} ${value.operator} ${printValue(value.right, level + 1, naming)}`, level, place)
    }
  }
}

function bracketed(text: string, level: number, place: number): string {
  return level < place ? `(${text})` : text
}

/** What is preset and cannot be told from what was typed is left out: the price, and the interval meant without one. */
function printSeries({ name, of, lengths, span, interval }: SeriesNode): string {
  const entry = FUNCTIONS[name]
  const preset = entry?.type === 'series' ? entry.of[0] : 'price'
  const symbol = formatSymbol(of.symbol)
  const usual = span === undefined ? '1d' : spanInterval(span)
  const args = [
    of.metric === preset ? symbol : `${symbol} ${of.metric}`,
    ...(span === undefined ? lengths.map(String) : [duration(span)]),
    ...(interval === usual ? [] : [interval]),
  ]
  return `${name}(${args.join(', ')})`
}
