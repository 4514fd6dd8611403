import { Problem, quoted, replaced, spanning } from './errors.ts'
import type { Failure, Works } from './failure.ts'
import { FUNCTIONS } from './functions.ts'
import type { Token } from './lexer.ts'
import { formatSymbol } from './symbols.ts'

type Entry = { readonly usage: string }

/** `RSI < 30`, `AAPL rsi < 30`, `AAPL RSI(14) < 30`: a function that is not told of what. */
export function diagnoseFunction({ text, tokens, index }: Failure): Problem | undefined {
  const token = tokens[index]!
  const entry = FUNCTIONS[token.text]
  if (!entry || (token.type !== 'word' && token.type !== 'call')) return undefined
  const usage = usageNear(tokens, index, entry)
  const neighbours = [tokens[index - 1], tokens[index + 1]].filter((near) => near?.type === 'symbol')
  const [owner] = neighbours
  if (owner) {
    const own = usageOf(owner, entry)
    const whole = spanning(spanning(owner.at, token.at), tokens[callEnd(tokens, index)]!.at)
    return new Problem(`The symbol goes into the brackets: ${own}.`, whole, [replaced(text, whole, own)])
  }
  if (token.type === 'call') return undefined
  const ticker = `stock:${token.text.toUpperCase()}`
  const sentence = `${token.text} of what? Write ${usage}, or ${ticker} for the stock of that name.`
  return new Problem(sentence, token.at, [replaced(text, token.at, usage), replaced(text, token.at, ticker)])
}

/** How a function is written, of the symbol that is probably meant: the last one before a place, else the first after. */
export function usageNear(tokens: readonly Token[], index: number, entry: Entry): string {
  const isSymbol = ({ type }: Token) => type === 'symbol'
  return usageOf(tokens.slice(0, index).findLast(isSymbol) ?? tokens.slice(index).find(isSymbol), entry)
}

function usageOf(symbol: Token | undefined, { usage }: Entry): string {
  if (!symbol || symbol.text.includes(':')) return usage
  return usage.replace('AAPL', formatSymbol({ type: 'symbol', ticker: symbol.text, at: symbol.at }))
}

/** The closing bracket of a function, or its name where it has none. */
function callEnd(tokens: readonly Token[], index: number): number {
  if (tokens[index]!.type !== 'call') return index
  const end = tokens.findIndex(({ text }, i) => i > index && text === ')')
  return end < 0 ? index : end
}

/** There is no figure called just `close`. */
export function diagnoseClose({ text, tokens, index }: Failure): Problem | undefined {
  const { text: word, at } = tokens[index]!
  if (word !== 'close' || tokens[index - 1]?.text === 'at') return undefined
  const tries = ['previous close', 'AAPL previous close'].map((words) => replaced(text, at, words))
  return new Problem('Which close? I know previous close; for the price now write price.', at, tries)
}

const LINKS = new Set(['and', 'or', 'not'])

/** A word of the language that was meant as the name of a stock. */
export function diagnoseTicker({ text, tokens, index }: Failure, works: Works): Problem | undefined {
  for (const token of [tokens[index], tokens[index - 1]]) {
    if (token?.type !== 'word') continue
    const typed = text.slice(token.at.start, token.at.end)
    if (LINKS.has(token.text) && typed !== typed.toUpperCase()) continue
    const asTicker = replaced(text, token.at, `$${typed.toUpperCase()}`)
    if (!works(asTicker)) continue
    const sentence = `${quoted(text, token.at)} is a word of this language; for the symbol of that name write $${typed.toUpperCase()}.`
    return new Problem(sentence, token.at, [asTicker])
  }
  return undefined
}
