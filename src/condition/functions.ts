import {
  averageByVolume,
  band,
  change,
  convergence,
  deviation,
  exponential,
  highest,
  type Indicator,
  lowest,
  mean,
  type Row,
  relativeStrength,
  signalLine,
  sum,
  trueRange,
} from './indicators.ts'
import { Exact } from './numbers.ts'

export type { Indicator, Row }

/** What can be asked of a candle. */
export type CandleMetric = 'price' | 'open' | 'high' | 'low' | 'volume'

/**
 * A number a function takes after the symbol: how many candles, or for `deviations` how many of those. One without
 * `preset` must be given.
 */
export type Length = { readonly name: string; readonly least: number; readonly most: number; readonly preset?: number }

/** A function over the candles of one symbol. Adding one is one entry in `FUNCTIONS`. */
export type SeriesFunction = {
  readonly type: 'series'
  /** How it is typed: `sma(AAPL, 50)`. */
  readonly usage: string
  /** One line of help. */
  readonly help: string
  readonly lengths: readonly Length[]
  /** Its one length may be a length of time instead: `high(AAPL, 52w)`. */
  readonly span?: true
  /** What of a candle it can be taken of; the first is meant where nothing is said. `price` is the close. */
  readonly of: readonly CandleMetric[]
  /** What its value is: what it is taken of, a price, per cent, or a number without a unit. */
  readonly gives: 'same' | 'price' | 'percent' | 'number'
  /** Between what its value lies, where that is known (both included). */
  readonly least?: number
  readonly most?: number
  /** The unfinished candle `counts`, with the price now as its close, or is left `out`. Volumes always leave it out. */
  readonly unfinished: 'counts' | 'out'
  /** How many candles that count it must see before it has a value. */
  first(lengths: readonly number[]): number
  /** How many candles to have so that its value is settled: those that count and the unfinished one, which may not. */
  history(lengths: readonly number[]): number
  /**
   * Begins a calculation. `of` says what the `value` of its rows will be, since of prices `high` and `low` take the high
   * and the low of each candle. For a span the length is the number of candles in it.
   */
  begin(lengths: readonly number[], of: CandleMetric): Indicator
}

/** A function over numbers. */
export type NumberFunction = {
  readonly type: 'numbers'
  readonly usage: string
  readonly help: string
  /** How many arguments it takes. */
  readonly least: number
  readonly most: number
  /** Its value, to the last digit; NaN where there is none, as with half a digit to round to. */
  exactly(values: readonly Exact[]): Exact
}

/** The longest that can be asked for, and the most that is fetched for it, in candles. */
const LONGEST = 500
const MOST_HISTORY = 1000

const ANY: readonly CandleMetric[] = ['price', 'open', 'high', 'low', 'volume']

/** What all functions have in common that are computed from the last so many candles and no others. */
const WINDOW = {
  type: 'series',
  lengths: [candles('length')],
  first: ([length = 0]: readonly number[]) => length,
  history: ([length = 0]: readonly number[]) => seen(length),
} as const

