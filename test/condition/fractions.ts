/** An exact number; the denominator is above zero. */
export type Fraction = { readonly n: bigint; readonly d: bigint }

const POWERS: Readonly<Record<string, number>> = { k: 3, m: 6, bn: 9 }

/** Decimal text as the language and providers write it: `1.5k`, `-2e-7`. */
export function fraction(text: string): Fraction {
  const [, sign = '', whole = '', decimals = '', power = '0', word = ''] =
    text.match(/^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?(k|m|bn)?$/) ?? []
  const digits = BigInt(`${whole}${decimals}`) * (sign === '-' ? -1n : 1n)
  const scale = Number(power) + (POWERS[word] ?? 0) - decimals.length
  return scale < 0 ? { n: digits, d: 10n ** BigInt(-scale) } : { n: digits * 10n ** BigInt(scale), d: 1n }
}

export const ZERO = fraction('0')

export const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d })
export const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d })
export const negative = (a: Fraction): Fraction => ({ n: -a.n, d: a.d })
export const size = (a: Fraction): Fraction => (a.n < 0n ? negative(a) : a)

/** Undefined where it would divide by zero. */
export function over(a: Fraction, b: Fraction): Fraction | undefined {
  if (b.n === 0n) return undefined
  const sign = b.n < 0n ? -1n : 1n
  return { n: a.n * b.d * sign, d: a.d * b.n * sign }
}

/** Below 0, 0 or above 0 as the first is smaller, equal or larger. */
export function order(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The largest (`sign` 1) or smallest (−1) of some. */
export function furthest(all: readonly Fraction[], sign: 1 | -1): Fraction | undefined {
  return all.length === 0 ? undefined : all.reduce((best, one) => (order(one, best) * sign > 0 ? one : best))
}

/** Half away from zero, to so many digits after the point. */
export function rounded(a: Fraction, digits: number): Fraction {
  const scaled = times(size(a), fraction(`1e${digits}`))
  const whole = { n: (2n * scaled.n + scaled.d) / (2n * scaled.d), d: 1n }
  return times(a.n < 0n ? negative(whole) : whole, fraction(`1e${-digits}`))
}
