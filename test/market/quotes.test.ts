import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { coinbase } from '../../src/market/coinbase.ts'
import type { AssetClass, Provider, Quote } from '../../src/market/provider.ts'
import { accept, askAll, freshFor } from '../../src/market/quotes.ts'
import { yahoo } from '../../src/market/yahoo.ts'
import { type CoinbaseDouble, startCoinbase } from '../doubles/coinbase.ts'
import { startYahoo, type YahooDouble } from '../doubles/yahoo.ts'

const NOW = Date.parse('2026-11-23T15:00:00Z')
const quote = (more: Partial<Quote> = {}): Quote => ({
  symbol: 'stock:AAPL',
  price: '333.69',
  currency: 'USD',
  source: 'Yahoo',
  receivedAt: NOW,
  ...more,
})

describe('accept', () => {
  it.each([
    ['a price', undefined, {}, true],
    ['zero', undefined, { price: '0.00' }, 'Yahoo gave "0.00" as the price for AAPL'],
    ['a negative price', undefined, { price: '-1' }, 'Yahoo gave "-1" as the price for AAPL'],
    ['NaN', undefined, { price: 'NaN' }, 'Yahoo gave "NaN" as the price for AAPL'],
    ['infinity', undefined, { price: 'Infinity' }, 'Yahoo gave "Infinity" as the price for AAPL'],
    ['no number', undefined, { price: 'N/A' }, 'Yahoo gave "N/A" as the price for AAPL'],
    ['60 s ahead', undefined, { asOf: NOW + 60_000 }, true],
    ['more than 60 s ahead', undefined, { asOf: NOW + 60_001 }, 'Yahoo gave a time in the future for AAPL'],
    ['received in the future', undefined, { receivedAt: NOW + 60_001 }, 'Yahoo gave a time in the future for AAPL'],
    ['the same again', { asOf: NOW - 5_000 }, { asOf: NOW - 5_000 }, true],
    ['a newer one', { asOf: NOW - 5_000 }, { asOf: NOW - 4_999 }, true],
    [
      'an older one, by asOf',
      { asOf: NOW - 5_000, receivedAt: NOW - 9_000 },
      { asOf: NOW - 5_001 },
      'Yahoo gave a quote older than the last one for AAPL',
    ],
    [
      'an older one, by when it came',
      {},
      { receivedAt: NOW - 1 },
      'Yahoo gave a quote older than the last one for AAPL',
    ],
    ['one that came later, where only one tells its time', { receivedAt: NOW - 1 }, { asOf: NOW - 3_000 }, true],
    ['another currency', { currency: 'GBP' }, { currency: 'GBX' }, 'Yahoo gave GBX after GBP for AAPL'],
  ] as const)('%s', (_, before, next, verdict) => {
    const previous = before === undefined ? undefined : quote(before)
    expect(accept(previous, quote(next), NOW)).toEqual(verdict === true ? { ok: true } : { ok: false, why: verdict })
  })
})

it.each([
  ['crypto:BTC/USD', 'regular', 120_000],
  ['fx:EUR/USD', 'regular', 300_000],
  ['stock:AAPL', 'regular', 300_000],
  ['stock:AAPL', 'pre', 900_000],
  ['stock:AAPL', 'post', 900_000],
  ['stock:AAPL', 'closed', Infinity],
  ['fx:EUR/USD', 'closed', Infinity],
] as const)('a quote of %s, market %s, is fresh for %d ms', (symbol, session, ms) =>
  expect(freshFor(symbol, session)).toBe(ms),
)

describe('askAll', () => {
  let stocks: YahooDouble
  let coins: CoinbaseDouble
  let providers: Provider[]
  const providersFor = (kind: AssetClass) => providers.filter(({ classes }) => classes.includes(kind))

  beforeEach(async () => {
    stocks = await startYahoo(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`S${index}`, index + 1])))
    coins = await startCoinbase(
      Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`C${index}-USD`, `${index + 1}`])),
    )
    const http = { now: Date.now, sleep: async () => {}, timeout: 5_000 }
    providers = [yahoo({ ...http, baseUrl: stocks.url }), coinbase({ ...http, baseUrl: coins.url })]
  })
  afterEach(() => Promise.all([stocks.stop(), coins.stop()]))

  const symbols = (count: number) =>
    Array.from({ length: count }, (_, index) => [`stock:S${index}`, `crypto:C${index}/USD`]).flat()

  it.each([
    [1, 1, 1],
    [20, 1, 1],
    [45, 3, 1],
    [100, 5, 2],
  ])(
    '%d symbols of each class cost %d and %d requests, however often they are wanted',
    async (count, yahooRequests, coinbaseRequests) => {
      const wanted = symbols(count)
      const { quotes, failures } = await askAll(providersFor, [...wanted, ...wanted, ...wanted])
      expect([quotes.size, failures.length]).toEqual([count * 2, 0])
      expect([stocks.requests.length, coins.requests.length]).toEqual([yahooRequests, coinbaseRequests])
    },
  )

  it('does not let one provider that fails spoil the other', async () => {
    stocks.behave('web page')
    const { quotes, failures } = await askAll(providersFor, symbols(2))
    expect(failures).toMatchObject([{ provider: 'Yahoo', error: { name: 'ProviderError' } }])
    expect(quotes.get('stock:S0')).toEqual({
      symbol: 'stock:S0',
      unknown: 'Yahoo answered with a web page instead of data',
      gone: false,
    })
    expect(quotes.get('crypto:C0/USD')).toMatchObject({ price: '1' })
  })

  it('asks the next provider of a class for what the first does not know', async () => {
    const spare = await startYahoo({ S0: 7, EXTRA: 8 })
    providers.push({ ...yahoo({ baseUrl: spare.url, now: Date.now, sleep: async () => {} }), name: 'Spare' })
    stocks.behave('trouble')
    const { quotes } = await askAll(providersFor, ['stock:S0', 'stock:EXTRA', 'stock:NOPE', 'crypto:C0/USD'])
    expect(quotes.get('stock:S0')).toMatchObject({ price: '7' })
    expect(quotes.get('stock:EXTRA')).toMatchObject({ price: '8' })
    expect(quotes.get('stock:NOPE')).toMatchObject({
      unknown: 'Yahoo is in trouble (status 500); asked 3 times; Yahoo says nothing of NOPE',
    })
    await spare.stop()
  })

  it('has an entry for every symbol, even where nobody can be asked', async () => {
    providers = []
    const { quotes } = await askAll(providersFor, ['stock:S0'])
    expect(quotes.get('stock:S0')).toEqual({ symbol: 'stock:S0', unknown: 'there is no source for S0', gone: false })
  })

  it('reports a fault of ours without showing its words to a person', async () => {
    providers = [{ ...providers[0]!, quotes: async () => ({}) as never }]
    const { quotes, failures } = await askAll(providersFor, ['stock:S0'])
    expect(quotes.get('stock:S0')).toMatchObject({ unknown: 'Yahoo could not be understood' })
    expect(failures[0]!.error).toBeInstanceOf(TypeError)
  })
})
