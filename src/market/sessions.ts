import { DateTime } from 'luxon'
import { classOf, tickerOf } from '../condition/name.ts'
import { type Exchange, exchangeOf, NEW_YORK, suffixOf } from './exchanges.ts'
import type { Session } from './provider.ts'
import type { Told } from './told.ts'

/** A session and its bounds, ms since 1970: `from` included, `until` excluded. */
export type Segment = { readonly session: Session; readonly from: number; readonly until: number }

/** When markets trade. */
export type Calendar = {
  /** The session a moment (ms) falls into for a symbol, and its bounds. What never closes ends at Infinity. */
  sessionAt(symbol: string, at: number): Segment
  /** Whether the regular session is on. */
  isOpen(symbol: string, at: number): boolean
  /** When the next regular session after `at` begins (ms); Infinity where there is none because it never closes. */
  nextOpen(symbol: string, at: number): number
}

/**
 * `alwaysOpen`: nothing ever closes. `told`: what the exchange of a symbol told of its days, the same object as long as it
 * told nothing new.
 */
export type CalendarOptions = {
  readonly alwaysOpen: boolean
  readonly told?: (symbol: string) => Told | undefined
}

type Open = { readonly session: Session; readonly from: number; readonly until: number }
/** The open stretches that begin on a local date, in order. */
type Market = { readonly zone: string; readonly opens: (day: DateTime) => Open[] }

/** NYSE Group release of 2025-12-23; Nasdaq keeps the same days. */
const HOLIDAYS = new Set(
  (
    '2026-01-01 2026-01-19 2026-02-16 2026-04-03 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-11-26 2026-12-25 ' +
    '2027-01-01 2027-01-18 2027-02-15 2027-03-26 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-11-25 2027-12-24 ' +
    '2028-01-17 2028-02-21 2028-04-14 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-11-23 2028-12-25'
  ).split(' '),
)
/** Regular trading ends at 13:00, late trading at 17:00. */
const EARLY_CLOSES = new Set(['2026-11-27', '2026-12-24', '2027-11-26', '2028-07-03', '2028-11-24'])

const KNOWN_YEARS = new Set([...HOLIDAYS].map((date) => date.slice(0, 4)))

const ALWAYS: Segment = { session: 'regular', from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }
/** How far a closed stretch is followed; no market in the tables rests longer. */
const HORIZON_DAYS = 12
/** Enough for today, yesterday's quote and the days around them. */
const REMEMBERED = 24

/**
 * The calendar of all markets.
 * - US stocks: pre 4:00, regular 9:30–16:00, post to 20:00 New York, with the exchanges' holidays and early closes of
 *   2026 to 2028; in other years every weekday counts as a trading day.
 * - Other stocks: the days and hours that their exchange told (`told`); for the days it told nothing of, the regular hours
 *   of about 35 exchanges by suffix, every weekday; with any other suffix the hours it told last, and without those open
 *   around the clock on UTC weekdays. Lunch breaks and extended hours are not known here.
 * - FX and futures: Sunday 17:00 to Friday 17:00 New York (futures' daily break is left out). Crypto: always.
 *
 * `alwaysOpen`: nothing ever closes, for a simulated market. Answers are remembered, so asking for each quote is cheap.
 */
export function calendar({ alwaysOpen, told = () => undefined }: CalendarOptions): Calendar {
  const remembered = new Map<Market, Segment[]>()
  const abroad = new Map<string, { readonly told: Told | undefined; readonly market: Market }>()

  /** News of an exchange make another market of it, of which nothing is remembered. */
  function marketAbroad(symbol: string): Market {
    const suffix = suffixOf(tickerOf(symbol))
    const known = abroad.get(suffix)
    const news = told(symbol)
    if (known && known.told === news) return known.market
    if (known) remembered.delete(known.market)
    const exchange = exchangeOf(tickerOf(symbol)) ?? news?.usual
    const market = exchange ? exchangeMarket(exchange, news) : WEEKDAYS
    abroad.set(suffix, { told: news, market })
    return market
  }

  function sessionAt(symbol: string, at: number): Segment {
    const market = alwaysOpen ? undefined : (marketHere(symbol) ?? marketAbroad(symbol))
    if (market === undefined || market === CRYPTO) return ALWAYS
    const known = remembered.get(market) ?? []
    const found = known.find(({ from, until }) => at >= from && at < until)
    if (found) return found
    const segment = segmentAt(market, at)
    remembered.set(market, [segment, ...known.slice(0, REMEMBERED - 1)])
    return segment
  }

  function nextOpen(symbol: string, at: number): number {
    let segment = sessionAt(symbol, at)
    do {
      if (segment.until === Number.POSITIVE_INFINITY) return segment.until
      segment = sessionAt(symbol, segment.until)
    } while (segment.session !== 'regular')
    return segment.from
  }

  return { sessionAt, nextOpen, isOpen: (symbol, at) => sessionAt(symbol, at).session === 'regular' }
}

