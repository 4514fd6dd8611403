import { classOf } from '../condition/name.ts'
import { type Gap, holesIn } from './gaps.ts'
import { type AssetClass, type Candle, INTERVALS, type Interval, type Provider } from './provider.ts'
import type { Calendar } from './sessions.ts'

/** Candles of a provider, oldest first, their starts those of `bucketStart`. */
export type Told = {
  readonly symbol: string
  readonly interval: Interval
  readonly candles: readonly Candle[]
  /** The provider's name. */
  readonly source: string
}

/** Fills holes in what one provider told by what others tell. */
export type Holes = {
  /** The candles with what others had of the holes in them, and the holes that are left. Never throws. */
  filled(told: Told): Promise<{ readonly candles: readonly Candle[]; readonly holes: readonly Gap[] }>
}

/** Who is asked; `align` gives candles the starts that ours have. `failed` hears of candles that could not be had. */
export type HolesPorts = {
  providersFor(kind: AssetClass): readonly Provider[]
  readonly calendar: Pick<Calendar, 'sessionAt'>
  align(symbol: string, interval: Interval, candles: readonly Candle[]): Candle[]
  failed(symbol: string, error: unknown): void
}

/** So many holes of a line are looked into at a time, the newest ones. */
const AT_A_TIME = 3

/**
 * Holes of which others are asked. Where another provider has candles on both sides of a hole and none in it either, nobody
 * traded then, which is remembered: it is no hole.
 */
export function createHoles({ providersFor, calendar, align, failed }: HolesPorts): Holes {
  const quiet = new Set<string>()

  const holesOf = ({ symbol, interval, candles }: Told) =>
    holesIn(symbol, interval, candles, calendar.sessionAt).filter(
      ({ from }) => !quiet.has(`${symbol} ${interval} ${from}`),
    )

  /** What somebody else has in a hole; undefined where nobody else can say. */
  const ask = async ({ symbol, interval, source }: Told, { from, until }: Gap): Promise<Candle[] | undefined> => {
    const size = INTERVALS[interval]
    for (const provider of providersFor(classOf(symbol)).filter(({ name }) => name !== source)) {
      try {
        const found = align(symbol, interval, await provider.candles(symbol, interval, from - size, until + size))
        const isAround = found.some(({ start }) => start < from) && found.some(({ start }) => start >= until)
        const inside = found.filter(({ start }) => start >= from && start < until)
        if (inside.length > 0 || isAround) return inside
      } catch (error) {
        failed(symbol, error)
      }
    }
    return undefined
  }

  return {
    async filled(told) {
      let { candles } = told
      for (const hole of holesOf(told).slice(-AT_A_TIME)) {
        const found = await ask(told, hole)
        if (found?.length === 0) quiet.add(`${told.symbol} ${told.interval} ${hole.from}`)
        if (found) candles = [...candles, ...found].sort((one, other) => one.start - other.start)
      }
      return { candles, holes: holesOf({ ...told, candles }) }
    },
  }
}
