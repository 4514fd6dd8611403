import type { Need } from '../condition/history.ts'

/** What is needed of one symbol: each interval once, as a symbol can be written in two ways. */
export function needsOf(symbol: string, needs: readonly Need[]): Need[] {
  const found = new Map<string, Need>()
  for (const need of needs) {
    if (need.symbol !== symbol) continue
    const count = Math.max(need.count, found.get(need.interval)?.count ?? 0)
    found.set(need.interval, { ...need, count })
  }
  return [...found.values()]
}
