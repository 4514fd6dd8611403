import type { Expression } from './ast.ts'

/** A value and all the values it is made of, in the order they are written; what a function over candles is of is none. */
export function partsOf(expression: Expression): Expression[] {
  const parts: Expression[] = []
  addParts(expression, parts)
  return parts
}

function addParts(expression: Expression, parts: Expression[]): void {
  parts.push(expression)
  if (expression.type === 'negate') addParts(expression.item, parts)
  if (expression.type === 'arithmetic') {
    addParts(expression.left, parts)
    addParts(expression.right, parts)
  }
  if (expression.type === 'math') for (const argument of expression.args) addParts(argument, parts)
}
