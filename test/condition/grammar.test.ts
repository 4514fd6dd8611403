import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import compiled from '../../src/condition/grammar.ts'
import type { Token } from '../../src/condition/lexer.ts'
import { readingsOf } from '../../src/condition/parse.ts'
import { CONTEXT_WORDS, KEYWORDS } from '../../src/condition/words.ts'

const load = createRequire(import.meta.url)
const nearley = load('nearley')
const compile = load('nearley/lib/compile.js')
const generate = load('nearley/lib/generate.js')
const language = load('nearley/lib/nearley-language-bootstrapped.js')
const { version } = load('nearley/package.json')

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

/** What `nearleyc grammar/condition.ne` writes. */
function generated(source: string): string {
  const parser = new nearley.Parser(nearley.Grammar.fromCompiled(language))
  parser.feed(`${source}\n`)
  return generate(compile(parser.results[0], { version }), 'grammar')
}

test('the generated parser is what the grammar gives; `npm run grammar` makes it anew', () => {
  expect(read('../../src/condition/grammar.ts')).toBe(generated(read('../../grammar/condition.ne')))
})

test('the words of the grammar are the keywords and those in a context, so that none is taken for a symbol', () => {
  const symbols = compiled.ParserRules.flatMap((rule) => rule.symbols)
  const words = symbols.flatMap((symbol) =>
    typeof symbol === 'object' && 'literal' in symbol ? [String(symbol.literal)] : [],
  )
  expect(new Set(words.filter((word) => /^[a-z]/.test(word)))).toEqual(new Set([...KEYWORDS, ...CONTEXT_WORDS]))
})

type Piece = string | { readonly literal?: string; readonly type?: string }
type Rule = { readonly name: string; readonly symbols: readonly Piece[] }

const rules = compiled.ParserRules as readonly Rule[]
const rulesOf = new Map(rules.map(({ name }) => [name, rules.filter((rule) => rule.name === name)]))

/** How many rules lie one inside another in the shortest text that a rule can make. */
const depths = new Map<Rule, number>()
for (let before = -1; before < depths.size; ) {
  before = depths.size
  for (const rule of rules.filter((each) => !depths.has(each))) {
    const inner = rule.symbols.filter((piece) => typeof piece === 'string').map(depthOf)
    if (inner.every(Number.isFinite)) depths.set(rule, 1 + Math.max(0, ...inner))
  }
}

function depthOf(name: string): number {
  return Math.min(...rulesOf.get(name)!.map((rule) => depths.get(rule) ?? Number.POSITIVE_INFINITY))
}

/** What the grammar makes of a name by taking the rules that `choose` says, at most so deep. */
function derived(name: string, deep: number, choose: (most: number) => number): Token[] {
  const known = rulesOf.get(name)!
  const allowed = known.filter((rule) => depths.get(rule)! <= Math.max(deep, depthOf(name)))
  return allowed[choose(allowed.length)]!.symbols.flatMap((piece) =>
    typeof piece === 'string' ? derived(piece, deep - 1, choose) : [tokenOf(piece)],
  )
}

function tokenOf({ literal, type }: Exclude<Piece, string>): Token {
  const at = { start: 0, end: 0 }
  if (literal !== undefined) return { type: 'word', text: literal, at }
  return { type: type as Token['type'], text: type === 'mixed' ? '2m' : '5', ms: 60_000, at }
}

test('whatever the grammar can make has exactly one reading', () => {
  const line = fc.gen().map((gen) => {
    const deep = gen(fc.integer, { min: 6, max: 20 })
    return derived('line', deep, (most) => gen(fc.nat, { max: most - 1 }))
  })
  fc.assert(
    fc.property(line, (tokens) => {
      fc.pre(tokens.length <= 60)
      const said = tokens.map(({ text }) => text).join(' ')
      const readings = readingsOf(tokens)
      expect({ said, readings: Array.isArray(readings) ? readings.length : 0 }).toEqual({ said, readings: 1 })
    }),
    { numRuns: 2000 },
  )
})
