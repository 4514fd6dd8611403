import { DateTime } from 'luxon'
import { classOf } from '../condition/name.ts'
import { bucketStart, highest, lowest, nextBucket } from './candles.ts'
import { type Candle, INTERVALS, type Interval } from './provider.ts'
import { type Calendar, calendar, knowsHolidays } from './sessions.ts'
import { lastRegular } from './trading-day.ts'

const MINUTE = 60_000
const HOUR = INTERVALS['1h']
const DAY = INTERVALS['1d']
/** Over Easter, Christmas and a week without trading in one stock. */
const LOOK_BACK = 14 * DAY
/** A day of trading that the candles lack is asked for again after this long, ms. */
const LACKING_FOR = 15 * MINUTE

/** What `change`, `open`, `high`, `low` and `previous close` are counted from: ours, never a provider's field. */
export type DailyReference = {
  readonly previousClose?: string
  readonly open?: string
  /** High and low as of `at`; a quote after that may have gone further. */
  readonly high?: string
  readonly low?: string
  /** Stocks: the last regular close, which prices before the next opening are counted from. */
  readonly lastClose?: string
  /** The day these figures are of began here (ms): a quote from before belongs to the day before, not to them. */
  readonly since: number
  /** When this was worked out, ms. */
  readonly at: number
  /** Ask again from here on, ms. */
  readonly validUntil: number
}

/** Asks for candles, oldest first; a provider's `candles`. */
export type AskCandles = (symbol: string, interval: Interval, from: number, to: number) => Promise<readonly Candle[]>

/**
 * The reference of a symbol's day. Stocks: the last finished regular close, changing with the first candle of the new
 * session; a day of trading that the candles lack is not made up for by an older one. Crypto: the price 24 h ago, and the high and low since, to 15 min. FX: the last price before 17:00 New York.
 * What the candles do not show stays undefined. Throws what `candles` throws.
 */
export async function dailyReference(
  symbol: string,
  now: number,
  candles: AskCandles,
  hours: Calendar = calendar({ alwaysOpen: false }),
): Promise<DailyReference> {
  if (classOf(symbol) === 'crypto') return await lastDay(symbol, now, candles)
  if (classOf(symbol) === 'fx') return await currencyDay(symbol, now, candles)
  return await stockDay(symbol, now, candles, hours)
}

async function stockDay(symbol: string, now: number, candles: AskCandles, hours: Calendar): Promise<DailyReference> {
  const days = await candles(symbol, '1d', now - LOOK_BACK, now)
  const session = lastRegular(symbol, now, hours.sessionAt)
  const today = bucketStart(symbol, '1d', session.from === Number.NEGATIVE_INFINITY ? now : session.from)
  const begun = days.filter(({ start }) => bucketStart(symbol, '1d', start) <= today)
  const last = begun.at(-1)
  const isHere = last !== undefined && isOfDay(symbol, last, today, hours.isOpen(symbol, now))
  const before = dayBefore(symbol, begun.at(isHere ? -2 : -1), today, hours)
  const previousClose = given('previousClose', before?.close)
  const retry = now + MINUTE
  // The session has begun, its first candle has not come: yesterday's close is already the reference.
  if (!isHere) {
    const since = last === undefined ? now : Math.max(session.from, today)
    return { ...previousClose, since, at: now, validUntil: retry }
  }
  const end = Math.min(hours.nextOpen(symbol, now), nextBucket(symbol, '1d', bucketStart(symbol, '1d', now)))
  const validUntil = before === undefined ? Math.min(end, now + LACKING_FOR) : end
  const { open, high, low, close, start } = last
  return { ...previousClose, open, high, low, lastClose: close, since: start, at: now, validUntil }
}

/** Where holidays are not known, the last day of a closed market may be an earlier one than the calendar has. */
function isOfDay(symbol: string, { start }: Candle, today: number, isOpen: boolean): boolean {
  return bucketStart(symbol, '1d', start) === today || (!isOpen && !knowsHolidays(symbol, today))
}

/** The candle, if it is the one of the day of trading before `today`, as far as that can be known. */
function dayBefore(symbol: string, candle: Candle | undefined, today: number, hours: Calendar): Candle | undefined {
  if (candle === undefined || !knowsHolidays(symbol, today)) return candle
  const { from } = lastRegular(symbol, today - 1, hours.sessionAt)
  const expected = bucketStart(symbol, '1d', from === Number.NEGATIVE_INFINITY ? today - 1 : from)
  return bucketStart(symbol, '1d', candle.start) === expected ? candle : undefined
}

async function lastDay(symbol: string, now: number, candles: AskCandles): Promise<DailyReference> {
  const since = now - DAY
  const rows = await candles(symbol, '15m', bucketStart(symbol, '15m', since), now)
  const first = rows[0]
  // A coin that began to trade in these 24 hours has no price of then.
  const known = first !== undefined && first.start <= since + HOUR
  const validUntil = now + (known ? 15 : 1) * MINUTE
  return { ...(known ? { previousClose: first.open, ...range(rows) } : {}), since, at: now, validUntil }
}

async function currencyDay(symbol: string, now: number, candles: AskCandles): Promise<DailyReference> {
  const since = lastFive(now)
  // Three days back from Sunday 17:00 lies Thursday: Friday's last candle is in it.
  const rows = await candles(symbol, '1h', since - 3 * DAY, now)
  const today = rows.filter(({ start }) => start >= since)
  const before = rows.filter(({ start }) => start < since).at(-1)
  const next = nextFive(since)
  const validUntil = today.length > 0 ? next : Math.min(next, now + MINUTE)
  return { ...given('previousClose', before?.close), ...range(today), since, at: now, validUntil }
}

/** The last 17:00 New York that began a trading day: Sunday's to Thursday's. */
function lastFive(now: number): number {
  let five = fiveOn(DateTime.fromMillis(now, { zone: 'America/New_York' }))
  while (five.toMillis() > now || beginsNone(five)) five = fiveOn(five.minus({ days: 1 }))
  return five.toMillis()
}

/** The 17:00 New York after `since` that begins the next trading day. */
function nextFive(since: number): number {
  let five = fiveOn(DateTime.fromMillis(since, { zone: 'America/New_York' }).plus({ days: 1 }))
  while (beginsNone(five)) five = fiveOn(five.plus({ days: 1 }))
  return five.toMillis()
}

function fiveOn(day: DateTime): DateTime {
  return day.set({ hour: 17, minute: 0, second: 0, millisecond: 0 })
}

/** Friday's and Saturday's 17:00 begin no day. */
function beginsNone({ weekday }: DateTime): boolean {
  return weekday === 5 || weekday === 6
}

function range(rows: readonly Candle[]): { open: string; high: string; low: string } | Record<string, never> {
  const [first, ...rest] = rows
  if (!first) return {}
  const high = rest.reduce((best, row) => highest(best, row.high), first.high)
  const low = rest.reduce((best, row) => lowest(best, row.low), first.low)
  return { open: first.open, high, low }
}

function given(name: 'previousClose', value: string | undefined): { previousClose?: string } {
  return value === undefined ? {} : { [name]: value }
}
