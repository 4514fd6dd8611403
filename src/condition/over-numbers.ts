import type { MathNode } from './ast.ts'
import { decimalOf, doubleOf, Exact, type Figure, type Fraction, ONE, roundingOf } from './exact.ts'
import { FUNCTIONS } from './functions.ts'

/**
 * A function over numbers: exact wherever it gives one of its arguments, with or without its sign, as `min`, `max` and
 * `abs` do, and for all decimals. Else a quotient is taken with 200 digits.
 */
export function overNumbers({ name }: MathNode, figures: readonly Figure[]): Figure {
  const definition = FUNCTIONS[name]
  if (definition?.type !== 'numbers') throw new Error(`there is no function ${name} over numbers`)
  const exact = (): Fraction => {
    const fractions = figures.map((figure) => figure.exact())
    const decimals = fractions.map(decimalOf)
    const result = definition.exactly(decimals)
    return chosen(result, fractions, decimals) ?? [new Exact(result), ONE]
  }
  const read = () => (figures.some((figure) => Number.isNaN(figure.read())) ? Number.NaN : doubleOf(exact()))
  return { read, error: () => roundingOf(read()), exact, told: true, long: () => true }
}

/** The argument that a function gave back, or its negative. */
function chosen(result: Exact, fractions: readonly Fraction[], decimals: readonly Exact[]): Fraction | undefined {
  const size = result.abs()
  const place = decimals.findIndex((decimal) => decimal.abs().eq(size))
  const fraction = fractions[place]
  if (fraction === undefined) return undefined
  const [numerator, denominator] = fraction
  return [decimals[place]!.eq(result) ? numerator : numerator.neg(), denominator]
}
