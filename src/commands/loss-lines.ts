import { tickerOf } from '../condition/name.ts'
import { isLost, lossText } from '../market/lost.ts'
import type { Context } from './command.ts'
import { moment } from './words.ts'

/** A sentence for each of these symbols that providers are sure is not there any more: since when, and what they say. */
export async function lossLines(
  symbols: readonly string[],
  { losses, zone, now }: Pick<Context, 'losses' | 'zone' | 'now'>,
): Promise<string[]> {
  if (symbols.length === 0) return []
  const found = await losses(symbols)
  return [...found.values()]
    .filter(isLost)
    .map((loss) => `${tickerOf(loss.symbol)} is lost since ${moment(loss.since, zone, now())}: ${lossText(loss)}.`)
}
