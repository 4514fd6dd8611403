import { whyApart } from './apart.ts'
import type { Expression, Leaf, MetricNode } from './ast.ts'
import { figureOf } from './figure.ts'
import { formatExpression } from './format.ts'
import type { Move } from './move.ts'
import { overCandles } from './over-candles.ts'
import type { Scene } from './scene.ts'
import { keyOf, valuesOf } from './symbols.ts'

/** Why a leaf is unknown at this moment, in words a person may read; `move` where it is one. */
export function whyUnknown(leaf: Leaf, move: Move | undefined, scene: Scene): string {
  return whyNoneOf(valuesOf(leaf), scene) ?? whyNoReference(move) ?? whyApart(leaf, scene) ?? 'It is not known.'
}

/** Of several values: why the first that is not known is not; undefined while all are. */
function whyNoneOf(expressions: readonly Expression[], scene: Scene): string | undefined {
  for (const expression of expressions) {
    if (Number.isNaN(figureOf(expression, scene).read())) return whyNotKnown(expression, scene)
  }
  return undefined
}

function whyNotKnown(expression: Expression, scene: Scene): string {
  switch (expression.type) {
    case 'metric':
      return whyNoFigure(expression, scene)
    case 'series':
      return overCandles(expression, scene).why()
    case 'negate':
      return whyNotKnown(expression.item, scene)
    case 'arithmetic':
      return whyNoneOf([expression.left, expression.right], scene) ?? 'It would divide by zero.'
    case 'math':
      return whyNoneOf(expression.args, scene) ?? `${formatExpression(expression)} has no value now.`
    case 'number':
      throw new Error(`${expression.text} is known`)
  }
}

function whyNoFigure({ symbol, metric }: MetricNode, { cellOf }: Scene): string {
  const name = keyOf(symbol)
  return cellOf(name).why ?? `The ${metric} of ${name} is not known.`
}

function whyNoReference(move: Move | undefined): string | undefined {
  return move?.legs.find(({ reference }) => Number.isNaN(reference.read()))?.why()
}
