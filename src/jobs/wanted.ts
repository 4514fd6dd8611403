import type { Alerts } from '../store/alerts.ts'

type Wanted = Awaited<ReturnType<Alerts['symbols']>>

/**
 * The symbols that watched alerts need, read anew only when an alert changed. A change is read twice: another one of the
 * same moment may become visible a little after it.
 */
export function createWanted(alerts: Pick<Alerts, 'symbols' | 'lastChange'>): () => Promise<Wanted> {
  let wanted: Wanted = { symbols: [], daySymbols: [] }
  let seen: number | undefined
  let isSettled = false
  return async () => {
    const changed = (await alerts.lastChange())?.getTime() ?? 0
    if (changed === seen && isSettled) return wanted
    const isSecond = changed === seen
    const found = await alerts.symbols()
    // Only now: who asks meanwhile is not to get what was there before.
    isSettled = isSecond
    seen = changed
    wanted = found
    return found
  }
}
