import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import { createMarket, type LiveOptions, type MarketOptions } from '../../src/market/index.ts'
import { SOURCES, type SourceName } from '../../src/market/sources.ts'
import { startCoinbase } from '../doubles/coinbase.ts'
import { startYahoo } from '../doubles/yahoo.ts'

const NOWHERE = Object.fromEntries(
  Object.keys(SOURCES).map((name) => [name, 'http://127.0.0.1:1']),
) as LiveOptions['urls']
const options: MarketOptions = {
  market: 'live',
  speed: 1,
  seed: 1,
  live: { urls: NOWHERE, keys: {}, order: { stock: ['yahoo', 'nasdaq'], crypto: ['coinbase'], fx: ['yahoo'] } },
  interval: 10_000,
  now: Date.now,
  log: createLog('silent'),
}
const names = (market: ReturnType<typeof createMarket>) =>
  (['stock', 'crypto', 'fx'] as const).map((kind) => market.providersFor(kind).map(({ name }) => name))

it('the live market asks the providers that are wanted, in their order', async () => {
  const stocks = await startYahoo({ AAPL: 333.69 })
  const coins = await startCoinbase({ 'BTC-USD': '97000.10' })
  const urls = { ...NOWHERE, yahoo: stocks.url, coinbase: coins.url }
  const market = createMarket({ ...options, live: { ...options.live!, urls } })
  expect(names(market)).toEqual([['Yahoo', 'Nasdaq'], ['Coinbase'], ['Yahoo']])
  expect(market.describe).toBe('Stocks: Yahoo, Nasdaq; crypto: Coinbase; currencies: Yahoo')
  expect(market.providers.map(({ name }) => name)).toEqual(['Yahoo', 'Nasdaq', 'Coinbase'])
  const { quotes } = await market.chain.quotes(['stock:AAPL', 'crypto:BTC/USD'], { for: 'round' })
  expect([...quotes.values()]).toMatchObject([{ price: '333.69' }, { price: '97000.10' }])
  await Promise.all([stocks.stop(), coins.stop()])
})

it('names all that are asked for a symbol, who told the last price first', () => {
  const { silence } = createMarket(options)
  expect(silence('Nasdaq', 'stock:AAPL')).toBe('Nasdaq and Yahoo have not answered')
  expect(silence('Yahoo', 'stock:OCDO.L')).toBe('Yahoo has not answered')
  expect(silence('Coinbase', 'crypto:BTC/USD')).toBe('Coinbase has not answered')
  const order = { stock: [], crypto: ['coinbase', 'kraken', 'binance'], fx: ['yahoo', 'frankfurter'] } as const
  const more = createMarket({ ...options, live: { ...options.live!, order } })
  expect(more.silence('Kraken', 'crypto:BTC/USD')).toBe('Kraken, Coinbase and Binance have not answered')
  expect(more.silence('Yahoo', 'fx:EUR/USD')).toBe('Yahoo has not answered')
})

const KEYS = { TIINGO_KEY: 'a', ALPACA_KEY: 'b', ALPACA_SECRET: 'c', TWELVEDATA_KEY: 'd', COINDESK_KEY: 'e' }
/** A provider of the list, made. */
function made(name: SourceName) {
  const { classes } = SOURCES[name]
  const order = { stock: [], crypto: [], fx: [], [classes[0]]: [name] }
  const { providers } = createMarket({ ...options, live: { urls: NOWHERE, keys: KEYS, order } })
  expect(providers).toHaveLength(1)
  return providers[0]!
}

it.each(Object.keys(SOURCES) as SourceName[])(
  '%s can be made, serves what the list says, and is spaced as its limit per second is',
  (name) => {
    const { classes, pace, limits } = made(name)
    expect([...classes].sort()).toEqual([...SOURCES[name].classes].sort())
    expect(pace).toBeGreaterThanOrEqual(1_000 / (limits?.perSecond ?? 1_000))
  },
)

