import { type Answers, askInBatches, providerError } from './batches.ts'
import { type AdapterOptions, type Client, createClient } from './client.ts'
import { dig, list, words } from './json.ts'
import { type Listing, type Provider, ProviderError } from './provider.ts'
import type { Segment } from './sessions.ts'
import { askCandles, askSplits } from './yahoo-candles.ts'
import { createToldByYahoo, parseTradingPeriods } from './yahoo-hours.ts'
import { fromYahoo, listingFrom, NAME, toYahoo } from './yahoo-names.ts'
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

/** What a batch left out is asked for alone, so many of them for each batch and each no more often than this, ms. */
const ASKED_ALONE = 2
const ALONE_EVERY = 3_600_000

/** Yahoo also tells when the exchanges it has quotes of trade on this day. */
export type Yahoo = Provider & {
  splits: NonNullable<Provider['splits']>
  /** The sessions of the day, as the last quotes told them, in order; empty for what no quote was asked of yet. */
  periods(symbol: string): readonly Segment[]
  listing: NonNullable<Provider['listing']>
  told: NonNullable<Provider['told']>
}

/**
 * Yahoo Finance, for stocks, funds, indices, futures and FX. One round asks ceil(distinct symbols / 20) times; a batch
 * of one goes to the chart, which also knows for certain when there is no such symbol. US stocks before and after hours
 * have that session's price.
 */
export function yahoo(options: AdapterOptions): Yahoo {
  const client = createClient({ ...options, provider: NAME, pace: PACE })
  const metas = new Map<string, unknown>()
  const exchanges = createToldByYahoo(options.now)
  const listen = ({ answers, body }: Asked) => {
    for (const [name, chart] of chartsOf(body)) {
      metas.set(name, dig(chart, 'meta'))
      exchanges.hear(name, dig(chart, 'meta'))
    }
    return answers
  }
  const askOne = async (batch: readonly string[]) => listen(await askChart(client, batch, options.now))
  const askLeftOut = createLeftOut(options.now, askOne)
  const ask = async (batch: readonly string[]) => {
    if (batch.length === 1) return await askOne(batch)
    const answers = listen(await askSpark(client, batch, options.now))
    return new Map([...answers, ...(await askLeftOut(answers))])
  }
  return {
    name: NAME,
    classes: ['stock', 'fx'],
    batch: BATCH,
    pace: PACE,
    quotes: (symbols) => askInBatches([...new Set(symbols)], BATCH, ask),
    candles: (symbol, interval, from, to) => {
      const now = options.now()
      return askCandles(client, symbol, interval, { from, to: Math.min(to, now), now })
    },
    search: async (text) => {
      const query = [
        ['q', text],
        ['quotesCount', String(LISTINGS)],
        ['newsCount', '0'],
      ] as const
      return parseSearch((await client('/v1/finance/search', query)).body)
    },
    splits: (symbol, from) => askSplits(client, symbol, from, options.now()),
    periods: (symbol) => parseTradingPeriods(metas.get(toYahoo(symbol))),
    told: exchanges.told,
    listing: (symbol) => listingFrom(metas.get(toYahoo(symbol)), symbol),
  }
}

/** What spark leaves out may be unknown to Yahoo or just missing today: the chart of it knows. */
function createLeftOut(now: () => number, askOne: (batch: readonly string[]) => Promise<Answers>) {
  const asked = new Map<string, number>()
  return async (answers: Answers): Promise<Answers> => {
    const isDue = (symbol: string) => now() - (asked.get(symbol) ?? Number.NEGATIVE_INFINITY) >= ALONE_EVERY
    const due = [...answers.values()].filter((answer) => 'unknown' in answer && isDue(answer.symbol))
    const found: Answers = new Map()
    for (const { symbol } of due.slice(0, ASKED_ALONE)) {
      asked.set(symbol, now())
      const answer = await askOne([symbol]).catch(providerError)
      if (!(answer instanceof ProviderError)) for (const [name, one] of answer) found.set(name, one)
    }
    return found
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
