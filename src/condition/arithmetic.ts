import type { ArithmeticNode } from './ast.ts'
import { computed, doubleOf, type Figure, type Fraction, roundingOf } from './exact.ts'
import { productOf, quotientOf, sumOf, turned } from './fraction.ts'

type Combining = (left: Figure, right: Figure) => Figure

/**
 * Two figures added, subtracted, multiplied or divided, with what rounding can do to the double (Higham, Accuracy and
 * Stability of Numerical Algorithms, chapters 2 and 3). A quotient is not known where the divisor is exactly zero.
 */
export const COMBINED: Readonly<Record<ArithmeticNode['operator'], Combining>> = {
  '+': sum,
  '-': (left, right) => sum(left, negated(right)),
  '*': product,
  '/': quotient,
}

/** Two figures added: the errors of both, and one rounding. */
export function sum(left: Figure, right: Figure): Figure {
  const exact = () => sumOf(left.exact(), right.exact())
  const read = () => finite(left.read() + right.read(), exact)
  return computed(read, () => left.error() + right.error() + beyond(read()), exact)
}

/** Two figures multiplied: each error as often as the other figure says, and one rounding. */
export function product(left: Figure, right: Figure): Figure {
  const exact = () => productOf(left.exact(), right.exact())
  const read = () => finite(left.read() * right.read(), exact)
  const error = () => {
    const [ofLeft, ofRight] = [left.error(), right.error()]
    return Math.abs(left.read()) * ofRight + Math.abs(right.read()) * ofLeft + ofLeft * ofRight + beyond(read())
  }
  return computed(read, error, exact)
}

/** a / b lies within (|a| error of b + |b| error of a) / (|b| (|b| − error of b)) of the truth, and one rounding. */
function quotient(left: Figure, right: Figure): Figure {
  const exact = () => quotientOf(left.exact(), right.exact())
  const isClear = (divisor: number) => Math.abs(divisor) > 2 * right.error()
  const read = () => {
    const [a, b] = [left.read(), right.read()]
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN
    if (isClear(b)) return finite(a / b, exact)
    return right.exact()[0].isZero() ? Number.NaN : doubleOf(exact())
  }
  const error = () => {
    const [a, b] = [Math.abs(left.read()), Math.abs(right.read())]
    if (!isClear(b)) return Number.POSITIVE_INFINITY
    const ofRight = right.error()
    return (a * ofRight + b * left.error()) / (b * (b - ofRight)) + beyond(read())
  }
  return computed(read, error, exact)
}

/** A figure with its sign turned: nothing is rounded. */
export function negated(figure: Figure): Figure {
  const exact = () => turned(figure.exact())
  return { ...figure, read: () => -figure.read(), exact }
}

/** A figure without its sign: nothing is rounded. */
export function absolute(figure: Figure): Figure {
  const exact = (): Fraction => {
    const [numerator, denominator] = figure.exact()
    return [numerator.abs(), denominator]
  }
  return { ...figure, read: () => Math.abs(figure.read()), exact }
}

/** What grew out of the range of doubles is known all the same: never NaN for that, and never infinite. */
function finite(value: number, exact: () => Fraction): number {
  if (Number.isNaN(value) || Number.isFinite(value)) return value
  return doubleOf(exact())
}

/** The last rounding; at the end of the range of doubles nothing is known of it. */
function beyond(double: number): number {
  return Math.abs(double) === Number.MAX_VALUE ? Number.POSITIVE_INFINITY : roundingOf(double)
}
