import type { Content } from '../alert/change.ts'
import type { Parsed, SymbolNode, Via } from '../condition/ast.ts'
import { type Money, settleCurrencies } from '../condition/currency.ts'
import { daySymbolsOf } from '../condition/day.ts'
import { replaced } from '../condition/errors.ts'
import { format } from '../condition/format.ts'
import { classOf, tickerOf } from '../condition/name.ts'
import { needs } from '../condition/needs.ts'
import { keyOf, symbolsOf } from '../condition/symbols.ts'
import { triggersOf } from '../condition/triggers.ts'
import { instantOf } from '../condition/until.ts'
import { UserError } from '../errors.ts'
import { exchangeOf } from '../market/exchanges.ts'
import type { Listing } from '../market/provider.ts'
import { currencyOf } from '../market/symbols.ts'
import type { Context } from './command.ts'
import { type Found, notOneSymbol } from './listing-words.ts'
import { readLine } from './read-line.ts'
import { shorten } from './readers.ts'
import { inHoursOf, type Seen, see } from './sights.ts'
import { listOf } from './words.ts'

/** What a person typed, understood, what is seen now of what it looks at, and what is known of its symbols. */
export type Understood = { readonly content: Content; readonly seen: Seen; readonly found: readonly Found[] }

/**
 * What a person typed after `alert` or `edit 7`, understood: parsed, its symbols found, its amounts made those that the
 * symbols are quoted in, its end made a moment. `prefix` is what stood before it, so that a choice offered is a whole
 * command. Throws `UserError` for everything that cannot be understood.
 */
export async function understand(typed: string, prefix: string, context: Context): Promise<Understood> {
  const parsed = await readLine(typed, prefix, context)
  requireAddresses(parsed, typed, context)
  const nodes = symbolsOf(parsed.condition)
  const found = await Promise.all(nodes.map((node) => find(node, typed, prefix, context)))
  const bindings = Object.fromEntries(nodes.map((node, index) => [keyOf(node), found[index]!.symbol]))
  const distinct = [...new Map(found.map((one) => [one.symbol, one])).values()]
  const symbols = distinct.map(({ symbol }) => symbol)
  const daySymbols = [...new Set(daySymbolsOf(parsed.condition).flatMap((node) => bindings[keyOf(node)] ?? []))]
  const wanted = needs(parsed, (written) => classOf(bindings[written] ?? '')).map((need) => ({
    ...need,
    symbol: bindings[need.symbol] ?? '',
  }))
  const seen = inHoursOf(parsed.options, await see({ symbols, daySymbols, needs: wanted }, context))
  const settled = settleCurrencies(parsed, typed, (written) => moneyOf(bindings[written] ?? '', seen))
  const { until } = settled.options
  const content = {
    typed,
    text: format(settled),
    ...settled,
    until: until ? instantOf(until, context.zone) : null,
    bindings,
    symbols,
    daySymbols,
    needs: wanted,
    zone: context.zone,
    triggerCount: triggersOf(settled).length,
  }
  return { content, seen, found: distinct }
}

/** Refuses to tell where the person has no address: an alert that only seems to be told there would be lost. */
function requireAddresses({ condition, options }: Parsed, typed: string, { user }: Context): void {
  const has = (via: Via) => user.subscriptions.some(({ channel }) => channel === via)
  const missing = options.via?.filter((via) => !has(via)) ?? []
  if (missing.length === 0) return
  const { via: _, ...rest } = options
  const names = listOf(
    missing.map((via) => NAMES[via]),
    'or',
  )
  const how = missing.flatMap((via) => TO_ADD[via] ?? [])[0]
  const remedy = how === undefined ? '' : ` To add one: ${how}.`
  throw new UserError(`I cannot tell you by ${names}: I have no such address of yours.${remedy}`, {
    text: typed,
    suggestion: format({ condition, options: rest }),
  })
}

const NAMES: Readonly<Record<Via, string>> = {
  sms: 'SMS',
  email: 'e-mail',
  telegram: 'Telegram',
  discord: 'Discord',
  digest: 'digest',
}

/** How an address is added on a channel. */
const TO_ADD: Readonly<Partial<Record<Via, string>>> = {
  sms: 'subscribe sms and the number',
  email: 'subscribe email and the address',
  telegram: 'link, and in your chat there what it answers',
  discord: 'link, and in your chat there what it answers',
}

/** Where listings may be in a hundredth of the currency or in the currency itself: only a quote tells. */
const OFTEN_MINOR: ReadonlySet<string> = new Set(['GBP', 'ZAR', 'ILS', 'KWD'])

/** What a symbol is quoted in: as its quote says; without one a pair tells by its name, and most exchanges by their own. */
function moneyOf(symbol: string, { quotes }: Seen): Money | undefined {
  const quote = quotes.get(symbol)
  if (quote && !('unknown' in quote)) return quote
  const currency = currencyOf(symbol) ?? exchangeOf(tickerOf(symbol))?.currency
  return currency === undefined || OFTEN_MINOR.has(currency) ? undefined : { currency }
}

async function find(node: SymbolNode, typed: string, prefix: string, context: Context): Promise<Found> {
  const resolution = await context.resolve(keyOf(node))
  const { at } = node
  const choose = (listing: Listing) => ({
    label: listing.symbol,
    command: `${prefix} ${typed.slice(0, at.start)}${listing.symbol}${typed.slice(at.end)}`,
  })
  if (resolution.kind === 'one') {
    const { symbol, checked } = resolution
    if (checked || classOf(symbol) !== 'stock' || !mayBeName(typed.slice(at.start, at.end))) return resolution
    const sentence = `${shorten(node.ticker, 20)} may be a name, and nobody answers now who could tell. If it is the ticker, type it in capitals.`
    throw new UserError(sentence, { text: typed, at, choices: [choose({ symbol, name: '' })] })
  }
  if (resolution.kind === 'many') {
    const choices = resolution.candidates.map(choose)
    throw new UserError(notOneSymbol(node.ticker, 'many', resolution.candidates), { text: typed, at, choices })
  }
  const near = resolution.near.slice(0, 3)
  const choices = near.map(choose)
  const apart = /^([A-Z0-9.]+)([-/])([A-Z0-9.]+)$/.exec(node.ticker)
  if (near.length === 0 && apart) {
    const [, left, sign, right] = apart
    const what = sign === '-' ? 'a difference' : 'a division'
    const suggestion = replaced(typed, at, `${left} ${sign} ${right}`)
    const sentence = `I know no ${shorten(node.ticker, 20)}. For ${what} put spaces around the ${sign}.`
    throw new UserError(sentence, { text: typed, at, suggestion })
  }
  throw new UserError(notOneSymbol(shorten(node.ticker, 20), 'none', near), { text: typed, at, choices })
}

/** Who types capitals, a class or a sign means a ticker: `TSLA`, `stock:tsla`, `$tsla`, `ocdo.l`. */
function mayBeName(written: string): boolean {
  return /^\p{L}+$/u.test(written) && written !== written.toUpperCase()
}
