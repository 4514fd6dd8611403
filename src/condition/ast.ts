import type { Span } from '../errors.ts'

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

/** Anything that has a number as its value. */
export type Expression = NumberNode | MetricNode

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

/** Two or more conditions; an `or` never holds an `or`, an `and` never an `and`. */
export type LogicNode = { readonly type: 'and' | 'or'; readonly items: readonly Condition[]; readonly at: Span }

/** A condition turned round; `not unknown` is unknown. */
export type NotNode = { readonly type: 'not'; readonly item: Condition; readonly at: Span }

/** The parsed expression; at a moment it is met, unmet or unknown. Plain data: it survives JSON. */
export type Condition = CompareNode | RangeNode | LogicNode | NotNode

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
}

/** A whole line understood: `condition` then `options`. */
export type Parsed = { readonly condition: Condition; readonly options: Options }
