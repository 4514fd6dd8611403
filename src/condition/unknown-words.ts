import { Problem, quoted, replaced, without } from './errors.ts'
import { beginning, type Failure, type Works } from './failure.ts'
import type { Token } from './lexer.ts'
import { nearestOf } from './nearest.ts'
import { METRIC_WORDS, MONTHS, OTHER_CURRENCIES, WEEKDAYS, WORDS } from './words.ts'

const CALENDAR = [...WEEKDAYS.keys(), ...MONTHS.keys()].filter((word) => word.length > 3)

/** A word that is no symbol's place and no word of the language. */
export function diagnoseUnknown(failure: Failure, works: Works): Problem | undefined {
  const { text, tokens, index, expected } = failure
  const token = tokens[index]!
  if (token.type !== 'symbol' && token.type !== 'strange') return undefined
  const currency = diagnoseCurrency(token, tokens[index - 1], text)
  if (currency) return currency
  const near = nearestOf(token.text, expected.has('%weekday') ? CALENDAR : WORDS)
  const working = near.find((word) => works(replaced(text, token.at, word)))
  if (working !== undefined) return didYouMean(token, working, text)
  const stray = diagnoseStrayStart(failure, works)
  if (stray) return stray
  if (expected.has('or') && startsComparison(failure, works)) return undefined
  const nearest = token.text.length > 3 ? near[0] : undefined
  if (nearest !== undefined) return didYouMean(token, nearest, text)
  return new Problem(`I don't know what ${quoted(text, token.at)} means here.`, token.at, [
    without(text, token.at),
    beginning(failure),
  ])
}

/** `if AAPL > 500`, `price AAPL > 500`: words in front of the condition. */
function diagnoseStrayStart({ text, tokens, index, expected }: Failure, works: Works): Problem | undefined {
  if (expected.has('or') || tokens.slice(0, index).some(({ type }) => type === 'sign' || type === 'number'))
    return undefined
  const start = tokens.find(({ at }, i) => i >= index && works(text.slice(at.start)))
  if (!start) return undefined
  const before = { start: tokens[0]!.at.start, end: tokens[tokens.indexOf(start) - 1]!.at.end }
  const words = text.slice(before.start, before.end)
  const rest = text.slice(start.at.start)
  if (!METRIC_WORDS.has(words.toLowerCase())) {
    return new Problem(`I don't know what ${quoted(text, before)} means here.`, before, [rest])
  }
  const symbol = text.slice(start.at.start, start.at.end)
  const swapped = replaced(rest, { start: 0, end: symbol.length }, `${symbol} ${words}`)
  return new Problem(`The symbol comes first: ${symbol} ${words}.`, { start: before.start, end: start.at.end }, [
    swapped,
  ])
}

function didYouMean({ at }: Token, word: string, text: string): Problem {
  return new Problem(`I don't know ${quoted(text, at)}. Did you mean ${word}?`, at, [replaced(text, at, word)])
}

function startsComparison({ text, tokens, index }: Failure, works: Works): boolean {
  const { start } = tokens[index]!.at
  return works(text.slice(start)) || works(replaced(text, { start, end: start }, 'or '))
}

function diagnoseCurrency({ text: code, at }: Token, before: Token | undefined, text: string): Problem | undefined {
  const afterNumber = before?.type === 'number' || before?.type === 'mixed'
  if (!afterNumber || !OTHER_CURRENCIES.has(code.toLowerCase())) return undefined
  const sentence = `Leave out ${code}: a number counts in the currency its symbol is quoted in.`
  return new Problem(sentence, at, [without(text, at)])
}
