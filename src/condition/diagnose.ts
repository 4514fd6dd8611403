import { Problem, quoted, replaced, without } from './errors.ts'
import { type Failure, openBrackets, type Works } from './failure.ts'
import { endings, nextOf } from './going-on.ts'
import { diagnoseLength } from './length-or-number.ts'
import { diagnoseOption, diagnoseOptionValue, isOption } from './misplaced-options.ts'
import { diagnoseNoComparison } from './no-comparison.ts'
import { diagnoseComma, diagnoseNoLink } from './no-link.ts'
import { diagnoseClose, diagnoseFunction, diagnoseTicker } from './reserved-words.ts'
import { diagnoseSayings } from './sayings.ts'
import { diagnoseUnfinished } from './unfinished.ts'
import { diagnoseMisspelt, diagnoseUnknown } from './unknown-words.ts'

type Diagnosis = (failure: Failure, works: Works) => Problem | undefined

/** The first that knows what is wrong speaks. */
const DIAGNOSES: readonly Diagnosis[] = [
  diagnoseSayings,
  diagnoseUnfinished,
  diagnoseBrackets,
  diagnoseQuote,
  diagnoseFunction,
  diagnoseClose,
  diagnoseComma,
  diagnoseTicker,
  diagnoseOption,
  diagnoseOptionValue,
  diagnoseLength,
  diagnoseMisspelt,
  diagnoseNoComparison,
  diagnoseUnknown,
  diagnoseNoLink,
]

/** Small words and signs that are easily left out. */
const INSERTED = ['and', 'than', 'to', 'in', ',', 'close']

/** Says what is wrong with a line that the grammar does not take, in the person's words. */
export function diagnose(failure: Failure, works: Works): Problem {
  for (const diagnosis of DIAGNOSES) {
    const problem = diagnosis(failure, works)
    if (problem) return problem
  }
  const { text, tokens, index, expected } = failure
  const { at } = tokens[index]!
  const head = text.slice(0, at.start).trimEnd()
  const inserted = INSERTED.filter((word) => expected.has(word)).map(
    (word) => `${head}${word === ',' ? '' : ' '}${word} ${text.slice(at.start)}`,
  )
  const tries = [...inserted, without(text, at), ...endings(failure)]
  return new Problem(`I expected ${nextOf(failure).said}, not ${quoted(text, at)}.`, at, tries)
}

function diagnoseBrackets({ text, tokens, index }: Failure): Problem | undefined {
  const token = tokens[index]!
  const open = openBrackets(tokens, index)
  if (token.text === ')' && open.length === 0) {
    return new Problem('This bracket was never opened.', token.at, [without(text, token.at)])
  }
  const unclosed = openBrackets(tokens, tokens.length).at(0)
  if (!isOption(tokens, index) || !unclosed || open.length === 0) return undefined
  const closed = `${text.slice(0, token.at.start).trimEnd()}${')'.repeat(open.length)} ${text.slice(token.at.start)}`
  return new Problem('This bracket is never closed.', unclosed.at, [closed])
}

/** Quotes that belong around a note, and nowhere else. */
function diagnoseQuote({ text, tokens, index, expected }: Failure, works: Works): Problem | undefined {
  const { text: sign, at } = tokens[index]!
  if (sign !== '"') return undefined
  const asNote = expected.has('note') ? replaced(text, { start: at.start, end: at.start }, 'note ') : ''
  if (asNote && works(asNote)) return new Problem('Write note in front of a note.', at, [asNote])
  const quotes = tokens.filter((token) => token.text === '"')
  const bare = quotes.reduceRight((line, quote) => replaced(line, quote.at, ''), text)
  const sentence = quotes.length % 2 === 1 ? 'This quote is never closed.' : 'Only a note stands in quotes.'
  return new Problem(sentence, at, [bare, ...(asNote ? [`${asNote}"`] : [])])
}
