import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { coinbase } from '../../src/market/coinbase.ts'
import type { AssetClass } from '../../src/market/provider.ts'
import { resolve } from '../../src/market/resolve.ts'
import { yahoo } from '../../src/market/yahoo.ts'
import { type CoinbaseDouble, startCoinbase } from '../doubles/coinbase.ts'
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

function find(written: string, patience = 2_000) {
  const http = { now: Date.now, sleep: async () => {}, timeout: 100 }
  const yahooNow = yahoo({ ...http, baseUrl: stocks.url })
  const coinbaseNow = coinbase({ ...http, baseUrl: coins.url })
  return resolve(written, {
    providersFor: (kind: AssetClass) => (kind === 'crypto' ? [coinbaseNow] : [yahooNow]),
    patience,
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
