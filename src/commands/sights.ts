import type { Sight } from '../alert/look.ts'
import { compileTriggers, lookAt, type Question } from '../alert/look.ts'
import type { Evaluation } from '../alert/step.ts'
import { emptyCell, fillCell } from '../condition/cell.ts'
import type { Quote, Unknown } from '../market/provider.ts'

/** What quotes show of each symbol; a symbol without a quote is unknown, with the reason. */
export function sightsOf(quotes: ReadonlyMap<string, Quote | Unknown>): (symbol: string) => Sight {
  const sights = new Map<string, Sight>()
  for (const [symbol, quote] of quotes) {
    const isKnown = !('unknown' in quote)
    const cell = emptyCell(symbol, isKnown ? '' : quote.unknown)
    if (isKnown) fillCell(cell, quote)
    sights.set(symbol, {
      cell,
      source: isKnown ? quote.source : '',
      at: isKnown ? (quote.asOf ?? quote.receivedAt) : 0,
    })
  }
  return (symbol) => sights.get(symbol) ?? { cell: emptyCell(symbol, 'no quote yet'), source: '', at: 0 }
}

/** One look at what an alert asks, on quotes that a command has at hand. `now` in ms. */
export function lookWith(question: Question, quotes: ReadonlyMap<string, Quote | Unknown>, now: number): Evaluation {
  const sightOf = sightsOf(quotes)
  return lookAt(
    question,
    compileTriggers(question, (symbol) => sightOf(symbol).cell),
    sightOf,
    now,
    true,
  )
}
