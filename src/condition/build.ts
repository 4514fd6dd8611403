import type {
  AssetClass,
  CrossNode,
  During,
  Metric,
  MoveNode,
  NumberNode,
  Operator,
  RangeNode,
  Since,
  Span,
  SymbolNode,
  Via,
} from './ast.ts'
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
/** Two values added, subtracted, multiplied or divided. */
export type RawArithmetic = {
  readonly type: 'arithmetic'
  readonly operator: '+' | '-' | '*' | '/'
  readonly left: RawValue
  readonly right: RawValue
  readonly at: Span
}
/** A value with its sign turned. */
export type RawNegate = { readonly type: 'negate'; readonly item: RawValue; readonly at: Span }
/** A function, known or not, and what it was given; `name` is in lower case. */
export type RawCall = {
  readonly type: 'call'
  readonly name: string
  readonly args: readonly Argument[]
  /** Where the name stands. */
  readonly head: Span
  readonly at: Span
}
/** Anything that may stand on a side of a comparison. */
export type RawValue = NumberNode | RawMetric | Bare | RawArithmetic | RawNegate | RawCall

/** A length of time in ms, and where it was typed. */
export type Length = { readonly type: 'length'; readonly ms: number; readonly at: Span }
/** What a function may be given. `2m` is a number here; its entry in the table says what it means. */
export type Argument = RawValue | Length

