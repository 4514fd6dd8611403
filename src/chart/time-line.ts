import type { Point } from '../reply.ts'

/** How many usual distances a gap is wide at most: nights and weekends take little room. */
const WIDEST_GAP = 3

/** Where a moment (ms) lies between the first point, 0, and the last, 1. */
export type TimeLine = (at: number) => number

/**
 * Lays points, from the oldest to the newest, along a line: as far apart as they are in time, but for gaps in which
 * nothing was traded, which are drawn together.
 */
export function timeLineOf(points: readonly Pick<Point, 'at'>[]): TimeLine {
  const distances = points.slice(1).map(({ at }, index) => at - points[index]!.at)
  const usual = [...distances].sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0
  const places = [0]
  for (const distance of distances) places.push(places.at(-1)! + Math.min(distance, usual * WIDEST_GAP))
  const whole = places.at(-1) || 1
  return (at) => {
    const next = points.findIndex((point) => point.at >= at)
    if (next === 0) return 0
    if (next < 0) return 1
    const [from, to] = [points[next - 1]!.at, points[next]!.at]
    const share = (at - from) / (to - from)
    return (places[next - 1]! + share * (places[next]! - places[next - 1]!)) / whole
  }
}
