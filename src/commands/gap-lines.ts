import type { Need } from '../condition/history.ts'
import { tickerOf } from '../condition/name.ts'
import { gapsIn } from '../market/gaps.ts'
import type { Context } from './command.ts'
import type { Seen } from './sights.ts'
import { age, moment } from './words.ts'

/**
 * What is missing among the candles that an alert needs: nothing is made up for it. A sentence for each that lacks some, or
 * is made of one rate a day.
 */
export function gapLines(
  needs: readonly Need[],
  { series }: Seen,
  { sessionAt, zone, now }: Pick<Context, 'sessionAt' | 'zone' | 'now'>,
): string[] {
  return needs.flatMap(({ symbol, interval, count }) => {
    const found = series.get(symbol)?.get(interval)
    if (found?.rates !== undefined) return [rateLine(symbol, found.rates)]
    const candles = found?.finished.slice(-count) ?? []
    const gaps = gapsIn(symbol, interval, candles, sessionAt)
    const last = gaps.at(-1)
    if (!last) return []
    const trading = age(gaps.reduce((sum, gap) => sum + gap.trading, 0))
    const where = gaps.length === 1 ? 'before' : 'the last of it before'
    return [
      `In the ${interval} candles of ${tickerOf(symbol)} ${trading} of trading is missing, ${where} ${moment(last.until, zone, now())}.`,
    ]
  })
}

function rateLine(symbol: string, source: string): string {
  return `The history of ${tickerOf(symbol)} is of one rate a day, from ${source}, as nobody else answers: highs and lows between those are not in it.`
}
