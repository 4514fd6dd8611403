import nearley from 'nearley'
import { UserError } from '../errors.ts'
import type { Parsed } from './ast.ts'
import type { RawLine } from './build.ts'
import { checkCrossings } from './crossings.ts'
import { diagnose } from './diagnose.ts'
import { Problem } from './errors.ts'
import { type Failure, sparingly } from './failure.ts'
import compiled from './grammar.ts'
import { checkKinds } from './kinds.ts'
import { streamOf, type Token, tokenise } from './lexer.ts'
import { checkLength, checkLimits } from './limits.ts'
import { readOptions } from './options.ts'
import { checkSense } from './sense.ts'
import { fillSubjects } from './subjects.ts'
import { type Clock, checkZone } from './until.ts'

const GRAMMAR = nearley.Grammar.fromCompiled(compiled as unknown as nearley.CompiledRules)

/** A line that works, for when nothing nearer to what was typed does. */
const EXAMPLE = 'AAPL > 500'

/**
 * Understands one line of the condition language: a condition, then options.
 * `clock.now` (ms) and `clock.zone` (IANA) settle what `until Friday` means. Left-out subjects are put in, a chain is an
 * `and` of two comparisons, a number left of a symbol changes sides. Throws a `UserError`, and nothing else, with the
 * text, the place and a line that works.
 *
 *     parse('AAPL > 500 or < 300 repeat', { now: Date.now(), zone: 'Europe/Berlin' })
 */
export function parse(text: string, clock: Clock): Parsed {
  const tried = sparingly((line) => works(line, clock))
  try {
    return understand(text, clock, (failure) => diagnose(failure, tried))
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    const suggestion = problem.tries.find(tried) ?? EXAMPLE
    throw new UserError(problem.message, { text, at: problem.at, suggestion })
  }
}

function works(line: string, clock: Clock): boolean {
  try {
    understand(line, clock, () => new Problem('', { start: 0, end: 0 }))
    return true
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    return false
  }
}

function understand(text: string, clock: Clock, explain: (failure: Failure) => Problem): Parsed {
  checkLength(text)
  checkZone(clock.zone)
  const tokens = tokenise(text)
  checkLimits(tokens)
  const reading = readingsOf(tokens)
  if (!Array.isArray(reading)) throw explain({ text, tokens, ...reading })
  const [line] = reading as [RawLine]
  const condition = fillSubjects(line.condition, text)
  const options = readOptions(line.options, text, clock)
  checkCrossings(condition, options, text)
  checkKinds(condition, text)
  checkSense(condition, text)
  return { condition, options }
}

/**
 * Every way the grammar reads a line: one, or the grammar is wrong (a test counts). Where there is none: the index of the
 * first token that fits nothing (or their number, if the line stops early), and what would have fitted there.
 */
export function readingsOf(tokens: readonly Token[]): RawLine[] | { index: number; expected: ReadonlySet<string> } {
  const parser = new nearley.Parser(GRAMMAR, { lexer: streamOf(tokens) })
  // nearley writes long reports of its inner state into its errors; nobody reads them.
  Object.assign(parser, { reportError: () => '' })
  try {
    parser.feed('')
  } catch (error) {
    if (!(error instanceof Error && 'offset' in error)) throw error
    return { index: Number(error.offset), expected: expectedBy(parser) }
  }
  return parser.results.length > 0 ? parser.results : { index: tokens.length, expected: expectedBy(parser) }
}

type State = { rule: { symbols: readonly ({ type?: string; literal?: string } | string)[] }; dot: number }
type Inner = { table: readonly { scannable: readonly State[] }[]; current: number }

function expectedBy(parser: nearley.Parser): Set<string> {
  const { table, current } = parser as unknown as Inner
  const expected = new Set<string>()
  for (const { rule, dot } of table[current]?.scannable ?? []) {
    const symbol = rule.symbols[dot]
    if (typeof symbol === 'object') expected.add(symbol.literal ?? `%${symbol.type}`)
  }
  return expected
}
