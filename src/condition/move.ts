import { together } from './apart.ts'
import { absolute, product, sum } from './arithmetic.ts'
import type { MoveNode } from './ast.ts'
import type { Cell } from './cell.ts'
import { type Figure, orderOf } from './exact.ts'
import { constant, figureOf, metric } from './figure.ts'
import { duration } from './format.ts'
import { answer, type Compiled, either } from './logic.ts'
import { mark } from './mark.ts'
import { classOf } from './name.ts'
import { decimalText, Exact } from './numbers.ts'
import { type End, extremeOf, midnightPrice } from './reference.ts'
import { seriesIn } from './rows.ts'
import type { Scene } from './scene.ts'
import { keyOf } from './symbols.ts'
import { TODAY, windowOf } from './windows.ts'

type Direction = 'up' | 'down'

/** One way in which a move can be met. */
export type Leg = {
  readonly direction: Direction
  /** What it is counted from, and a short name of it: `1h low`, `peak`. */
  readonly reference: Figure
  readonly name: string
  /** Why the reference is not known, in words a person may read; asked only while the value is known and it is not. */
  readonly why: () => string | undefined
  /** Where the value has to be, at least or at most. */
  readonly target: Figure
}

/** A move compiled: its value and the one or two ways in which it can go. */
export type Move = { readonly value: Figure; readonly legs: readonly Leg[] }

/** Compiles a move: met from the value on that lies so far from its reference. */
export function compileMove({ value, legs }: Move): Compiled {
  return legs
    .map(({ direction, target }) => answer(orderOf(value, target), direction === 'up' ? '>=' : '<='))
    .reduce(either)
}

/**
 * The figures of a move. Per cent are counted of the size of the reference, so that up is up below zero too.
 * Throws where the candles of what moves are needed and it is no price.
 */
export function moveOf(node: MoveNode, scene: Scene): Move {
  const value = together(figureOf(node.value, scene), node, scene)
  const referenceOf = references(node, value, scene)
  const directions: readonly Direction[] = node.direction === 'either' ? ['up', 'down'] : [node.direction]
  const legs = directions.map((direction) => {
    const reference = referenceOf(direction)
    return { direction, ...reference, target: targetOf(reference.reference, node, direction) }
  })
  return { value, legs }
}

type Reference = Pick<Leg, 'reference' | 'name' | 'why'>

/** Gives what a move one way is counted from; what is the same for both ways is made once. */
function references(node: MoveNode, value: Figure, scene: Scene): (direction: Direction) => Reference {
  const { since } = node
  switch (since.type) {
    case 'window':
      return (direction) => inPast(node, scene, since.ms, direction === 'up' ? 'low' : 'high', true)
    case 'high':
    case 'low': {
      const end = since.type
      return () => inPast(node, scene, since.ms, end, false)
    }
    case 'today':
      return () => beforeToday(node, scene)
    case 'level': {
      const reference = figureOf(since.level, scene)
      return () => ({ reference, name: 'level', why: () => undefined })
    }
    default: {
      const reference = mark(since.type, value, scene)
      return () => ({ reference, name: since.type === 'now' ? 'start' : since.type, why: () => undefined })
    }
  }
}

function inPast(node: MoveNode, scene: Scene, ms: number, end: End, before: boolean): Reference {
  const { atClose } = scene.terms
  const { cell } = quotedBy(node, scene)
  const { interval } = windowOf(ms, atClose)
  const reference = extremeOf(cell, end, ms, { before, atClose })
  return { reference, name: `${duration(ms)} ${end}`, why: () => seriesIn(cell, interval).why }
}

/** Crypto never closes: its day begins at midnight in the person's zone. */
function beforeToday(node: MoveNode, scene: Scene): Reference {
  const { atClose, zone } = scene.terms
  const { cell, written } = quotedBy(node, scene)
  if (atClose || classOf(cell.symbol) !== 'crypto') {
    const why = () => `The previous close of ${written} is not known.`
    return { reference: metric(cell, 'previous close'), name: 'previous close', why }
  }
  const why = () => seriesIn(cell, TODAY.interval).why ?? `The price of ${written} at midnight is not known.`
  return { reference: midnightPrice(cell, zone), name: 'midnight', why }
}

function quotedBy({ value }: MoveNode, { cellOf }: Scene): { cell: Cell; written: string } {
  if (value.type !== 'metric' || value.metric !== 'price') throw new Error('only the price of a symbol has a past')
  const written = keyOf(value.symbol)
  return { cell: cellOf(written), written }
}

function targetOf(reference: Figure, { amount }: MoveNode, direction: Direction): Figure {
  const size = new Exact(decimalText(amount.text))
  const signed = direction === 'up' ? size : size.neg()
  if (amount.unit !== '%') return sum(reference, constant(signed.toFixed()))
  return sum(reference, product(absolute(reference), constant(signed.times('0.01').toFixed())))
}
