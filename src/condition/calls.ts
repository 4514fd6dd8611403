import type { Expression, MathNode, MetricNode, NumberNode, SeriesNode, Span, SymbolNode } from './ast.ts'
import type { Argument, Length, RawCall, RawValue } from './build.ts'
import { Problem, quoted, replaced } from './errors.ts'
import { FUNCTIONS, type NumberFunction, type SeriesFunction, type Length as Size } from './functions.ts'
import { INTERVALS, type Interval, intervalFor } from './history.ts'
import { nearest } from './nearest.ts'
import { numberOf } from './numbers.ts'
import { formatSymbol } from './symbols.ts'

/** What a function needs to know of the line: how its arguments are read, and the symbol named last before it. */
export type Reading = {
  readonly text: string
  read(value: RawValue): Expression
  readonly near: SymbolNode | undefined
}

/**
 * What a function is, by its entry in the table, with everything filled in that the table presets. Throws a `Problem`
 * where there is no such function, or where it is not given what it takes.
 */
export function readCall(call: RawCall, reading: Reading): SeriesNode | MathNode {
  const entry = FUNCTIONS[call.name]
  if (!entry) throw unknownFunction(call, reading.text)
  return entry.type === 'series' ? readSeries(call, entry, reading) : readMath(call, entry, reading)
}

function unknownFunction({ name, head }: RawCall, text: string): Problem {
  const known = nearest(name, Object.keys(FUNCTIONS))
  const question = known === undefined ? '' : ` Did you mean ${known}?`
  const tries = known === undefined ? [] : [replaced(text, head, known)]
  return new Problem(`I don't know a function called ${name.slice(0, 20)}.${question}`, head, tries)
}

// ---- functions over numbers

function readMath(call: RawCall, entry: NumberFunction, { text, read }: Reading): MathNode {
  const { name, args, at } = call
  const lengthOfTime = args.find((arg) => arg.type === 'length')
  if (lengthOfTime) {
    throw new Problem(`${quoted(text, lengthOfTime.at)} is a length of time; ${name} takes numbers.`, lengthOfTime.at, [
      replaced(text, at, entry.usage),
    ])
  }
  if (args.length < entry.least || args.length > entry.most) {
    const sentence = `${name} takes ${amountOf(entry)}, not ${args.length}, like ${entry.usage}.`
    throw new Problem(sentence, at, [replaced(text, at, entry.usage)])
  }
  return { type: 'math', name, args: args.map((arg) => read(arg as RawValue)), at }
}

function amountOf({ least, most }: NumberFunction): string {
  if (least === most) return least === 1 ? '1 value' : `${least} values`
  return most === least + 1 ? `${least} or ${most} values` : `${least} to ${most} values`
}

// ---- functions over candles

function readSeries(typed: RawCall, entry: SeriesFunction, reading: Reading): SeriesNode {
  const call = typed.name === 'signal' ? ofSignalLine(typed, reading) : typed
  const of = readSubject(call, entry, reading)
  const { sizes, span, interval } = takeApart(call, entry, reading.text)
  const { name, at } = call
  if (span) return { type: 'series', name, of, lengths: [], ...readSpan(span, interval, call, reading.text), at }
  const lengths = entry.lengths.map((size, i) => readSize(size, sizes[i], call, entry, reading.text))
  return { type: 'series', name, of, lengths, interval: interval ? readInterval(interval, reading.text) : '1d', at }
}

/** `signal(macd(AAPL))` is `signal(AAPL)`, and what macd was given is given to it. */
function ofSignalLine(call: RawCall, reading: Reading): RawCall {
  const [inner, ...rest] = call.args
  if (inner?.type !== 'call' || inner.name !== 'macd') return call
  const { of, lengths, interval } = readSeries(inner, FUNCTIONS.macd as SeriesFunction, reading)
  const numbers = lengths.map((length): NumberNode => ({ type: 'number', text: String(length), at: inner.at }))
  const last = rest.at(-1)
  const own: Length[] = last && asLength(last) ? [] : [{ type: 'length', ms: INTERVALS[interval], at: inner.at }]
  return { ...call, args: [of, ...numbers, ...rest, ...own] }
}

function readSubject({ name, args, at }: RawCall, entry: SeriesFunction, { text, read, near }: Reading): MetricNode {
  const [first] = args
  if (!first || first.type === 'number' || first.type === 'length') {
    const place = first ? { start: first.at.start, end: first.at.start } : { start: at.end - 1, end: at.end - 1 }
    const symbol = (near ? formatSymbol(near) : 'AAPL') + (first ? ', ' : '')
    const tries = [replaced(text, place, symbol), replaced(text, at, entry.usage)]
    throw new Problem(`${name} of which symbol? Write it like ${entry.usage}.`, at, tries)
  }
  const value = read(first)
  if (value.type !== 'metric') {
    throw new Problem(`${name} is taken of one symbol, like ${entry.usage}.`, first.at, [
      replaced(text, at, entry.usage),
    ])
  }
  const metric = first.type === 'metric' && first.metric === null ? entry.of[0]! : value.metric
  if (entry.of.some((known) => known === metric)) return { ...value, metric }
  const sentence = `${name} cannot be taken of ${metric}, only of ${listed(entry.of)}.`
  throw new Problem(sentence, first.at, [replaced(text, first.at, formatSymbol(value.symbol))])
}

