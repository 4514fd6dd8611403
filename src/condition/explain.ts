import type { Condition, Expression, Leaf as LeafNode, MetricNode } from './ast.ts'
import type { Cell } from './cell.ts'
import { decimalOf, Exact, type Figure, type Fraction, roundedText, textOf } from './exact.ts'
import { figureOf } from './figure.ts'
import { formatCondition, formatExpression } from './format.ts'
import { kindOf } from './kinds.ts'
import { compileLeaf } from './leaf.ts'
import { type Memory, NOTHING } from './memory.ts'
import { compileMove, type Move, moveOf } from './move.ts'
import { partsOf } from './parts.ts'
import { PLAIN, recallAll, type Scene, sceneOf, type Terms } from './scene.ts'
import { keyOf, leavesOf, metricsIn, valuesOf } from './symbols.ts'
import { type Truth, wordOf } from './truth.ts'
import { whyUnknown } from './why.ts'

/** One figure that a leaf looks at. */
export type Operand = {
  /** Canonical name; of a value made of several symbols, the first. */
  readonly symbol: string
  /**
   * `price`, `change` and so on; what a move is counted from (`1h low`, `peak`, `midnight`); for a function and for
   * arithmetic its canonical text: `sma(NVDA, 50)`.
   */
  readonly metric: string
  /** Decimal text: a figure as it was told, `change` cut after four decimals, all else rounded. Left out while not known. */
  readonly value?: string
  /** ISO 4217 for prices, `%` for per cent, empty for all else. */
  readonly currency: string
}

/** A comparison, range, crossing or move with what is known of it now. */
export type Leaf = {
  /** Canonical text. */
  readonly text: string
  readonly truth: Truth
  readonly operands: readonly Operand[]
  /** Only where the truth is unknown: why, in words a person may read. */
  readonly why?: string
}

/**
 * Each comparison, range, crossing and move of a trigger, in the order they are written, with its value now and what it
 * rests on; `memory` is what the trigger remembers. `cellOf` and `terms` as for `compileTrigger`.
 */
export function explain(
  trigger: Condition,
  cellOf: (written: string) => Cell,
  terms: Terms = PLAIN,
  memory: Memory = NOTHING,
): Leaf[] {
  const scene = sceneOf(cellOf, terms)
  const leaves = leavesOf(trigger).map((leaf) => {
    const move = leaf.type === 'move' ? moveOf(leaf, scene) : undefined
    const compiled = move ? compileMove(move) : compileLeaf(leaf, scene)
    return { leaf, move, compiled }
  })
  recallAll(scene.holders, memory)
  return leaves.map(({ leaf, move, compiled }) => {
    const truth = wordOf(compiled())
    const why = truth === 'unknown' ? { why: whyUnknown(leaf, move, scene) } : {}
    return { text: formatCondition(leaf), truth, operands: operandsOf(leaf, move, scene), ...why }
  })
}

/** Each once, in the order they are written. */
function operandsOf(leaf: LeafNode, move: Move | undefined, scene: Scene): Operand[] {
  const found: Operand[] = []
  const add = (one: Operand) => {
    if (!found.some(({ symbol, metric }) => symbol === one.symbol && metric === one.metric)) found.push(one)
  }
  const values = valuesOf(leaf)
  for (const value of values) addFigures(value, scene, add)
  for (const reference of referencesOf(values[0]!, move, scene)) add(reference)
  return found
}

/** The figures in a value, and after them the value itself where it is made of them. */
function addFigures(value: Expression, scene: Scene, add: (operand: Operand) => void): void {
  for (const part of partsOf(value)) {
    if (part.type === 'metric') add(ofMetric(part, scene))
    if (part.type === 'series') add(ofExpression(part, scene))
  }
  const isMade = value.type === 'arithmetic' || value.type === 'math' || value.type === 'negate'
  if (isMade && metricsIn(value).length > 0) add(ofExpression(value, scene))
}

function ofMetric(node: MetricNode, scene: Scene): Operand {
  const { metric } = node
  const { symbol, text, currency } = scene.cellOf(keyOf(node.symbol))
  const figure = figureOf(node, scene)
  if (metric === 'change') return operand(symbol, metric, '%', figure, cut)
  const unit = metric === 'volume' ? '' : currency
  const written = text[metric]
  // As its provider wrote it, trailing zeros and all.
  if (written !== undefined && !Number.isNaN(figure.read())) return { symbol, metric, currency: unit, value: written }
  return operand(symbol, metric, unit, figure, textOf)
}

function ofExpression(value: Expression, scene: Scene): Operand {
  const { symbol } = scene.cellOf(keyOf(metricsIn(value)[0]!.symbol))
  return operand(symbol, formatExpression(value), unitOf(value, scene), figureOf(value, scene), roundedText)
}

/** What a move is counted from; a level is in the values already. */
function referencesOf(value: Expression, move: Move | undefined, scene: Scene): Operand[] {
  const [first] = metricsIn(value)
  if (!move || !first) return []
  const { symbol } = scene.cellOf(keyOf(first.symbol))
  const legs = move.legs.filter(({ name }) => name !== 'level')
  return legs.map(({ name, reference }) => operand(symbol, name, unitOf(value, scene), reference, roundedText))
}

type Print = (exact: Fraction) => string

function operand(symbol: string, metric: string, currency: string, figure: Figure, print: Print): Operand {
  const isKnown = !Number.isNaN(figure.read())
  return { symbol, metric, currency, ...(isKnown ? { value: print(figure.exact()) } : {}) }
}

function unitOf(value: Expression, { cellOf }: Scene): string {
  const kind = kindOf(value)
  if (kind === 'percent') return '%'
  const [first] = metricsIn(value)
  return kind === 'price' && first ? cellOf(keyOf(first.symbol)).currency : ''
}

/** Digits after the point that are shown of a change. */
const DECIMALS = 4

function cut(exact: Fraction): string {
  return decimalOf(exact).toDecimalPlaces(DECIMALS, Exact.ROUND_DOWN).toFixed()
}
