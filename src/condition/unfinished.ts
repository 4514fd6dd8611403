import { Problem, replaced } from './errors.ts'
import { type Failure, openBrackets, type Works, wanted } from './failure.ts'
import type { Token } from './lexer.ts'
import { diagnoseNoComparison } from './no-comparison.ts'

/** What may follow where a line stops early; which of them does is tried out. */
const SAMPLES = [
  '500',
  'MSFT > 300',
  'AAPL > 500',
  '> 500',
  '10m',
  'Friday',
  'in 3d',
  'than 500',
  'least 500',
  'and 600',
  'to 500',
  'close > 500',
  'close',
  '17:00',
]

/** A line that stops where something must follow. */
export function diagnoseUnfinished(failure: Failure, works: Works): Problem | undefined {
  const { text, tokens, index, expected } = failure
  if (index < tokens.length) return undefined
  const last = tokens.at(-1)
  if (!last) return new Problem('I expected a condition, like AAPL > 500.', { start: 0, end: 0 })
  const open = openBrackets(tokens, index)
  const closing = ')'.repeat(open.length)
  if (expected.has(')'))
    return new Problem('This bracket is never closed.', open[0]!.at, [`${text.trimEnd()}${closing}`])
  const numberAlone = withComparisonRepeated(failure) ?? diagnoseNoComparison(failure)
  if (numberAlone) return numberAlone
  const after = text.slice(last.at.start, last.at.end)
  const typed = text.slice(0, last.at.end)
  const tries = SAMPLES.map((sample) => `${typed} ${sample}${closing}`)
  const end = { start: last.at.end, end: last.at.end }
  return new Problem(`I expected ${wanted(failure)} after ${after}.`, end, tries.filter(works).slice(0, 1))
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
  const known = tokens.findLast(({ text }) => /^(?:[<>]=?|!?=|above|over|below|under)$/.test(text))
  return known?.text ?? '>'
}
