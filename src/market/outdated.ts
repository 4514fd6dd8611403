import { DateTime } from 'luxon'
import { classOf, tickerOf } from '../condition/name.ts'
import { isDaily } from './chain.ts'
import { NEW_YORK } from './exchanges.ts'
import type { Quote } from './provider.ts'
import { type Calendar, knowsHolidays } from './sessions.ts'

/** So much trading (ms) after the time of a price somebody would have traded, or the provider has not looked. */
const SILENCE = 3_600_000
/** Currencies rest around these days (month and day), which no exchange announces. */
const CURRENCIES_REST = new Set(['12-24', '12-25', '12-31', '01-01'])
/** Open-end funds of the United States have five letters that end in X, and one price a day. */
const FUND = /^[A-Z]{4}X$/

/**
 * Whether a quote is of another time although it came now: a provider that is stuck tells yesterday's price as if it were
 * today's. True where the time it is of lies more than an hour of trading back, beside what the provider is late by. Of
 * stocks only the trading of later sessions counts, as in its own session perhaps nobody traded, and only where the
 * holidays are known. Never of a quote without a time, of a rate of a day, or of a fund. `now` in ms.
 */
export function isOutdated(quote: Quote, { sessionAt }: Pick<Calendar, 'sessionAt'>, now: number): boolean {
  const { symbol, asOf, delay = 0 } = quote
  if (asOf === undefined || isDaily(quote)) return false
  const most = SILENCE + delay
  if (now - asOf <= most) return false
  const kind = classOf(symbol)
  if (kind === 'crypto') return true
  if (kind === 'stock' && (FUND.test(tickerOf(symbol)) || !knowsHolidays(symbol, now))) return false
  if (kind === 'fx' && CURRENCIES_REST.has(DateTime.fromMillis(now, { zone: NEW_YORK.zone }).toFormat('MM-dd')))
    return false
  const from = kind === 'stock' ? sessionAt(symbol, asOf).until : asOf
  return tradingBetween(symbol, from, now, most, sessionAt) > most
}

/** How much regular trading (ms) there was between two moments; no more is counted than is needed to be over `most`. */
function tradingBetween(
  symbol: string,
  from: number,
  to: number,
  most: number,
  sessionAt: Calendar['sessionAt'],
): number {
  let trading = 0
  for (let at = from; at < to && trading <= most; ) {
    const { session, until } = sessionAt(symbol, at)
    const end = Math.min(until, to)
    if (session === 'regular') trading += end - at
    at = end
  }
  return trading
}
