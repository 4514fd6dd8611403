import type { Segment } from './sessions.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** No market rests for so many sessions. */
const MOST_SESSIONS = 40

/** From when to when (ms) there was trading. */
export type Stretch = { readonly from: number; readonly to: number }

/**
 * The last day of trading of a symbol up to `at` (ms): of a stock its regular session, of what trades longer the last 24
 * hours. In the first hour of a session the one before it belongs to it, so that there is something to be seen.
 */
export function tradingDay(symbol: string, at: number, sessionAt: (symbol: string, at: number) => Segment): Stretch {
  const last = lastRegular(symbol, at, sessionAt)
  const to = Math.min(at, last.until)
  const isYoung = to - last.from < HOUR
  const from = isYoung ? lastRegular(symbol, last.from - 1, sessionAt).from : last.from
  // A week of currencies or an endless market; two sessions of a stock may be a weekend apart.
  return { from: isLong(last) ? Math.max(from, to - DAY) : from, to }
}

function isLong({ from, until }: Segment): boolean {
  return until - from > DAY
}

/** The regular session that `at` (ms) is in, or else the last one before it. */
export function lastRegular(symbol: string, at: number, sessionAt: (symbol: string, at: number) => Segment): Segment {
  let segment = sessionAt(symbol, at)
  for (let i = 0; i < MOST_SESSIONS && segment.session !== 'regular'; i += 1)
    segment = sessionAt(symbol, segment.from - 1)
  return segment
}
