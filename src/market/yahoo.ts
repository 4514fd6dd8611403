import { type Answers, askInBatches } from './batches.ts'
import { type AdapterOptions, type Client, createClient } from './client.ts'
import { dig, list, words } from './json.ts'
import type { Listing, Provider } from './provider.ts'
import type { Segment } from './sessions.ts'
import { askCandles, askSplits } from './yahoo-candles.ts'
import { parseTradingPeriods } from './yahoo-hours.ts'
import { fromYahoo, NAME, toYahoo } from './yahoo-names.ts'
import { chartsOf, parseChart, parseSpark } from './yahoo-quotes.ts'

/**
 * Unofficial, no documentation, no promise: what is asked for here was learned from recorded answers and from those who
 * use it. Spark drops or refuses what is beyond 20 symbols. Not verified live: `includePrePost` at spark.
 */
const BATCH = 20
/** Limits are not published; five a second has been borne. */
const PACE = 200
const LISTINGS = 8
/** One day in rows of 5 min: the last of them tells the price before and after hours. */
const TODAY = [
  ['range', '1d'],
  ['interval', '5m'],
  ['includePrePost', 'true'],
] as const

/** Yahoo also tells when the exchanges it has quotes of trade on this day. */
export type Yahoo = Provider & {
  splits: NonNullable<Provider['splits']>
  /** The sessions of the day, as the last quotes told them, in order; empty for what no quote was asked of yet. */
  periods(symbol: string): readonly Segment[]
}

/**
 * Yahoo Finance, for stocks, funds, indices, futures and FX. One round asks ceil(distinct symbols / 20) times; a batch
 * of one goes to the chart, which also knows for certain when there is no such symbol. US stocks before and after hours
 * have that session's price.
 */
export function yahoo(options: AdapterOptions): Yahoo {
  const client = createClient({ ...options, provider: NAME, pace: PACE })
  const periods = new Map<string, readonly Segment[]>()
  const ask = async (batch: readonly string[]) => {
    const { answers, body } = await (batch.length === 1 ? askChart : askSpark)(client, batch, options.now)
    for (const [name, chart] of chartsOf(body)) periods.set(name, parseTradingPeriods(dig(chart, 'meta')))
    return answers
  }
  return {
    name: NAME,
    classes: ['stock', 'fx'],
    batch: BATCH,
    pace: PACE,
    quotes: (symbols) => askInBatches([...new Set(symbols)], BATCH, ask),
    candles: (symbol, interval, from, to) => askCandles(client, symbol, interval, from, Math.min(to, options.now())),
    search: async (text) => {
      const query = [
        ['q', text],
        ['quotesCount', String(LISTINGS)],
        ['newsCount', '0'],
      ] as const
      return parseSearch((await client('/v1/finance/search', query)).body)
    },
    splits: (symbol, from) => askSplits(client, symbol, from, options.now()),
    periods: (symbol) => periods.get(toYahoo(symbol)) ?? [],
  }
}

type Asked = { readonly answers: Answers; readonly body: unknown }

async function askSpark(client: Client, batch: readonly string[], now: () => number): Promise<Asked> {
  const { body } = await client('/v7/finance/spark', [['symbols', batch.map(toYahoo).join(',')], ...TODAY], [404])
  return { answers: parseSpark(body, batch, now()), body }
}

async function askChart(client: Client, [symbol]: readonly string[], now: () => number): Promise<Asked> {
  const { body } = await client(`/v8/finance/chart/${encodeURIComponent(toYahoo(symbol!))}`, TODAY, [404])
  return { answers: new Map([[symbol!, parseChart(body, symbol!, now())]]), body }
}

/** What a search found, best first, without options, coins and what is not traded. */
export function parseSearch(body: unknown): Listing[] {
  const wanted = new Set(['EQUITY', 'ETF', 'INDEX', 'MUTUALFUND', 'FUTURE', 'CURRENCY'])
  return list(body, 'quotes').flatMap((found) => {
    const ticker = words(found, 'symbol')
    const symbol = ticker === null ? null : fromYahoo(ticker)
    const real = dig(found, 'isYahooFinance') !== false && wanted.has(words(found, 'quoteType') ?? '')
    if (symbol === null || !real) return []
    const exchange = words(found, 'exchDisp')
    const name = words(found, 'longname') ?? words(found, 'shortname') ?? ticker!
    return [{ symbol, name, ...(exchange === null ? {} : { exchange }) }]
  })
}
