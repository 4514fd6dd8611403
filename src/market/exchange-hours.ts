import { classOf, tickerOf } from '../condition/name.ts'
import { suffixOf } from './exchanges.ts'
import type { Told } from './told.ts'

/** What exchanges told, by the suffix of their listings (`L` of `OCDO.L`). */
export type ToldBySuffix = ReadonlyMap<string, Told>

/** Where what exchanges told is kept, for every process. */
export type HoursKept = {
  read(): Promise<ToldBySuffix>
  write(suffix: string, told: Told): Promise<void>
}

/** What exchanges told of their days, to this process or to another. */
export type ExchangeHours = {
  /** What is known of the exchange of a symbol; the same object until there are news. */
  told(symbol: string): Told | undefined
  /** Tells the other processes what was told to this one, and hears what was told to them. */
  exchange(kept: HoursKept): Promise<void>
}

/** So many days of an exchange are remembered. */
const REMEMBERED = 16

/** `own`: what the providers of this process were told, the same object until there are news. */
export function createExchangeHours(own: (symbol: string) => Told | undefined): ExchangeHours {
  let others: ToldBySuffix = new Map()
  const mine = new Map<string, Told>()
  const both = new Map<string, { readonly mine: Told; readonly other: Told; readonly told: Told }>()

  const joined = (suffix: string, here: Told, other: Told): Told => {
    const known = both.get(suffix)
    if (known?.mine === here && known.other === other) return known.told
    const days = [...new Map([...other.days, ...here.days])].sort(([a], [b]) => (a < b ? -1 : 1))
    const told = { usual: here.usual, days: new Map(days.slice(-REMEMBERED)) }
    both.set(suffix, { mine: here, other, told })
    return told
  }

  return {
    told(symbol) {
      const suffix = classOf(symbol) === 'stock' ? suffixOf(tickerOf(symbol)) : ''
      if (suffix === '') return undefined
      const [here, other] = [own(symbol), others.get(suffix)]
      if (here) mine.set(suffix, here)
      return here && other ? joined(suffix, here, other) : (here ?? other)
    },
    async exchange(kept) {
      others = unchanged(others, await kept.read())
      for (const [suffix, here] of mine) {
        const other = others.get(suffix)
        const told = other ? joined(suffix, here, other) : here
        if (!other || textOf(told) !== textOf(other)) await kept.write(suffix, told)
      }
    },
  }
}

/** What says nothing new stays the same object, as others remember what follows from it. */
function unchanged(before: ToldBySuffix, now: ToldBySuffix): ToldBySuffix {
  return new Map(
    [...now].map(([suffix, told]) => {
      const old = before.get(suffix)
      return [suffix, old && textOf(old) === textOf(told) ? old : told]
    }),
  )
}

function textOf({ usual: { zone, open, close }, days }: Told): string {
  const facts = [...days].map(([date, hours]) => [date, hours?.from, hours?.until])
  return JSON.stringify([zone, open, close, facts])
}