/** Every function of the language by its name, in the order in which help shows them. */
export const FUNCTIONS: Readonly<Record<string, SeriesFunction | NumberFunction>> = table({
  sma: {
    ...WINDOW,
    usage: 'sma(AAPL, 50)',
    help: 'simple moving average: mean of the last candles',
    of: ANY,
    gives: 'same',
    unfinished: 'counts',
    begin: ([length = 0]) => mean(length),
  },
  ema: {
    type: 'series',
    usage: 'ema(AAPL, 20)',
    help: 'exponential moving average: newer candles weigh more',
    lengths: [candles('length')],
    of: ANY,
    gives: 'same',
    unfinished: 'counts',
    first: ([length = 0]) => length,
    history: ([length = 0]) => seen(settled(length)),
    begin: ([length = 0]) => exponential(length),
  },
  rsi: {
    type: 'series',
    usage: 'rsi(AAPL, 14)',
    help: 'relative strength index, 0 to 100: how much went up',
    lengths: [candles('length', 14)],
    of: ANY,
    gives: 'number',
    least: 0,
    most: 100,
    unfinished: 'counts',
    first: ([length = 0]) => length + 1,
    history: ([length = 0]) => seen(settledByWilder(length) + 1),
    begin: ([length = 0]) => relativeStrength(length),
  },
  macd: {
    type: 'series',
    usage: 'macd(AAPL)',
    help: 'fast minus slow exponential moving average',
    lengths: [candles('fast', 12), candles('slow', 26)],
    of: ANY,
    gives: 'same',
    unfinished: 'counts',
    first: ([fast = 0, slow = 0]) => Math.max(fast, slow),
    history: ([fast = 0, slow = 0]) => seen(settled(Math.max(fast, slow))),
    begin: ([fast = 0, slow = 0]) => convergence(fast, slow),
  },
  signal: {
    type: 'series',
    usage: 'signal(AAPL)',
    help: 'signal line of macd: its exponential moving average',
    lengths: [candles('fast', 12), candles('slow', 26), candles('signal', 9)],
    of: ANY,
    gives: 'same',
    unfinished: 'counts',
    first: ([fast = 0, slow = 0, signal = 0]) => Math.max(fast, slow) + signal - 1,
    history: ([fast = 0, slow = 0, signal = 0]) => seen(settled(Math.max(fast, slow)) + settled(signal)),
    begin: ([fast = 0, slow = 0, signal = 0]) => signalLine(fast, slow, signal),
  },
  atr: {
    type: 'series',
    usage: 'atr(AAPL, 14)',
    help: 'average true range: how far a candle reaches, with gaps',
    lengths: [candles('length', 14)],
    of: ['price'],
    gives: 'price',
    least: 0,
    unfinished: 'counts',
    first: ([length = 0]) => length,
    history: ([length = 0]) => seen(settledByWilder(length)),
    begin: ([length = 0]) => trueRange(length),
  },
  vwap: {
    ...WINDOW,
    usage: 'vwap(AAPL, 20)',
    help: 'average price, weighted by volume',
    span: true,
    of: ['price'],
    gives: 'price',
    unfinished: 'counts',
    begin: ([length = 0]) => averageByVolume(length),
  },
  stdev: {
    ...WINDOW,
    usage: 'stdev(AAPL, 20)',
    help: 'standard deviation: how far from their mean closes lie',
    of: ANY,
    gives: 'same',
    least: 0,
    unfinished: 'counts',
    begin: ([length = 0]) => deviation(length),
  },
  bbupper: bollinger('bbupper', 'upper Bollinger band: mean plus standard deviations', 1),
  bbmiddle: bollinger('bbmiddle', 'middle Bollinger band: mean', 0),
  bblower: bollinger('bblower', 'lower Bollinger band: mean minus standard deviations', -1),
  high: {
    ...WINDOW,
    usage: 'high(AAPL, 52w)',
    help: 'highest of the last candles, or of a length of time',
    span: true,
    of: ANY,
    gives: 'same',
    unfinished: 'out',
    begin: ([length = 0], of) => highest(length, ({ high, value }) => (of === 'price' ? high : value)),
  },
  low: {
    ...WINDOW,
    usage: 'low(AAPL, 20)',
    help: 'lowest of the last candles, or of a length of time',
    span: true,
    of: ANY,
    gives: 'same',
    unfinished: 'out',
    begin: ([length = 0], of) => lowest(length, ({ low, value }) => (of === 'price' ? low : value)),
  },
  avg: {
    ...WINDOW,
    usage: 'avg(AAPL volume, 20)',
    help: 'mean of the last finished candles',
    span: true,
    of: ANY,
    gives: 'same',
    unfinished: 'out',
    begin: ([length = 0]) => mean(length),
  },
  sum: {
    ...WINDOW,
    usage: 'sum(AAPL volume, 5)',
    help: 'sum of the last finished candles',
    span: true,
    of: ANY,
    gives: 'same',
    unfinished: 'out',
    begin: ([length = 0]) => sum(length),
  },
  change: {
    type: 'series',
    usage: 'change(AAPL, 5)',
    help: 'per cent since the close so many candles ago',
    lengths: [candles('length')],
    of: ANY,
    gives: 'percent',
    least: -100,
    unfinished: 'counts',
    first: ([length = 0]) => length + 1,
    history: ([length = 0]) => seen(length + 1),
    begin: ([length = 0]) => change(length),
  },
  abs: {
    type: 'numbers',
    usage: 'abs(AAPL - MSFT)',
    help: 'a value without its sign',
    least: 1,
    most: 1,
    exactly: ([value]) => (value ?? NONE).abs(),
  },
  min: {
    type: 'numbers',
    usage: 'min(AAPL, MSFT)',
    help: 'the smallest of several values',
    least: 2,
    most: 10,
    exactly: (values) => Exact.min(...values),
  },
  max: {
    type: 'numbers',
    usage: 'max(AAPL, MSFT)',
    help: 'the largest of several values',
    least: 2,
    most: 10,
    exactly: (values) => Exact.max(...values),
  },
  round: {
    type: 'numbers',
    usage: 'round(AAPL, 1)',
    help: 'rounded, to so many digits after the point',
    least: 1,
    most: 2,
    exactly: ([value = NONE, digits]) => rounded(value, digits?.toNumber() ?? 0),
  },
})

