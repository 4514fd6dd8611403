import type { Token } from './lexer.ts'
import type { Piece } from './pieces.ts'
import { AFTER_IS, AFTER_VALUE, ARTICLES, FILLERS, GOING, isReserved, METRIC_WORDS, SYNONYMS } from './words.ts'

/** Whether a value may end with a token: a symbol, a figure of one, or a closing bracket. */
export function isValueEnd(token: Token | undefined): boolean {
  if (token === undefined) return false
  return token.type === 'symbol' || token.text === ')' || token.text === 'close' || METRIC_WORDS.has(token.text)
}

const SAYING = /^(?:is|at|above|below|more|less|equal|between|outside|crosses|rises|falls|drops|hits|up|down|moves)$/

/** Whether a word says something of the value before it. */
function says(word: string): boolean {
  return SAYING.test(SYNONYMS.get(word) ?? word) || AFTER_VALUE.has(word) || AFTER_IS.has(word)
}

/**
 * Whether a piece changes nothing where it stands, so that it is passed over: `has` in `AAPL has crossed 500`, `goes` in
 * `AAPL goes up 5% today`, `its` in `AAPL above its open`.
 */
export function isFiller({ type, value }: Piece, before: Token | undefined, [next, later]: readonly Piece[]): boolean {
  if (type !== 'word' || next?.type !== 'word' || before === undefined) return false
  const word = value.toLowerCase()
  const following = next.value.toLowerCase()
  // In capitals between words in small letters it is a symbol.
  if (value === value.toUpperCase() && next.value !== next.value.toUpperCase()) return false
  if (ARTICLES.has(word)) return !isValueEnd(before) && METRIC_WORDS.has(following)
  const isAfter = isValueEnd(before) || before.text === 'is'
  if (GOING.has(word)) return /^(?:up|down)$/.test(following) && (isAfter || isReserved(word))
  if (!FILLERS.has(word) || !isAfter) return false
  return says(following) || (FILLERS.has(following) && later?.type === 'word' && says(later.value.toLowerCase()))
}
