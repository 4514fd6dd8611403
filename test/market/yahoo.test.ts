import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseSearch, yahoo } from '../../src/market/yahoo.ts'
import { parseCandles, parseSplits } from '../../src/market/yahoo-candles.ts'
import { delayOf, parseTradingPeriods } from '../../src/market/yahoo-hours.ts'
import { fromYahoo, toYahoo } from '../../src/market/yahoo-names.ts'
import { parseChart, parseSpark } from '../../src/market/yahoo-quotes.ts'
import { startYahoo, type YahooDouble } from '../doubles/yahoo.ts'
import { byHand, recorded } from './samples.ts'

const NOW = 1_790_971_300_000

describe('tickers', () => {
  it.each([
    ['stock:AAPL', 'AAPL'],
    ['stock:BRK.B', 'BRK-B'],
    ['stock:OCDO.L', 'OCDO.L'],
    ['stock:7203.T', '7203.T'],
    ['stock:NOVO-B.CO', 'NOVO-B.CO'],
    ['stock:^GSPC', '^GSPC'],
    ['stock:GC=F', 'GC=F'],
    ['fx:EUR/USD', 'EURUSD=X'],
  ])('%s is %s at Yahoo, and back', (symbol, ticker) => {
    expect(toYahoo(symbol)).toBe(ticker)
    expect(fromYahoo(ticker)).toBe(symbol)
  })

  it('knows that Yahoo leaves the dollar out', () => expect(fromYahoo('JPY=X')).toBe('fx:USD/JPY'))
})

describe('spark, the shape of v7', () => {
  const asked = ['stock:AAPL', 'stock:BRK.B', 'stock:OCDO.L', 'fx:EUR/USD', 'stock:ZEROX', 'stock:PHANT', 'stock:NOPE']
  const answers = parseSpark(byHand('yahoo-spark-v7'), asked, NOW)

  it('gives all that is known of a stock', () => {
    expect(answers.get('stock:AAPL')).toEqual({
      symbol: 'stock:AAPL',
      price: '333.69',
      currency: 'USD',
      source: 'Yahoo',
      receivedAt: NOW,
      asOf: 1_790_971_201_000,
      session: 'regular',
      high: '334.54',
      low: '330.61',
      volume: '31878433',
      previousClose: '330.32',
    })
  })
  it('turns pence into pounds exactly', () => {
    const pounds = {
      price: '3.053',
      high: '3.06507',
      low: '2.991',
      previousClose: '3.0125',
      currency: 'GBP',
      volume: '145121',
    }
    expect(answers.get('stock:OCDO.L')).toMatchObject(pounds)
  })
  it('does not round', () => expect(answers.get('stock:BRK.B')).toMatchObject({ price: '73.79750061035156' }))
  it('leaves out a previous close that is not the last day’s', () =>
    expect(answers.get('stock:BRK.B')).not.toHaveProperty('previousClose'))
  it('leaves out what Yahoo cannot know of a currency', () => {
    expect(answers.get('fx:EUR/USD')).toMatchObject({ price: '1.12575', currency: 'USD' })
    expect(answers.get('fx:EUR/USD')).not.toHaveProperty('volume')
    expect(answers.get('fx:EUR/USD')).not.toHaveProperty('previousClose')
  })
  it.each([
    ['stock:ZEROX', 'Yahoo has no price for ZEROX', false],
    ['stock:PHANT', 'Yahoo has no symbol PHANT', true],
    ['stock:NOPE', 'Yahoo says nothing of NOPE', false],
  ])('says of %s: %s', (symbol, unknown, gone) => expect(answers.get(symbol)).toEqual({ symbol, unknown, gone }))
})

