import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createChain } from '../../src/market/chain.ts'
import { coinbase } from '../../src/market/coinbase.ts'
import { createKeptSymbols, type KeptSymbol, type KeptSymbols } from '../../src/market/kept-symbols.ts'
import { nasdaq } from '../../src/market/nasdaq.ts'
import { type AssetClass, ProviderError } from '../../src/market/provider.ts'
import { resolve } from '../../src/market/resolve.ts'
import { yahoo } from '../../src/market/yahoo.ts'
import { type CoinbaseDouble, startCoinbase } from '../doubles/coinbase.ts'
import { startNasdaq } from '../doubles/nasdaq.ts'
import { startYahoo, type YahooDouble } from '../doubles/yahoo.ts'

let stocks: YahooDouble
let coins: CoinbaseDouble

beforeEach(async () => {
  stocks = await startYahoo({
    AAPL: { price: 333.69, name: 'Apple Inc.' },
    COIN: { price: 280, name: 'Coinbase Global' },
    LINK: { price: 5, name: 'Interlink Electronics' },
    'EURUSD=X': 1.08,
  })
  coins = await startCoinbase({ 'BTC-USD': '97000.10', 'LINK-USD': '19.2' })
})
afterEach(() => Promise.all([stocks.stop(), coins.stop()]))

function find(written: string, patience = 2_000, kept?: KeptSymbols) {
  const http = { now: Date.now, sleep: async () => {}, timeout: 100 }
  const yahooNow = yahoo({ ...http, baseUrl: stocks.url })
  const coinbaseNow = coinbase({ ...http, baseUrl: coins.url })
  const providersFor = (kind: AssetClass) => (kind === 'crypto' ? [coinbaseNow] : [yahooNow])
  return resolve(written, {
    chain: createChain({ providersFor, now: Date.now }),
    providersFor,
    patience,
    ...(kept ? { kept } : {}),
  })
}

describe('resolve', () => {
  it.each([
    ['AAPL', 'stock:AAPL', '333.69'],
    ['$aapl', 'stock:AAPL', '333.69'],
    ['BTC', 'crypto:BTC/USD', '97000.10'],
    ['EURUSD', 'fx:EUR/USD', '1.08'],
    ['stock:COIN', 'stock:COIN', '280'],
    ['crypto:LINK', 'crypto:LINK/USD', '19.2'],
  ])('finds %s', async (written, symbol, price) =>
    expect(await find(written)).toMatchObject({ kind: 'one', symbol, checked: true, quote: { price } }),
  )

  it('asks when a ticker is a stock and a coin', async () => {
    expect(await find('LINK')).toEqual({
      kind: 'many',
      candidates: [
        { symbol: 'stock:LINK', name: 'Interlink Electronics' },
        { symbol: 'crypto:LINK/USD', name: 'Chainlink' },
      ],
    })
  })

  it('does not ask when only one of the two exists', async () =>
    expect(await find('COIN')).toMatchObject({ kind: 'one', symbol: 'stock:COIN', checked: true }))

  it.each([
    ['APPLE', [{ symbol: 'stock:AAPL', name: 'Apple Inc.', exchange: 'NASDAQ' }]],
    ['QQXZ', []],
    ['crypto:NOPE', []],
    ['AAPL/MSFT', []],
  ])('has no %s, and names what is near', async (written, near) =>
    expect(await find(written)).toEqual({ kind: 'none', near }),
  )

  it.each([['web page'], ['too many'], ['truncated'], ['trouble']] as const)(
    'takes the plain meaning, unchecked, when Yahoo answers with "%s"',
    async (mood) => {
      stocks.behave(mood)
      expect(await find('AAPL')).toEqual({ kind: 'one', symbol: 'stock:AAPL', checked: false })
    },
  )

  it('believes who is sure that there is no such stock while another does not answer', async () => {
    const down = { ...yahoo({ baseUrl: stocks.url, now: Date.now }), name: 'Down' }
    const failing = {
      ...down,
      quotes: () => Promise.reject(new ProviderError('Down', 'is down')),
      search: () => Promise.reject(new ProviderError('Down', 'is down')),
    }
    const ports = { providersFor: () => [yahoo({ baseUrl: stocks.url, now: Date.now }), failing], now: Date.now }
    expect(await resolve('APPLE', { ...ports, chain: createChain(ports) })).toMatchObject({
      kind: 'none',
      near: [{ symbol: 'stock:AAPL' }],
    })
  })

  it('knows a symbol whose last price is too old to be of now, and says nothing it does not know', async () => {
    const chain = createChain({
      providersFor: () => [yahoo({ baseUrl: stocks.url, now: Date.now })],
      now: Date.now,
      isOutdated: () => true,
    })
    expect(await resolve('EURUSD', { chain, providersFor: chain.providersFor })).toEqual({
      kind: 'one',
      symbol: 'fx:EUR/USD',
      checked: true,
    })
  })

  it('asks nobody twice for what a ticker that nobody has may mean, and has the answer without waiting', async () => {
    const shares = await startNasdaq()
    let waited = 0
    const sleep = async (ms: number) => {
      waited += ms
    }
    const now = () => 0
    const both = [yahoo({ baseUrl: stocks.url, now, sleep }), nasdaq({ baseUrl: shares.url, now, sleep })]
    const ports = { providersFor: (kind: AssetClass) => (kind === 'crypto' ? [] : both), now }
    expect(await resolve('QQQQQ', { ...ports, chain: createChain(ports) })).toEqual({ kind: 'none', near: [] })
    expect(shares.requests.map(({ pathname, searchParams }) => searchParams.get('symbol') ?? pathname)).toEqual([
      'qqqqq|stocks',
      'qqqqq|etf',
      '/api/autocomplete/slookup/8',
    ])
    expect(waited).toBeLessThan(1_000)
    await shares.stop()
  })

  it('does not keep a person waiting for a provider that is silent', async () => {
    stocks.behave('silent')
    expect(await find('AAPL', 50)).toEqual({ kind: 'one', symbol: 'stock:AAPL', checked: false })
  })

  it('asks which of two when neither can be checked', async () => {
    stocks.behave('trouble')
    coins.behave('trouble')
    expect(await find('COIN')).toMatchObject({ kind: 'many' })
  })
})

