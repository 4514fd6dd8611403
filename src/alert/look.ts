import { type Cell, compile, explain, wordOf } from '../condition/evaluate.ts'
import { formatCondition } from '../condition/format.ts'
import { triggersOf } from '../condition/triggers.ts'
import type { Evaluation } from './step.ts'
import type { Alert, Evidence } from './types.ts'

/** The part of an alert that says what to look at. */
export type Question = Pick<Alert, 'condition' | 'options' | 'bindings'>

/** What is seen of one symbol: its cell, and who said so when (ms). */
export type Sight = { readonly cell: Cell; readonly source: string; readonly at: number }

/** Compiles each trigger of an alert; the functions read the cells at the moment they are called. */
export function compileTriggers(question: Question, cellOf: (symbol: string) => Cell): (() => number)[] {
  const bound = boundTo(question, cellOf)
  return triggersOf(question).map((trigger) => compile(trigger, bound))
}

/** One look at the market for `step`. `at` (ms): the time of the newest quote it rests on, or of the timer. */
export function lookAt(
  question: Question,
  triggers: readonly (() => number)[],
  sightOf: (symbol: string) => Sight,
  at: number,
  open: boolean,
): Evaluation {
  const truths = triggers.map((trigger) => wordOf(trigger()))
  const why = truths.includes('unknown') ? whyUnknown(question, sightOf) : undefined
  const seenAt = Math.max(0, ...Object.values(question.bindings).map((symbol) => sightOf(symbol).at))
  return {
    at,
    open,
    truths,
    describe: () => ({
      triggers: triggersOf(question).map(formatCondition),
      evidence: evidenceOf(question, sightOf),
    }),
    ...(seenAt > 0 && { seenAt }),
    ...(why === undefined ? {} : { why }),
  }
}

/** Every figure a condition looks at that is known, each once, in the order of the condition. */
export function evidenceOf(question: Question, sightOf: (symbol: string) => Sight): Evidence[] {
  const found = new Map<string, Evidence>()
  for (const { operands } of explain(
    question.condition,
    boundTo(question, (symbol) => sightOf(symbol).cell),
  )) {
    for (const { symbol, metric, value, currency } of operands) {
      const { source, at } = sightOf(symbol)
      if (value !== undefined) found.set(`${symbol} ${metric}`, { symbol, metric, value, currency, source, at })
    }
  }
  return [...found.values()]
}

function whyUnknown(question: Question, sightOf: (symbol: string) => Sight): string | undefined {
  const leaves = explain(
    question.condition,
    boundTo(question, (symbol) => sightOf(symbol).cell),
  )
  return leaves.find(({ why }) => why !== undefined)?.why
}

function boundTo({ bindings }: Question, cellOf: (symbol: string) => Cell): (written: string) => Cell {
  return (written) => {
    const symbol = bindings[written]
    if (symbol === undefined) throw new Error(`"${written}" is bound to no symbol`)
    return cellOf(symbol)
  }
}