describe('spark, the flat shape of v8', () => {
  const asked = ['stock:NVDA', 'fx:EUR/USD', 'stock:OCDO.L', 'stock:IDLE', 'stock:NOPE']
  const answers = parseSpark(byHand('yahoo-spark-v8-flat'), asked, NOW)

  it('takes the last close that is there, and its time', () =>
    expect(answers.get('stock:NVDA')).toMatchObject({ price: '184.73', currency: 'USD', asOf: 1_790_948_100_000 }))
  it('knows the currency of a pair', () =>
    expect(answers.get('fx:EUR/USD')).toMatchObject({ price: '1.12575', currency: 'USD' }))
  it.each([
    ['stock:OCDO.L', 'Yahoo names no currency for OCDO.L'],
    ['stock:IDLE', 'Yahoo has no price for IDLE'],
    ['stock:NOPE', 'Yahoo says nothing of NOPE'],
  ])('does not guess for %s: %s', (symbol, unknown) =>
    expect(answers.get(symbol)).toEqual({ symbol, unknown, gone: false }),
  )
})

describe('before and after hours', () => {
  const close = 1_790_971_201_000

  it('takes the last price after hours, with its time and the close beside it', () =>
    expect(parseChart(byHand('yahoo-chart-post'), 'stock:AAPL', NOW)).toEqual({
      symbol: 'stock:AAPL',
      price: '333.54',
      currency: 'USD',
      source: 'Yahoo',
      receivedAt: NOW,
      asOf: 1_790_985_000_000,
      session: 'post',
      regular: { price: '333.69', asOf: close },
      high: '334.54',
      low: '330.61',
      volume: '31878433',
    }))
  it('takes the last price before hours, without the figures of the day before', () =>
    expect(parseChart(byHand('yahoo-chart-pre'), 'stock:AAPL', NOW)).toEqual({
      symbol: 'stock:AAPL',
      price: '245.25',
      currency: 'USD',
      source: 'Yahoo',
      receivedAt: NOW,
      asOf: 1_740_050_100_000,
      session: 'pre',
      regular: { price: '244.87', asOf: 1_739_998_801_000 },
    }))

  type Chart = { chart: { result: { meta: Record<string, unknown>; timestamp?: number[]; indicators: unknown }[] } }
  const changed = (change: (chart: Chart['chart']['result'][number]) => void) => {
    const body = structuredClone(byHand('yahoo-chart-post')) as Chart
    change(body.chart.result[0]!)
    return body
  }
  it.each<[string, ReturnType<typeof changed>]>([
    ['there are no rows', changed((chart) => delete chart.timestamp)],
    ['there are no closes', changed((chart) => (chart.indicators = { quote: [{}] }))],
    ['the last row is older than the close', changed((chart) => (chart.timestamp = [1, 2, 1_790_971_200, 4]))],
    ['the sessions are not told', changed((chart) => delete chart.meta.currentTradingPeriod)],
    ['the row is in none of them', changed((chart) => (chart.timestamp = [1, 2, 1_790_985_600, 4]))],
    ['there is no such trading', changed((chart) => (chart.meta.hasPrePostMarketData = false))],
  ])('keeps to the regular price where %s', (_, body) =>
    expect(parseChart(body, 'stock:AAPL', NOW)).toMatchObject({ price: '333.69', session: 'regular', asOf: close }),
  )
  it('takes it for US stocks alone', () =>
    expect(parseChart(byHand('yahoo-chart-post'), 'stock:OCDO.L', NOW)).toMatchObject({ session: 'regular' }))
  it('leaves the session of the flat shape to the calendar', () =>
    expect(parseSpark(byHand('yahoo-spark-v8-flat'), ['stock:NVDA'], NOW).get('stock:NVDA')).not.toHaveProperty(
      'session',
    ))
})

