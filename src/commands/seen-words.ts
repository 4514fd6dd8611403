import type { Evidence } from '../alert/types.ts'
import { sight } from '../delivery/render.ts'

/** All that was seen at a moment, in one line, by symbol: `AAPL 501.12 USD, change 1.9 %, BTC/USD 97410 USD`. */
export function seenWords(evidence: readonly Evidence[]): string {
  const groups = new Map<string, Evidence[]>()
  for (const one of evidence) groups.set(one.symbol, [...(groups.get(one.symbol) ?? []), one])
  return [...groups.values()].map(sight).join(', ')
}
