import { DURING, type During, type Span, VIA } from './ast.ts'
import { Problem, quoted, replaced, spanning, without } from './errors.ts'
import type { Failure, Works } from './failure.ts'
import type { Token } from './lexer.ts'
import { nearest } from './nearest.ts'
import { OPTION_WORDS } from './words.ts'

/** Options in front of the condition or in the middle of it. */
export function diagnoseOption({ text, tokens, index, expected }: Failure): Problem | undefined {
  const first = tokens[index]!.text === 'close' && tokens[index - 1]?.text === 'at' ? index - 1 : index
  if (isOption(tokens, first) && (expected.has('(') || expected.has(')') || first < index)) {
    return moved(text, spanning(tokens[first]!.at, tokens[optionEnd(tokens, first) - 1]!.at))
  }
  const start = tokens.findIndex((_, i) => i < index && isOption(tokens, i))
  if (start < 0 || !/^(?:and|or)$/.test(tokens[index]!.text) || !expected.has('repeat')) return undefined
  return moved(text, spanning(tokens[start]!.at, tokens[index - 1]!.at))
}

/** Whether an option begins at a token. */
export function isOption(tokens: readonly Token[], index: number): boolean {
  const { type, text } = tokens[index] ?? { type: 'sign', text: '' }
  return type === 'word' && (OPTION_WORDS.has(text) || (text === 'at' && tokens[index + 1]?.text === 'close'))
}

function moved(text: string, at: Span): Problem {
  const option = text.slice(at.start, at.end)
  const rest = without(text, at).replace(/^,\s*/, '')
  return new Problem(`${quoted(text, at)} belongs after the whole condition.`, at, [`${rest} ${option}`, rest])
}

const OF_OPTION = /^(?:span|mixed|date|clock|month|weekday|note)$/
const WORDS_OF_OPTION =
  /^(?:in|at|least|close|today|tomorrow|regular|extended|hours|always|sms|email|telegram|discord|digest)$/

function optionEnd(tokens: readonly Token[], start: number): number {
  const belongs = (token: Token | undefined) =>
    token !== undefined && (OF_OPTION.test(token.type) || (token.type === 'word' && WORDS_OF_OPTION.test(token.text)))
  let end = start + 1
  while (belongs(tokens[end])) end++
  return end
}

/** `via whatsapp`, `during pre-market`, `note buy`: an option that is given what it does not take. */
export function diagnoseOptionValue(failure: Failure, works: Works): Problem | undefined {
  const { expected } = failure
  if (expected.has('sms')) return conditionGoesOn(failure, works) ?? unknownChannel(failure)
  if (expected.has('regular')) return unknownHours(failure)
  return expected.has('%note') ? withoutQuotes(failure) : undefined
}

/** `AAPL > 500 via sms and MSFT > 300`: the condition goes on where another channel could be. */
function conditionGoesOn({ text, tokens, index }: Failure, works: Works): Problem | undefined {
  if (tokens[index - 1]?.text !== 'and' || !works(text.slice(tokens[index]!.at.start))) return undefined
  const via = tokens.findLastIndex(({ text: word }, i) => i < index && word === 'via')
  return moved(text, spanning(tokens[via]!.at, tokens[index - 2]!.at))
}

function unknownChannel({ text, tokens, index }: Failure): Problem {
  const { at, text: typed } = tokens[index]!
  const near = nearest(typed, VIA)
  const sentence = `I can tell you by sms, email, telegram, discord or digest, not by ${quoted(text, at)}.`
  return new Problem(sentence, at, [
    near ? replaced(text, at, near) : '',
    without(text, spanning(tokens[index - 1]!.at, at)),
    replaced(text, at, 'sms'),
  ])
}

const HOURS = { regular: 'regular hours', extended: 'extended hours', always: 'always' } as const

function unknownHours({ text, tokens, index }: Failure): Problem {
  const { at, text: typed } = tokens[index]!
  const sentence = `I know regular hours, extended hours and always, not ${quoted(text, at)}.`
  const next = tokens[index + 1]
  const whole = next?.text.toLowerCase() === 'hours' ? spanning(at, next.at) : at
  const near = nearest(typed, DURING)
  const tries = [near ?? 'extended', 'regular'].map((word) => replaced(text, whole, HOURS[word as During]))
  return new Problem(sentence, at, [...tries, without(text, spanning(tokens[index - 1]!.at, at))])
}

function withoutQuotes({ text, tokens, index }: Failure): Problem {
  const rest = { start: tokens[index]!.at.start, end: text.length }
  const note = text.slice(rest.start).replaceAll('"', '').trim()
  return new Problem(`A note stands in quotes, like note "sell half".`, rest, [replaced(text, rest, `"${note}"`)])
}
