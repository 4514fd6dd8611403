import type { Log } from '../log.ts'
import type { HeldBack } from '../market/held-back.ts'

/** What hearing of doubts works with. `now`: real clock, ms. */
export type DoubtsPorts = {
  keep(heldBack: readonly HeldBack[]): Promise<void>
  now(): number
  readonly log: Log
}

/** The same doubt about a symbol is kept, and told to the log, no more often than this, ms. */
const KEEP_EVERY = 30_000

/** Hears of quotes that are not believed: the log names the rule, and it is kept with the symbol for `/why`. */
export function createDoubts({ keep, now, log }: DoubtsPorts): (heldBack: HeldBack) => void {
  const last = new Map<string, { readonly rule: string; readonly at: number }>()
  return (heldBack) => {
    const { symbol, rule, price, source, why } = heldBack
    const before = last.get(symbol)
    if (before && before.rule === rule && now() - before.at < KEEP_EVERY) return
    last.set(symbol, { rule, at: now() })
    const level = rule === 'older' ? 'debug' : 'warn'
    log[level]({ symbol, rule, price, provider: source, why }, 'a quote is not believed')
    keep([heldBack]).catch((err: unknown) => log.warn({ err, symbol }, 'a doubt could not be kept'))
  }
}
