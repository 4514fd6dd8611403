import { lineOf } from './digest-words.ts'
import { channelName } from './lateness.ts'
import type { Tracked } from './types.ts'

const MOST_LINES = 5
const NO_PRICES = new Map()

/**
 * What a person is told first when they write again after nothing could be sent to them: lines, at most seven; none where
 * nothing was missed. One that several addresses did not take is told once. `now`: ms, on the clock of evaluation.
 */
export function missedLines(missed: readonly Tracked[], now: number): string[] {
  const each = [...new Map(missed.map((one) => [one.occurrence.id, one])).values()]
  const [first] = each
  if (!first) return []
  const why = `${channelName(first.channel)} did not take ${each.length === 1 ? 'it' : 'them'}: ${first.reason}`
  const title = `You missed ${each.length === 1 ? 'this' : `these ${each.length}`} (${why}):`
  const lines = each.slice(-MOST_LINES).map((one) => lineOf(one, NO_PRICES, now))
  const rest = each.length - lines.length
  return [title, ...(rest > 0 ? [`${rest} before these: history shows them.`] : []), ...lines]
}
