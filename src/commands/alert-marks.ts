import { priceLevelsOf } from '../alert/price-levels.ts'
import { isWatched } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import type { Tracked } from '../delivery/types.ts'
import type { Level, Point } from '../reply.ts'

/** The levels of alerts on a symbol, with the number of each: `7: > 500`. Those that are over have none. */
export function levelsOn(symbol: string, alerts: readonly Alert[]): Level[] {
  return alerts.filter(isWatched).flatMap((alert) =>
    priceLevelsOf(alert)
      .filter((level) => level.symbol === symbol)
      .map(({ price, text }) => ({ price, label: `${alert.number}: ${text}` })),
  )
}

/** Where alerts fired by the price of a symbol between two moments (ms), each firing once, the oldest first. */
export function firingsOn(
  symbol: string,
  told: readonly Tracked[],
  { from, to }: { from: number; to: number },
): Point[] {
  const found = new Map<string, Point>()
  for (const { occurrence } of told) {
    const price = occurrence.evidence.find((one) => one.symbol === symbol && one.metric === 'price')?.value
    const isHere = occurrence.kind === 'fired' && occurrence.at >= from && occurrence.at <= to
    if (isHere && price !== undefined) found.set(occurrence.id, { at: occurrence.at, price: Number(price) })
  }
  return [...found.values()].sort((one, other) => one.at - other.at)
}