/** By name, without the names that every object of JavaScript has: nobody shall call `constructor(AAPL)`. */
function table<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.freeze(Object.assign(Object.create(null), entries))
}

function candles(name: string, preset?: number): Length {
  return { name, least: 1, most: LONGEST, ...(preset === undefined ? {} : { preset }) }
}

/** One of the bands of Bollinger: `side` is 1, 0 or −1. The preset of 20 candles and 2 deviations is his. */
function bollinger(name: string, help: string, side: number): SeriesFunction {
  return {
    type: 'series',
    usage: `${name}(AAPL, 20, 2)`,
    help,
    lengths: [candles('length', 20), { name: 'deviations', least: 1, most: 5, preset: 2 }],
    of: ANY,
    gives: 'same',
    unfinished: 'counts',
    first: ([length = 0]) => length,
    history: ([length = 0]) => seen(length),
    begin: ([length = 0, deviations = 0]) => band(length, side * deviations),
  }
}

/** Candles to have: those that count and one that may be unfinished, but no more than anyone can be asked for. */
function seen(counting: number): number {
  return Math.min(counting + 1, MOST_HISTORY)
}

/**
 * After how many candles an exponential moving average is settled. It begins with a mean of `length` candles, whose weight
 * shrinks by 1 − 2 / (length + 1) with each further one. That is less than e^(−2 / length), so after 3.5 × length more
 * candles less than e^−7 = 0.09 per cent of it is left. Of 20 candles: 90. Where `MOST_HISTORY` cuts it short (from a
 * length of 223 on) more is left, 14 per cent at the longest: charts that look back further may differ by that much.
 */
function settled(length: number): number {
  return Math.ceil(4.5 * length)
}

/**
 * The same for Wilder's averages, where each candle weighs 1 / length: 1 − 1 / length is less than e^(−1 / length), so it
 * takes 7 × length candles after the first `length`. Of 14 candles: 112. Cut short from a length of 125 on, with 37 per
 * cent left at the longest.
 */
function settledByWilder(length: number): number {
  return 8 * length
}

const NONE = new Exact(Number.NaN)

/** Fewer or more digits than any price has. */
const MOST_DIGITS = 12

/** Half away from zero, to `digits` after the point or, where negative, before it. */
function rounded(value: Exact, digits: number): Exact {
  if (!Number.isInteger(digits) || Math.abs(digits) > MOST_DIGITS) return NONE
  return value.times(`1e${digits}`).toDecimalPlaces(0, Exact.ROUND_HALF_UP).times(`1e${-digits}`)
}