describe('when exchanges trade, and how late they are told', () => {
  const metaOf = (name: string) => (recorded(name) as { chart: { result: { meta: unknown }[] } }).chart.result[0]!.meta

  it('reads the sessions of the day', () => {
    expect(parseTradingPeriods(metaOf('v8_finance_chart_AAPL_1d'))).toEqual([
      { session: 'pre', from: 1_740_042_000_000, until: 1_740_061_800_000 },
      { session: 'regular', from: 1_740_061_800_000, until: 1_740_085_200_000 },
      { session: 'post', from: 1_740_085_200_000, until: 1_740_099_600_000 },
    ])
    expect(parseTradingPeriods(metaOf('v8_finance_chart_EURUSD-X_1d'))).toEqual([
      { session: 'regular', from: 1_740_009_600_000, until: 1_740_095_940_000 },
    ])
    expect(parseTradingPeriods({})).toEqual([])
  })
  it.each([
    [{}, 'stock:AAPL', 0],
    [{}, 'stock:BRK.B', 0],
    [{}, 'fx:EUR/USD', 0],
    [{}, 'stock:OCDO.L', 15],
    [{}, 'stock:SAP.DE', 15],
    [{}, 'stock:7203.T', 20],
    [{}, 'stock:NOVO-B.CO', 0],
    [{}, 'stock:X.UNKNOWN', 15],
    [{ exchangeDataDelayedBy: 20 }, 'stock:OCDO.L', 20],
    [{ exchangeDataDelayedBy: 0 }, 'stock:OCDO.L', 0],
  ])('with %j %s is %d min late', (meta, symbol, minutes) => expect(delayOf(meta, symbol)).toBe(minutes * 60_000))
  it('says so with the quote', () => {
    expect(parseChart(recorded('v8_finance_chart_OCDO.L_1d'), 'stock:OCDO.L', NOW)).toMatchObject({ delay: 900_000 })
    expect(parseChart(recorded('v8_finance_chart_AAPL_1d'), 'stock:AAPL', NOW)).not.toHaveProperty('delay')
  })
})

describe('splits', () => {
  it('are read from a recorded chart', () =>
    expect(parseSplits(recorded('v8_finance_chart_AAPL_1d_2'), 'stock:AAPL')).toEqual([
      { at: 1_598_880_600_000, numerator: '4', denominator: '1' },
    ]))
  it('are none where nothing is told', () =>
    expect(parseSplits(recorded('v8_finance_chart_AAPL_1d'), 'stock:AAPL')).toEqual([]))
  it('throw for an unknown symbol', () =>
    expect(() => parseSplits(byHand('yahoo-chart-not-found'), 'stock:QQXZ')).toThrow('Yahoo has no prices of QQXZ'))
})

describe('spark that is no answer', () => {
  it.each([
    [{ spark: { result: null, error: { code: 'Internal', description: 'Try later' } } }, 'Yahoo answered: Try later'],
    [{ finance: { result: null, error: { code: 'Unauthorized' } } }, 'Yahoo answered: Unauthorized'],
    [['AAPL'], 'Yahoo answered in a form this program does not know'],
    ['ok', 'Yahoo answered in a form this program does not know'],
    [null, 'Yahoo answered in a form this program does not know'],
  ])('%j throws: %s', (body, message) => expect(() => parseSpark(body, ['stock:AAPL'], NOW)).toThrow(message))
})

describe('chart as a quote', () => {
  it.each([
    [
      'v8_finance_chart_AAPL_1d',
      'stock:AAPL',
      { price: '244.87', currency: 'USD', asOf: 1_739_998_801_000, volume: '32129951' },
    ],
    ['v8_finance_chart_EURUSD-X_1d', 'fx:EUR/USD', { price: '1.0436', currency: 'USD', high: '1.0449' }],
    ['v8_finance_chart_OCDO.L_1d', 'stock:OCDO.L', { price: '3.053', currency: 'GBP' }],
    ['v8_finance_chart_GC-F_1d', 'stock:GC=F', { price: '2952.5', currency: 'USD' }],
    ['v8_finance_chart_AAPL_1m', 'stock:AAPL', { price: '244.87' }],
  ])('reads the recorded %s', (name, symbol, quote) => {
    expect(parseChart(recorded(name), symbol, NOW)).toMatchObject(quote)
    expect(parseChart(recorded(name), symbol, NOW)).not.toHaveProperty('previousClose')
  })
  it.each([['yahoo-chart-not-found'], ['yahoo-chart-phantom']])('takes %s for a symbol that does not exist', (name) =>
    expect(parseChart(byHand(name), 'stock:QQXZ', NOW)).toEqual({
      symbol: 'stock:QQXZ',
      unknown: 'Yahoo has no symbol QQXZ',
      gone: true,
    }),
  )
})

