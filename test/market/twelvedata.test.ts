import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseFound, parseQuotes, twelvedata } from '../../src/market/twelvedata.ts'
import { parseCandles } from '../../src/market/twelvedata-candles.ts'
import type { Row } from '../doubles/row.ts'
import { startTwelveData, type TwelveDataDouble } from '../doubles/twelvedata.ts'
import { byHand, recorded } from './samples.ts'

const NOW = Date.parse('2026-11-25T15:00:00Z')
const MINUTE = 60_000

describe('quotes', () => {
  const answers = parseQuotes(recorded('batch_quote', 'twelvedata'), ['stock:AAPL', 'stock:MSFT', 'stock:NOPE'], NOW)

  it('have the last price as `close`', () =>
    expect(answers.get('stock:AAPL')).toEqual({
      symbol: 'stock:AAPL',
      price: '229.87000',
      currency: 'USD',
      source: 'Twelve Data',
      receivedAt: NOW,
      asOf: 1732305600000,
      session: 'regular',
      open: '228.84000',
      high: '230.50000',
      low: '227.25000',
      previousClose: '228.52000',
      volume: '35462000',
    }))
  it('are not wrapped where there is one, and have no day of ours where it is a pair', () => {
    const body = {
      symbol: 'BTC/USD',
      timestamp: 1725665290,
      open: '56156.8',
      close: '53832.43000',
      previous_close: '56156.82000',
    }
    expect(parseQuotes(body, ['crypto:BTC/USD'], NOW).get('crypto:BTC/USD')).toEqual({
      symbol: 'crypto:BTC/USD',
      price: '53832.43000',
      currency: 'USD',
      source: 'Twelve Data',
      receivedAt: NOW,
      asOf: 1725665290000,
    })
  })
  it('may fail one by one', () => {
    const mixed = parseQuotes(recorded('batch_error', 'twelvedata'), ['stock:AAPL', 'stock:INVALID'], NOW)
    expect(mixed.get('stock:INVALID')).toEqual({
      ...{ symbol: 'stock:INVALID', unknown: 'Twelve Data does not give us INVALID', gone: false },
    })
    expect(answers.get('stock:NOPE')).toMatchObject({ unknown: 'Twelve Data says nothing of NOPE' })
  })
  it('name a currency or are none', () =>
    expect(parseQuotes({ close: '1' }, ['stock:AAPL'], NOW).get('stock:AAPL')).toMatchObject({
      ...{ unknown: 'Twelve Data names no currency for AAPL' },
    }))
  it.each([[[]], [null], ['ok']])('are not in %j', (body) =>
    expect(() => parseQuotes(body, ['stock:AAPL'], NOW)).toThrow(
      'Twelve Data answered in a form this program does not know',
    ),
  )
})

it('reads a day by its date, and a time as UTC', () => {
  const days = (recorded('batch_time_series', 'twelvedata') as { AAPL: unknown }).AAPL
  expect(parseCandles(days, 'stock:AAPL')[0]).toMatchObject({
    start: Date.parse('2024-11-22T00:00-05:00'),
    close: '229.87000',
  })
  const values = [{ datetime: '2026-11-25 14:30:00', open: '1', high: '2', low: '1', close: '2' }]
  expect(parseCandles({ values }, 'fx:EUR/USD')).toEqual([
    { start: Date.parse('2026-11-25T14:30Z'), open: '1', high: '2', low: '1', close: '2', volume: null },
  ])
})

it('finds what is listed in the US, and pairs, each once', () =>
  expect(parseFound(byHand('twelvedata-search'))).toEqual([
    { symbol: 'stock:AAPL', name: 'Apple Inc', exchange: 'NASDAQ', currency: 'USD' },
    { symbol: 'fx:EUR/USD', name: 'Euro / US Dollar', exchange: 'PHYSICAL CURRENCY', currency: 'USD' },
    { symbol: 'crypto:BTC/USD', name: 'Bitcoin US Dollar', exchange: 'Coinbase Pro', currency: 'USD' },
  ]))

