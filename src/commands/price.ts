import { tickerOf } from '../condition/name.ts'
import { UserError } from '../errors.ts'
import type { Quote, Unknown } from '../market/provider.ts'
import { compose } from '../reply.ts'
import type { Command, Context } from './command.ts'
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
    const found = await Promise.all(written.map((word) => find(word, context)))
    const symbols = found.flatMap(({ symbol }) => symbol ?? [])
    const quotes = await context.desk.look(symbols)
    const lines = found.map(({ symbol, problem }) => problem ?? line(symbol!, quotes.get(symbol!), context.now()))
    return compose([{ block: lines.join('\n') }])
  },
}

async function find(word: string, { resolve }: Context): Promise<{ symbol?: string; problem?: string }> {
  const resolution = await resolve(word)
  if (resolution.kind === 'one') return { symbol: resolution.symbol }
  const listings = resolution.kind === 'many' ? resolution.candidates : resolution.near
  const names = listings
    .slice(0, 3)
    .map(({ symbol }) => symbol)
    .join(', ')
  if (resolution.kind === 'many') return { problem: `${shorten(word, 20)} can be ${names}: type the one you mean.` }
  return { problem: `I know no ${shorten(word, 20)}.${names ? ` Did you mean ${names}?` : ''}` }
}

function line(symbol: string, quote: Quote | Unknown | undefined, now: number): string {
  const name = tickerOf(symbol).padEnd(9)
  if (!quote || 'unknown' in quote) return `${name} cannot be seen: ${quote?.unknown ?? 'no quote'}`
  return `${name} ${priced(quote, now)}`
}
