import type { AssetClass, Metric, NumberNode, Operator, Span, SymbolNode } from './ast.ts'
import { spanning } from './errors.ts'
import type { Token } from './lexer.ts'

/** A metric without a symbol; it belongs to the symbol before it. */
export type Bare = { readonly type: 'bare'; readonly metric: Metric; readonly at: Span }
/** A symbol and what is asked of it; `metric` is null where nothing was said, which means its price. */
export type RawMetric = {
  readonly type: 'metric'
  readonly symbol: SymbolNode
  readonly metric: Metric | null
  readonly at: Span
}
/** Anything that may stand on a side of a comparison. */
export type RawValue = NumberNode | RawMetric | Bare

/** A condition as the grammar sees it: subjects may be left out (`null`), chains are still chains. */
export type Raw = RawCompare | RawChain | RawRange | RawNot | RawLogic
/** Two values compared. */
export type RawCompare = {
  readonly type: 'compare'
  readonly left: RawValue | null
  readonly operator: Operator
  readonly right: RawValue
  readonly at: Span
}
/** Three values compared in a row: `300 < AAPL < 500`. */
export type RawChain = {
  readonly type: 'chain'
  readonly values: readonly [RawValue, RawValue, RawValue]
  readonly operators: readonly [Operator, Operator]
  readonly at: Span
}
/** A value `between` or `outside` two ends. */
export type RawRange = {
  readonly type: 'between' | 'outside'
  readonly value: RawValue | null
  readonly ends: readonly [RawValue, RawValue]
  readonly at: Span
}
/** A condition turned round. */
export type RawNot = { readonly type: 'not'; readonly item: Raw; readonly at: Span }
/** Conditions linked by the same word. */
export type RawLogic = { readonly type: 'and' | 'or'; readonly items: readonly Raw[]; readonly at: Span }

/** What was typed after `until`; which day it is depends on the clock. */
export type Day =
  | { readonly type: 'date'; readonly date: string }
  | { readonly type: 'weekday'; readonly weekday: number }
  | { readonly type: 'annual'; readonly day: number; readonly month: number }
  | { readonly type: 'today' }
  | { readonly type: 'tomorrow' }
/** A day, a time of day (`HH:MM`), or both. */
export type Moment = { readonly day: Day | null; readonly time: string | null; readonly at: Span }
/** A length of time in ms, and where it was typed. */
export type Length = { readonly ms: number; readonly at: Span }
/** One option as typed, before it is known whether it goes with the others. */
export type RawOption =
  | { readonly name: 'once' | 'repeat'; readonly at: Span }
  | { readonly name: 'every' | 'cooldown' | 'for' | 'expires in'; readonly length: Length; readonly at: Span }
  | { readonly name: 'until'; readonly moment: Moment; readonly at: Span }

/** What the grammar makes of a whole line. */
export type RawLine = { readonly condition: Raw; readonly options: readonly RawOption[] }

type Relation = { readonly operator: Operator; readonly negated?: boolean; readonly at: Span }
type Limits = {
  readonly type: 'between' | 'outside'
  readonly ends: readonly [RawValue, RawValue]
  readonly negated?: boolean
  readonly at: Span
}

/** `and` or `or` of two conditions; one of the same kind on either side is taken apart. */
export function join(type: 'and' | 'or', left: Raw, right: Raw): RawLogic {
  const items = [left, right].flatMap((item) => (item.type === type ? item.items : [item]))
  return { type, items, at: spanning(left.at, right.at) }
}

/** `not` and what it turns round. */
export function negate(word: Token, item: Raw): RawNot {
  return { type: 'not', item, at: spanning(word.at, item.at) }
}

/** A condition in brackets; they count to its place. */
export function within(open: Token, item: Raw, close: Token): Raw {
  return { ...item, at: spanning(open.at, close.at) }
}

/** A comparison; with a negated relation, its opposite. */
export function compare(left: RawValue | null, { operator, negated, at }: Relation, right: RawValue): Raw {
  const whole = spanning(left?.at ?? at, right.at)
  const node: RawCompare = { type: 'compare', left, operator, right, at: whole }
  return negated ? { type: 'not', item: node, at: whole } : node
}

/** Two comparisons that share the value in the middle. */
export function chain(values: RawChain['values'], [first, second]: readonly [Relation, Relation]): RawChain {
  return {
    type: 'chain',
    values,
    operators: [first.operator, second.operator],
    at: spanning(values[0].at, values[2].at),
  }
}

/** A value within or beyond two ends. */
export function range(value: RawValue | null, { type, ends, negated, at }: Limits): Raw {
  const whole = spanning(value?.at ?? at, ends[1].at)
  const node: RawRange = { type, value, ends, at: whole }
  return negated ? { type: 'not', item: node, at: whole } : node
}

/** A symbol, with its asset class where one was typed. */
export function symbol({ text, at }: Token): SymbolNode {
  const [prefix, rest] = text.split(':')
  return rest === undefined
    ? { type: 'symbol', ticker: text, at }
    : { type: 'symbol', ticker: rest, class: prefix?.toLowerCase() as AssetClass, at }
}

type MetricWord = { readonly metric: Metric; readonly at: Span; readonly last?: Span }

/** A symbol and the figure asked of it. */
export function metric(of: SymbolNode, word: MetricWord | null): RawMetric {
  return {
    type: 'metric',
    symbol: of,
    metric: word?.metric ?? null,
    at: spanning(of.at, word?.last ?? word?.at ?? of.at),
  }
}

/** A metric word alone. */
export function bare({ metric: name, at, last }: MetricWord): Bare {
  return { type: 'bare', metric: name, at: spanning(at, last ?? at) }
}

/** A number with the sign of its unit, if it has one. */
export function figure({ text, at }: Token, unit: Token | null): NumberNode {
  if (!unit) return { type: 'number', text, at }
  return { type: 'number', text, unit: unit.text as NonNullable<NumberNode['unit']>, at: spanning(at, unit.at) }
}

/** An option and what it was given. */
export function option(name: RawOption['name'], word: Span, given?: Length | Moment): RawOption {
  const at = spanning(word, given?.at ?? word)
  if (name === 'once' || name === 'repeat') return { name, at }
  return name === 'until' ? { name, moment: given as Moment, at } : { name, length: given as Length, at }
}

/** `1h` and `30m` after it. */
export function duration(first: Length, more: Length): Length {
  return { ms: first.ms + more.ms, at: spanning(first.at, more.at) }
}

/** A day, a time, or both. */
export function moment(on: (Day & { at: Span }) | null, clock: Token | null): Moment {
  const at = spanning(on?.at ?? clock!.at, clock?.at ?? on!.at)
  return { day: on, time: clock?.text ?? null, at }
}

/** A full date. */
export function date({ text, at }: Token): Day & { at: Span } {
  return { type: 'date', date: text, at }
}

/** A day by its name. */
export function day(type: 'weekday' | 'today' | 'tomorrow', { text, at }: Token): Day & { at: Span } {
  return type === 'weekday' ? { type, weekday: Number(text), at } : { type, at }
}

/** A day of a month, of the year given or of the next that has it. */
export function annual(dayOf: Token, month: Token, year: Token | null): Day & { at: Span } {
  const at = [dayOf.at, month.at, ...(year ? [year.at] : [])].reduce(spanning)
  if (!year) return { type: 'annual', day: Number(dayOf.text), month: Number(month.text), at }
  const iso = `${year.text.padStart(4, '0')}-${month.text.padStart(2, '0')}-${dayOf.text.padStart(2, '0')}`
  return { type: 'date', date: iso, at }
}
