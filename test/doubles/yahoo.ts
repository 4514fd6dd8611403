import { type HttpDouble, startHttpDouble } from '../market/http-double.ts'

/** One instrument as Yahoo would tell it; `time` in seconds since 1970. */
export type YahooPrice = {
  readonly price: number
  readonly currency?: string
  readonly time?: number
  readonly name?: string
  readonly exchange?: string
  readonly zone?: string
  readonly previousClose?: number
  readonly high?: number
  readonly low?: number
  readonly volume?: number
  /** The last row of the day: its time in seconds and its close, of whichever session. */
  readonly lastRow?: readonly [number, number]
  /** Seconds since 1970 at which pre, regular and post begin, and at which post ends. */
  readonly periods?: readonly [number, number, number, number]
  readonly delayedBy?: number
  /** Spark does not have it, for once. */
  readonly isLeftOut?: boolean
}

/** `[time in s, numerator, denominator]` */
export type YahooSplit = readonly [number, number, number]

/** `[time in s, open, high, low, close, volume]` */
export type YahooRow = readonly [number, number | null, number | null, number | null, number | null, number | null]

export type YahooDouble = HttpDouble & {
  /** By Yahoo's tickers. Change it at will; a missing ticker is unknown. */
  readonly prices: Map<string, YahooPrice>
  readonly rows: Map<string, readonly YahooRow[]>
  readonly splits: Map<string, readonly YahooSplit[]>
}

/** Yahoo's spark (v7), chart (v8) and search (v1) on 127.0.0.1. A number stands for that price in dollars. */
export async function startYahoo(given: Readonly<Record<string, number | YahooPrice>> = {}): Promise<YahooDouble> {
  const prices = new Map(
    Object.entries(given).map(([ticker, price]) => [ticker, typeof price === 'number' ? { price } : price]),
  )
  const rows = new Map<string, readonly YahooRow[]>()
  const splits = new Map<string, readonly YahooSplit[]>()
  const double = await startHttpDouble((url) => {
    if (url.pathname === '/v7/finance/spark') return spark(prices, url)
    if (url.pathname === '/v1/finance/search') return search(prices, url)
    const ticker = decodeURIComponent(url.pathname.replace('/v8/finance/chart/', ''))
    const events = url.searchParams.get('events') === 'split' ? (splits.get(ticker) ?? []) : []
    return chart(ticker, prices.get(ticker), rows.get(ticker) ?? [], events, url)
  })
  return { ...double, prices, rows, splits }
}

function metaOf(ticker: string, { price, currency = 'USD', time, ...rest }: YahooPrice, range: string | null) {
  return {
    currency,
    symbol: ticker,
    longName: rest.name,
    fullExchangeName: rest.exchange,
    exchangeTimezoneName: rest.zone,
    instrumentType: ticker.endsWith('=X') ? 'CURRENCY' : 'EQUITY',
    regularMarketTime: time ?? Math.floor(Date.now() / 1000),
    regularMarketPrice: price,
    regularMarketDayHigh: rest.high,
    regularMarketDayLow: rest.low,
    regularMarketVolume: rest.volume ?? 0,
    chartPreviousClose: rest.previousClose,
    range: range ?? '',
    exchangeDataDelayedBy: rest.delayedBy,
    currentTradingPeriod: periodsOf(rest.periods),
  }
}

function periodsOf(periods: YahooPrice['periods']) {
  if (!periods) return undefined
  const [pre, regular, post, end] = periods
  return { pre: { start: pre, end: regular }, regular: { start: regular, end: post }, post: { start: post, end } }
}

/** Before and after hours there are rows only for who asks for them. */
function today({ lastRow }: YahooPrice, url: URL) {
  const row = url.searchParams.get('includePrePost') === 'true' && lastRow ? lastRow : undefined
  return { timestamp: row ? [row[0]] : [], indicators: { quote: [{ close: row ? [row[1]] : [] }] } }
}

function spark(prices: ReadonlyMap<string, YahooPrice>, url: URL) {
  const tickers = (url.searchParams.get('symbols') ?? '').split(',')
  if (tickers.length > 20) return { status: 400, body: { spark: { result: null, error: { code: 'Bad Request' } } } }
  const result = tickers.flatMap((symbol) => {
    const price = prices.get(symbol)
    const meta = price && metaOf(symbol, price, url.searchParams.get('range'))
    return price && !price.isLeftOut ? [{ symbol, response: [{ meta, ...today(price, url) }] }] : []
  })
  const error = { code: 'Not Found', description: 'No data found for spark symbols' }
  return result.length > 0
    ? { body: { spark: { result, error: null } } }
    : { status: 404, body: { spark: { result: null, error } } }
}

function chart(
  ticker: string,
  price: YahooPrice | undefined,
  all: readonly YahooRow[],
  events: readonly YahooSplit[],
  url: URL,
) {
  const error = { code: 'Not Found', description: 'No data found, symbol may be delisted' }
  if (!price) return { status: 404, body: { chart: { result: null, error } } }
  const [from, to] = ['period1', 'period2'].map((name) => Number(url.searchParams.get(name) ?? 0))
  const rows = all.filter(([time]) => time >= from! && time <= to!)
  const column = (index: number) => rows.map((row) => row[index])
  const quote = { open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) }
  const meta = metaOf(ticker, price, url.searchParams.get('range'))
  const splits = Object.fromEntries(
    events.map(([date, numerator, denominator]) => [date, { date, numerator, denominator, splitRatio: '' }]),
  )
  const of = url.searchParams.has('range')
    ? today(price, url)
    : { timestamp: column(0), indicators: { quote: [quote] }, events: { splits } }
  return { body: { chart: { result: [{ meta, ...of }], error: null } } }
}

function search(prices: ReadonlyMap<string, YahooPrice>, url: URL) {
  const text = (url.searchParams.get('q') ?? '').toUpperCase()
  const found = [...prices].filter(
    ([ticker, { name = '' }]) => ticker.includes(text) || name.toUpperCase().includes(text),
  )
  const quotes = found.map(([symbol, { name = symbol }]) => ({
    symbol,
    shortname: name,
    quoteType: symbol.endsWith('=X') ? 'CURRENCY' : 'EQUITY',
    exchDisp: 'NASDAQ',
    isYahooFinance: true,
  }))
  return { body: { count: quotes.length, quotes } }
}
