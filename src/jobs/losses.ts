import { onLoss } from '../alert/lost.ts'
import type { Alert } from '../alert/types.ts'
import type { Log } from '../log.ts'
import { isLost, type Loss, lossAfter, whoMisses } from '../market/lost.ts'
import type { Quote, Unknown } from '../market/provider.ts'
import type { Alerts } from '../store/alerts.ts'
import type { Losses } from '../store/losses.ts'

/** What losses are counted with. */
export type LossPorts = {
  readonly losses: Losses
  /** Forgets that symbols were there. */
  forget(symbols: readonly string[]): Promise<void>
  /** Tells the owners of alerts on a symbol that it is lost, who were not told of that loss. */
  tell(loss: Loss): Promise<void>
  /** The clock of evaluation, ms. */
  now(): number
}

/** Takes the answers of a round and keeps which of the symbols are lost, or found again. */
export type LossKeeper = (answers: Iterable<Quote | Unknown>) => Promise<void>

/** A keeper of losses. What it knows it has from the store, so that a restart does not begin to count anew. */
export function createLossKeeper({ losses, forget, tell, now }: LossPorts): LossKeeper {
  const known = new Map<string, Loss>()
  const asked = new Set<string>()
  /** Lost, and perhaps not all are told: the process that came to know it may have died over it. */
  const untold = new Set<string>()

  /** Each symbol is asked for once: who else counts in this class is the one that fetches it next. */
  const recall = async (symbols: readonly string[]) => {
    const unheard = symbols.filter((symbol) => !asked.has(symbol))
    if (unheard.length === 0) return
    for (const [symbol, loss] of await losses.read(unheard)) {
      known.set(symbol, loss)
      if (isLost(loss)) untold.add(symbol)
    }
    for (const symbol of unheard) asked.add(symbol)
  }

  return async (answers) => {
    const all = [...answers]
    await recall(all.map(({ symbol }) => symbol))
    const news: Loss[] = []
    const found: string[] = []
    for (const answer of all) {
      const before = known.get(answer.symbol)
      const after = lossAfter(before, answer, now())
      if (after === before) continue
      if (after) {
        news.push(after)
        known.set(answer.symbol, after)
        if (isLost(after)) untold.add(answer.symbol)
      } else {
        found.push(answer.symbol)
        known.delete(answer.symbol)
        untold.delete(answer.symbol)
      }
    }
    if (news.length > 0) await losses.write(news)
    if (found.length > 0) await losses.remove(found)
    const lost = news.filter(isLost).map(({ symbol }) => symbol)
    if (lost.length > 0) await forget(lost)
    for (const symbol of untold) {
      await tell(known.get(symbol)!)
      untold.delete(symbol)
    }
  }
}

/**
 * Owes a word of a loss to the owners of all alerts on the symbol. Whatever becomes of this process, an alert hears of a
 * loss once: it remembers that. `now`: the clock of evaluation, ms.
 */
export async function tellLoss(
  loss: Loss,
  { alerts, now, log }: { readonly alerts: Pick<Alerts, 'onSymbol' | 'change'>; now(): number; readonly log: Log },
): Promise<void> {
  const lost = { symbol: loss.symbol, since: loss.since, said: whoMisses(loss) }
  const at = now()
  const apply = (alert: Alert) => onLoss(alert, lost, at)
  const untold = (await alerts.onSymbol(loss.symbol)).filter((alert) => apply(alert).occurrences.length > 0)
  if (untold.length > 0) log.info({ symbol: loss.symbol, said: loss.said }, 'a symbol is lost')
  for (const { user, number } of untold) await alerts.change(user, number, apply)
}
