import { getAverage, getStandardDeviation, pushUpdate, WSMA } from 'trading-signals'

/** One candle as numbers, and `value`: the figure of it that the function is taken of. NaN where it is not known. */
export type Row = {
  readonly start: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly value: number
}

/**
 * A calculation under way. A figure that is not known (NaN) makes its value undefined until that candle has left the
 * window, or for good where all candles before count (`ema`, `rsi`, `macd`, `signal`, `atr`): begin it anew then.
 */
export type Indicator = {
  /**
   * Takes in the next row, or with `replace` another one in place of the last; undefined while there are too few. It keeps
   * the row, which must not change any more.
   */
  update(row: Row, replace: boolean): number | undefined
}

/** The mean of the last `length` values. */
export function mean(length: number): Indicator {
  return overLast(length, ownValue, getAverage)
}

/** The sum of the last `length` values. */
export function sum(length: number): Indicator {
  return overLast(length, ownValue, (values) => values.reduce((total, value) => total + value, 0))
}

/** The largest of one figure of the last `length` candles. */
export function highest(length: number, figureOf: (row: Row) => number): Indicator {
  return overLast(length, figureOf, (values) => Math.max(...values))
}

/** The smallest of one figure of the last `length` candles. */
export function lowest(length: number, figureOf: (row: Row) => number): Indicator {
  return overLast(length, figureOf, (values) => Math.min(...values))
}

/** From the value `length` candles ago to the last one, in per cent; undefined where that was not above 0. */
export function change(length: number): Indicator {
  return overLast(length + 1, ownValue, (values) => {
    const before = values[0]!
    return before > 0 ? ((values.at(-1)! - before) / before) * 100 : Number.NaN
  })
}

/**
 * The standard deviation of the last `length` values: of a whole population (divided by `length`, not by one less). Only
 * so do Bollinger's bands come out as StockCharts prints them; TA-Lib's STDDEV is the same.
 */
export function deviation(length: number): Indicator {
  return overLast(length, ownValue, (values) => getStandardDeviation(values))
}

/** The mean of the last `length` values and so many standard deviations (see `deviation`) above it, or below where negative. */
export function band(length: number, deviations: number): Indicator {
  return overLast(length, ownValue, (values) => getAverage(values) + deviations * getStandardDeviation(values))
}

/**
 * The average price of the last `length` candles weighted by volume: sum of typical price × volume / sum of volume, where
 * the typical price is (high + low + close) / 3. The newest candle has no weight while its volume is not known; undefined
 * where nothing was traded. It rolls: the one of the library counts from its first candle on, for good.
 */
export function averageByVolume(length: number): Indicator {
  return overLast(
    length,
    (row) => row,
    (rows) => {
      const newest = rows.length - 1
      const weights = rows.map(({ volume }, i) => (i === newest && Number.isNaN(volume) ? 0 : volume))
      const traded = rows.reduce((total, row, i) => total + typicalPrice(row) * weights[i]!, 0)
      return traded / weights.reduce((total, weight) => total + weight, 0)
    },
  )
}

/** The exponential moving average of the values: each new one weighs 2 / (length + 1). See `smoothing` for how it begins. */
export function exponential(length: number): Indicator {
  return ofSteps(smoothing(length))
}

/** MACD (Appel): the shorter exponential moving average minus the longer one. Known once both are. */
export function convergence(fast: number, slow: number): Indicator {
  return ofSteps(difference(fast, slow))
}

/** The signal line of the MACD: its exponential moving average over `length` candles, begun with the first MACD. */
export function signalLine(fast: number, slow: number, length: number): Indicator {
  const macd = difference(fast, slow)
  const smooth = smoothing(length)
  return ofSteps((value, replace) => {
    const now = macd(value, replace)
    return now === undefined ? undefined : smooth(now, replace)
  })
}

/**
 * The relative strength index (Wilder, New Concepts in Technical Trading Systems, 1978): 100 × mean gain / (mean gain +
 * mean loss), which is his 100 − 100 / (1 + RS). Both means begin with that of the first `length` changes and take each
 * further one in with a weight of 1 / length. 50 where the value never moved; the library says 100 there, which would
 * make a paper that nobody trades overbought, and never has a value for a length of 1.
 */
export function relativeStrength(length: number): Indicator {
  const lastTwo: number[] = []
  const gains = new WSMA(length)
  const losses = new WSMA(length)
  return ofSteps((value, replace) => {
    pushUpdate({ array: lastTwo, item: value, maxLength: 2, replace })
    if (lastTwo.length < 2) return undefined
    const rise = lastTwo[1]! - lastTwo[0]!
    const gain = gains.update(Math.max(rise, 0), replace)
    const loss = losses.update(Math.max(-rise, 0), replace)
    if (gain === null || loss === null) return undefined
    return gain + loss === 0 ? 50 : 100 * (gain / (gain + loss))
  })
}

/**
 * The average true range (Wilder, as above): how far a candle reached, counted from the close before where that lies
 * outside of it. The first candle has no close before; its range is high − low. Begins with the mean of the first
 * `length` ranges, then each weighs 1 / length. StockCharts does the same; TA-Lib leaves the first candle out.
 */
export function trueRange(length: number): Indicator {
  const lastTwo: Row[] = []
  const smooth = new WSMA(length)
  return {
    update(row, replace) {
      pushUpdate({ array: lastTwo, item: row, maxLength: 2, replace })
      const close = lastTwo.length === 2 ? lastTwo[0]!.close : row.low
      return known(smooth.update(Math.max(row.high, close) - Math.min(row.low, close), replace))
    },
  }
}

/** Takes in the next value, or another one in place of the last; undefined while there are too few. */
type Step = (value: number, replace: boolean) => number | undefined

/**
 * Begins with the mean of the first `length` values, then each weighs 2 / (length + 1). So do StockCharts and TA-Lib
 * (ta_EMA.c, default compatibility); the library begins with the first value alone, which for a long time outweighs those
 * that follow it.
 */
function smoothing(length: number): Step {
  const weight = 2 / (length + 1)
  const first: number[] = []
  let before: number | undefined
  let now: number | undefined
  return (value, replace) => {
    if (!replace) before = now
    if (before === undefined) {
      pushUpdate({ array: first, item: value, maxLength: length, replace })
      now = first.length === length ? getAverage(first) : undefined
    } else now = before + (value - before) * weight
    return now
  }
}

function difference(fast: number, slow: number): Step {
  const shorter = smoothing(fast)
  const longer = smoothing(slow)
  return (value, replace) => {
    const a = shorter(value, replace)
    const b = longer(value, replace)
    return a === undefined || b === undefined ? undefined : a - b
  }
}

function ofSteps(step: Step): Indicator {
  return { update: (row, replace) => known(step(row.value, replace)) }
}

function typicalPrice({ high, low, close }: Row): number {
  return (high + low + close) / 3
}

function overLast<T>(length: number, pick: (row: Row) => T, compute: (last: T[]) => number): Indicator {
  const last: T[] = []
  return {
    update(row, replace) {
      pushUpdate({ array: last, item: pick(row), maxLength: length, replace })
      return last.length === length ? known(compute(last)) : undefined
    },
  }
}

function ownValue(row: Row): number {
  return row.value
}

function known(value: number | null | undefined): number | undefined {
  return Number.isFinite(value) ? value! : undefined
}
