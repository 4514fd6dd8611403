import { Problem, quoted, replaced, shortened, without } from './errors.ts'
import { type Failure, openBrackets } from './failure.ts'
import { FUNCTIONS } from './functions.ts'
import { nextOf } from './going-on.ts'
import type { Token } from './lexer.ts'
import { diagnoseNoComparison } from './no-comparison.ts'
import { usageNear } from './reserved-words.ts'

/** A line that stops where something must follow. */
export function diagnoseUnfinished(failure: Failure): Problem | undefined {
  const { text, tokens, index, expected } = failure
  if (index < tokens.length) return undefined
  const last = tokens.at(-1)
  if (!last) return new Problem('I expected a condition, like AAPL > 500.', { start: 0, end: 0 })
  const open = openBrackets(tokens, index)
  const closing = ')'.repeat(open.length)
  const typed = text.slice(0, last.at.end)
  const usual = withUsualCall(failure)
  if (expected.has(')')) {
    const tries = [closing, `${closing} > 500`, `${closing} > 30`].map((end) => typed + end)
    return new Problem('This bracket is never closed.', open[0]!.at, [...tries, ...usual])
  }
  if (last.text === ',' && expected.has('repeat')) {
    return new Problem(`Nothing follows ${quoted(text, last.at)}.`, last.at, [without(text, last.at)])
  }
  const numberAlone = withComparisonRepeated(failure) ?? diagnoseNoComparison(failure)
  if (numberAlone) return numberAlone
  const { said, samples } = nextOf(failure)
  const end = { start: last.at.end, end: last.at.end }
  const tries = samples.flatMap((sample) =>
    ['', ' > 500', ' and 600'].map((rest) => `${typed} ${sample}${closing}${rest}`),
  )
  const before = shortened(text.slice(last.at.start, last.at.end), 30)
  const after = /^[.,]+$/.test(before) ? `"${before}"` : before
  return new Problem(`I expected ${said} after ${after}.`, end, [...tries, ...usual])
}

/** A function that is not finished, as it is usually written. */
function withUsualCall({ text, tokens, index }: Failure): string[] {
  const open = openBrackets(tokens, index)
  const name = tokens[tokens.indexOf(open.at(-1)!) - 1]
  const entry = name?.type === 'call' ? FUNCTIONS[name.text] : undefined
  if (!name || !entry) return []
  const line = text.slice(0, name.at.start) + usageNear(tokens, index, entry) + ')'.repeat(open.length - 1)
  return [line, `${line} > 500`, `${line} > 30`]
}

/** `AAPL > 500 or 600`: a number that wants the comparison before it again. */
function withComparisonRepeated({ text, tokens, expected }: Failure): Problem | undefined {
  const last = tokens.at(-1)!
  const link = tokens.at(-2)
  if (!/^(?:number|mixed)$/.test(last.type) || !link || !/^(?:and|or)$/.test(link.text) || !expected.has('>'))
    return undefined
  const start = { start: last.at.start, end: last.at.start }
  const tries = [relationBefore(tokens), '>', '<'].map((sign) => replaced(text, start, `${sign} `))
  return new Problem(`Above or below ${text.slice(last.at.start, last.at.end)}? Say which.`, last.at, tries)
}

function relationBefore(tokens: readonly Token[]): string {
  const known = tokens.findLast(({ text }) => /^(?:[<>]=?|!?=|above|below)$/.test(text))
  return known?.text ?? '>'
}
