import { Problem, without } from './errors.ts'
import { type Failure, isInCall } from './failure.ts'
import type { Token } from './lexer.ts'
import { isOption } from './misplaced-options.ts'
import { METRIC_WORDS } from './words.ts'

const COMPARING =
  /^(?:[<>]=?|!?=|\.\.|is|isn't|at|above|below|more|less|equal|between|outside|crosses|rises|falls|drops|hits|up|down|moves)$/

/** Whether a comparison seems to begin at a token: a value, and a word or sign that says something of it. */
export function beginsComparison(tokens: readonly Token[], index: number): boolean {
  if (tokens[index]?.type !== 'symbol' && tokens[index]?.type !== 'call') return false
  let next = index + 1
  while (METRIC_WORDS.has(tokens[next]?.text ?? '') || tokens[next]?.text === 'close') next++
  return tokens[index].type === 'call' || COMPARING.test(tokens[next]?.text ?? '')
}

/** Two comparisons, one after the other. */
export function diagnoseNoLink({ text, tokens, index, expected }: Failure): Problem | undefined {
  if (!expected.has('or') || !beginsComparison(tokens, index)) return undefined
  const places = tokens.filter((_, i) => i >= index && beginsComparison(tokens, i) && !leadsOn(tokens[i - 1]))
  const linked = (link: string) =>
    places.reduceRight((line, { at }) => `${line.slice(0, at.start)}${link} ${line.slice(at.start)}`, text)
  return new Problem('There is nothing between these two comparisons: and, or or?', tokens[index]!.at, [
    linked('or'),
    linked('and'),
  ])
}

/** Whether a word or sign must be followed by a value. */
function leadsOn(token: Token | undefined): boolean {
  return (
    token === undefined || COMPARING.test(token.text) || /^(?:and|or|not|than|to|from|by|[-+*/(,])$/.test(token.text)
  )
}

/** A comma between comparisons. */
export function diagnoseComma(failure: Failure): Problem | undefined {
  const { text, tokens, index, expected } = failure
  const token = tokens[index]!
  const comma = token.text === ',' ? token : tokens[index - 1]
  if (comma?.text !== ',' || isOption(tokens, index) || isInCall(tokens, index)) return undefined
  if (token === comma && !expected.has('or')) return undefined
  const tries = [linkedByWord(failure, comma, 'or'), linkedByWord(failure, comma, 'and'), without(text, comma.at)]
  const sign = /[;；]/.test(text.slice(comma.at.start, comma.at.end)) ? 'semicolon' : 'comma'
  return new Problem(`In place of this ${sign}: and, or or?`, comma.at, tries)
}

/** Every comma between comparisons replaced by a word; an option that stands before the first goes to the end. */
function linkedByWord({ text, tokens }: Failure, comma: Token, link: string): string {
  const option = tokens.find(({ at }, i) => at.end <= comma.at.start && isOption(tokens, i))
  const commas = tokens.filter(
    (token, i) =>
      token.text === ',' && token.at.start >= comma.at.start && !isInCall(tokens, i) && !isOption(tokens, i + 1),
  )
  const linked = commas.reduceRight((line, { at }) => `${line.slice(0, at.start)} ${link}${line.slice(at.end)}`, text)
  if (!option) return linked
  const said = text.slice(option.at.start, comma.at.start).trim()
  return `${linked.slice(0, option.at.start).trimEnd()}${linked.slice(comma.at.start)} ${said}`
}
