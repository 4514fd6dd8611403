import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  coinbase,
  fromCoinbase,
  parseCandles,
  parseListings,
  parseProducts,
  toCoinbase,
} from '../../src/market/coinbase.ts'
import { type CoinbaseDouble, startCoinbase } from '../doubles/coinbase.ts'
import { byHand } from './samples.ts'

const NOW = 1_790_971_300_000

describe('products', () => {
  const asked = [
    'crypto:BTC/USD',
    'crypto:TONE/USD',
    'crypto:HALT/USD',
    'crypto:GONE/USD',
    'crypto:FRESH/USD',
    'crypto:NOPE/USD',
  ]
  const answers = parseProducts(byHand('coinbase-products'), asked, NOW)

  it('keeps text as it was sent', () => {
    expect(answers.get('crypto:BTC/USD')).toEqual({
      symbol: 'crypto:BTC/USD',
      price: '84737.58',
      currency: 'USD',
      source: 'Coinbase',
      receivedAt: NOW,
      volume: '1836.96',
    })
    expect(answers.get('crypto:TONE/USD')).toMatchObject({ price: '0.01523' })
  })
  it.each([
    ['crypto:HALT/USD', 'Coinbase has halted trading in HALT-USD'],
    ['crypto:GONE/USD', 'Coinbase has halted trading in GONE-USD'],
    ['crypto:FRESH/USD', 'Coinbase has no price for FRESH-USD'],
    ['crypto:NOPE/USD', 'Coinbase has no NOPE-USD'],
  ])('says of %s: %s', (symbol, unknown) => expect(answers.get(symbol)).toEqual({ symbol, unknown, gone: false }))

  it.each([[{}], [[]], [null], [{ products: null }], [{ error: 'INTERNAL' }]])('throws for %j', (body) =>
    expect(() => parseProducts(body, asked, NOW)).toThrow('Coinbase answered in a form this program does not know'),
  )
  it('lists only what can be traded', () =>
    expect(parseListings(byHand('coinbase-products')).map(({ symbol }) => symbol)).toEqual([
      'crypto:BTC/USD',
      'crypto:ETH/USD',
      'crypto:ETH/EUR',
      'crypto:TONE/USD',
      'crypto:FRESH/USD',
    ]))
  it('names pairs as Coinbase does, and back', () => {
    expect(toCoinbase('crypto:BTC/USD')).toBe('BTC-USD')
    expect(fromCoinbase('BTC-USD')).toBe('crypto:BTC/USD')
    expect(fromCoinbase('BIT-28NOV26-CDE')).toBeNull()
  })
})

it('turns candles round, oldest first, without those that lack a figure', () => {
  expect(parseCandles(byHand('coinbase-candles'))).toEqual([
    { start: 1790946000000, open: '84200', high: '84600', low: '84100.5', close: '84500.1', volume: '10' },
    { start: 1790949600000, open: '84500.1', high: '85021.57', low: '84400', close: '84737.58', volume: '12.5' },
  ])
})

describe('the adapter', () => {
  let double: CoinbaseDouble
  const many = Array.from({ length: 120 }, (_, index) => `crypto:C${index}/USD`)
  let now: number

  beforeEach(async () => {
    now = NOW
    const coins = Object.fromEntries(many.map((symbol, index) => [toCoinbase(symbol), `${index + 1}.50`]))
    double = await startCoinbase({ 'BTC-USD': '97000.10', 'BTC-EUR': '90000', ...coins })
  })
  afterEach(() => double.stop())

  const adapter = (timeout = 5_000) => coinbase({ baseUrl: double.url, now: () => now, sleep: async () => {}, timeout })

  it.each([
    [1, 1],
    [50, 1],
    [51, 2],
    [120, 3],
  ])('asks for %d symbols in %d requests', async (count, requests) => {
    const answers = await adapter().quotes([...many.slice(0, count), many[0]!])
    expect(answers.size).toBe(count)
    expect(answers.get('crypto:C0/USD')).toMatchObject({ price: '1.50', receivedAt: NOW })
    expect(double.requests).toHaveLength(requests)
  })

  it('does not let one product that is refused spoil the others', async () => {
    double.poison.add('C5-USD')
    const answers = await adapter().quotes(many.slice(0, 8))
    expect(answers.get('crypto:C5/USD')).toMatchObject({ unknown: 'Coinbase has no C5-USD' })
    expect([...answers.values()].filter((answer) => 'price' in answer)).toHaveLength(7)
  })

  it.each([
    ['web page', 'Coinbase answered with a web page instead of data'],
    ['too many', 'Coinbase says we ask too often; the next try is in 1 min'],
    ['truncated', 'Coinbase answered with data that breaks off in the middle'],
    ['cut off', 'Coinbase broke off in the middle of its answer; asked 3 times'],
    ['silent', 'Coinbase did not answer within 0.1 s; asked 3 times'],
    ['trouble', 'Coinbase is in trouble (status 500); asked 3 times'],
  ] as const)('when the answer is "%s" it says: %s', async (mood, message) => {
    double.behave(mood)
    await expect(adapter(100).quotes(['crypto:BTC/USD'])).rejects.toThrow(message)
  })

  it('pages through candles, each once and in order', async () => {
    const start = Math.floor(NOW / 60_000) * 60 - 800 * 60
    double.rows.set(
      'BTC-USD',
      Array.from({ length: 800 }, (_, minute) => [start + minute * 60, '1', '2', '0.5', String(minute + 1), '3']),
    )
    const candles = await adapter().candles('crypto:BTC/USD', '1m', start * 1000, (start + 800 * 60) * 1000)
    expect(candles.map(({ close }) => Number(close))).toEqual(Array.from({ length: 800 }, (_, minute) => minute + 1))
    expect(double.requests).toHaveLength(3)
  })

  it('includes `from` and excludes `to`', async () => {
    const start = Math.floor(NOW / 3_600_000) * 3600 - 10 * 3600
    double.rows.set(
      'BTC-USD',
      Array.from({ length: 10 }, (_, hour) => [start + hour * 3600, '1', '2', '0.5', String(hour), '3']),
    )
    const candles = await adapter().candles(
      'crypto:BTC/USD',
      '1h',
      (start + 2 * 3600) * 1000,
      (start + 5 * 3600) * 1000,
    )
    expect(candles.map(({ close }) => close)).toEqual(['2', '3', '4'])
  })

  it('searches a list it asks for once an hour', async () => {
    const provider = adapter()
    const [first, again] = await Promise.all([provider.search('btc'), provider.search('BTC-EUR')])
    expect(first.map(({ symbol }) => symbol)).toEqual(['crypto:BTC/USD', 'crypto:BTC/EUR'])
    expect(again.map(({ symbol }) => symbol)).toEqual(['crypto:BTC/EUR'])
    expect(double.requests).toHaveLength(1)
    now += 3_600_001
    await provider.search('btc')
    expect(double.requests).toHaveLength(2)
  })

  it('does not remember a list that did not come', async () => {
    const provider = adapter()
    double.behave('web page', { times: 1 })
    await expect(provider.search('btc')).rejects.toThrow('web page')
    expect(await provider.search('btc')).toHaveLength(2)
  })
})
