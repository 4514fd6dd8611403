import type { Parsed } from '../condition/ast.ts'
import { replaced } from '../condition/errors.ts'
import { isLeadIn } from '../condition/lead-in.ts'
import { tickerOf } from '../condition/name.ts'
import { parse } from '../condition/parse.ts'
import { type Span, UserError } from '../errors.ts'
import type { Context } from './command.ts'
import { choiceText } from './listing-words.ts'
import { shorten } from './readers.ts'
import { listOf } from './words.ts'

/** No company is called by more words. */
const MOST_WORDS = 4
const OFFERED = 3
/** Any symbol: whether a line works does not depend on which. */
const SOME_SYMBOL = 'AAPL'

/**
 * What a person typed, parsed. Where that fails and the line would work with a symbol in place of its first words, these
 * may be a company's name: what searches find of it is offered. `prefix` is what stood before it. Throws `UserError`.
 */
export async function readLine(typed: string, prefix: string, context: Context): Promise<Parsed> {
  const read = (line: string) => parse(line, { now: context.now(), zone: context.zone })
  try {
    return read(typed)
  } catch (error) {
    const name = error instanceof UserError ? nameIn(typed, read) : undefined
    if (name === undefined) throw error
    throw (await offer(typed, name, prefix, context)) ?? error
  }
}

/** Where the words are that a symbol in their place makes a condition of the line; undefined where there are none. */
function nameIn(typed: string, read: (line: string) => unknown): Span | undefined {
  const words = [...typed.matchAll(/[^\s<>=]+/g)].slice(0, MOST_WORDS)
  const start = words[0]?.index ?? 0
  // Who writes a ticker or begins a sentence names no company.
  if (words[0] === undefined || isLeadIn(words[0][0]) || typed.slice(0, start).trim() !== '') return undefined
  for (const [index, { 0: word, index: from }] of words.entries()) {
    if (!/^\p{L}[\p{L}\d.,&'’-]*$/u.test(word) || /^[A-Z]{2,5}$/.test(word)) return undefined
    const at = { start, end: from + word.length }
    if (index > 0 && works(replaced(typed, at, SOME_SYMBOL), read)) return at
  }
  return undefined
}

function works(line: string, read: (line: string) => unknown): boolean {
  try {
    read(line)
    return true
  } catch {
    return false
  }
}

async function offer(typed: string, at: Span, prefix: string, { resolve }: Context): Promise<UserError | undefined> {
  const name = typed.slice(at.start, at.end)
  const resolution = await resolve(name)
  const found = resolution.kind === 'none' ? resolution.near : resolution.kind === 'many' ? resolution.candidates : []
  const near = found.slice(0, OFFERED)
  const [first] = near
  if (first === undefined) return undefined
  const lineWith = (symbol: string) => replaced(typed, at, symbol)
  const ticker = tickerOf(first.symbol)
  return new UserError(`I know no symbol "${shorten(name, 30)}". Did you mean ${listOf(near.map(choiceText), 'or')}?`, {
    text: typed,
    at,
    suggestion: lineWith(first.symbol.startsWith('stock:') ? ticker : first.symbol),
    choices: near.map(({ symbol }) => ({ label: symbol, command: `${prefix} ${lineWith(symbol)}` })),
  })
}
