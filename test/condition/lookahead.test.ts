import nearley from 'nearley'
import { expect, test } from 'vitest'
import compiled from '../../src/condition/grammar.ts'
import { streamOf, type Token, tokenise } from '../../src/condition/lexer.ts'
import { parsersOf } from '../../src/condition/lookahead.ts'
import { corpus } from './lines.ts'

const rules = compiled as unknown as nearley.CompiledRules
const parserOf = parsersOf(rules)

/** The pieces of each line of the corpus that can be taken apart. */
const lines = corpus.flatMap(({ input }) => {
  try {
    return [{ input, tokens: tokenise(input) }]
  } catch {
    return []
  }
})

/** What a parser makes of its tokens: the readings, or the index of the token it cannot go on with. */
function outcome(parser: nearley.Parser): unknown {
  Object.assign(parser, { reportError: () => '' })
  try {
    parser.feed('')
    return parser.results
  } catch (error) {
    return (error as { offset: number }).offset
  }
}

/** What could follow what a parser was fed. */
function following(parser: nearley.Parser): string[] {
  const { table, current } = parser as unknown as {
    table: { scannable: { rule: { symbols: unknown[] }; dot: number }[] }[]
    current: number
  }
  const all = table[current]!.scannable.map(({ rule, dot }) => JSON.stringify(rule.symbols[dot]))
  return [...new Set(all)].sort()
}

function plain(tokens: readonly Token[]): nearley.Parser {
  return new nearley.Parser(nearley.Grammar.fromCompiled(rules), { lexer: streamOf(tokens) })
}

test('looking at the next token changes no reading, and not where a line cannot be read on', () => {
  for (const { input, tokens } of lines) {
    expect([input, outcome(parserOf(tokens))]).toEqual([input, outcome(plain(tokens))])
  }
})

test('an open parser knows at the end of its tokens all that may follow', () => {
  for (const { input, tokens } of lines) {
    const stop = outcome(plain(tokens))
    const head = tokens.slice(0, typeof stop === 'number' ? stop : tokens.length)
    const [open, whole] = [parserOf(head, 'open'), plain(head)]
    for (const parser of [open, whole]) outcome(parser)
    expect([input, following(open)]).toEqual([input, following(whole)])
  }
})
