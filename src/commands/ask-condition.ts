import { classOf, tickerOf } from '../condition/name.ts'
import { parse } from '../condition/parse.ts'
import { UserError } from '../errors.ts'
import type { Quote, Unknown } from '../market/provider.ts'
import { type Reply, say } from '../reply.ts'
import { ask } from './ask.ts'
import { symbolNamed } from './ask-symbol.ts'
import type { Context } from './command.ts'
import { inBrief } from './in-brief.ts'
import { roundLevels } from './round-levels.ts'
import { inUnit, priced } from './words.ts'

/** Whether it is one symbol and nothing else, as far as the language goes; there may be no such symbol. */
export function isSymbolAlone(text: string, context: Pick<Context, 'now' | 'zone'>): boolean {
  return /^[$^]?[\p{L}\d][\w.:/^=-]*$/u.test(text) && isCondition(`${text} > 1`, context)
}

/** Whether it is a whole condition, with its options. */
export function isCondition(text: string, { now, zone }: Pick<Context, 'now' | 'zone'>): boolean {
  try {
    parse(text, { now: now(), zone })
    return true
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

/**
 * Asks what is to be watched of a symbol, as it was written: says its price now, with examples that fit. Throws
 * `UserError` where it could be several, or none.
 */
export async function askCondition(context: Context, written: string): Promise<Reply> {
  const symbol = await symbolNamed(written, context)
  const quote = (await context.desk.look([symbol])).get(symbol)
  const ticker = tickerOf(symbol)
  const examples = examplesOf(symbol, quote)
  const isSeen = quote !== undefined && !('unknown' in quote)
  const now = isSeen
    ? `${ticker} is ${priced(quote, context.now())}.`
    : `${ticker} cannot be seen now: ${quote?.unknown ?? 'no quote yet'}.`
  const reply = say(
    `${now} What about it? Like: ${examples.map(({ label }) => label).join(', ')}.`,
    examples.map(({ label, condition }) => ({ label, command: `alert ${written} ${condition}` })),
  )
  const question = `What about ${ticker}?`
  const asked = { command: 'alert', step: 'condition', typed: written, question } as const
  return await ask(context, asked, { ...reply, brief: inBrief([now, 'What about it?']) })
}

type Example = { readonly label: string; readonly condition: string }

function examplesOf(symbol: string, quote: Quote | Unknown | undefined): Example[] {
  const since = classOf(symbol) === 'stock' ? 'today' : 'in 1d'
  const moves = [`up 5% ${since}`, `down 5% ${since}`].map((text) => ({ label: text, condition: text }))
  if (!quote || 'unknown' in quote) return moves
  const price = Number(inUnit(quote.price, quote))
  if (!(price > 0)) return moves
  const { above, below } = roundLevels(price)
  return [
    { label: `above ${above}`, condition: `> ${above}` },
    { label: `below ${below}`, condition: `< ${below}` },
    ...moves,
  ]
}
