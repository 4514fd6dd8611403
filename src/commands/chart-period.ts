import { INTERVALS, type Interval } from '../condition/history.ts'
import { classOf } from '../condition/name.ts'
import { UserError } from '../errors.ts'
import type { Segment } from '../market/sessions.ts'
import { type Stretch, tradingDay } from '../market/trading-day.ts'
import { type Calendar, readPeriod } from './period.ts'

/** What is to be looked at: the last day of trading, or a stretch of time. */
export type ChartPeriod = 'day' | Stretch

const HOUR = INTERVALS['1h']
const DAY = INTERVALS['1d']
const LONGEST = 7 * 365 * DAY
const SHORT = 5 * DAY
/** In a chart `m` is a month, as on charts everywhere. */
const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: DAY, w: 7 * DAY, m: 30.5 * DAY, y: 365 * DAY }
const LENGTH =
  /(?:^|\s+)(?:(?:over |for )?(?:the )?(?:last |past ))?(\d{1,4}) ?(h|hours?|d|days?|w|weeks?|m|mo|months?|y|years?)$/i

/**
 * The period a person typed behind a symbol, and what stands before it: `5d`, `6m`, `last 2 weeks`, `since 1 Mar`; the last
 * day of trading where none is typed. Throws a `UserError` for one that cannot be drawn.
 */
export function readChartPeriod(text: string, calendar: Calendar): { period: ChartPeriod; rest: string } {
  const short = LENGTH.exec(text)
  const { period, rest } = short ? lengthOf(short, text, calendar.now) : longForm(text, calendar)
  if (period !== 'day' && (period.to - period.from < HOUR || calendar.now - period.from > LONGEST))
    throw new UserError('I can draw an hour at least, and seven years at most.', { suggestion: 'chart AAPL 5d' })
  return { period, rest }
}

function lengthOf([whole, count, unit]: RegExpExecArray, text: string, now: number) {
  const length = Number(count) * UNITS[unit![0]!.toLowerCase()]!
  const rest = text.slice(0, -whole.length).trim()
  return { period: length === DAY ? ('day' as const) : { from: now - length, to: now }, rest }
}

function longForm(text: string, calendar: Calendar): { period: ChartPeriod; rest: string } {
  const { period, rest } = readPeriod(text, calendar)
  return rest === text
    ? { period: 'day', rest }
    : { period: { from: period.from, to: Math.min(period.to, calendar.now) }, rest }
}

/**
 * The stretch (ms) of a symbol that a period means at `now` (ms). One of a few hours or days up to now ends where trading
 * ended: of a closed market nothing else is to be seen.
 */
export function stretchOf(
  symbol: string,
  period: ChartPeriod,
  now: number,
  sessionAt: (symbol: string, at: number) => Segment,
): Stretch {
  const day = tradingDay(symbol, now, sessionAt)
  if (period === 'day') return day
  const isShort = period.to === now && period.to - period.from < SHORT
  return isShort ? { from: day.to - (period.to - period.from), to: day.to } : period
}

/** A chart has at least so many points, if there are candles short enough; the next longer ones are at most 7 times as long. */
const LEAST = 57
/** From the longest to the shortest. */
const CHOICE = (Object.keys(INTERVALS) as Interval[]).sort((one, other) => INTERVALS[other] - INTERVALS[one])
/** The part of all hours in which each class trades. */
const TRADING = { stock: (5 / 7) * (6.5 / 24), fx: 5 / 7, crypto: 1 } as const

/** The longest candles that give a chart of a stretch about 60 points: so it has no more than 400. `isDay`: it is the last day of trading. */
export function chartInterval(symbol: string, { from, to }: Stretch, isDay: boolean): Interval {
  const kind = classOf(symbol)
  if (isDay) return kind === 'stock' ? '5m' : '15m'
  const share = (interval: Interval) => {
    if (interval === '1w' || kind === 'crypto') return 1
    return INTERVALS[interval] >= DAY ? TRADING.fx : TRADING[kind]
  }
  return CHOICE.find((interval) => ((to - from) * share(interval)) / INTERVALS[interval] >= LEAST) ?? '1m'
}