function listed(words: readonly string[], link = 'or'): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} ${link} ${words.at(-1)}`
}

type Parts = { readonly sizes: readonly Argument[]; readonly span?: Length; readonly interval?: Length }

/** What follows the symbol: numbers, or a length of time in place of the only one; and an interval after them. */
function takeApart(call: RawCall, entry: SeriesFunction, text: string): Parts {
  const rest = call.args.slice(1)
  const last = rest.at(-1)
  const lastLength = last && asLength(last)
  const needed = entry.span ? 1 : entry.lengths.filter(({ preset }) => preset === undefined).length
  const interval = lastLength && rest.length > needed ? lastLength : undefined
  const before = interval ? rest.slice(0, -1) : rest
  const [only] = before
  const span = entry.span && before.length === 1 && only ? asLength(only) : undefined
  if (before.length > entry.lengths.length) throw tooMany(call, entry, before[entry.lengths.length]!.at, text)
  return { sizes: before, ...(span ? { span } : {}), ...(interval ? { interval } : {}) }
}

/** How a function is written, of the symbol it was given. */
function usageOf({ args: [first] }: RawCall, { usage }: SeriesFunction): string {
  return first?.type === 'metric' ? usage.replace('AAPL', formatSymbol(first.symbol)) : usage
}

function tooMany(call: RawCall, entry: SeriesFunction, where: Span, text: string): Problem {
  const { name, at } = call
  const most = ['a symbol', ...entry.lengths.map((size) => size.name), 'interval']
  const sentence = `${name} takes no more than ${listed(most, 'and')}, like ${entry.usage}.`
  return new Problem(sentence, where, [replaced(text, at, usageOf(call, entry))])
}

/** A length of time among the arguments. `2m` can only be two minutes here: nothing counts millions of candles. */
function asLength(arg: Argument): Length | undefined {
  if (arg.type === 'length') return arg
  if (arg.type !== 'number' || arg.unit !== undefined || !/^[\d.]+m$/.test(arg.text)) return undefined
  return { type: 'length', ms: Math.round(Number(arg.text.slice(0, -1)) * INTERVALS['1m']), at: arg.at }
}

function readSize(size: Size, arg: Argument | undefined, call: RawCall, entry: SeriesFunction, text: string): number {
  if (!arg && size.preset !== undefined) return size.preset
  if (!arg) throw sizeMissing(call, entry, text)
  const lengthOfTime = asLength(arg)
  const typed = text.slice(arg.at.start, arg.at.end)
  if (lengthOfTime) {
    const count = /^\d+/.exec(typed)?.[0] ?? '20'
    const sentence = `${quoted(text, arg.at)} is a length of time; ${call.name} takes a number of candles, like ${entry.usage}.`
    throw new Problem(sentence, arg.at, [replaced(text, arg.at, count), replaced(text, call.at, usageOf(call, entry))])
  }
  const isPlain = arg.type === 'number' && arg.unit === undefined
  const number = isPlain ? numberOf(arg.text) : Number.NaN
  if (Number.isInteger(number) && number >= size.least && number <= size.most) return number
  const sentence = `Here ${call.name} takes a whole number from ${size.least} to ${size.most}, like ${entry.usage}.`
  const nearby = Math.min(Math.max(Math.round(number), size.least), size.most)
  throw new Problem(sentence, arg.at, [
    replaced(text, arg.at, String(nearby)),
    replaced(text, call.at, usageOf(call, entry)),
  ])
}

function sizeMissing(call: RawCall, entry: SeriesFunction, text: string): Problem {
  const { name, at } = call
  const end = { start: at.end - 1, end: at.end - 1 }
  const tries = [replaced(text, end, ', 20'), replaced(text, at, usageOf(call, entry))]
  return new Problem(`${name} over how many candles? Write it like ${entry.usage}.`, at, tries)
}

const KNOWN = Object.entries(INTERVALS) as [Interval, number][]

function readInterval({ ms, at }: Length, text: string): Interval {
  const known = KNOWN.find(([, length]) => length === ms)
  if (known) return known[0]
  const off = (length: number) => Math.abs(Math.log(length / Math.max(1, ms)))
  const [near] = [...KNOWN].sort(([, one], [, other]) => off(one) - off(other))
  const sentence = `There are candles of ${listed(Object.keys(INTERVALS), 'and')}, not of ${text.slice(at.start, at.end)}.`
  throw new Problem(sentence, at, [replaced(text, at, near![0])])
}

/** No more candles than this are fetched for one function. */
const MOST_CANDLES = 999

function readSpan(
  span: Length,
  typed: Length | undefined,
  call: RawCall,
  text: string,
): { span: number; interval: Interval } {
  const interval = typed ? readInterval(typed, text) : spanInterval(span.ms)
  const count = span.ms / INTERVALS[interval]
  if (span.ms % 1000 === 0 && count >= 1 && count <= MOST_CANDLES) return { span: span.ms, interval }
  const said = quoted(text, span.at)
  if (count > MOST_CANDLES) {
    const sentence = `${said} is too long: ${call.name} sees at most ${MOST_CANDLES} candles of ${interval}.`
    throw new Problem(sentence, span.at, [
      typed ? replaced(text, typed.at, spanInterval(span.ms)) : '',
      replaced(text, span.at, '52w'),
    ])
  }
  const sentence = `${said} is ${count < 1 ? `shorter than one candle of ${interval}` : 'no whole number of seconds'}.`
  throw new Problem(sentence, span.at, [replaced(text, span.at, interval), replaced(text, span.at, '52w')])
}

/** At which interval a length of time (ms) is looked back on where none is typed. */
export function spanInterval(ms: number): Interval {
  return ms >= 7 * INTERVALS['1d'] ? '1d' : intervalFor(ms)
}
