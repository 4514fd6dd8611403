import { type Exact, type Fraction, times } from './exact.ts'

/** Two fractions added. */
export function sumOf([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [times(a, d).plus(times(c, b)), times(b, d)]
}

/** Two fractions multiplied. */
export function productOf([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [times(a, c), times(b, d)]
}

/** One fraction divided by another, which is not zero; the denominator stays above zero. */
export function quotientOf([a, b]: Fraction, [c, d]: Fraction): Fraction {
  const [numerator, denominator]: [Exact, Exact] = [times(a, d), times(b, c)]
  return denominator.isNegative() ? [numerator.neg(), denominator.neg()] : [numerator, denominator]
}

/** A fraction with its sign turned. */
export function turned([numerator, denominator]: Fraction): Fraction {
  return [numerator.neg(), denominator]
}
