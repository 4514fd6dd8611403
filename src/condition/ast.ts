import type { Span } from '../errors.ts'
import type { Interval } from './history.ts'

export type { Span }

/** What kind of instrument a symbol names; decides its market hours, its providers and how a change is counted. */
export type AssetClass = 'stock' | 'crypto' | 'fx'

/** What can be asked of a symbol. `change` is in per cent, `volume` in units of the instrument, the rest are prices. */
export const METRICS = ['price', 'open', 'high', 'low', 'previous close', 'volume', 'change', 'bid', 'ask'] as const
/** One of `METRICS`. */
export type Metric = (typeof METRICS)[number]

/** A symbol as typed, upper case, without `$`; `class` only where the person wrote `stock:`, `crypto:` or `fx:`. */
export type SymbolNode = {
  readonly type: 'symbol'
  readonly ticker: string
  readonly class?: AssetClass
  readonly at: Span
}

/** A number as typed: digits, point, exponent and `k`, `m`, `bn` kept, group commas and signs of currency taken out. */
export type NumberNode = {
  readonly type: 'number'
  readonly text: string
  /** The sign typed before or after the number, `%` for per cent. */
  readonly unit?: '%' | '$' | '€' | '£' | '¥'
  readonly at: Span
}

/** One figure of one symbol. */
export type MetricNode = {
  readonly type: 'metric'
  readonly symbol: SymbolNode
  readonly metric: Metric
  readonly at: Span
}

/** Two values added, subtracted, multiplied or divided. */
export type ArithmeticNode = {
  readonly type: 'arithmetic'
  readonly operator: '+' | '-' | '*' | '/'
  readonly left: Expression
  readonly right: Expression
  readonly at: Span
}

/** A value with its sign turned; never a number, which carries its own sign. */
export type NegateNode = { readonly type: 'negate'; readonly item: Expression; readonly at: Span }

/** A function over the candles of a symbol: `sma(AAPL volume, 20, 1h)`. What it means is in the table of functions. */
export type SeriesNode = {
  readonly type: 'series'
  readonly name: string
  readonly of: MetricNode
  /** How many candles, in the order of the table; every preset filled in. Empty where `span` is given. */
  readonly lengths: readonly number[]
  /** A length of time in place of a number of candles, ms: `high(AAPL, 52w)`. */
  readonly span?: number
  readonly interval: Interval
  readonly at: Span
}

/** A function over numbers: `max(AAPL, MSFT, 100)`. */
export type MathNode = {
  readonly type: 'math'
  readonly name: string
  readonly args: readonly Expression[]
  readonly at: Span
}

/** Anything that has a number as its value. */
export type Expression = NumberNode | MetricNode | ArithmeticNode | NegateNode | SeriesNode | MathNode

/** How two expressions are compared. */
export type Operator = '>' | '>=' | '<' | '<=' | '=' | '!='

/** Two expressions compared. */
export type CompareNode = {
  readonly type: 'compare'
  readonly left: Expression
  readonly operator: Operator
  readonly right: Expression
  readonly at: Span
}

/** `between` (ends included) or `outside` (ends excluded) two levels. */
export type RangeNode = {
  readonly type: 'between' | 'outside'
  readonly value: Expression
  readonly low: Expression
  readonly high: Expression
  readonly at: Span
}

/**
 * A level crossed: it becomes met when the value is seen beyond the level after it was seen on the other side of it, and
 * stays met until it comes back. Equality keeps the side it had; with `touch` (`hits`, `reaches`) it counts as crossed.
 */
export type CrossNode = {
  readonly type: 'cross'
  readonly value: Expression
  readonly direction: 'above' | 'below' | 'either'
  readonly touch?: true
  readonly level: Expression
  readonly at: Span
}

/** A value that has gone at least `amount` (per cent where it has that unit, else in the value's own unit) from where it was. */
export type MoveNode = {
  readonly type: 'move'
  readonly value: Expression
  readonly direction: 'up' | 'down' | 'either'
  readonly amount: NumberNode
  readonly since: Since
  readonly at: Span
}

/**
 * What a move is counted from. Times are ms.
 * `window`: the lowest (up) or highest (down) price of the last `ms`, the last price before it included.
 * `today`: the previous close; for crypto midnight in the person's zone. `now`: the value when the alert was set.
 * `level`: a value. `peak`, `bottom`: the highest and lowest seen since the alert was set or last fired.
 * `high`, `low`: the highest and lowest price of the last `ms`.
 */
export type Since =
  | { readonly type: 'window' | 'high' | 'low'; readonly ms: number }
  | { readonly type: 'level'; readonly level: Expression }
  | { readonly type: 'today' | 'now' | 'peak' | 'bottom' }

/** Two or more conditions; an `or` never holds an `or`, an `and` never an `and`. */
export type LogicNode = { readonly type: 'and' | 'or'; readonly items: readonly Condition[]; readonly at: Span }

/** A condition turned round; `not unknown` is unknown. */
export type NotNode = { readonly type: 'not'; readonly item: Condition; readonly at: Span }

/** A part of a condition that holds no other condition. */
export type Leaf = CompareNode | RangeNode | CrossNode | MoveNode

/** The parsed expression; at a moment it is met, unmet or unknown. Plain data: it survives JSON. */
export type Condition = Leaf | LogicNode | NotNode

/** A moment on the person's calendar: a date alone means the end of that day in their time zone. */
export type Until = {
  /** `YYYY-MM-DD` */
  readonly date: string
  /** `HH:MM` or `HH:MM:SS` */
  readonly time?: string
}

/** What follows the condition. Durations are in ms. */
export type Options = {
  /** `once`: the first time, then done. `repeat`: each time it becomes true. `every`: again and again while true. */
  readonly mode: 'once' | 'repeat' | 'every'
  /** With mode `every`: how far apart. */
  readonly every?: number
  /** With mode `repeat`: the least time between two firings. */
  readonly cooldown?: number
  /** How long the condition must have been met. */
  readonly for?: number
  readonly until?: Until
  /** The hours in which it is looked at; left out where not typed, which for stocks means `regular`. */
  readonly during?: During
  /** Only the finished candle of the day is looked at. */
  readonly atClose?: true
  /** Where it is told; left out where not typed. In the order of `VIA`, each once. */
  readonly via?: readonly Via[]
  readonly urgent?: true
  /** At most 200 characters, as typed. */
  readonly note?: string
}

/** Trading hours an alert can be limited to. */
export const DURING = ['regular', 'extended', 'always'] as const
/** One of `DURING`. */
export type During = (typeof DURING)[number]

/** Where an alert can be told. */
export const VIA = ['sms', 'email', 'telegram', 'discord', 'digest'] as const
/** One of `VIA`. */
export type Via = (typeof VIA)[number]

/** A whole line understood: `condition` then `options`. */
export type Parsed = { readonly condition: Condition; readonly options: Options }
