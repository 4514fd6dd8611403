import { Problem, replaced, spanning, without } from './errors.ts'
import { beginning, type Failure } from './failure.ts'
import type { Token } from './lexer.ts'
import { FUNCTIONS, RESERVED } from './words.ts'

/** Words and signs that belong to the language but are not understood yet, and functions without their arguments. */
export function diagnoseReserved(failure: Failure): Problem | undefined {
  const { text, tokens, index } = failure
  const token = tokens[index]!
  const before = tokens[index - 1]
  if (token.text === 'close' && before?.text === 'at')
    return notYet('at close', spanning(before.at, token.at), [upTo(failure, before)])
  if (token.text === 'close') return diagnoseClose(failure)
  if (FUNCTIONS.has(token.text)) return diagnoseFunction(failure)
  if (token.text === '(' && before?.type === 'symbol') {
    return new Problem(`I don't know a function called ${text.slice(before.at.start, before.at.end)}.`, before.at)
  }
  if (RESERVED.has(token.text)) return diagnoseWord(failure)
  if (!/^[-+*/]$/.test(token.text)) return undefined
  const range = token.text === '-' && before?.type === 'number' ? asRange(failure) : ''
  const sentence = `Arithmetic with ${token.text} is not understood yet.`
  return new Problem(sentence, token.at, [range, joined(text, token), beginning(failure)])
}

function notYet(word: string, at: Token['at'], tries: readonly string[]): Problem {
  return new Problem(`"${word}" is not understood yet.`, at, tries)
}

function upTo({ text }: Failure, token: Token): string {
  return text.slice(0, token.at.start).trim()
}

/** `> 300-500` was meant as a range. */
function asRange({ text, tokens, index }: Failure): string {
  const relation = tokens[index - 2]
  return relation ? replaced(text, relation.at, 'between') : ''
}

/** `ETH / BTC` without the spaces is a pair. */
function joined(text: string, { at }: Token): string {
  return text.slice(0, at.start).trimEnd() + text.slice(at.start, at.end) + text.slice(at.end).trimStart()
}

/** There is no figure called just `close`. */
function diagnoseClose({ text, tokens, index }: Failure): Problem {
  const { at } = tokens[index]!
  const tries = ['previous close', 'AAPL previous close'].map((words) => replaced(text, at, words))
  return new Problem('Which close? I know previous close; for the price now write price.', at, tries)
}

function diagnoseFunction(failure: Failure): Problem {
  const { text, tokens, index } = failure
  const token = tokens[index]!
  const next = tokens[index + 1]
  const before = tokens[index - 1]
  if (next?.text === '(' || before?.type === 'symbol') return notYet(token.text, token.at, [beginning(failure)])
  const ticker = `stock:${token.text.toUpperCase()}`
  const name = text.slice(token.at.start, token.at.end).toLowerCase()
  const sentence = `${name} of what? Functions are not understood yet; for the stock of that name write ${ticker}.`
  return new Problem(sentence, token.at, [replaced(text, token.at, ticker)])
}

function diagnoseWord(failure: Failure): Problem | undefined {
  const { text, tokens, index } = failure
  const token = tokens[index]!
  const typed = text.slice(token.at.start, token.at.end)
  const asTicker = typed === typed.toUpperCase() && (index === 0 || /^(?:and|or|not|\()$/.test(tokens[index - 1]!.text))
  if (asTicker && tokens[index + 1]?.type !== 'word') return undefined
  const tries = [moveAsChange(failure), without(text, token.at), replaced(text, token.at, '>='), beginning(failure)]
  return notYet(typed.toLowerCase(), token.at, tries)
}

/** What comes nearest to `up 5% in 1h` and `up today`: the change since the previous close. */
function moveAsChange({ text, tokens, index }: Failure): string {
  const [word, number, unit] = tokens.slice(index, index + 3)
  const head = text.slice(0, word!.at.start)
  if (number?.text === 'today') return `${head}change ${word!.text === 'down' ? '<' : '>'} 0%`
  if (number?.type !== 'number' || unit?.text !== '%') return ''
  if (word!.text === 'moves') return `${head}change outside -${number.text}% and ${number.text}%`
  return /^(?:down|falls|drops)$/.test(word!.text)
    ? `${head}change < -${number.text}%`
    : `${head}change > ${number.text}%`
}
