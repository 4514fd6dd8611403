import type { Alert, Occurrence } from '../alert/types.ts'
import { waitsOf } from '../alert/waits.ts'
import type { Outage, Tracked } from './types.ts'

/** Why a symbol could not be seen at a moment of the clock of evaluation (ms); undefined where it could. */
export type Unseen = (symbol: string, at: number) => { readonly why?: string } | undefined

/** What outages are worked out from. */
export type OutagePorts = {
  /** What is known of these symbols. */
  unseen(symbols: readonly string[]): Promise<Unseen>
  /** All notifications of these alerts that tell of blindness, the newest first. */
  blindness(alerts: readonly Pick<Alert, 'id' | 'user'>[]): Promise<readonly Tracked[]>
}

/**
 * What the occurrences of alerts that are blind, or see again, could not see, by the id of the occurrence; of a loss, what is
 * lost. One that is
 * blind for another reason than a silent market has no entry. One that sees again saw nothing of what its last word of
 * blindness named.
 */
export async function outagesOf(alerts: readonly Alert[], ports: OutagePorts): Promise<ReadonlyMap<string, Outage>> {
  const having = (kind: Occurrence['kind']) => alerts.filter(({ unsent }) => unsent.some((one) => one.kind === kind))
  const [blind, sighted] = [having('blind'), having('sighted')]
  const unseen = blind.length > 0 ? await ports.unseen(symbolsOf(blind)) : () => undefined
  const told = sighted.length > 0 ? await ports.blindness(sighted) : []
  const found = new Map<string, Outage>()
  for (const alert of alerts) {
    for (const occurrence of alert.unsent) {
      const outage = outageOf(alert, occurrence, { unseen, told, found })
      if (outage) found.set(occurrence.id, outage)
    }
  }
  return found
}

type Known = {
  readonly unseen: Unseen
  readonly told: readonly Tracked[]
  readonly found: ReadonlyMap<string, Outage>
}

function outageOf(alert: Alert, occurrence: Occurrence, known: Known): Outage | undefined {
  if (occurrence.kind === 'blind') return begun(alert, occurrence, known.unseen)
  if (occurrence.kind === 'lost') return occurrence.loss && { symbols: [occurrence.loss.symbol] }
  return occurrence.kind === 'sighted' ? ended(alert, occurrence, known) : undefined
}

function begun(alert: Alert, { at }: Occurrence, unseen: Unseen): Outage | undefined {
  const symbols = alert.symbols.filter((symbol) => unseen(symbol, at) !== undefined)
  if (symbols.length === 0) return undefined
  const why = symbols.map((symbol) => unseen(symbol, at)?.why).find((one) => one !== undefined)
  return { symbols, ...(why === undefined ? {} : { why }) }
}

/** It may have become blind and seen again between two fan-outs: then its word of blindness is no notification yet. */
function ended(alert: Alert, { at }: Occurrence, { told, found }: Known): Outage | undefined {
  const unsent = alert.unsent.findLast((one) => one.kind === 'blind' && one.at <= at)
  const isOurs = (one: Tracked) => one.alert.id === alert.id && one.occurrence.at <= at
  const outage = unsent ? found.get(unsent.id) : told.find(isOurs)?.outage
  return outage && { symbols: outage.symbols, waits: waitsOf(alert) }
}

function symbolsOf(alerts: readonly Alert[]): string[] {
  return [...new Set(alerts.flatMap(({ symbols }) => symbols))]
}