describe('names', () => {
  it('tells the name and exchange of what it finds', async () => {
    stocks.prices.set('AAPL', { price: 333.69, name: 'Apple Inc.', exchange: 'NasdaqGS' })
    expect(await find('AAPL')).toMatchObject({ listing: { name: 'Apple Inc.', exchange: 'NasdaqGS', currency: 'USD' } })
  })

  it.each([
    ['apple', 'stock:AAPL'],
    ['bitcoin', 'crypto:BTC/USD'],
    ['Bitcoin', 'crypto:BTC/USD'],
    ['tesla motors', 'stock:TSLA'],
    ['$apple', 'stock:AAPL'],
  ])('offers what %s may mean, the nearest first', async (written, symbol) => {
    stocks.prices.set('GBTC', { price: 80, name: 'Grayscale Bitcoin Trust ETF' })
    stocks.prices.set('TSLA', { price: 400, name: 'Tesla Motors, Inc.' })
    const found = await find(written)
    expect(found.kind === 'none' && found.near[0]?.symbol).toBe(symbol)
  })

  it('keeps the ticker where there is one of that name', async () => {
    stocks.prices.set('GAP', { price: 20, name: 'Gap Inc.' })
    expect(await find('gap')).toMatchObject({ kind: 'one', symbol: 'stock:GAP', checked: true })
  })

  it('offers the coin of that name also while nobody answers', async () => {
    stocks.behave('trouble')
    coins.behave('trouble')
    expect(await find('bitcoin')).toEqual({ kind: 'none', near: [{ symbol: 'crypto:BTC/USD', name: 'Bitcoin' }] })
  })
})

describe('what is kept of symbols', () => {
  const HOUR = 3_600_000
  let at: number
  let place: Map<string, KeptSymbol & { forgetAt: number }>
  let kept: KeptSymbols

  beforeEach(() => {
    at = Date.UTC(2026, 10, 23)
    place = new Map()
    kept = createKeptSymbols(
      {
        read: async (symbol) => place.get(symbol) ?? null,
        write: async (one, forgetAt) => void place.set(one.symbol, { ...one, forgetAt }),
        use: async (symbol, forgetAt) => void Object.assign(place.get(symbol)!, { forgetAt }),
      },
      () => at,
    )
  })
  const look = (written: string) => find(written, 2_000, kept)
  const asked = () => stocks.requests.length

  it('a symbol that is there is checked once a day', async () => {
    expect(await look('AAPL')).toMatchObject({ checked: true, quote: { price: '333.69' } })
    const before = asked()
    at += 24 * HOUR - 1
    expect(await look('aapl')).toMatchObject({ kind: 'one', checked: true, symbol: 'stock:AAPL' })
    expect(asked()).toBe(before)
    at += 1
    await look('AAPL')
    expect(asked()).toBeGreaterThan(before)
  })

  it('a name that only a search knows is kept too', async () => {
    const { listing: _, ...nameless } = yahoo({ baseUrl: stocks.url, now: Date.now })
    const ports = { providersFor: () => [nameless], now: Date.now }
    await resolve('AAPL', { ...ports, chain: createChain(ports), kept })
    const { symbol, name, exchange } = place.get('stock:AAPL')!.listing!
    expect([symbol, name, exchange]).toEqual(['stock:AAPL', 'Apple Inc.', 'NASDAQ'])
    expect(await look('AAPL')).toMatchObject({ listing: { name: 'Apple Inc.' } })
  })

  it('a phantom is remembered for an hour, with what may have been meant', async () => {
    const first = await look('APPLE')
    expect(first).toMatchObject({ kind: 'none', near: [{ symbol: 'stock:AAPL' }] })
    const before = asked()
    at += HOUR - 1
    expect(await look('APPLE')).toEqual(first)
    expect(asked()).toBe(before)
    at += 1
    stocks.prices.set('APPLE', { price: 1 })
    expect(await look('APPLE')).toMatchObject({ kind: 'one', checked: true })
  })

  it('use keeps a symbol for another 30 days', async () => {
    await look('AAPL')
    at += 2 * HOUR
    await look('AAPL')
    expect(place.get('stock:AAPL')!.forgetAt).toBe(at + 30 * 24 * HOUR)
  })

  it('what was there within the month counts as there while nobody answers', async () => {
    await look('AAPL')
    at += 10 * 24 * HOUR
    stocks.behave('trouble')
    expect(await look('AAPL')).toMatchObject({ kind: 'one', checked: true, listing: { name: 'Apple Inc.' } })
  })

  it('what could not be checked is not kept', async () => {
    stocks.behave('trouble', { times: 3 })
    expect(await look('QQXZ')).toEqual({ kind: 'one', symbol: 'stock:QQXZ', checked: false })
    expect(place.size).toBe(0)
    expect(await look('QQXZ')).toEqual({ kind: 'none', near: [] })
  })
})
