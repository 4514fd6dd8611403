import { priced } from './commands/words.ts'
import { readConfig } from './config.ts'
import { UserError } from './errors.ts'
import { createLog } from './log.ts'
import { resolve } from './market/resolve.ts'
import { marketOf } from './wiring/market.ts'

/** `quote`: what symbols cost now, a line each. Gives the exit code: 0 when every one has a price, else 1. */
export async function quoteCommand(written: readonly string[], print: (text: string) => void): Promise<number> {
  if (written.length === 0)
    throw new UserError('The price of what?', { suggestion: 'signal-generator quote AAPL BTC EURUSD' })
  const config = readConfig()
  // What a provider did instead of answering is said in the line of its symbol.
  const market = marketOf(config, createLog('silent'))
  const lines = await Promise.all(written.map((word) => lineOf(word, market)))
  for (const { text } of lines) print(text)
  return lines.every(({ isKnown }) => isKnown) ? 0 : 1
}

async function lineOf(word: string, { chain, providersFor, now }: ReturnType<typeof marketOf>) {
  const resolution = await resolve(word, { chain, providersFor })
  if (resolution.kind !== 'one') {
    const listings = resolution.kind === 'many' ? resolution.candidates : resolution.near
    const names = listings.map(({ symbol }) => symbol).join(', ')
    return {
      text: `${word}: ${resolution.kind === 'many' ? `can be ${names}` : `there is no such symbol${names ? `; near: ${names}` : ''}`}`,
      isKnown: false,
    }
  }
  const { symbol } = resolution
  const { quotes } = await chain.quotes([symbol], { for: 'person', daily: true })
  const quote = quotes.get(symbol)
  if (!quote || 'unknown' in quote) return { text: `${symbol}: ${quote?.unknown ?? 'no answer'}`, isKnown: false }
  return { text: `${symbol} ${priced(quote, now())}`, isKnown: true }
}
