import { DateTime } from 'luxon'
import { classOf, tickerOf } from '../condition/name.ts'
import { exchangeOf, NEW_YORK } from './exchanges.ts'
import type { Session } from './provider.ts'
import { calendar } from './sessions.ts'

const HOURS = calendar({ alwaysOpen: false })
/** The closing auctions are printed up to this long (ms) after the bell, and theirs is the price of the day. */
const AUCTION = 60_000

/** Whether a symbol is a share or a fund listed in New York: no index, no future, nothing from abroad. */
export function isUsStock(symbol: string): boolean {
  if (classOf(symbol) !== 'stock') return false
  const ticker = tickerOf(symbol)
  return /^[A-Z]/.test(ticker) && !ticker.includes('=') && exchangeOf(ticker) === NEW_YORK
}

/** The session that a trade of a US stock at `at` (ms) belongs to. */
export function sessionOfTrade(symbol: string, at: number): Session {
  const { session, from } = HOURS.sessionAt(symbol, at)
  return session === 'post' && at - from < AUCTION ? 'regular' : session
}

/** When the session began that `at` (ms) falls into: for a trade after hours, the time of the close. */
export function sessionStart(symbol: string, at: number): number {
  return HOURS.sessionAt(symbol, at).from
}

/** The date (`2026-03-25`) in New York at `at` (ms). */
export function usDate(at: number): string {
  return DateTime.fromMillis(at, { zone: NEW_YORK.zone }).toISODate()!
}

/** When a date (`2026-03-25`) begins in New York, ms: where the candle of that day begins. NaN for what is no date. */
export function usDay(date: string): number {
  return DateTime.fromISO(date, { zone: NEW_YORK.zone }).toMillis()
}

/** Whether a candle that begins at `at` (ms) is of regular hours. */
export function isRegular(symbol: string, at: number): boolean {
  return HOURS.isOpen(symbol, at)
}
