import { COMBINED, negated } from './arithmetic.ts'
import type { Expression, NumberNode } from './ast.ts'
import type { Cell, Told } from './cell.ts'
import { computed, type Figure, told } from './exact.ts'
import { decimalText, isLong, numberOf } from './numbers.ts'
import { overCandles } from './over-candles.ts'
import { overNumbers } from './over-numbers.ts'
import type { Scene } from './scene.ts'
import { keyOf } from './symbols.ts'

/** Makes a figure of a value. Each symbol in it is asked of the scene once, now. Throws where it has no such function. */
export function figureOf(expression: Expression, scene: Scene): Figure {
  switch (expression.type) {
    case 'number':
      return constant(expression.text)
    case 'metric': {
      const cell = scene.cellOf(keyOf(expression.symbol))
      return expression.metric === 'change' ? change(cell) : metric(cell, expression.metric)
    }
    case 'negate':
      return negated(figureOf(expression.item, scene))
    case 'arithmetic':
      return COMBINED[expression.operator](figureOf(expression.left, scene), figureOf(expression.right, scene))
    case 'series':
      return overCandles(expression, scene).figure
    case 'math':
      return overNumbers(
        expression,
        expression.args.map((argument) => figureOf(argument, scene)),
      )
  }
}

/** A number of the language that never changes. */
export function constant(text: NumberNode['text']): Figure {
  const value = numberOf(text)
  const decimal = decimalText(text)
  const long = isLong(decimal)
  return told(
    () => value,
    () => decimal,
    () => long,
  )
}

/** A figure that the provider told. */
export function metric(cell: Cell, name: Told): Figure {
  const read = reader(cell, name)
  return told(
    read,
    () => cell.text[name] ?? String(read()),
    () => isLong(cell.text[name]),
  )
}

function reader(cell: Cell, name: Told): () => number {
  switch (name) {
    case 'price':
      return () => cell.price
    case 'open':
      return () => cell.open
    case 'high':
      return () => cell.high
    case 'low':
      return () => cell.low
    case 'previous close':
      return () => cell.previousClose
    case 'volume':
      return () => cell.volume
    case 'bid':
      return () => cell.bid
    case 'ask':
      return () => cell.ask
  }
}

/**
 * (price − previous close) / previous close × 100; NaN where either is not known or the previous close is not above 0.
 * The error, with u = 2^-53: that both figures are off by u of themselves moves it by 200 u + 2 u |change|, and three
 * roundings by 3 u |change|. Together that is less than 2.3e-14 + 6e-16 |change|.
 */
function change(cell: Cell): Figure {
  const price = metric(cell, 'price')
  const close = metric(cell, 'previous close')
  const read = () =>
    cell.previousClose > 0 ? ((cell.price - cell.previousClose) / cell.previousClose) * 100 : Number.NaN
  return computed(
    read,
    () => 2.3e-14 + 6e-16 * Math.abs(read()),
    () => {
      const [before] = close.exact()
      return [price.exact()[0].minus(before).times(100), before]
    },
  )
}