/** Whether the holidays of a symbol's market are known for the year that a moment (ms) is in. */
export function knowsHolidays(symbol: string, at: number): boolean {
  const market = marketHere(symbol)
  if (market === CRYPTO) return true
  return market === US && KNOWN_YEARS.has(String(DateTime.fromMillis(at, { zone: US.zone }).year))
}

/** Undefined for what trades at an exchange abroad. */
function marketHere(symbol: string): Market | undefined {
  const kind = classOf(symbol)
  if (kind === 'crypto') return CRYPTO
  const ticker = tickerOf(symbol)
  if (kind === 'fx' || ticker.endsWith('=F')) return FX
  return exchangeOf(ticker) === NEW_YORK ? US : undefined
}

/** Never asked for its hours. */
const CRYPTO: Market = { zone: 'utc', opens: () => [] }

const US: Market = {
  zone: NEW_YORK.zone,
  opens(day) {
    const date = day.toISODate()!
    if (day.weekday > 5 || HOLIDAYS.has(date)) return []
    const early = EARLY_CLOSES.has(date)
    const [pre, open, close, end] = [4 * 60, 9 * 60 + 30, (early ? 13 : 16) * 60, (early ? 17 : 20) * 60]
    return [
      { session: 'pre', from: minuteOf(day, pre), until: minuteOf(day, open) },
      { session: 'regular', from: minuteOf(day, open), until: minuteOf(day, close) },
      { session: 'post', from: minuteOf(day, close), until: minuteOf(day, end) },
    ]
  },
}

const FX: Market = {
  zone: NEW_YORK.zone,
  opens: (day) =>
    day.weekday === 7 ? [regular(minuteOf(day, 17 * 60), minuteOf(day.plus({ days: 5 }), 17 * 60))] : [],
}

const WEEKDAYS: Market = {
  zone: 'utc',
  opens: (day) => (day.weekday === 1 ? [regular(minuteOf(day, 0), minuteOf(day.plus({ days: 5 }), 0))] : []),
}

function exchangeMarket({ zone, open, close }: Exchange, told: Told | undefined): Market {
  return {
    zone,
    opens(day) {
      const known = told?.days.get(day.toISODate()!)
      if (known !== undefined) return known === null ? [] : [regular(known.from, known.until)]
      return day.weekday > 5 ? [] : [regular(minuteOf(day, open), minuteOf(day, close))]
    },
  }
}

function regular(from: number, until: number): Open {
  return { session: 'regular', from, until }
}

/** A local time of day as an instant; set, not added, so that a clock change in the night does not shift it. */
function minuteOf(day: DateTime, minutes: number): number {
  return day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60, second: 0, millisecond: 0 }).toMillis()
}

/** Mostly today and yesterday tell: days further off are worked out only where a market rests for longer. */
function segmentAt({ zone, opens }: Market, at: number): Segment {
  const today = DateTime.fromMillis(at, { zone }).startOf('day')
  const begun = firstOf(opens, today, -1, (open) => open.from <= at)
  if (begun && begun.until > at) return begun
  const next = firstOf(opens, today, 1, (open) => open.from > at)
  const edge = (days: number) => today.plus({ days }).toMillis()
  return { session: 'closed', from: begun?.until ?? edge(-HORIZON_DAYS), until: next?.from ?? edge(HORIZON_DAYS) }
}

/** The nearest open stretch that is meant, from today on a day further each time: `way` 1 forward, -1 back. */
function firstOf(
  opens: Market['opens'],
  today: DateTime,
  way: 1 | -1,
  isMeant: (open: Open) => boolean,
): Open | undefined {
  for (let days = 0; days <= HORIZON_DAYS; days += 1) {
    const ofDay = opens(today.plus({ days: way * days }))
    const found = way > 0 ? ofDay.find(isMeant) : ofDay.findLast(isMeant)
    if (found) return found
  }
  return undefined
}
