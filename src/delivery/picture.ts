import type { PriceLevel } from '../alert/price-levels.ts'
import type { Evidence } from '../alert/types.ts'
import { tickerOf } from '../condition/name.ts'
import type { Picture, Point } from '../reply.ts'
import type { Notification } from './types.ts'
import { within } from './within.ts'

/** What a picture of a firing is made from; neither asks anybody outside, and what they throw means no picture. */
export type PicturePorts = {
  /** How the price of a symbol went up to `at` (ms); undefined where that is not here. */
  line(
    symbol: string,
    at: number,
  ): Promise<{ readonly points: readonly Point[]; readonly source: string; readonly currency: string } | undefined>
  /** The levels of an alert, by its id. */
  levels(alert: string): Promise<readonly PriceLevel[]>
}

/** A firing waits so long for the points of its picture, ms. */
const PATIENCE = 50

/**
 * The line of a firing's price with its level and the point where it fired; undefined for anything else than a firing, and
 * where the line is not at hand within 50 ms. Never throws: no firing is late or lost for want of a picture.
 */
export async function pictureOf(
  notification: Pick<Notification, 'alert' | 'occurrence' | 'zone'>,
  ports: PicturePorts,
): Promise<Picture | undefined> {
  if (notification.occurrence.kind !== 'fired') return undefined
  return await within(PATIENCE, compose(notification, ports)).catch(() => undefined)
}

async function compose(
  { alert, occurrence, zone }: Pick<Notification, 'alert' | 'occurrence' | 'zone'>,
  { line, levels }: PicturePorts,
): Promise<Picture | undefined> {
  const { at, evidence, triggers } = occurrence
  const seen = evidence.find(({ metric }) => metric === 'price') ?? evidence[0]
  if (!seen) return undefined
  const [way, all] = await Promise.all([line(seen.symbol, at), levels(alert.id)])
  if (!way) return undefined
  const firing = firingOf(seen, at)
  return {
    title: `Alert ${alert.number}: ${triggers.join(', and ')}`,
    symbol: tickerOf(seen.symbol),
    source: way.source,
    currency: way.currency,
    points: upTo(way.points, firing),
    levels: all.filter(({ symbol }) => symbol === seen.symbol).map(({ price, text }) => ({ price, label: text })),
    firings: firing ? [firing] : [],
    zone,
  }
}

/** A firing by another figure than the price has no place on the line of prices. */
function firingOf({ metric, value }: Evidence, at: number): Point | undefined {
  return metric === 'price' ? { at, price: Number(value) } : undefined
}

/** The line ends where it fired: candles may be a little behind, or, in a message that comes late, ahead. */
function upTo(points: readonly Point[], firing: Point | undefined): Point[] {
  return firing ? [...points.filter(({ at }) => at < firing.at), firing] : [...points]
}
