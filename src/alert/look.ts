import {
  type Cell,
  compileTrigger,
  explain,
  type Leaf,
  type Terms,
  type Watcher,
  wordOf,
} from '../condition/evaluate.ts'
import { formatCondition } from '../condition/format.ts'
import { type Memory, NOTHING } from '../condition/memory.ts'
import { triggersOf } from '../condition/triggers.ts'
import type { Evaluation } from './step.ts'
import type { Alert, Evidence, TriggerState } from './types.ts'

/** The part of an alert that says what to look at; `triggers` where it was looked at before. */
export type Question = Pick<Alert, 'condition' | 'options' | 'bindings' | 'zone'> & {
  readonly triggers?: readonly TriggerState[]
}

/** What is seen of one symbol: its cell, who said so when, and how late they have it (ms), where that is not at once. */
export type Sight = { readonly cell: Cell; readonly source: string; readonly at: number; readonly delay?: number }

/**
 * Compiles each trigger of an alert; the watchers read the cells at the moment they are called, and hold what the alert
 * remembers. `apart`: how far apart (ms) quotes that are compared with each other may have been received.
 */
export function compileTriggers(question: Question, cellOf: (symbol: string) => Cell, apart: number): Watcher[] {
  const bound = boundTo(question, cellOf)
  const terms = termsOf(question, apart)
  return triggersOf(question).map((trigger, index) => {
    const watcher = compileTrigger(trigger, bound, terms)
    watcher.recall(memoryAt(question, index))
    return watcher
  })
}

/** Makes watchers hold what the alert remembers by now. */
export function recall(watchers: readonly Watcher[], question: Question): void {
  for (const [index, watcher] of watchers.entries()) watcher.recall(memoryAt(question, index))
}

/** One look at the market for `step`. `at` (ms): the time of the newest quote it rests on, or of the timer. */
export function lookAt(
  question: Question,
  watchers: readonly Watcher[],
  sightOf: (symbol: string) => Sight,
  { at, open, apart }: { readonly at: number; readonly open: boolean; readonly apart: number },
): Evaluation {
  const values = watchers.map((watcher) => watcher.truth())
  const memories = watchers.map((watcher, index) => ({ kept: watcher.after(values[index]!), begun: watcher.begun }))
  const explained = () => explainAll(question, sightOf, apart)
  const seenAt = Math.max(0, ...Object.values(question.bindings).map((symbol) => sightOf(symbol).at))
  const truths = values.map(wordOf)
  const why = truths.includes('unknown') ? explained().find((leaf) => leaf.why !== undefined)?.why : undefined
  return {
    at,
    open,
    truths,
    memories,
    describe: () => ({
      triggers: triggersOf(question).map(formatCondition),
      evidence: evidenceOf(explained(), sightOf),
    }),
    ...(seenAt > 0 && { seenAt }),
    ...(why === undefined ? {} : { why }),
  }
}

/** Each comparison, crossing and move of an alert's triggers, with its value now and what it rests on. */
export function explainAll(question: Question, sightOf: (symbol: string) => Sight, apart: number): Leaf[] {
  const bound = boundTo(question, (symbol) => sightOf(symbol).cell)
  const terms = termsOf(question, apart)
  return triggersOf(question).flatMap((trigger, index) => explain(trigger, bound, terms, memoryAt(question, index)))
}

/** Every figure that leaves look at and that is known, each once, in the order of the condition. */
function evidenceOf(leaves: readonly Leaf[], sightOf: (symbol: string) => Sight): Evidence[] {
  const found = new Map<string, Evidence>()
  for (const { symbol, metric, value, currency } of leaves.flatMap(({ operands }) => operands)) {
    const { cell, source, at, delay } = sightOf(symbol)
    const late = delay === undefined ? {} : { delay }
    if (value === undefined) continue
    const moved = metric === 'price' ? changeOf(cell) : {}
    found.set(`${symbol} ${metric}`, { symbol, metric, value, currency, source, at, ...late, ...moved })
  }
  return [...found.values()]
}

/** Of the day, where a close before it is known. */
function changeOf({ price, previousClose }: Cell): { change?: string } {
  return previousClose > 0 ? { change: ((price / previousClose - 1) * 100).toFixed(1) } : {}
}

function termsOf({ zone, options }: Question, apart: number): Terms {
  return { zone, atClose: options.atClose === true, apart }
}

function memoryAt({ triggers }: Question, index: number): Memory {
  return triggers?.[index]?.memory ?? NOTHING
}

function boundTo({ bindings }: Question, cellOf: (symbol: string) => Cell): (written: string) => Cell {
  return (written) => {
    const symbol = bindings[written]
    if (symbol === undefined) throw new Error(`"${written}" is bound to no symbol`)
    return cellOf(symbol)
  }
}
