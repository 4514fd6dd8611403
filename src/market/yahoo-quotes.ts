import { classOf, tickerOf } from '../condition/name.ts'
import type { Answers } from './batches.ts'
import { dig, list, words } from './json.ts'
import { known } from './known.ts'
import { positive } from './numbers.ts'
import { ProviderError, type Quote, type Unknown } from './provider.ts'
import { isUsStock } from './us-stocks.ts'
import { delayOf, extendedOf } from './yahoo-hours.ts'
import { errorOf, mainUnit, NAME, scaled, toYahoo } from './yahoo-names.ts'

/**
 * The answers to a batch, from either of spark's two shapes: v7 (`spark.result[].response[0]`, all we need) and v8 (a
 * flat object by symbol, which names no currency). A symbol that is absent may be unknown to Yahoo or just missing
 * today, so it is not `gone`. Throws `ProviderError` for an error of the whole batch.
 */
export function parseSpark(body: unknown, asked: readonly string[], receivedAt: number): Answers {
  const failure = errorOf(body, 'spark')
  if (failure !== null && failure.code !== 'Not Found') throw new ProviderError(NAME, `answered: ${failure.text}`)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ProviderError(NAME, 'answered in a form this program does not know')
  const charts = chartsOf(body)
  return new Map(
    asked.map((symbol) => {
      const name = toYahoo(symbol)
      const chart = charts.get(name)
      if (chart !== undefined) return [symbol, quoteFromChart(chart, symbol, receivedAt)]
      const flat = dig(body, name)
      return [symbol, flat === undefined ? absent(symbol) : quoteFromFlat(flat, symbol, receivedAt)]
    }),
  )
}

/** The charts (`meta`, `timestamp`, `indicators`) in the answer to a batch or to one symbol, by Yahoo's ticker. */
export function chartsOf(body: unknown): Map<string, unknown> {
  const batch = list(body, 'spark', 'result').map((one) => [words(one, 'symbol'), dig(one, 'response', 0)] as const)
  const single = list(body, 'chart', 'result').map((one) => [words(one, 'meta', 'symbol'), one] as const)
  return new Map([...batch, ...single].map(([name, chart]) => [name?.toUpperCase() ?? '', chart]))
}

/** The answer of a chart: a quote, or `gone` for a 404's *Not Found* and for the phantom of a ticker that is none. */
export function parseChart(body: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  const failure = errorOf(body, 'chart')
  if (failure?.code === 'Not Found') return gone(symbol)
  if (failure !== null) throw new ProviderError(NAME, `answered: ${failure.text}`)
  return quoteFromChart(dig(body, 'chart', 'result', 0), symbol, receivedAt)
}

/** The price of extended hours where it is newer, with the regular one beside it. */
function quoteFromChart(chart: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  const quote = quoteFromMeta(dig(chart, 'meta'), symbol, receivedAt)
  const extended = 'unknown' in quote ? null : extendedOf(chart, symbol)
  if ('unknown' in quote || extended === null) return quote
  const { price, asOf, currency, source, volume, high, low } = quote
  const regular = { price, ...(asOf === undefined ? {} : { asOf }) }
  // Before the opening the figures of the day are those of the day before.
  const ofToday = extended.session === 'post' ? known({ volume, high, low }) : {}
  return { symbol, currency, source, receivedAt, ...ofToday, ...extended, regular }
}

/**
 * Figures are the shortest text of the double Yahoo sent, not rounded to `priceHint`: rounding could carry a price over
 * the level someone set. `previousClose` only for stocks and where the range is one day, else it is another day's.
 */
function quoteFromMeta(meta: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  const price = positive(dig(meta, 'regularMarketPrice'))
  const unit = words(meta, 'currency')
  // A ticker that looks like one of Nasdaq's gets HTTP 200 and a form without content.
  if (unit === null && (price === null || dig(meta, 'instrumentType') === 'ECNQUOTE')) return gone(symbol)
  if (unit === null) return without(symbol, 'names no currency for')
  if (price === null) return without(symbol, 'has no price for')
  const isStock = classOf(symbol) === 'stock'
  const time = dig(meta, 'regularMarketTime')
  const [currency, divisor] = mainUnit(unit)
  const figure = (value: unknown) => scaled(positive(value), divisor)
  const figures = known({
    asOf: typeof time === 'number' && time > 0 ? time * 1000 : null,
    high: figure(dig(meta, 'regularMarketDayHigh')),
    low: figure(dig(meta, 'regularMarketDayLow')),
    previousClose: isStock && dig(meta, 'range') === '1d' ? figure(dig(meta, 'chartPreviousClose')) : null,
    volume: isStock ? positive(dig(meta, 'regularMarketVolume')) : null,
    minor: divisor === 1 ? null : { name: unit, per: divisor },
    delay: delayOf(meta, symbol) || null,
  })
  const said = { symbol, price: scaled(price, divisor)!, currency, source: NAME, receivedAt }
  return { ...said, session: 'regular', ...figures }
}

/**
 * The last close that is not null, and its time; the currency follows from the name, or is not known. Of a US stock it
 * may be a price of extended hours, so the session is left to the calendar.
 */
function quoteFromFlat(flat: unknown, symbol: string, receivedAt: number): Quote | Unknown {
  const closes = list(flat, 'close').map(positive)
  const index = closes.findLastIndex((close) => close !== null)
  if (index < 0) return without(symbol, 'has no price for')
  const unit = words(flat, 'currency') ?? plainCurrency(symbol)
  if (unit === null) return without(symbol, 'names no currency for')
  const [currency, divisor] = mainUnit(unit)
  const time = dig(flat, 'timestamp', index)
  const figures = known({
    asOf: typeof time === 'number' ? time * 1000 : null,
    minor: divisor === 1 ? null : { name: unit, per: divisor },
    delay: delayOf(flat, symbol) || null,
    session: isUsStock(symbol) ? null : 'regular',
  })
  return { symbol, price: scaled(closes[index]!, divisor)!, currency, source: NAME, receivedAt, ...figures }
}

/** A pair's second half; dollars for a plain US ticker; for other listings it could be pence or pounds. */
function plainCurrency(symbol: string): string | null {
  if (classOf(symbol) === 'fx') return symbol.slice(symbol.indexOf('/') + 1)
  return /^[A-Z]{1,5}(-[A-Z])?$/.test(toYahoo(symbol)) ? 'USD' : null
}

function gone(symbol: string): Unknown {
  return { symbol, unknown: `${NAME} has no symbol ${tickerOf(symbol)}`, gone: true }
}

function absent(symbol: string): Unknown {
  return without(symbol, 'says nothing of')
}

function without(symbol: string, what: string): Unknown {
  return { symbol, unknown: `${NAME} ${what} ${tickerOf(symbol)}`, gone: false }
}
