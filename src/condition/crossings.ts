import type { Condition, CrossNode, Options } from './ast.ts'
import { Problem, replaced } from './errors.ts'
import { formatCondition } from './format.ts'
import { leavesOf } from './symbols.ts'

/**
 * Refuses, with a `Problem`, crossings where they can hardly ever be met: turned round by `not`, or two of them at the
 * same moment; and with `for` those that go either way, of which nobody knows where the value is to stay.
 */
export function checkCrossings(condition: Condition, options: Options, text: string): void {
  checkPart(condition, text)
  const either = crossingsOf(condition).find(({ direction }) => direction === 'either')
  if (options.for !== undefined && either) throw whichWay(either, text)
}

function crossingsOf(condition: Condition): CrossNode[] {
  return leavesOf(condition).filter((leaf) => leaf.type === 'cross')
}

function checkPart(condition: Condition, text: string): void {
  if (condition.type === 'not') {
    const [crossing] = crossingsOf(condition.item)
    if (crossing) throw turnedRound(condition.at, crossing, text)
  }
  if (condition.type !== 'and' && condition.type !== 'or') return
  const [first, second] = condition.items.flatMap((item) => crossingsOf(item).slice(0, 1))
  if (condition.type === 'and' && first && second) throw together(condition.items, second, text)
  for (const item of condition.items) checkPart(item, text)
}

function turnedRound(at: Condition['at'], crossing: CrossNode, text: string): Problem {
  const sentence = 'A crossing is one moment, so it nearly always does not happen. Say above or below instead of not.'
  return new Problem(sentence, at, [replaced(text, at, formatCondition(beyond(crossing, true)))])
}

function together(items: readonly Condition[], second: CrossNode, text: string): Problem {
  const sentence = 'Two crossings hardly ever happen at one moment. Let one of them be above or below, or write or.'
  const [one, other] = items
  const between = { start: one!.at.end, end: other!.at.start }
  return new Problem(sentence, second.at, [
    replaced(text, second.at, formatCondition(beyond(second, false))),
    items.length === 2 ? replaced(text, between, ' or ') : '',
  ])
}

/** Where the value is after the crossing, or, turned round, where it is without it. */
function beyond({ value, direction, level, at }: CrossNode, turned: boolean): Condition {
  const operator = (direction === 'below') === turned ? '>' : '<'
  return { type: 'compare', left: value, operator, right: level, at }
}

function whichWay(crossing: CrossNode, text: string): Problem {
  const ways = crossing.touch ? 'rises to or falls to' : 'crosses above or crosses below'
  const tries = (['above', 'below'] as const).map((direction) => formatCondition({ ...crossing, direction }))
  return new Problem(
    `With for, say which way: ${ways}.`,
    crossing.at,
    tries.map((words) => replaced(text, crossing.at, words)),
  )
}
