import { together } from './apart.ts'
import type { CrossNode } from './ast.ts'
import { orderOf } from './exact.ts'
import { figureOf } from './figure.ts'
import type { Trace } from './memory.ts'
import type { Holder, Scene } from './scene.ts'
import { MET, UNKNOWN, UNMET } from './truth.ts'

type CrossTrace = Extract<Trace, { type: 'cross' }>

const BLANK: CrossTrace = { type: 'cross', side: null, crossed: false }

/**
 * Compiles a crossing: met from the look on at which the value is seen beyond the level after it was seen on the other
 * side of it. Equality keeps the side; with `touch` it counts as beyond. The first known look only tells the side. While
 * the value or the level is not known it is unknown, and what it remembers stays. After a look at which its trigger was
 * unmet it is not crossed any more: a crossing counts at the moment it happens, together with the rest of its trigger.
 */
export function compileCross(node: CrossNode, scene: Scene): () => number {
  const { direction } = node
  if (direction === 'either') throw new Error('a crossing either way is two triggers')
  const sideOf = sides(node, direction, scene)
  let trace = BLANK
  const next = () => seenAt(sideOf(), trace, direction)
  const after = (truth: number) => {
    const seen = next() ?? trace
    return truth === UNMET && seen.crossed ? { ...seen, crossed: false } : seen
  }
  scene.holders.push({
    recall: (stored) => {
      trace = stored?.type === 'cross' ? stored : BLANK
    },
    fits,
    held: () => trace,
    after,
    begun: after,
  })
  return () => {
    const seen = next()
    return seen === undefined ? UNKNOWN : seen.crossed ? MET : UNMET
  }
}

type Direction = 'above' | 'below'
/** `level`: on it, which keeps the side; undefined: not known. */
type Place = Direction | 'level' | undefined

function sides(node: CrossNode, direction: Direction, scene: Scene): () => Place {
  const order = orderOf(together(figureOf(node.value, scene), node, scene), figureOf(node.level, scene))
  const equal = node.touch ? direction : 'level'
  return () => {
    const sign = order()
    return sign > 0 ? 'above' : sign < 0 ? 'below' : sign === 0 ? equal : undefined
  }
}

/** The trace after the value was seen at a place: the same where that is no news, undefined where it is not known. */
function seenAt(place: Place, trace: CrossTrace, direction: Direction): CrossTrace | undefined {
  if (place === undefined) return undefined
  if (place === 'level' || place === trace.side) return trace
  return { type: 'cross', side: place, crossed: trace.side !== null && place === direction }
}

const fits: Holder['fits'] = (trace) =>
  trace.type === 'cross' &&
  (trace.side === null || trace.side === 'above' || trace.side === 'below') &&
  typeof trace.crossed === 'boolean'
