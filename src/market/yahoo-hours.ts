import { IANAZone } from 'luxon'
import { classOf, tickerOf } from '../condition/name.ts'
import { exchangeOf, NEW_YORK, suffixOf } from './exchanges.ts'
import { dig, list, words } from './json.ts'
import { positive } from './numbers.ts'
import type { Quote } from './provider.ts'
import type { Segment } from './sessions.ts'
import { hear, type News, type Told } from './told.ts'
import { isUsStock } from './us-stocks.ts'
import { fromYahoo, mainUnit } from './yahoo-names.ts'

const MINUTE = 60_000
/** What an exchange asks for free prices to be late by, where nothing else is known. */
const USUAL_DELAY = 15 * MINUTE
/** Minutes by suffix: https://help.yahoo.com/kb/SLN2310.html as others copied it; .L and .TW as answers of 2022 to 2026 say it. */
const DELAYS: Readonly<Record<string, number>> = {
  ...{ CO: 0, HE: 0, ST: 0, IC: 0, TL: 0, RG: 0, NE: 0 },
  ...{ AX: 20, PR: 20, CA: 20, T: 20, TW: 20, TWO: 20, SS: 30, SZ: 30, BA: 30 },
}

/** The sessions of the day that a chart's or spark's `meta` tells of (`currentTradingPeriod`), in order; times in ms. */
export function parseTradingPeriods(meta: unknown): Segment[] {
  return (['pre', 'regular', 'post'] as const).flatMap((session) => {
    const period = dig(meta, 'currentTradingPeriod', session)
    const [from, until] = [Number(dig(period, 'start')) * 1000, Number(dig(period, 'end')) * 1000]
    return from > 0 && until > from ? [{ session, from, until }] : []
  })
}

/** What Yahoo told of exchanges outside New York. */
export type ToldByYahoo = {
  /** Takes what the `meta` of one of its tickers says. */
  hear(name: string, meta: unknown): void
  told(symbol: string): Told | undefined
}

/** Hours hardly change: an exchange is listened to so often, ms. */
const LISTEN_EVERY = MINUTE
/** Funds that are priced once a day have hours of their own. */
const TRADED = new Set(['EQUITY', 'ETF', 'INDEX'])

/** What Yahoo tells of each exchange, put together. `now`: the clock of evaluation, ms. */
export function createToldByYahoo(now: () => number): ToldByYahoo {
  const told = new Map<string, Told>()
  const heardAt = new Map<string, number>()
  const suffixFor = (symbol: string) => (classOf(symbol) === 'stock' ? suffixOf(tickerOf(symbol)) : '')
  return {
    told: (symbol) => told.get(suffixFor(symbol)),
    hear(name, meta) {
      const symbol = fromYahoo(name)
      const suffix = symbol === null ? '' : suffixFor(symbol)
      const age = now() - (heardAt.get(suffix) ?? Number.NEGATIVE_INFINITY)
      if (symbol === null || suffix === '' || (age >= 0 && age < LISTEN_EVERY)) return
      const news = newsIn(meta, now())
      if (news === undefined) return
      heardAt.set(suffix, now())
      told.set(suffix, hear(told.get(suffix), news, exchangeOf(tickerOf(symbol))))
    },
  }
}

function newsIn(meta: unknown, at: number): News | undefined {
  const [zone, unit] = [words(meta, 'exchangeTimezoneName'), words(meta, 'currency')]
  const regular = parseTradingPeriods(meta).find(({ session }) => session === 'regular')
  const isTraded = TRADED.has(words(meta, 'instrumentType') ?? '')
  if (!isTraded || !regular || unit === null || zone === null || !IANAZone.isValidZone(zone)) return undefined
  const { from, until } = regular
  return { zone, at, regular: { from, until }, currency: mainUnit(unit)[0] }
}

/**
 * The last price before or after hours of a US stock, where it is newer than the regular one: from the last row of a
 * chart (`meta`, `timestamp`, `indicators`) that was asked for with `includePrePost`. Its time is when the row begins,
 * up to 5 min before the trade. `fulldayPrice` is the same price without a time, so nothing is taken from it; what
 * `preMarketPrice` and `postMarketPrice` say has been empty since September 2026.
 */
export function extendedOf(chart: unknown, symbol: string): Pick<Quote, 'price' | 'asOf' | 'session'> | null {
  const meta = dig(chart, 'meta')
  if (!isUsStock(symbol) || dig(meta, 'hasPrePostMarketData') === false) return null
  const closes = list(chart, 'indicators', 'quote', 0, 'close').map(positive)
  const index = closes.findLastIndex((close) => close !== null)
  const at = Number(dig(chart, 'timestamp', index)) * 1000
  if (index < 0 || !(at > Number(dig(meta, 'regularMarketTime')) * 1000)) return null
  const period = parseTradingPeriods(meta).find(({ from, until }) => at >= from && at < until)
  return period && period.session !== 'regular' ? { price: closes[index]!, asOf: at, session: period.session } : null
}

/** How late Yahoo has a listing, ms: as `meta` says it, else as it is known of its exchange. */
export function delayOf(meta: unknown, symbol: string): number {
  const said = dig(meta, 'exchangeDataDelayedBy')
  if (typeof said === 'number' && said >= 0) return said * MINUTE
  const ticker = tickerOf(symbol)
  if (ticker.includes('/') || exchangeOf(ticker) === NEW_YORK) return 0
  const minutes = DELAYS[ticker.slice(ticker.lastIndexOf('.') + 1)]
  return minutes === undefined ? USUAL_DELAY : minutes * MINUTE
}
