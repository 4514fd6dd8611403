import type { Token } from './lexer.ts'

/** Where the grammar could not go on. */
export type Failure = {
  readonly text: string
  readonly tokens: readonly Token[]
  /** The first token that fits nothing; the number of tokens where the line stops early. */
  readonly index: number
  /** What would have fitted: words and signs as they are, `%` before kinds of tokens. */
  readonly expected: ReadonlySet<string>
}

/** Whether a line is understood. */
export type Works = (line: string) => boolean

/** What is typed up to the place where the grammar could not go on. */
export function beginning({ text, tokens, index }: Failure): string {
  return text.slice(0, tokens[index]?.at.start ?? text.length).trim()
}

/** What would have fitted, for a person. */
export function wanted({ tokens, index, expected }: Failure): string {
  const before = tokens[index - 1]?.text ?? ''
  const only = [...expected].filter((word) => /^(?:than|in|close)$/.test(word))[0]
  if (only !== undefined) return only
  if (expected.has('%span')) return 'a length of time like 10m'
  if (expected.has('%date')) return 'a day or a time like Friday or 17:00'
  if (expected.has('%clock')) return 'a time like 17:00'
  if (expected.has('%month')) return 'a month'
  if (expected.has('(')) return 'a condition like AAPL > 500'
  if (expected.has('least')) return 'least or most'
  if (expected.has('to')) return before === 'equal' ? 'to' : 'and with a second number'
  if (expected.has('%number') && (before === 'is' || before === 'not' || !expected.has('>'))) return 'a number'
  if (expected.has(')')) return 'and, or, or a closing bracket'
  return expected.has('or') ? 'and, or, or an option like repeat' : 'a comparison like > 500'
}

/** The opening brackets before a token that nothing has closed, outermost first. */
export function openBrackets(tokens: readonly Token[], index: number): Token[] {
  const open: Token[] = []
  for (const token of tokens.slice(0, index)) {
    if (token.text === '(') open.push(token)
    if (token.text === ')') open.pop()
  }
  return open
}
