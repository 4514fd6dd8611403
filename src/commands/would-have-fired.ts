import type { Content } from '../alert/change.ts'
import { UserError } from '../errors.ts'
import { inTime } from '../market/patience.ts'
import type { Quote, Unknown } from '../market/provider.ts'
import { type LookBackPorts, lookBack } from './look-back.ts'
import { touchedNote, unseenNote } from './look-back-words.ts'
import { times } from './words.ts'

const DAY = 86_400_000
const DAYS = 30
/** The longest (ms) a read-back waits for it. */
const PATIENCE = 2_000

/**
 * `In the last 30 days this would have fired 3 times.`, counted each time it became true, and what may have been missed.
 * Undefined where that cannot be told within 2 s: no candles, or too long ones for what it asks. `quotes`: what its
 * symbols are quoted in now.
 */
export async function wouldHaveFired(
  content: Content,
  quotes: ReadonlyMap<string, Quote | Unknown>,
  ports: LookBackPorts,
): Promise<string | undefined> {
  return await inTime(sentence({ ...content, until: null }, quotes, ports), PATIENCE)
}

async function sentence(content: Content, quotes: ReadonlyMap<string, Quote | Unknown>, ports: LookBackPorts) {
  try {
    const to = ports.now()
    const result = await lookBack(content, quotes, { from: to - DAYS * DAY, to }, ports)
    if (result.looks === result.unseen) return undefined
    const days = Math.max(1, Math.round((to - result.period.from) / DAY))
    const fact = `In the last ${days} days this would have fired ${times(result.firings.length)}.`
    return [fact, ...touchedNote(result), ...unseenNote(result)].join(' ')
  } catch (error) {
    // A line less is better than an alert that is set and not read back.
    if (error instanceof UserError) return undefined
    throw error
  }
}
