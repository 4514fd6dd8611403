import { Decimal } from 'decimal.js'
import type { CrossNode, Leaf, MoveNode } from '../condition/ast.ts'
import { format } from '../condition/format.ts'
import type { Memory, Trace } from '../condition/memory.ts'
import { powerOf, type Rebase, rebased, rescaled } from '../condition/rebase.ts'
import { leavesOf } from '../condition/symbols.ts'
import { triggersOf } from '../condition/triggers.ts'
import { isActive, type Step } from './step.ts'
import type { Alert, Occurrence, Split, TriggerState } from './types.ts'

/** A split is dated at the opening of its day; the prices before that opening are of new shares already, ms. */
export const BEFORE_OPENING = 10 * 3_600_000
/** Marks are kept to so many digits. */
const DIGITS = 30

/**
 * What a split of a stock makes of an alert on it: its owner is owed a word of it, with the line in new shares where it has
 * levels; what trailing moves count from is in new shares from here on. With levels its sides begin anew: they say
 * nothing of prices in new shares, and must not fire on them. Without, they are kept. The same alert where it was set after
 * the split, is over, or knows of it. `now` in ms.
 */
export function onSplit(alert: Alert, split: Split, now: number): Step {
  const { symbol, at } = split
  const isKnown = alert.splits?.some((one) => one.symbol === symbol && one.at === at)
  if (!isActive(alert) || alert.createdAt >= at || isKnown) return { alert, occurrences: [] }
  const rebases = rebasesOf(alert, split)
  const results = rebases.reduce(
    ({ condition, isWhole }, rebase) => {
      const next = rebased(condition, rebase)
      return { condition: next.condition, isWhole: isWhole && next.isWhole }
    },
    { condition: alert.condition, isWhole: true },
  )
  const isSame = results.condition === alert.condition
  const line = isSame ? undefined : format({ condition: results.condition, options: alert.options })
  const occurrence: Occurrence = {
    ...{ id: `${alert.id}.${alert.revision + 1}.split`, kind: 'split', at: now, triggers: [], evidence: [] },
    split: { ...split, isWhole: results.isWhole, ...(line === undefined ? {} : { line }) },
  }
  const triggers = alert.triggers.map((trigger, index) => afterSplit(alert, trigger, index, rebases))
  const begun = isSame && results.isWhole ? { triggers } : { ...BEGUN, triggers: triggers.map(blank) }
  return {
    alert: {
      ...alert,
      ...begun,
      splits: [...(alert.splits ?? []), { symbol, at, from: at - BEFORE_OPENING, toldAt: now }],
    },
    occurrences: [occurrence],
  }
}

/** What is under way rests on sides that say nothing any more. */
const BEGUN = { phase: 'armed', clock: null, knownAt: null } as const

/** One for each way the symbol is written: `AAPL` and `stock:AAPL`. */
function rebasesOf({ bindings }: Alert, { symbol, numerator, denominator }: Split): Rebase[] {
  const ratio = new Decimal(numerator).div(denominator)
  return Object.entries(bindings).flatMap(([written, bound]) => (bound === symbol ? [{ symbol: written, ratio }] : []))
}

function blank({ memory }: TriggerState): TriggerState {
  const begun: TriggerState = { side: null, held: false, running: false }
  return memory === undefined
    ? begun
    : { ...begun, memory: memory.map((trace) => (trace.type === 'cross' ? UNCROSSED : trace)) }
}

const UNCROSSED: Trace = { type: 'cross', side: null, crossed: false }

function afterSplit(
  { condition, options }: Alert,
  trigger: TriggerState,
  index: number,
  rebases: readonly Rebase[],
): TriggerState {
  const { memory } = trigger
  const of = triggersOf({ condition, options })[index]
  if (memory === undefined || of === undefined) return trigger
  const remembering = leavesOf(of).filter(isRemembering)
  const next: Memory = memory.map((trace, place) => marked(trace, remembering[place], rebases))
  return next.every((trace, place) => trace === memory[place]) ? trigger : { ...trigger, memory: next }
}

/** A mark whose value goes with no power of the price is forgotten: it is counted from what comes. */
function marked(trace: Trace, leaf: CrossNode | MoveNode | undefined, rebases: readonly Rebase[]): Trace {
  if (trace.type !== 'mark' || trace.value === null || leaf === undefined) return trace
  const powers = rebases.map((rebase) => ({ rebase, power: powerOf(leaf.value, rebase) }))
  if (powers.some(({ power }) => power === undefined)) return { type: 'mark', value: null }
  const value = powers.reduce(
    (text, { rebase, power }) => (power ? rescaled(text, power, rebase, DIGITS) : text),
    trace.value,
  )
  return value === trace.value ? trace : { type: 'mark', value }
}

/** What is remembered from look to look, in the order it is written. */
function isRemembering(leaf: Leaf): leaf is CrossNode | MoveNode {
  return leaf.type === 'cross' || (leaf.type === 'move' && ['now', 'peak', 'bottom'].includes(leaf.since.type))
}
