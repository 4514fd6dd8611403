import type { Span } from '../errors.ts'
import { Problem } from './errors.ts'
import type { Token } from './lexer.ts'

/** The longest line, in UTF-16 units. */
export const MOST_CHARACTERS = 500
const MOST_TOKENS = 200
const MOST_BRACKETS = 16
const MOST_COMPARISONS = 20
const MOST_SYMBOLS = 10

const SHORTER = 'Make several alerts of it.'

/** Refuses a line that is too long, before anything reads it. */
export function checkLength(text: string): void {
  if (text.length <= MOST_CHARACTERS) return
  const at = { start: MOST_CHARACTERS, end: text.length }
  throw new Problem(`A line has at most ${MOST_CHARACTERS} characters, this one has ${text.length}. ${SHORTER}`, at)
}

/** Refuses, with a `Problem`, a line of more pieces than an alert may have, before the parser sees them. */
export function checkLimits(tokens: readonly Token[]): void {
  refuse(tokens[MOST_TOKENS]?.at, `An alert has at most ${MOST_TOKENS} words and signs. ${SHORTER}`)
  refuse(tooDeep(tokens), `Brackets can be nested ${MOST_BRACKETS} deep at most.`)
  refuse(comparisons(tokens)[MOST_COMPARISONS], `An alert has at most ${MOST_COMPARISONS} comparisons. ${SHORTER}`)
  refuse(symbols(tokens)[MOST_SYMBOLS], `An alert has at most ${MOST_SYMBOLS} symbols. ${SHORTER}`)
}

function refuse(at: Span | undefined, sentence: string): void {
  if (at) throw new Problem(sentence, at)
}

function tooDeep(tokens: readonly Token[]): Span | undefined {
  let depth = 0
  for (const { text, at } of tokens) {
    if (text === '(') depth++
    if (text === ')') depth--
    if (depth > MOST_BRACKETS) return at
  }
  return undefined
}

/** Words and signs that make a comparison, a crossing or a move: one each, or several together (`is not above`). */
const COMPARING =
  /^(?:[<>]=?|!?=|\.\.|is|isn't|above|below|more|less|least|most|equal|between|outside|crosses|hits|rises|falls|drops|up|down|moves)$/
function comparisons(tokens: readonly Token[]): Span[] {
  return tokens.filter((token, i) => isComparison(token) && !continues(tokens, i)).map(({ at }) => at)
}

function isComparison({ type, text }: Token): boolean {
  return (type === 'word' || type === 'sign') && COMPARING.test(text)
}

/** Whether the words right before it make a comparison already. */
function continues(tokens: readonly Token[], index: number): boolean {
  const before = tokens.slice(0, index).findLast(({ text }) => !/^(?:not|at)$/.test(text))
  return before !== undefined && (before.text === 'for' || isComparison(before))
}

function symbols(tokens: readonly Token[]): Span[] {
  const first = new Map<string, Span>()
  for (const { type, text, at } of tokens) if (type === 'symbol' && !first.has(text)) first.set(text, at)
  return [...first.values()]
}
