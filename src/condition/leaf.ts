import { together } from './apart.ts'
import type { CompareNode, Leaf, RangeNode } from './ast.ts'
import { compileCross } from './cross.ts'
import { orderOf } from './exact.ts'
import { figureOf } from './figure.ts'
import { answer, both, type Compiled, either } from './logic.ts'
import { compileMove, moveOf } from './move.ts'
import type { Scene } from './scene.ts'

/** Compiles a comparison, a range, a crossing or a move. What it remembers is added to the holders of the scene. */
export function compileLeaf(leaf: Leaf, scene: Scene): Compiled {
  switch (leaf.type) {
    case 'compare':
      return compileCompare(leaf, scene)
    case 'between':
    case 'outside':
      return compileRange(leaf, scene)
    case 'cross':
      return compileCross(leaf, scene)
    case 'move':
      return compileMove(moveOf(leaf, scene))
  }
}

function compileCompare(node: CompareNode, scene: Scene): Compiled {
  const left = together(figureOf(node.left, scene), node, scene)
  return answer(orderOf(left, figureOf(node.right, scene)), node.operator)
}

function compileRange(node: RangeNode, scene: Scene): Compiled {
  const value = together(figureOf(node.value, scene), node, scene)
  const toLow = orderOf(value, figureOf(node.low, scene))
  const toHigh = orderOf(value, figureOf(node.high, scene))
  return node.type === 'between'
    ? both(answer(toLow, '>='), answer(toHigh, '<='))
    : either(answer(toLow, '<'), answer(toHigh, '>'))
}
