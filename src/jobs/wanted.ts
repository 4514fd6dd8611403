import type { Alerts } from '../store/alerts.ts'

type Wanted = Awaited<ReturnType<Alerts['symbols']>>

/** How long after a change (ms) another one of before it may become visible, at most. */
const LATE = 2_000
/** How often they are read anew at least, ms: no change is to be missed for long, whatever clocks do. */
const AT_LEAST = 60_000

/**
 * The symbols that watched alerts need, read anew when an alert changed, for as long after it as another change of about
 * the same moment may become visible, and once a minute. `monotonic` counts ms and never runs back.
 */
export function createWanted(
  alerts: Pick<Alerts, 'symbols' | 'lastChange'>,
  monotonic: () => number = () => performance.now(),
): () => Promise<Wanted> {
  let wanted: Wanted = { symbols: [], daySymbols: [] }
  let seen: number | undefined
  let seenAt = 0
  let foundAt = 0
  let isSettled = false
  return async () => {
    const readAt = monotonic()
    const changed = (await alerts.lastChange())?.getTime() ?? 0
    const isKnown = changed === seen
    if (isKnown && isSettled && readAt - foundAt < AT_LEAST) return wanted
    const found = await alerts.symbols()
    // Only now: who asks meanwhile is not to get what was there before.
    if (!isKnown) seenAt = monotonic()
    isSettled = isKnown && readAt - seenAt >= LATE
    foundAt = readAt
    seen = changed
    wanted = found
    return found
  }
}