it('the simulated market never closes and says that it is simulated', () => {
  const market = createMarket({ ...options, market: 'simulated', speed: 60 })
  expect(names(market)).toEqual([['simulated'], ['simulated'], ['simulated']])
  expect(market.calendar.isOpen('stock:AAPL', Date.parse('2026-12-25T03:00Z'))).toBe(true)
  expect(market.describe).toContain('simulated')
})

it('a replay brings its own clock', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'replay-')), 'day.csv')
  writeFileSync(path, '1790000000,AAPL,1\n1790000060,AAPL,2\n')
  const market = createMarket({ ...options, market: { replay: path }, speed: 60 })
  expect([market.mode, market.now(), market.replay?.started]).toEqual(['replay', 1_790_000_000_000, false])
  expect(market.describe).toBe(`replay of ${path} at 60 times real time (2 ticks)`)
})

it('quotes that are asked for seldom, or were recorded seldom, stay fresh for three rounds', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'replay-')), 'day.csv')
  writeFileSync(path, ['15:00', '15:30', '16:00', '16:01'].map((time) => `2026-11-20T${time}Z,AAPL,1`).join('\n'))
  const freshFor = (more: Partial<MarketOptions>) =>
    createMarket({ ...options, ...more }).freshFor('stock:AAPL') / 60_000
  expect(freshFor({})).toBe(5)
  expect(freshFor({ interval: 3_600_000 })).toBe(180)
  expect(freshFor({ market: { replay: path } })).toBe(90)
})

it('quotes may be compared that were received two rounds apart, and the time that a known one goes unwritten', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'replay-')), 'day.csv')
  const rows = (...lines: string[]) => writeFileSync(path, lines.join('\n'))
  const apart = (more: Partial<MarketOptions>) => createMarket({ ...options, ...more }).apart / 1_000
  expect(apart({})).toBe(50)
  expect(apart({ market: 'simulated', interval: 60_000 })).toBe(150)
  rows('2026-11-20T15:00Z,AAPL,1', '2026-11-20T15:00:05Z,AAPL,2')
  expect(apart({ market: { replay: path } })).toBe(40)
  // Each symbol comes every 10 minutes, whatever lies between.
  rows(...['00', '10', '20', '30'].flatMap((m) => [`2026-11-20T15:${m}Z,AAPL,1`, `2026-11-20T15:${m}:05Z,MSFT,1`]))
  expect(apart({ market: { replay: path } })).toBe(1_200)
})

it('a replay makes its candles of regular trading', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'replay-')), 'day.csv')
  writeFileSync(path, '2026-11-20T14:00Z,AAPL,9\n2026-11-20T15:00Z,AAPL,1\n2026-11-20T16:00Z,AAPL,2\n')
  const { replay } = createMarket({ ...options, market: { replay: path } })
  replay?.start(Date.parse('2026-11-20T16:00Z'))
  const day = Date.parse('2026-11-20T05:00Z')
  const [candle] = (await replay?.provider.candles('stock:AAPL', '1d', day, day + 86_400_000)) ?? []
  expect(candle).toEqual({ start: day, open: '1', high: '2', low: '1', close: '2', volume: null })
})

it('a replay says how much of it is outside trading hours', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'replay-')), 'night.csv')
  writeFileSync(path, '2026-11-20T03:00Z,AAPL,1\n2026-11-20T15:00Z,AAPL,2\n2026-11-21T15:00Z,BTC,3\n')
  expect(createMarket({ ...options, market: { replay: path } }).describe).toContain(
    '(3 ticks; 1 of 3 rows are outside regular trading hours, ' +
      'seen only by alerts with during extended hours or always)',
  )
})

it('a replay file that is not there stops the start with a clear line', () => {
  expect(() => createMarket({ ...options, market: { replay: 'nowhere.csv' } })).toThrow(
    'The replay file nowhere.csv cannot be read',
  )
})
