import nearley from 'nearley'
import { streamOf, type Token } from './lexer.ts'

type Rules = Readonly<Record<string, readonly nearley.Rule[]>>

/** A parser of these tokens. With `open` it knows at their end what may follow. */
type ParserOf = (tokens: readonly Token[], open?: 'open') => nearley.Parser

/**
 * Makes parsers that look at the next token before they try the rules of the grammar: those that cannot begin with it
 * are left out, which changes no reading and saves most of the work.
 */
export function parsersOf(compiled: nearley.CompiledRules): ParserOf {
  const grammar = nearley.Grammar.fromCompiled(compiled)
  const { byName } = grammar as unknown as { byName: Rules }
  const begin = beginnings(grammar.rules)
  const known = new Map<string, Rules>()
  const rulesFor = (token: Token | undefined): Rules => {
    const literal = token && begin.words.has(token.text) ? token.text : ''
    const key = `${token?.type} ${literal}`
    const rules = known.get(key) ?? fitting(byName, (rule) => begin.fits(rule, literal, `%${token?.type}`))
    known.set(key, rules)
    return rules
  }
  return (tokens, open) => {
    const lexer = streamOf(tokens)
    const fits = tokens.map(rulesFor)
    fits.push(open ? byName : rulesFor(undefined))
    // What nearley asks for at each place. All else is that of the grammar.
    const ahead = Object.create(grammar, { byName: { get: () => fits[lexer.at()] } })
    return new nearley.Parser(ahead, { lexer })
  }
}

function fitting(byName: Rules, fits: (rule: nearley.Rule) => boolean): Rules {
  return Object.fromEntries(Object.entries(byName).map(([name, rules]) => [name, rules.filter(fits)]))
}

/** With which tokens each rule can begin; `words` are all that the grammar knows. A rule that may be empty always fits. */
function beginnings(rules: readonly nearley.Rule[]) {
  const empty = new Set<string>()
  const first = new Map<string, Set<string>>(rules.map(({ name }) => [name, new Set()]))
  const ofRule = ({ symbols }: nearley.Rule): { tokens: string[]; isEmpty: boolean } => {
    const end = symbols.findIndex((symbol) => typeof symbol !== 'string' || !empty.has(symbol))
    const leading = end < 0 ? symbols : symbols.slice(0, end + 1)
    return { tokens: leading.flatMap((symbol) => tokensOf(symbol, first)), isEmpty: end < 0 }
  }
  // A rule begins as the rules do that it begins with: told on until nothing is new.
  for (let before = -1, size = 0; before < size; ) {
    before = size
    for (const rule of rules) {
      const { tokens, isEmpty } = ofRule(rule)
      for (const token of tokens) first.get(rule.name)!.add(token)
      if (isEmpty) empty.add(rule.name)
    }
    size = empty.size + [...first.values()].reduce((sum, tokens) => sum + tokens.size, 0)
  }
  const begins = new Map(rules.map((rule) => [rule, ofRule(rule)]))
  return {
    words: new Set([...first.values()].flatMap((tokens) => [...tokens])),
    fits(rule: nearley.Rule, literal: string, type: string): boolean {
      const { tokens, isEmpty } = begins.get(rule)!
      return isEmpty || tokens.includes(literal) || tokens.includes(type)
    },
  }
}

function tokensOf(symbol: unknown, first: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  if (typeof symbol === 'string') return [...(first.get(symbol) ?? [])]
  const { literal, type } = symbol as { literal?: string; type?: string }
  return [literal ?? `%${type}`]
}
