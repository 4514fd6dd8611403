import type { Condition } from './ast.ts'
import type { Cell } from './cell.ts'
import { compileLeaf } from './leaf.ts'
import { compileLevels, levelsOf } from './levels.ts'
import { both, type Compiled, either, opposite } from './logic.ts'
import { type Memory, NOTHING } from './memory.ts'
import { type Holder, PLAIN, recallAll, type Scene, sceneOf, type Terms } from './scene.ts'
import { keyOf } from './symbols.ts'
import { MET } from './truth.ts'

export type { Cell } from './cell.ts'
export { explain, type Leaf, type Operand } from './explain.ts'
export type { Terms } from './scene.ts'
export { MET, type Truth, UNKNOWN, UNMET, wordOf } from './truth.ts'

/** A compiled trigger with what it remembers from look to look. */
export type Watcher = {
  /** `MET`, `UNMET` or `UNKNOWN` at this moment, with the memory it holds; changes nothing. */
  truth(): number
  /** What is to be remembered after a look with that truth; the same object as was recalled where nothing changed. */
  after(truth: number): Memory
  /** The same after a look at which it fired: peak and bottom begin anew with the value now. */
  begun(): Memory
  /** Holds that memory for the next looks. One that is not of this trigger lets it begin anew. */
  recall(memory: Memory): void
}

/**
 * Makes a function that says whether the condition is `MET`, `UNMET` or `UNKNOWN` at the moment it is called. `cellOf` is
 * asked now, with each symbol as written (`keyOf`); the function then reads the cells without looking anything up.
 * Comparisons are exact, see `orderOf`. Throws where the condition has to remember something.
 */
export function compile(condition: Condition, cellOf: (written: string) => Cell, terms: Terms = PLAIN): Compiled {
  const scene = sceneOf(cellOf, terms)
  const truth = compileIn(condition, scene)
  if (scene.holders.length > 0) throw new Error('this condition has to remember something: compile its triggers')
  return refreshed(truth, scene)
}

/** Makes a watcher of a trigger (see `triggersOf`) that remembers nothing yet. `cellOf` as for `compile`. */
export function compileTrigger(trigger: Condition, cellOf: (written: string) => Cell, terms: Terms): Watcher {
  const scene = sceneOf(cellOf, terms)
  const truth = refreshed(compileIn(trigger, scene), scene)
  if (scene.holders.length > 0) return remembering(truth, scene.holders)
  return { truth, after: nothing, begun: nothing, recall: () => {} }
}

/** Compiles a part of a condition into a scene. */
function compileIn(condition: Condition, scene: Scene): Compiled {
  const levels = levelsOf(condition)
  if (levels) return compileLevels(levels, scene.cellOf(keyOf(levels.symbol)))
  switch (condition.type) {
    case 'not':
      return opposite(compileIn(condition.item, scene))
    case 'and':
      return condition.items.map((item) => compileIn(item, scene)).reduce(both)
    case 'or':
      return condition.items.map((item) => compileIn(item, scene)).reduce(either)
    default:
      return compileLeaf(condition, scene)
  }
}

function refreshed(truth: Compiled, { refreshes }: Scene): Compiled {
  if (refreshes.length === 0) return truth
  return () => {
    for (const refresh of refreshes) refresh()
    return truth()
  }
}

function nothing(): Memory {
  return NOTHING
}

function remembering(truth: Compiled, holders: readonly Holder[]): Watcher {
  let recalled = NOTHING
  const sameOr = (traces: Memory) => (traces.every((trace, i) => trace === holders[i]!.held()) ? recalled : traces)
  return {
    truth,
    after: (truth) => sameOr(holders.map((holder) => holder.after(truth))),
    begun: () => sameOr(holders.map((holder) => holder.begun(MET))),
    recall: (memory) => {
      recalled = memory
      recallAll(holders, memory)
    },
  }
}
