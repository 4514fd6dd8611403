import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { binance, fromBinance, parseCandles, parseTickers, toBinance } from '../../src/market/binance.ts'
import { type BinanceDouble, startBinance } from '../doubles/binance.ts'
import type { Row } from '../doubles/row.ts'
import { recorded } from './samples.ts'

const NOW = Date.parse('2026-11-25T15:00:00Z')
const MINUTE = 60_000

it.each([
  ['crypto:BTC/USDT', 'BTCUSDT'],
  ['crypto:ETH/BTC', 'ETHBTC'],
  ['crypto:BTC/EUR', 'BTCEUR'],
  ['crypto:USDC/USDT', 'USDCUSDT'],
])('%s is %s at Binance, and back', (symbol, id) => {
  expect(toBinance(symbol)).toBe(id)
  expect(fromBinance(id)).toBe(symbol)
})

describe('recorded tickers', () => {
  const asked = ['crypto:BTC/USDT', 'crypto:ETH/USDT', 'crypto:NOPE/USDT']
  const answers = parseTickers(recorded('api_v3_ticker_24hr_-BTCUSDT-ETHUSDT-', 'binance'), asked, NOW)

  it('keeps text as it was sent, with the price 24 hours ago', () =>
    expect(answers.get('crypto:BTC/USDT')).toEqual({
      symbol: 'crypto:BTC/USDT',
      price: '69624.00000000',
      currency: 'USDT',
      source: 'Binance',
      receivedAt: NOW,
      asOf: 1730439018472,
      high: '72700.00000000',
      low: '68830.00000000',
      previousClose: '72292.68000000',
      volume: '33278.39129000',
      bid: '69624.00000000',
      ask: '69624.01000000',
    }))
  it('says what is missing', () => {
    expect(answers.get('crypto:NOPE/USDT')).toEqual({
      ...{ symbol: 'crypto:NOPE/USDT', unknown: 'Binance says nothing of NOPE/USDT', gone: false },
    })
    expect(
      parseTickers(recorded('api_v3_ticker_24hr', 'binance'), ['crypto:ETH/BTC'], NOW).get('crypto:ETH/BTC'),
    ).toMatchObject({
      ...{ price: '0.03606000', currency: 'BTC' },
    })
  })
  it.each([[{}], [null], [{ code: 0 }]])('throws for %j', (body) =>
    expect(() => parseTickers(body, asked, NOW)).toThrow('Binance answered in a form this program does not know'),
  )
})

it.each([
  [
    'api_v3_klines_BTCUSDT_5m',
    24,
    { start: 1586987400000, open: '6733.55000000', close: '6727.14000000', volume: '121.20139100' },
  ],
  ['api_v3_klines_ETHBTC_1d', 6, { start: 1672531200000, high: '0.07250000', low: '0.07211000' }],
])('reads the recorded candles %s', (name, count, first) => {
  const candles = parseCandles(recorded(name, 'binance'))
  expect(candles).toHaveLength(count)
  expect(candles[0]).toMatchObject(first)
})

describe('the adapter', () => {
  let double: BinanceDouble
  const many = Array.from({ length: 45 }, (_, index) => `crypto:C${index}/USDT`)

  beforeEach(async () => {
    const coins = Object.fromEntries(many.map((symbol, index) => [toBinance(symbol), `${index + 1}.50`]))
    double = await startBinance({ BTCUSDT: '90000.10', BTCEUR: '80000', ...coins })
  })
  afterEach(() => double.stop())

  const adapter = () => binance({ baseUrl: double.url, now: () => NOW, sleep: async () => {}, timeout: 5_000 })

  it.each([
    [1, 1],
    [20, 1],
    [21, 2],
    [45, 3],
  ])('asks for %d symbols in %d requests that weigh 2 each', async (count, requests) => {
    const provider = adapter()
    const answers = await provider.quotes([...many.slice(0, count), many[0]!])
    expect(answers.size).toBe(count)
    expect(answers.get('crypto:C0/USDT')).toMatchObject({ price: '1.50', receivedAt: NOW })
    expect(double.requests).toHaveLength(requests)
    expect(provider.limits!.cost!(count)).toBe(2 * requests)
  })

  it('does not take Tether for dollars', async () => {
    const answers = await adapter().quotes(['crypto:BTC/USD', 'crypto:BTC/EUR'])
    expect(answers.get('crypto:BTC/USD')).toEqual({
      symbol: 'crypto:BTC/USD',
      unknown: 'Binance quotes nothing in US dollars, so not BTC/USD',
      gone: false,
    })
    expect(answers.get('crypto:BTC/EUR')).toMatchObject({ price: '80000', currency: 'EUR' })
    await expect(adapter().candles('crypto:BTC/USD', '1m', 0, NOW)).rejects.toThrow('Binance has no prices of BTC/USD')
  })

  it('does not let one symbol that it does not have spoil the others', async () => {
    const answers = await adapter().quotes([...many.slice(0, 7), 'crypto:NOPE/USDT'])
    expect(answers.get('crypto:NOPE/USDT')).toEqual({
      ...{ symbol: 'crypto:NOPE/USDT', unknown: 'Binance has no NOPE/USDT', gone: true },
    })
    expect([...answers.values()].filter((answer) => 'price' in answer)).toHaveLength(7)
  })

  it('pages through candles, each once and in order', async () => {
    const start = NOW - 2500 * MINUTE
    const rows = Array.from({ length: 2500 }, (_, minute): Row => [start + minute * MINUTE, 1, 2, 0.5, minute + 1, 3])
    double.rows.set('BTCUSDT', rows)
    const candles = await adapter().candles('crypto:BTC/USDT', '1m', start, NOW)
    expect(candles.map(({ close }) => Number(close))).toEqual(rows.map(([, , , , close]) => close))
    expect(double.requests).toHaveLength(3)
    await expect(adapter().candles('crypto:NOPE/USDT', '1m', 0, 1)).rejects.toThrow(
      'Binance has no prices of NOPE/USDT',
    )
  })

  it('searches its pairs, of which it tells no names', async () => {
    expect(await adapter().search('btc')).toEqual([
      { symbol: 'crypto:BTC/EUR', name: 'Bitcoin', exchange: 'Binance', currency: 'EUR' },
      { symbol: 'crypto:BTC/USDT', name: 'Bitcoin', exchange: 'Binance', currency: 'USDT' },
    ])
  })
})