/** A condition as the grammar sees it: subjects may be left out (`null`), chains are still chains. */
export type Raw = Claim | RawChain | RawNot | RawLogic
/** What is said of one value. */
export type Claim = RawCompare | RawRange | RawCross | RawMove
/** Two values compared. `sign` is where the sign or word between them stands. */
export type RawCompare = {
  readonly type: 'compare'
  readonly value: RawValue | null
  readonly operator: Operator
  readonly right: RawValue
  readonly sign: Span
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
  readonly type: RangeNode['type']
  readonly value: RawValue | null
  readonly ends: readonly [RawValue, RawValue]
  readonly at: Span
}
/** A value that crosses a level. */
export type RawCross = {
  readonly type: 'cross'
  readonly value: RawValue | null
  readonly direction: CrossNode['direction']
  readonly touch?: true
  readonly level: RawValue
  readonly at: Span
}
/** A value that moves; null for what was not said. `word` is where its direction stands. `turned`: its amount comes first. */
export type RawMove = {
  readonly type: 'move'
  readonly value: RawValue | null
  readonly direction: MoveNode['direction']
  readonly amount: NumberNode | null
  readonly since: RawSince | null
  readonly turned?: true
  readonly word: Span
  readonly at: Span
}
/** What a move is counted from, and where that stands. */
export type RawSince = (
  | Exclude<Since, { readonly type: 'level' }>
  | { readonly type: 'level'; readonly level: RawValue }
) & {
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
/** A word of the language, and where it was typed. */
export type Named<Word extends string> = { readonly text: Word; readonly at: Span }
/** What an option says. */
export type Said =
  | { readonly name: 'once' | 'repeat' | 'at close' | 'urgent' }
  | { readonly name: 'every' | 'cooldown' | 'for' | 'expires in'; readonly length: Length }
  | { readonly name: 'until'; readonly moment: Moment }
  | { readonly name: 'during'; readonly hours: Named<During> }
  | { readonly name: 'via'; readonly channels: readonly Named<Via>[] }
  | { readonly name: 'note'; readonly note: Token }
/** One option as typed, before it is known whether it goes with the others. */
export type RawOption = Said & { readonly at: Span }

/** What the grammar makes of a whole line. */
export type RawLine = { readonly condition: Raw; readonly options: readonly RawOption[] }

type Placed = { readonly at: Span }

/** `and` or `or` of two conditions; one of the same kind on either side is taken apart. */
export function join(type: 'and' | 'or', left: Raw, right: Raw): RawLogic {
  const items = [left, right].flatMap((item) => (item.type === type ? item.items : [item]))
  return { type, items, at: spanning(left.at, right.at) }
}

/** `not` and what it turns round. */
export function negate(word: Placed, item: Raw): RawNot {
  return { type: 'not', item, at: spanning(word.at, item.at) }
}

/** A condition or a value in brackets; they count to its place. */
export function within<T extends Placed>(open: Placed, item: T, close: Placed): T {
  return { ...item, at: spanning(open.at, close.at) }
}

/** The same with a word before it that counts to its place and changes nothing else. */
export function wider<T extends Placed>(word: Placed, item: T): T {
  return { ...item, at: spanning(word.at, item.at) }
}

/** What is said, with the value it is said of. */
export function about(value: RawValue, said: Claim | RawNot): Claim | RawNot {
  const at = spanning(value.at, said.at)
  return said.type === 'not' ? { ...said, item: about(value, said.item as Claim | RawNot), at } : { ...said, value, at }
}

type Sign = { readonly operator: Operator; readonly at: Span }

/** A comparison whose left side is still to come. */
export function comparison({ operator, at }: Sign, right: RawValue): RawCompare {
  return { type: 'compare', value: null, operator, right, sign: at, at: spanning(at, right.at) }
}

/** Two comparisons that share the value in the middle. */
export function chain(values: RawChain['values'], [first, second]: readonly [Sign, Sign]): RawChain {
  const at = spanning(values[0].at, values[2].at)
  return { type: 'chain', values, operators: [first.operator, second.operator], at }
}

/** Two ends that a value, still to come, is within or beyond. */
export function range(type: RangeNode['type'], word: Span, ends: readonly [RawValue, RawValue]): RawRange {
  return { type, value: null, ends, at: spanning(word, ends[1].at) }
}

type Way = Pick<RawCross, 'direction' | 'touch' | 'at'>

/** A level that a value, still to come, crosses. */
export function crossing(way: Way, level: RawValue): RawCross {
  return { type: 'cross', value: null, ...way, level, at: spanning(way.at, level.at) }
}

/** A move of a value that is still to come. */
export function move(
  { direction, at }: Pick<RawMove, 'direction' | 'at'>,
  amount: NumberNode | null,
  from: RawSince | null,
): RawMove {
  return { type: 'move', value: null, direction, amount, since: from, word: at, at: spanning(at, (from ?? amount)!.at) }
}

/** A move that is said with its amount first: `5% below its peak`. */
export function apart(direction: 'up' | 'down', amount: NumberNode, from: RawSince): RawMove {
  const at = spanning(amount.at, from.at)
  return { type: 'move', value: null, direction, amount, since: from, turned: true, word: at, at }
}

type OfSince = RawSince extends infer Each ? (Each extends RawSince ? Omit<Each, 'at'> : never) : never

/** What a move is counted from, with its place. */
export function since(from: OfSince, first: Placed, last: Placed): RawSince {
  return { ...from, at: spanning(first.at, last.at) } as RawSince
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
  const at = spanning(of.at, word?.last ?? word?.at ?? of.at)
  return { type: 'metric', symbol: of, metric: word?.metric ?? null, at }
}

/** A metric word alone. */
export function bare({ metric: name, at, last }: MetricWord): Bare {
  return { type: 'bare', metric: name, at: spanning(at, last ?? at) }
}

/** Two values and the sign between them. */
export function arithmetic(operator: RawArithmetic['operator'], left: RawValue, right: RawValue): RawArithmetic {
  return { type: 'arithmetic', operator, left, right, at: spanning(left.at, right.at) }
}

/** A value with a minus before it; a number takes the minus into its text. */
export function minus(sign: Placed, item: RawValue): NumberNode | RawNegate {
  const at = spanning(sign.at, item.at)
  if (item.type !== 'number') return { type: 'negate', item, at }
  return { ...item, text: item.text.startsWith('-') ? item.text.slice(1) : `-${item.text}`, at }
}

/** A number with the sign of its unit, if it has one. */
export function figure({ text, at }: Token, unit: Token | null): NumberNode {
  if (!unit) return { type: 'number', text, at }
  return { type: 'number', text, unit: unit.text as NonNullable<NumberNode['unit']>, at: spanning(at, unit.at) }
}

/** A function and what stands in its brackets. */
export function call({ text, at }: Token, args: readonly Argument[], close: Placed): RawCall {
  return { type: 'call', name: text, args, head: at, at: spanning(at, close.at) }
}

/** An option and what it says. */
export function option(said: Said, first: Placed, last: Placed): RawOption {
  return { ...said, at: spanning(first.at, last.at) }
}

/** A length of time. */
export function length({ ms = 0, at }: Token): Length {
  return { type: 'length', ms, at }
}

/** `1h` and `30m` after it. */
export function duration(first: Length, more: Length): Length {
  return { type: 'length', ms: first.ms + more.ms, at: spanning(first.at, more.at) }
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
