import type { Alerts } from '../store/alerts.ts'

type Wanted = Awaited<ReturnType<Alerts['symbols']>>

/** How long after a change (ms) another one of before it may become visible, at most. */
const LATE = 2_000

/**
 * The symbols that watched alerts need, read anew when an alert changed, and for as long after it as another change of
 * about the same moment may become visible. `monotonic` counts ms and never runs back.
 */
export function createWanted(
  alerts: Pick<Alerts, 'symbols' | 'lastChange'>,
  monotonic: () => number = () => performance.now(),
): () => Promise<Wanted> {
  let wanted: Wanted = { symbols: [], daySymbols: [] }
  let seen: number | undefined
  let seenAt = 0
  let isSettled = false
  return async () => {
    const readAt = monotonic()
    const changed = (await alerts.lastChange())?.getTime() ?? 0
    const isKnown = changed === seen
    if (isKnown && isSettled) return wanted
    const found = await alerts.symbols()
    // Only now: who asks meanwhile is not to get what was there before.
    if (!isKnown) seenAt = monotonic()
    isSettled = isKnown && readAt - seenAt >= LATE
    seen = changed
    wanted = found
    return found
  }
}
