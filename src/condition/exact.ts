import { Exact as Decimal } from './numbers.ts'

/** A figure compiled for reading again and again. */
export type Figure = {
  /** The nearest double at this moment, or one near it; NaN while it is not known. */
  readonly read: () => number
  /** How far `read` may be from the truth at most (absolute); Infinity or NaN where that cannot be said. */
  readonly error: () => number
  /** The figure itself; asked only while `read` is not NaN. */
  readonly exact: () => Fraction
  /** `read` is the double nearest to it, so that of two such figures the larger never has the smaller double. */
  readonly told: boolean
  /** Whether it may have more digits than a double tells apart. */
  readonly long: () => boolean
}

/** An exact number. The denominator is above zero. */
export type Fraction = readonly [numerator: Exact, denominator: Exact]

/**
 * Enough digits that no sum or product is ever rounded: a line has at most 200 tokens, so at most 100 values, and from
 * the highest to the lowest place of any of them there are hardly more than a hundred digits. It is never divided with.
 */
export const Exact = Decimal.clone({ precision: 20_000 })
/** A number of that precision. */
export type Exact = Decimal

/** Digits of a quotient where it has to be written down. */
const Quotient = Decimal.clone({ precision: 200 })

/** The denominator of every decimal. */
export const ONE: Exact = new Exact(1)

/** The relative error of one rounding to the nearest double (IEEE 754 binary64). */
const UNIT = 2 ** -53

/** How far a number may be from the double nearest to it. */
export function roundingOf(double: number): number {
  // What is added counts only for the smallest doubles, whose spacing does not shrink any more.
  return Math.abs(double) * UNIT + Number.MIN_VALUE
}

/** A decimal whose nearest double `read` gives; `text` gives the decimal. */
export function told(read: () => number, text: () => string, long: () => boolean): Figure {
  return { read, error: () => roundingOf(read()), exact: () => [new Exact(text()), ONE], told: true, long }
}

/** What is computed: `read` within `error` of `exact`. */
export function computed(read: () => number, error: () => number, exact: () => Fraction): Figure {
  return { read, error, exact, told: false, long: () => true }
}

/**
 * Compares two figures: below 0, 0 or above 0 as the left is smaller, equal or larger; NaN while either is not known.
 *
 * Exact although it starts from doubles. Rounding a decimal to the nearest double is monotonic: it never turns a larger
 * number into a smaller double. So where the doubles differ, the decimals differ the same way. Where they are equal, the
 * decimals are equal too unless one has more than 15 significant digits; only then are the decimals compared. A computed
 * figure decides only where the doubles are further apart than both errors together; nearer than that, fractions do.
 */
export function orderOf(left: Figure, right: Figure): () => number {
  return left.told && right.told ? orderOfTold(left, right) : orderOfComputed(left, right)
}

function orderOfTold(left: Figure, right: Figure): () => number {
  return () => {
    const a = left.read()
    const b = right.read()
    if (a < b) return -1
    if (a > b) return 1
    if (a !== b) return Number.NaN
    return left.long() || right.long() ? orderExactly(left.exact(), right.exact()) : 0
  }
}

function orderOfComputed(left: Figure, right: Figure): () => number {
  return () => {
    const a = left.read()
    const b = right.read()
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN
    // Twice as much as needed: the errors are doubles themselves, each sum and product in them rounded.
    if (Math.abs(a - b) > 2 * (left.error() + right.error())) return a < b ? -1 : 1
    return orderExactly(left.exact(), right.exact())
  }
}

function orderExactly([a, b]: Fraction, [c, d]: Fraction): number {
  return times(a, d).cmp(times(c, b))
}

/** The double nearest to a fraction; the largest there is where it lies beyond. */
export function doubleOf(fraction: Fraction): number {
  const value = decimalOf(fraction).toNumber()
  return Number.isNaN(value) ? value : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value))
}

/** A fraction as a decimal: itself where it is one, else with 200 digits. */
export function decimalOf([numerator, denominator]: Fraction): Exact {
  return denominator === ONE ? numerator : new Quotient(numerator).div(denominator)
}

/** Digits that are kept of a quotient that goes on for ever. */
const KEPT = 40

/** A fraction as decimal text, all digits of it; of one that is no decimal the first 40. */
export function textOf(fraction: Fraction): string {
  const decimal = decimalOf(fraction)
  return (fraction[1] === ONE ? decimal : decimal.toSignificantDigits(KEPT)).toFixed()
}

/** A fraction for people: to 4 digits after the point, or to 6 digits that count where these are more. */
export function roundedText(fraction: Fraction): string {
  const decimal = decimalOf(fraction)
  return (decimal.abs().lt(1) ? decimal.toSignificantDigits(6) : decimal.toDecimalPlaces(4)).toFixed()
}

/** A product; one with the denominator of decimals costs nothing. */
export function times(a: Exact, b: Exact): Exact {
  return a === ONE ? b : b === ONE ? a : a.times(b)
}
