import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import compiled from '../../src/condition/grammar.ts'
import { KEYWORDS } from '../../src/condition/words.ts'

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

test('the words of the grammar are the keywords, so that none of them is taken for a symbol', () => {
  const symbols = compiled.ParserRules.flatMap((rule) => rule.symbols)
  const words = symbols.flatMap((symbol) =>
    typeof symbol === 'object' && 'literal' in symbol ? [String(symbol.literal)] : [],
  )
  expect(new Set(words.filter((word) => /^[a-z]/.test(word)))).toEqual(new Set(KEYWORDS))
})