describe('the adapter', () => {
  let double: TwelveDataDouble
  let now: number
  const many = Array.from({ length: 20 }, (_, index) => `stock:S${index}`)

  beforeEach(async () => {
    now = NOW
    const all = Object.fromEntries(many.map((_, index) => [`S${index}`, `${index + 1}.50`]))
    double = await startTwelveData({ AAPL: '333.69', 'EUR/USD': '1.0800', 'BTC/USD': '90000.1', ...all })
  })
  afterEach(() => double.stop())

  const adapter = (more = {}) =>
    twelvedata({ baseUrl: double.url, key: 'good', now: () => now, sleep: async () => {}, timeout: 5_000, ...more })

  it.each([
    [1, 1],
    [8, 1],
    [9, 2],
    [20, 3],
  ])('asks for %d symbols in %d requests, and a credit for each', async (count, requests) => {
    const provider = adapter()
    const answers = await provider.quotes([...many.slice(0, count), many[0]!])
    expect(answers.size).toBe(count)
    expect(answers.get('stock:S0')).toMatchObject({ price: '1.50' })
    expect(double.requests).toHaveLength(requests)
    expect(provider.limits!.cost!(count)).toBe(count)
  })

  it('has pairs and stocks in one request, and says which it does not give', async () => {
    const answers = await adapter().quotes(['stock:AAPL', 'fx:EUR/USD', 'crypto:BTC/USD', 'stock:NOPE', 'stock:OCDO.L'])
    expect(answers.get('fx:EUR/USD')).toMatchObject({ price: '1.0800', currency: 'USD' })
    expect(answers.get('crypto:BTC/USD')).toMatchObject({ price: '90000.1' })
    expect(answers.get('stock:NOPE')).toMatchObject({ unknown: 'Twelve Data does not give us NOPE', gone: false })
    expect(answers.get('stock:OCDO.L')).toHaveProperty('unknown')
    expect(double.requests).toHaveLength(1)
    expect((await adapter().quotes(['stock:NOPE'])).get('stock:NOPE')).toMatchObject({ gone: false })
  })

  it('waits for the next minute when its credits are spent, though the status says all is well', async () => {
    double.credits = 10
    const provider = adapter()
    const answers = await provider.quotes(many)
    expect(answers.get('stock:S7')).toHaveProperty('price')
    expect(answers.get('stock:S8')).toMatchObject({
      unknown: 'Twelve Data says we ask too often; the next try is in 1 min',
    })
    expect(double.requests).toHaveLength(2)
    await expect(provider.quotes(many)).rejects.toThrow('Twelve Data asked us to wait; 60 s to go')
    double.credits = 8
    now += 60_000
    expect((await provider.quotes(many.slice(0, 8))).get('stock:S0')).toHaveProperty('price')
  })

  it.each([
    ['You have run out of API credits for the day.', 429, 3_600_000],
    ['Invalid API key', 401, 3_600_000],
    ['Internal error', 500, undefined],
  ])('understands "%s"', async (message, code, retryAfter) => {
    const fetch = async () => Response.json({ code, message, status: 'error' })
    const thrown = await adapter({ fetch })
      .quotes(['stock:AAPL'])
      .catch((error) => error)
    expect(thrown).toMatchObject({ name: 'ProviderError', retryAfter, permanent: code === 401 })
  })

  it('has candles, of hours counted from the opening, and none where nothing was traded', async () => {
    const open = Date.parse('2026-11-24T14:30:00Z')
    double.rows.set(
      'AAPL',
      Array.from(
        { length: 6 },
        (_, index): Row => [open + index * 15 * MINUTE, index + 1, 20 + index, 0.5, index + 2, 10],
      ),
    )
    const hours = await adapter().candles('stock:AAPL', '1h', open, NOW)
    expect(hours.map(({ start, open, close, volume }) => [start, open, close, volume])).toEqual([
      [open, '1', '5', '40'],
      [open + 60 * MINUTE, '5', '7', '20'],
    ])
    const sunday = Date.parse('2026-11-22T00:00Z')
    expect(await adapter().candles('stock:AAPL', '15m', sunday, sunday + 1440 * MINUTE)).toEqual([])
    await expect(adapter().candles('stock:NOPE', '1d', open, NOW)).rejects.toThrow('Twelve Data has no prices of NOPE')
  })

  it('searches', async () =>
    expect((await adapter().search('eur')).map(({ symbol }) => symbol)).toEqual(['fx:EUR/USD']))
})
