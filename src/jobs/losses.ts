import { isLost, type Loss, lossAfter } from '../market/lost.ts'
import type { Quote, Unknown } from '../market/provider.ts'
import type { Losses } from '../store/losses.ts'

/** What losses are counted with. */
export type LossPorts = {
  readonly losses: Losses
  /** Forgets that symbols were there. */
  forget(symbols: readonly string[]): Promise<void>
  /** The clock of evaluation, ms. */
  now(): number
}

/** Takes the answers of a round and keeps which of the symbols are lost, or found again. */
export type LossKeeper = (answers: Iterable<Quote | Unknown>) => Promise<void>

/** A keeper of losses. What it knows it has from the store, so that a restart does not begin to count anew. */
export function createLossKeeper({ losses, forget, now }: LossPorts): LossKeeper {
  const known = new Map<string, Loss>()
  const asked = new Set<string>()

  /** Each symbol is asked for once: who else counts in this class is the one that fetches it next. */
  const recall = async (symbols: readonly string[]) => {
    const unheard = symbols.filter((symbol) => !asked.has(symbol))
    if (unheard.length === 0) return
    for (const [symbol, loss] of await losses.read(unheard)) known.set(symbol, loss)
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
      if (after) news.push(after)
      else found.push(answer.symbol)
      if (after) known.set(answer.symbol, after)
      else known.delete(answer.symbol)
    }
    if (news.length > 0) await losses.write(news)
    if (found.length > 0) await losses.remove(found)
    const lost = news.filter(isLost).map(({ symbol }) => symbol)
    if (lost.length > 0) await forget(lost)
  }
}