describe('candles', () => {
  it('reads 49 recorded days', () => {
    const candles = parseCandles(recorded('v8_finance_chart_AAPL_1d_2'), 'stock:AAPL', '1d')
    expect(candles).toHaveLength(49)
    expect(candles[0]!.close).toBe('129.0399932861328')
  })
  it.each([['v8_finance_chart_AAPL_1m'], ['v8_finance_chart_AAPL_1d_4']])(
    'finds none in %s, which has no times',
    (name) => expect(parseCandles(recorded(name), 'stock:AAPL', '1m')).toEqual([]),
  )
  it('turns pence into pounds', () => {
    const [candle] = parseCandles(recorded('v8_finance_chart_OCDO.L_1d'), 'stock:OCDO.L', '1d')
    expect(candle).toMatchObject({ open: '12.795', close: '12.595', high: '12.865699462890625', volume: '728520' })
  })
  it('leaves out rows of nulls and joins the live row to its candle', () => {
    const candles = parseCandles(byHand('yahoo-chart-nulls-and-live-row'), 'stock:AAPL', '1h')
    expect(candles.map(({ start, high, close, volume }) => [start / 1000, high, close, volume])).toEqual([
      [1790861400, '331', '330.32', '1000'],
      [1790947800, '332.2', '332', '2000'],
      [1790955000, '333.69', '333.69', '500'],
    ])
  })
  it('throws for an unknown symbol', () =>
    expect(() => parseCandles(byHand('yahoo-chart-not-found'), 'stock:QQXZ', '1d')).toThrow(
      'Yahoo has no prices of QQXZ',
    ))
})

describe('search', () => {
  it('keeps shares and funds, and drops options and what is not traded', () => {
    expect(parseSearch(recorded('v1_finance_search_AAPL'))).toEqual([
      { symbol: 'stock:AAPL', name: 'Apple Inc.', exchange: 'NASDAQ' },
      { symbol: 'stock:AAPU', name: 'Direxion Daily AAPL Bull 2X Shares', exchange: 'NASDAQ' },
    ])
  })
  it.each([[null], [{}], [{ quotes: 'none' }], [[]]])('finds nothing in %j', (body) =>
    expect(parseSearch(body)).toEqual([]),
  )
})

