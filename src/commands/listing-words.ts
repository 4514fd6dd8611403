import { classOf, tickerOf } from '../condition/name.ts'
import type { Listing } from '../market/provider.ts'
import { shorten } from './readers.ts'
import { listOf } from './words.ts'

/** What is known of a symbol that somebody typed. `checked`: a provider says that there is such a symbol. */
export type Found = { readonly symbol: string; readonly checked: boolean; readonly listing?: Listing }

/** A listing as a choice: `stock:AAPL (Apple Inc., NASDAQ)`. */
export function choiceText({ symbol, name, exchange }: Listing): string {
  const said = [nameIn(symbol, name), exchange].filter((part) => part !== undefined && part !== '')
  return said.length === 0 ? symbol : `${symbol} (${said.map((part) => shorten(part!)).join(', ')})`
}

/** Says that a word is no one symbol: it can be several, or is none, and which listings may be meant. */
export function notOneSymbol(name: string, kind: 'many' | 'none', listings: readonly Listing[]): string {
  const meanings = listings.map(choiceText)
  if (kind === 'many') return `${name} can be ${listOf(meanings, 'or')}.`
  return `I know no ${name}.${meanings.length > 0 ? ` Did you mean ${listOf(meanings, 'or')}?` : ' Check the ticker.'}`
}

/** What somebody should know of the symbols they typed: the companies' names, and which could not be checked. */
export function symbolLines(found: readonly Found[]): string[] {
  const names = found.flatMap(({ symbol, listing }) => {
    const name = classOf(symbol) === 'stock' && listing ? nameIn(symbol, listing.name) : undefined
    if (name === undefined) return []
    const exchange = listing?.exchange
    return [`${tickerOf(symbol)} is ${shorten(name)}${exchange === undefined ? '' : ` (${shorten(exchange)})`}`]
  })
  const unchecked = found.filter(({ checked }) => !checked).map(({ symbol }) => tickerOf(symbol))
  return [
    ...(names.length === 0 ? [] : [sentence(names.join(', '))]),
    ...(unchecked.length === 0
      ? []
      : [`I could not check that ${listOf(unchecked, 'and')} ${unchecked.length === 1 ? 'exists' : 'exist'}.`]),
  ]
}

/** A name that says more than the ticker does. */
function nameIn(symbol: string, name: string): string | undefined {
  return name === '' || name === tickerOf(symbol) ? undefined : name
}

/** `Apple Inc.` ends a sentence by itself. */
function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}
