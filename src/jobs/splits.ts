import { BEFORE_OPENING, onSplit } from '../alert/split.ts'
import type { Alert } from '../alert/types.ts'
import { classOf, tickerOf } from '../condition/name.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { AssetClass, Provider, Split } from '../market/provider.ts'
import type { Calendar } from '../market/sessions.ts'
import type { KnownSplit } from '../market/shares.ts'
import type { Alerts } from '../store/alerts.ts'

/** What finding splits works with. Times are ms on the clock of evaluation. */
export type SplitsPorts = {
  providersFor(kind: AssetClass): readonly Provider[]
  readonly alerts: Pick<Alerts, 'onSymbol' | 'change'>
  /** The symbols of all watched alerts. */
  symbols(): Promise<readonly string[]>
  readonly calendar: Pick<Calendar, 'sessionAt'>
  /** Whether every process can know of a split already. */
  isKnown(symbol: string, at: number): Promise<boolean>
  /** Lets every process know of a split: what was had of the stock before is of old shares, and to be had anew. */
  note(split: KnownSplit): Promise<void>
  now(): number
  readonly log: Log
}

/** Finds the splits of watched stocks, and tells the owners of alerts on them. */
export type Splits = {
  /** The splits of a symbol since a moment, told by then; undefined where nobody can say now. */
  since(symbol: string, from: number): Promise<readonly Split[] | undefined>
  /** Asks for those of some of the stocks that are due: twice in each session, as they may be told late. */
  look(): Promise<void>
}

/** How far back the look of the day goes, ms: over a weekend and a few days of absence. */
const LOOK_BACK = 10 * 86_400_000
/** Most splits are told by so long after the opening, ms. */
const TOLD_WITHIN = 3_600_000
/** So many stocks are asked for in a look, so that quotes get through. */
const AT_A_TIME = 10

/** Whatever becomes of this process, an alert hears of a split once: it remembers those it heard of. */
export function createSplits(ports: SplitsPorts): Splits {
  const { alerts, now, log } = ports
  const askedIn = new Map<string, number>()

  const since = async (symbol: string, from: number) => {
    const provider = ports.providersFor(classOf(symbol)).find(({ splits }) => splits !== undefined)
    if (!provider?.splits) return undefined
    try {
      const all = await provider.splits(symbol, from)
      const splits = all.filter(({ at }) => at > from && at - BEFORE_OPENING <= now())
      for (const split of splits) await tell(symbol, split)
      return splits
    } catch (error) {
      log.warn({ symbol, provider: provider.name, why: messageOf(error) }, 'nobody can say whether there was a split')
      return undefined
    }
  }

  /** First all processes know, then the alerts: else one with new levels could be looked at on old candles. */
  const tell = async (symbol: string, { at, numerator, denominator }: Split) => {
    const split = { symbol, at, numerator, denominator }
    const toldAt = now()
    const apply = (alert: Alert) => onSplit(alert, split, toldAt)
    const untold = (await alerts.onSymbol(symbol)).filter((alert) => apply(alert).occurrences.length > 0)
    if (untold.length === 0 && (await ports.isKnown(symbol, at))) return
    await ports.note({ symbol, at, toldAt })
    log.info(split, 'a stock was split')
    for (const { user, number } of untold) await alerts.change(user, number, apply)
  }

  return {
    since,
    async look() {
      const due = (await ports.symbols()).filter((symbol) => {
        const { session, from } = ports.calendar.sessionAt(symbol, now())
        const asked = askedIn.get(symbol) ?? 0
        const isLate = asked < from + TOLD_WITHIN && now() >= from + TOLD_WITHIN
        return canSplit(symbol) && session === 'regular' && (asked < from || isLate)
      })
      for (const symbol of due.slice(0, AT_A_TIME)) {
        if ((await since(symbol, now() - LOOK_BACK)) !== undefined) askedIn.set(symbol, now())
      }
    },
  }
}

/** Indices and futures have none. */
function canSplit(symbol: string): boolean {
  return classOf(symbol) === 'stock' && !/^\^|=/.test(tickerOf(symbol))
}
