import type { Content } from '../alert/change.ts'
import type { SymbolNode } from '../condition/ast.ts'
import { daySymbolsOf } from '../condition/day.ts'
import { format } from '../condition/format.ts'
import { tickerOf } from '../condition/name.ts'
import { parse } from '../condition/parse.ts'
import { keyOf, symbolsOf } from '../condition/symbols.ts'
import { triggersOf } from '../condition/triggers.ts'
import { instantOf } from '../condition/until.ts'
import { UserError } from '../errors.ts'
import type { Listing } from '../market/provider.ts'
import type { Context } from './command.ts'
import { shorten } from './readers.ts'

/**
 * What a person typed after `alert` or `edit 7`, understood: parsed, its symbols found, its end made a moment.
 * `prefix` is what stood before it, so that a choice offered is a whole command.
 * Throws `UserError` for everything that cannot be understood.
 */
export async function understand(typed: string, prefix: string, context: Context): Promise<Content> {
  const parsed = parse(typed, { now: context.now(), zone: context.zone })
  const nodes = symbolsOf(parsed.condition)
  const found = await Promise.all(nodes.map((node) => find(node, typed, prefix, context)))
  const bindings = Object.fromEntries(nodes.map((node, index) => [keyOf(node), found[index]!]))
  const { until } = parsed.options
  return {
    typed,
    text: format(parsed),
    ...parsed,
    until: until ? instantOf(until, context.zone) : null,
    bindings,
    symbols: [...new Set(found)],
    daySymbols: [...new Set(daySymbolsOf(parsed.condition).flatMap((node) => bindings[keyOf(node)] ?? []))],
    triggers: triggersOf(parsed).length,
  }
}

async function find(node: SymbolNode, typed: string, prefix: string, context: Context): Promise<string> {
  const resolution = await context.resolve(keyOf(node))
  if (resolution.kind === 'one') return resolution.symbol
  const { at } = node
  const choose = (listing: Listing) => ({
    label: listing.symbol,
    command: `${prefix} ${typed.slice(0, at.start)}${listing.symbol}${typed.slice(at.end)}`,
  })
  if (resolution.kind === 'many') {
    const meanings = resolution.candidates.map(describe).join(' or ')
    const choices = resolution.candidates.map(choose)
    throw new UserError(`${node.ticker} can be ${meanings}.`, { text: typed, at, choices })
  }
  const near = resolution.near.slice(0, 3)
  const hint = near.length > 0 ? ` Did you mean ${near.map(describe).join(', ')}?` : ' Check the ticker.'
  throw new UserError(`I know no ${shorten(node.ticker, 20)}.${hint}`, { text: typed, at, choices: near.map(choose) })
}

function describe({ symbol, name }: Listing): string {
  return `${symbol}${name === '' || name === tickerOf(symbol) ? '' : ` (${shorten(name)})`}`
}
