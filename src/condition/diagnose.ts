import type { Span } from '../errors.ts'
import { Problem, quoted, replaced, spanning, without } from './errors.ts'
import { beginning, type Failure, openBrackets, type Works, wanted } from './failure.ts'
import type { Token } from './lexer.ts'
import { diagnoseNoComparison } from './no-comparison.ts'
import { diagnoseReserved } from './not-yet.ts'
import { diagnoseUnfinished } from './unfinished.ts'
import { diagnoseUnknown } from './unknown-words.ts'
import { OPTION_WORDS } from './words.ts'

type Diagnosis = (failure: Failure, works: Works) => Problem | undefined

/** The first that knows what is wrong speaks. */
const DIAGNOSES: readonly Diagnosis[] = [
  diagnoseUnfinished,
  diagnoseBrackets,
  diagnoseReserved,
  diagnoseComma,
  diagnoseTicker,
  diagnoseOption,
  diagnoseLength,
  diagnoseNoComparison,
  diagnoseUnknown,
  diagnoseNoLink,
]

/** Says what is wrong with a line that the grammar does not take, in the person's words. */
export function diagnose(failure: Failure, works: Works): Problem {
  for (const diagnosis of DIAGNOSES) {
    const problem = diagnosis(failure, works)
    if (problem) return problem
  }
  const { text, tokens, index, expected } = failure
  const { at } = tokens[index]!
  const inserted = [...expected].map((word) => replaced(text, { start: at.start, end: at.start }, `${word} `))
  const tries = [...(expected.size < 3 ? inserted : []), without(text, at), beginning(failure)]
  return new Problem(`I expected ${wanted(failure)}, not ${quoted(text, at)}.`, at, tries)
}

/** Whether the line could have ended here. */
function isComplete(expected: ReadonlySet<string>): boolean {
  return expected.has('or') && !expected.has(')')
}

function diagnoseBrackets({ text, tokens, index }: Failure): Problem | undefined {
  const token = tokens[index]!
  const open = openBrackets(tokens, index)
  if (token.text === ')' && open.length === 0) {
    return new Problem('This bracket was never opened.', token.at, [without(text, token.at)])
  }
  const unclosed = openBrackets(tokens, tokens.length).at(0)
  if (!OPTION_WORDS.has(token.text) || !unclosed || open.length === 0) return undefined
  const closed = `${text.slice(0, token.at.start).trimEnd()}${')'.repeat(open.length)} ${text.slice(token.at.start)}`
  return new Problem('This bracket is never closed.', unclosed.at, [closed])
}

function diagnoseComma({ text, tokens, index, expected }: Failure): Problem | undefined {
  const comma = [tokens[index], tokens[index - 1]].find((token) => token?.text === ',')
  const token = tokens[index]!
  if (!comma || OPTION_WORDS.has(token.text) || (token === comma && !isComplete(expected) && !expected.has(')')))
    return undefined
  const tries = ['or', 'and'].map((link) => replaced(text, comma.at, ` ${link}`))
  return new Problem('In place of this comma: and, or or?', comma.at, [...tries, without(text, comma.at)])
}

const LINKS = new Set(['and', 'or', 'not'])

/** A word of the language that was meant as the name of a stock. */
function diagnoseTicker({ text, tokens, index }: Failure, works: Works): Problem | undefined {
  for (const token of [tokens[index], tokens[index - 1]]) {
    if (token?.type !== 'word') continue
    const typed = text.slice(token.at.start, token.at.end)
    if (LINKS.has(token.text) && typed !== typed.toUpperCase()) continue
    const asTicker = replaced(text, token.at, `$${typed.toUpperCase()}`)
    if (!works(asTicker)) continue
    const sentence = `"${typed}" is a word of this language; for the symbol of that name write $${typed.toUpperCase()}.`
    return new Problem(sentence, token.at, [asTicker])
  }
  return undefined
}

/** Options in front of the condition or in the middle of it. */
function diagnoseOption({ text, tokens, index, expected }: Failure): Problem | undefined {
  const token = tokens[index]!
  if (OPTION_WORDS.has(token.text) && (expected.has('(') || expected.has(')'))) {
    return moved(text, spanning(token.at, tokens[optionEnd(tokens, index) - 1]!.at))
  }
  const start = tokens.findIndex(({ text: word }, i) => i < index && OPTION_WORDS.has(word))
  if (start < 0 || !/^(?:and|or)$/.test(token.text) || !expected.has('repeat')) return undefined
  return moved(text, spanning(tokens[start]!.at, tokens[index - 1]!.at))
}

function moved(text: string, at: Span): Problem {
  const option = text.slice(at.start, at.end)
  const rest = without(text, at).replace(/^,\s*/, '')
  return new Problem(`${quoted(text, at)} belongs after the whole condition.`, at, [`${rest} ${option}`, rest])
}

const IN_OPTION = /^(?:span|mixed|date|clock|month|weekday)$/

function optionEnd(tokens: readonly Token[], start: number): number {
  let end = start + 1
  while (IN_OPTION.test(tokens[end]?.type ?? '') || /^(?:in|at|today|tomorrow)$/.test(tokens[end]?.text ?? '')) end++
  return end
}

/** A length of time where a number belongs, and the reverse. */
function diagnoseLength({ text, tokens, index, expected }: Failure): Problem | undefined {
  const token = tokens[index]!
  const before = tokens[index - 1]
  const typed = text.slice(token.at.start, token.at.end)
  if (expected.has('%span') && token.type === 'number') {
    const tries = ['m', 'h'].map((unit) => replaced(text, token.at, typed + unit))
    return new Problem(`${typed} what? Write ${typed}s, ${typed}m, ${typed}h or ${typed}d.`, token.at, tries)
  }
  if (before?.text === 'until' && (token.type === 'span' || token.type === 'mixed')) {
    const sentence = `After until I expected a day or a time; for a length of time write expires in ${typed}.`
    return new Problem(sentence, token.at, [replaced(text, before.at, 'expires in')])
  }
  if (before?.text === 'expires') {
    const tries = [replaced(text, token.at, `in ${typed}`), replaced(text, before.at, 'until')]
    return new Problem('Write expires in 3d, or until Friday.', spanning(before.at, token.at), tries)
  }
  if (token.type !== 'span' || !expected.has('%number')) return undefined
  const digits = /^[\d.,]+/.exec(typed)?.[0] ?? typed
  return new Problem(`${quoted(text, token.at)} is a length of time; I expected a number.`, token.at, [
    replaced(text, token.at, digits),
  ])
}

/** Two comparisons, one after the other. */
function diagnoseNoLink({ text, tokens, index, expected }: Failure, works: Works): Problem | undefined {
  const { at } = tokens[index]!
  if (!expected.has('or')) return undefined
  const tries = ['or', 'and'].map((link) => replaced(text, { start: at.start, end: at.start }, `${link} `))
  return tries.some(works)
    ? new Problem('There is nothing between these two comparisons: and, or or?', at, tries)
    : undefined
}