describe('the adapter', () => {
  let double: YahooDouble
  const many = Array.from({ length: 45 }, (_, index) => `stock:S${index}`)
  const paths = () => double.requests.map((url) => url.pathname)

  beforeEach(async () => {
    double = await startYahoo({
      AAPL: 333.69,
      'EURUSD=X': 1.08,
      ...Object.fromEntries(many.map((name, index) => [name.slice(6), index + 1])),
    })
  })
  afterEach(() => double.stop())

  function adapter(timeout = 5_000) {
    return yahoo({ baseUrl: double.url, now: Date.now, sleep: async () => {}, timeout })
  }

  it('asks for short candles as far back from now as they are kept, however old the range is', async () => {
    const now = Date.now()
    const day = 86_400_000
    await adapter().candles('stock:AAPL', '1m', now - 9 * day, now - 5 * day)
    const period = (name: string) => Number(double.requests[0]?.searchParams.get(name)) * 1000
    expect(period('period1')).toBeGreaterThan(now - 7.01 * day)
    expect(period('period2')).toBeLessThan(now - 4.9 * day)
    await expect(adapter().candles('stock:AAPL', '1m', now - 30 * day, now - 20 * day)).rejects.toThrow(
      'Yahoo keeps candles of 1m for 7 days only',
    )
    expect(double.requests).toHaveLength(1)
  })

  it.each([
    [2, 1],
    [20, 1],
    [21, 2],
    [40, 2],
    [45, 3],
  ])('asks for %d symbols in %d requests', async (count, requests) => {
    const answers = await adapter().quotes([...many.slice(0, count), many[0]!])
    expect(answers.size).toBe(count)
    expect(answers.get('stock:S1')).toMatchObject({ price: '2' })
    expect(double.requests).toHaveLength(requests)
  })

  it('asks for one symbol by its chart, which knows what does not exist', async () => {
    expect((await adapter().quotes(['stock:AAPL'])).get('stock:AAPL')).toMatchObject({ price: '333.69' })
    expect((await adapter().quotes(['stock:NOPE'])).get('stock:NOPE')).toMatchObject({ gone: true })
    expect(paths()).toEqual(['/v8/finance/chart/AAPL', '/v8/finance/chart/NOPE'])
  })

  it('takes a batch of which nothing is known for an answer, and asks for what it left out alone', async () => {
    const answers = await adapter().quotes(['stock:NOPE', 'stock:NADA'])
    expect([...answers.values()].map((answer) => 'unknown' in answer && answer.gone)).toEqual([true, true])
  })

  it('asks for what batches leave out alone, two a batch and each once an hour', async () => {
    let at = Date.now()
    const provider = yahoo({ baseUrl: double.url, now: () => at, sleep: async () => {} })
    const symbols = ['stock:AAPL', 'stock:NOPE', 'stock:NADA', 'stock:ZERO']
    const gone = async () => {
      const answers = await provider.quotes(symbols)
      return symbols.filter((symbol) => (answers.get(symbol) as { gone?: boolean }).gone)
    }
    expect(await gone()).toEqual(['stock:NOPE', 'stock:NADA'])
    expect(await gone()).toEqual(['stock:ZERO'])
    expect(await gone()).toEqual([])
    at += 3_600_000
    expect(await gone()).toEqual(['stock:NOPE', 'stock:NADA'])
  })

  it('has the price of what a batch left out by its chart', async () => {
    double.prices.set('LATE', { price: 7, isLeftOut: true })
    expect((await adapter().quotes(['stock:AAPL', 'stock:LATE'])).get('stock:LATE')).toMatchObject({ price: '7' })
  })

  it('knows names and exchanges of what it gave a quote of', async () => {
    double.prices.set('OCDO.L', { price: 305.3, currency: 'GBp', name: 'Ocado Group plc', exchange: 'LSE' })
    const provider = adapter()
    expect(provider.listing('stock:OCDO.L')).toBeUndefined()
    await provider.quotes(['stock:OCDO.L', 'stock:AAPL'])
    expect(provider.listing('stock:OCDO.L')).toEqual({
      symbol: 'stock:OCDO.L',
      name: 'Ocado Group plc',
      exchange: 'LSE',
      currency: 'GBP',
    })
    expect(provider.listing('stock:AAPL')).toBeUndefined()
  })

  it('keeps the quotes of good batches when one batch fails', async () => {
    double.behave('truncated', { times: 1 })
    const answers = await adapter().quotes(many)
    expect(answers.get('stock:S0')).toMatchObject({ unknown: 'Yahoo answered with data that breaks off in the middle' })
    expect(answers.get('stock:S44')).toMatchObject({ price: '45' })
  })

  it('asks no further when it is told to wait', async () => {
    double.behave('too many', { retryAfter: '30' })
    await expect(adapter().quotes(many)).rejects.toThrow('come back in 30 s')
    expect(double.requests).toHaveLength(1)
  })

  it('gives up after two batches in a row fail', async () => {
    double.behave('web page')
    await expect(adapter().quotes(many)).rejects.toThrow('Yahoo answered with a web page instead of data')
    expect(double.requests).toHaveLength(2)
  })

  it('says so when Yahoo stays silent', async () => {
    double.behave('silent')
    await expect(adapter(100).quotes(['stock:AAPL'])).rejects.toThrow(
      'Yahoo did not answer within 0.1 s; asked 3 times',
    )
  })

  it('puts 4-hour candles together, counted from the opening', async () => {
    const open = Date.parse('2026-11-20T14:30:00Z') / 1000
    double.rows.set(
      'AAPL',
      Array.from({ length: 7 }, (_, hour) => [open + hour * 3600, 10 + hour, 20 + hour, 5 + hour, 11 + hour, 100]),
    )
    const candles = await adapter().candles('stock:AAPL', '4h', open * 1000, open * 1000 + 86_400_000)
    expect(
      candles.map(({ start, open, high, low, close, volume }) => [start / 1000, open, high, low, close, volume]),
    ).toEqual([
      [open, '10', '23', '5', '14', '400'],
      [open + 4 * 3600, '14', '26', '9', '17', '300'],
    ])
  })

  it('asks for no more minutes than Yahoo keeps', async () => {
    const now = Date.now()
    await adapter().candles('stock:AAPL', '1m', now - 30 * 86_400_000, now)
    const from = Number(double.requests[0]!.searchParams.get('period1')) * 1000
    expect(now - from).toBeLessThanOrEqual(7 * 86_400_000 + 1000)
  })

  it.each([[['stock:AAPL']], [['stock:AAPL', 'stock:S1']]])('hears of trades after hours for %j', async (symbols) => {
    const [pre, regular, post, end] = [1_790_928_000, 1_790_947_800, 1_790_971_200, 1_790_985_600]
    const lastRow = [post + 600, 334.5] as const
    double.prices.set('AAPL', { price: 333.69, time: post + 1, lastRow, periods: [pre, regular, post, end] })
    const provider = adapter()
    expect(provider.periods('stock:AAPL')).toEqual([])
    expect((await provider.quotes(symbols)).get('stock:AAPL')).toMatchObject({
      price: '334.5',
      session: 'post',
      asOf: (post + 600) * 1000,
      regular: { price: '333.69', asOf: (post + 1) * 1000 },
    })
    expect(provider.periods('stock:AAPL')[1]).toEqual({ session: 'regular', from: regular * 1000, until: post * 1000 })
  })

  it('tells what exchanges abroad told of their days, of a whole exchange at once', async () => {
    const [from, until] = [Date.parse('2026-12-24T08:00Z'), Date.parse('2026-12-24T12:30Z')]
    const periods = [from - 1, from, until, until + 1].map((ms) => ms / 1000) as [number, number, number, number]
    double.prices.set('OCDO.L', { price: 305.3, currency: 'GBp', zone: 'Europe/London', periods })
    double.prices.set('AAPL', { price: 333.69, zone: 'America/New_York', periods })
    double.prices.set('MC.PA', { price: 600, currency: 'EUR', zone: 'Nowhere', periods })
    const provider = yahoo({ baseUrl: double.url, now: () => from, sleep: async () => {} })
    expect(provider.told('stock:OCDO.L')).toBeUndefined()
    await provider.quotes(['stock:AAPL', 'stock:OCDO.L', 'stock:MC.PA', 'fx:EUR/USD'])
    const told = provider.told('stock:VOD.L')
    expect(told?.days).toEqual(new Map([['2026-12-24', { from, until }]]))
    expect(['stock:AAPL', 'stock:MC.PA', 'fx:EUR/USD', 'stock:^GSPC'].map(provider.told)).toEqual(
      Array(4).fill(undefined),
    )
    await provider.quotes(['stock:OCDO.L'])
    expect(provider.told('stock:OCDO.L')).toBe(told)
  })

  it('asks for splits from a day on', async () => {
    const [old, young] = [Date.parse('2020-08-31T13:30Z') / 1000, Date.parse('2024-06-10T13:30Z') / 1000]
    double.splits.set('AAPL', [
      [young, 10, 1],
      [old, 4, 1],
    ])
    expect(await adapter().splits('stock:AAPL', old * 1000 + 1)).toEqual([
      { at: young * 1000, numerator: '10', denominator: '1' },
    ])
    expect(await adapter().splits('stock:AAPL', Date.now() + 1000)).toEqual([])
    await expect(adapter().splits('stock:NOPE', 0)).rejects.toThrow('Yahoo has no prices of NOPE')
  })

  it('searches', async () => {
    double.prices.set('BRK-B', { price: 490, name: 'Berkshire Hathaway' })
    expect(await adapter().search('berkshire')).toEqual([
      { symbol: 'stock:BRK.B', name: 'Berkshire Hathaway', exchange: 'NASDAQ' },
    ])
  })
})
