import { tickerOf } from '../condition/name.ts'
import { UserError } from '../errors.ts'
import type { Quote, Unknown } from '../market/provider.ts'
import type { Resolution } from '../market/symbols.ts'
import { type Button, compose } from '../reply.ts'
import type { Command, Context } from './command.ts'
import { choiceText } from './listing-words.ts'
import { shorten } from './readers.ts'
import { priced } from './words.ts'

const MOST = 10

/** Says what symbols cost now. */
export const price: Command = {
  name: 'price',
  aliases: ['quote', 'p'],
  usage: 'price AAPL BTC EURUSD',
  summary: 'What symbols cost now',
  async run(context, args) {
    const written = args
      .toUpperCase()
      .split(/[\s,]+/)
      .filter((word) => word !== '')
    if (written.length === 0) throw new UserError('The price of what?', { suggestion: price.usage })
    if (written.length > MOST) throw new UserError(`At most ${MOST} symbols at a time.`)
    const answers = await findAll(written, context)
    const symbols = answers.flatMap(({ symbol }) => symbol ?? [])
    const quotes = await context.desk.look(symbols)
    const lines = answers.map(({ symbol, problem }) => problem ?? line(symbol!, quotes.get(symbol!), context.now()))
    const buttons = answers.flatMap(({ choices = [] }) => choices)
    return compose([{ block: lines.join('\n') }], buttons)
  },
}

type Answer = { readonly symbol?: string; readonly problem?: string; readonly choices?: readonly Button[] }

/** Each word is a symbol; where none of several is one, all of them may be one name. */
async function findAll(written: readonly string[], { resolve }: Context): Promise<Answer[]> {
  const found = await Promise.all(written.map((word) => resolve(word)))
  if (written.length > 1 && found.every(({ kind }) => kind === 'none')) {
    const name = written.join(' ')
    const whole = await resolve(name)
    if (whole.kind === 'none' && whole.near.length > 0) return [answerTo(whole, [name], 0)]
  }
  return found.map((resolution, index) => answerTo(resolution, written, index))
}

function answerTo(resolution: Resolution, written: readonly string[], index: number): Answer {
  if (resolution.kind === 'one') return { symbol: resolution.symbol }
  const word = shorten(written[index]!, 20)
  const listings = (resolution.kind === 'many' ? resolution.candidates : resolution.near).slice(0, 3)
  const choices = listings.map(({ symbol }) => ({
    label: symbol,
    command: `price ${written.with(index, symbol).join(' ')}`,
  }))
  if (resolution.kind === 'many')
    return { problem: `${word} can be ${listings.map(choiceText).join(' or ')}: type the one you mean.`, choices }
  const hint = listings.length > 0 ? ` Did you mean ${listings.map(choiceText).join(', ')}?` : ''
  return { problem: `I know no ${word}.${hint}`, choices }
}

function line(symbol: string, quote: Quote | Unknown | undefined, now: number): string {
  const name = tickerOf(symbol).padEnd(9)
  if (!quote || 'unknown' in quote) return `${name} cannot be seen: ${quote?.unknown ?? 'no quote'}`
  return `${name} ${priced(quote, now)}`
}
