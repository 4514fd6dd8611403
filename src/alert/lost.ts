import { isActive, type Step } from './step.ts'
import type { Alert, Occurrence } from './types.ts'

/**
 * A symbol of which providers are sure that it is not there any more; `since` (ms) tells this loss from one after it came
 * back. `said`: what they say, a clause.
 */
export type LostSymbol = { readonly symbol: string; readonly since: number; readonly said: string }

/**
 * What the loss of a symbol makes of an alert on it: its owner is owed a word of it. It goes on, as the symbol may come back.
 * The same alert where it does not watch the symbol, is over, or knows of this loss. `now` in ms.
 */
export function onLoss(alert: Alert, { symbol, since, said }: LostSymbol, now: number): Step {
  const known = alert.lost ?? []
  const isKnown = known.some((one) => one.symbol === symbol && one.since === since)
  if (!isActive(alert) || !alert.symbols.includes(symbol) || isKnown) return { alert, occurrences: [] }
  const occurrence: Occurrence = {
    ...{ id: `${alert.id}.${alert.revision + 1}.lost`, kind: 'lost', at: now, triggers: [], evidence: [] },
    loss: { symbol, said },
  }
  const others = known.filter((one) => one.symbol !== symbol)
  return { alert: { ...alert, lost: [...others, { symbol, since }] }, occurrences: [occurrence] }
}
