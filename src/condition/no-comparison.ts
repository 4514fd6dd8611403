import { Problem, replaced, spanning } from './errors.ts'
import type { Failure } from './failure.ts'
import { METRIC_WORDS } from './words.ts'

/** `AAPL 500`, `AAPL 5% today`: a value, and another one, and nothing between them. */
export function diagnoseNoComparison({ text, tokens, index, expected }: Failure): Problem | undefined {
  // Where a value is followed by a number, only a range written with dots is left to hope for.
  if (!expected.has('..') || expected.has('to') || expected.has('>')) return undefined
  const value = tokens.findLastIndex(({ type, text: word }, i) => i < index && (type === 'symbol' || isMetric(word)))
  const [before, first] = tokens.slice(value, value + 2)
  if (!before || !first || first === tokens[index]) return undefined
  const start = { start: first.at.start, end: first.at.start }
  const [sentence, ...words] = asked(tokens[index]?.text ?? '')
  const tries = words.map((word) => replaced(text, start, `${word} `))
  return new Problem(sentence, spanning(before.at, tokens[index - 1]!.at), tries)
}

/** What a number may be meant as, by what follows it: the question, and words to put before it. */
function asked(next: string): [question: string, ...words: string[]] {
  if (/^(?:in|today|from)$/.test(next)) return ['Up or down? Say which.', 'up', 'down']
  const question = 'Above or below? Say which.'
  return /^(?:and|to|-)$/.test(next) ? [question, 'between', '>', '<'] : [question, '>', '<', 'change >']
}

function isMetric(word: string): boolean {
  return METRIC_WORDS.has(word) || word === 'close'
}
