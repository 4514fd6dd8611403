import type { ArithmeticNode, Expression, MathNode } from './ast.ts'
import { Exact, type Fraction, ONE, times } from './exact.ts'
import { productOf, quotientOf, sumOf, turned } from './fraction.ts'
import { FUNCTIONS } from './functions.ts'
import { decimalText } from './numbers.ts'
import { metricsIn } from './symbols.ts'

/** The fraction that a number of the language means. */
export function fractionOf(text: string): Fraction {
  return [new Exact(decimalText(text)), ONE]
}

/** Below 0, 0 or above 0 as the first is smaller, equal or larger. */
export function orderOfFractions([a, b]: Fraction, [c, d]: Fraction): number {
  return times(a, d).cmp(times(c, b))
}

/**
 * What a number, or arithmetic of numbers, comes to: `2 * 3` is 6. Undefined where a symbol is spoken of, where it would
 * divide by zero, and where a function is given a fraction that no decimal text can say.
 */
export function constantOf(value: Expression): Fraction | undefined {
  switch (value.type) {
    case 'number':
      return fractionOf(value.text)
    case 'metric':
    case 'series':
      return undefined
    case 'negate': {
      const item = constantOf(value.item)
      return item && turned(item)
    }
    case 'arithmetic':
      return constantOfArithmetic(value)
    case 'math':
      return constantOfMath(value)
  }
}

function constantOfArithmetic({ operator, left, right }: ArithmeticNode): Fraction | undefined {
  const a = constantOf(left)
  const b = a && constantOf(right)
  if (!a || !b) return undefined
  switch (operator) {
    case '+':
      return sumOf(a, b)
    case '-':
      return sumOf(a, turned(b))
    case '*':
      return productOf(a, b)
    case '/':
      return b[0].isZero() ? undefined : quotientOf(a, b)
  }
}

function constantOfMath({ name, args }: MathNode): Fraction | undefined {
  const entry = FUNCTIONS[name]
  const values = args.map(constantOf)
  if (entry?.type !== 'numbers' || !values.every((value) => value?.[1].eq(1))) return undefined
  const top = entry.exactly(values.map((value) => value![0]))
  return top.isNaN() ? undefined : [new Exact(top), ONE]
}

/** The first place where a value is divided by a constant that is 0. */
export function divisionByZero(value: Expression): ArithmeticNode | undefined {
  switch (value.type) {
    case 'number':
    case 'metric':
    case 'series':
      return undefined
    case 'negate':
      return divisionByZero(value.item)
    case 'math':
      return value.args.map(divisionByZero).find(Boolean)
    case 'arithmetic': {
      const isZero =
        value.operator === '/' && metricsIn(value.right).length === 0 && constantOf(value.right)?.[0].isZero()
      return divisionByZero(value.left) ?? divisionByZero(value.right) ?? (isZero ? value : undefined)
    }
  }
}
