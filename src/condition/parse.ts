import type nearley from 'nearley'
import { UserError } from '../errors.ts'
import type { Parsed } from './ast.ts'
import type { RawLine } from './build.ts'
import { checkCrossings } from './crossings.ts'
import { diagnose } from './diagnose.ts'
import { Problem } from './errors.ts'
import { type Failure, sparingly, type Works } from './failure.ts'
import compiled from './grammar.ts'
import { checkKinds } from './kinds.ts'
import { type Token, tokenise } from './lexer.ts'
import { checkLength, checkLimits } from './limits.ts'
import { parsersOf } from './lookahead.ts'
import { readOptions } from './options.ts'
import { checkSayings } from './sayings.ts'
import { checkSense } from './sense.ts'
import { fillSubjects } from './subjects.ts'
import { type Clock, checkZone } from './until.ts'

const parserOf = parsersOf(compiled as unknown as nearley.CompiledRules)

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
    return understand(text, clock, (tokens) => diagnose(failureOf(text, tokens), tried))
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    const suggestion = problem.tries.find(tried) ?? mendedTwice(text, problem.tries, clock, tried) ?? EXAMPLE
    throw new UserError(problem.message, { text, at: problem.at, suggestion })
  }
}

/** Two things wrong in a line: what works once the first is mended as proposed. Long lines would take too long. */
function mendedTwice(text: string, tries: readonly string[], clock: Clock, tried: Works): string | undefined {
  const [line] = tries
  if (line === undefined || line.length > LONGEST_MENDED) return undefined
  try {
    understand(line, clock, (tokens) => diagnose(failureOf(line, tokens), tried))
    return undefined
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    return problem.tries.find((mended) => saysTheSame(text, mended) && tried(mended))
  }
}

/** A line that says other numbers than the one typed is not the one meant; only functions may have some added. */
function saysTheSame(typed: string, mended: string): boolean {
  const bare = numbersIn(mended.replace(/\([^()]*\)/g, ''))
  return isWithin(numbersIn(typed), numbersIn(mended)) && isWithin(bare, numbersIn(typed))
}

function numbersIn(line: string): readonly string[] {
  return line.match(/\d[\d.,]*/g) ?? []
}

/** Whether the ones are among the others, in their order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let next = 0
  for (const each of all) if (each === some[next]) next++
  return next === some.length
}

const LONGEST_MENDED = 120

function works(line: string, clock: Clock): boolean {
  try {
    understand(line, clock, () => new Problem('', { start: 0, end: 0 }))
    return true
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    return false
  }
}

function understand(text: string, clock: Clock, explain: (tokens: readonly Token[]) => Problem): Parsed {
  checkLength(text)
  checkZone(clock.zone)
  const tokens = tokenise(text)
  checkLimits(tokens)
  checkSayings(text, tokens)
  const [line] = readingsOf(tokens)
  if (!line) throw explain(tokens)
  const condition = fillSubjects(line.condition, text)
  const options = readOptions(line.options, text, clock)
  checkCrossings(condition, options, text)
  checkKinds(condition, text)
  checkSense(condition, text)
  return { condition, options }
}

/** Every way the grammar reads a line: one, or the grammar is wrong (a test counts); none where it cannot be read. */
export function readingsOf(tokens: readonly Token[]): RawLine[] {
  const parser = parserOf(tokens)
  return stopOf(parser) === undefined ? parser.results : []
}

/** Feeds a parser all its tokens: the index of the first that fits nothing, undefined where each does. */
function stopOf(parser: nearley.Parser): number | undefined {
  // nearley writes long reports of its inner state into its errors; nobody reads them.
  Object.assign(parser, { reportError: () => '' })
  try {
    parser.feed('')
    return undefined
  } catch (error) {
    if (!(error instanceof Error && 'offset' in error)) throw error
    return Number(error.offset)
  }
}

/** Where the grammar cannot go on with a line, and what would have fitted there. */
function failureOf(text: string, tokens: readonly Token[]): Failure {
  const index = stopOf(parserOf(tokens)) ?? tokens.length
  const parser = parserOf(tokens.slice(0, index), 'open')
  stopOf(parser)
  return { text, tokens, index, expected: expectedBy(parser) }
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
