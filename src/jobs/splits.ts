import { BEFORE_OPENING, onSplit } from '../alert/split.ts'
import type { Alert } from '../alert/types.ts'
import { classOf, tickerOf } from '../condition/name.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { AssetClass, Provider, Split } from '../market/provider.ts'
import type { Calendar } from '../market/sessions.ts'
import type { Alerts } from '../store/alerts.ts'

/** What finding splits works with. Times are ms on the clock of evaluation. */
export type SplitsPorts = {
  providersFor(kind: AssetClass): readonly Provider[]
  readonly alerts: Pick<Alerts, 'onSymbol' | 'change'>
  /** The symbols of all watched alerts. */
  symbols(): Promise<readonly string[]>
  readonly calendar: Pick<Calendar, 'sessionAt'>
  /** Candles of a symbol that were kept are of old shares: they are to be had anew. */
  forget(symbol: string): Promise<void>
  now(): number
  readonly log: Log
}

/** Finds the splits of watched stocks, and tells the owners of alerts on them. */
export type Splits = {
  /** The splits of a symbol since a moment, told by then; undefined where nobody can say now. */
  since(symbol: string, from: number): Promise<readonly Split[] | undefined>
  /** Asks for those of some of the stocks of which nobody has been asked in this session yet. */
  look(): Promise<void>
}

/** How far back the look of the day goes, ms: over a weekend and a few days of absence. */
const LOOK_BACK = 10 * 86_400_000
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

  const tell = async (symbol: string, { at, numerator, denominator }: Split) => {
    const split = { symbol, at, numerator, denominator }
    const apply = (alert: Alert) => onSplit(alert, split, now())
    let isNews = false
    for (const { user, number, ...alert } of await alerts.onSymbol(symbol)) {
      if (apply({ user, number, ...alert }).occurrences.length === 0) continue
      await alerts.change(user, number, apply)
      isNews = true
    }
    if (!isNews) return
    log.info(split, 'a stock was split')
    await ports.forget(symbol)
  }

  return {
    since,
    async look() {
      const due = (await ports.symbols()).filter((symbol) => {
        const { session, from } = ports.calendar.sessionAt(symbol, now())
        return canSplit(symbol) && session === 'regular' && (askedIn.get(symbol) ?? 0) < from
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
