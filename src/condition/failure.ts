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

/** So many characters of proposals are looked at for one wrong line: 2 of the longest lines, or 50 of the usual ones. */
const MOST_TRIED = 1000

/**
 * The same question, answered no without looking once the lines asked about are too many or too long: what a person
 * typed must never keep the program busy. A line asked about before costs nothing.
 */
export function sparingly(works: Works): Works {
  const answers = new Map<string, boolean>()
  let left = MOST_TRIED
  return (line) => {
    const known = answers.get(line)
    if (known !== undefined) return known
    left -= line.length
    const answer = left >= 0 && works(line)
    answers.set(line, answer)
    return answer
  }
}

/** What is typed up to the place where the grammar could not go on. */
export function beginning({ text, tokens, index }: Failure): string {
  return text.slice(0, tokens[index]?.at.start ?? text.length).trim()
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

/** Whether a token stands between the brackets of a function. */
export function isInCall(tokens: readonly Token[], index: number): boolean {
  const bracket = openBrackets(tokens, index).at(-1)
  return bracket !== undefined && tokens[tokens.indexOf(bracket) - 1]?.type === 'call'
}
