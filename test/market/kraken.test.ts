import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fromKraken, kraken, parseCandles, parsePairs, parseTicker } from '../../src/market/kraken.ts'
import { type KrakenDouble, startKraken } from '../doubles/kraken.ts'
import type { Row } from '../doubles/row.ts'
import { byHand } from './samples.ts'

const NOW = Date.parse('2026-11-25T15:00:00Z')
const MINUTE = 60_000

describe('pairs and tickers', () => {
  const pairs = parsePairs(byHand('kraken-asset-pairs'))
  const asked = ['BTC/USD', 'ETH/USD', 'SOL/USD', 'OLD/USD', 'DOGE/USD', 'NOPE/USD'].map((pair) => `crypto:${pair}`)
  const answers = parseTicker(byHand('kraken-ticker'), asked, pairs, NOW)

  it('knows coins by the names that everybody else has for them', () => {
    expect([...pairs.keys()]).toEqual(
      ['BTC/USD', 'ETH/USD', 'DOGE/USD', 'ETH/BTC', 'SOL/USD', 'OLD/USD'].map((pair) => `crypto:${pair}`),
    )
    expect(fromKraken('XBT/USDT')).toBe('crypto:BTC/USDT')
    expect(pairs.get('crypto:BTC/USD')).toEqual({ key: 'XXBTZUSD', altname: 'XBTUSD', halted: false })
  })
  it('finds a price under the name that Kraken answers with, and keeps it as it was sent', () => {
    expect(answers.get('crypto:BTC/USD')).toEqual({
      symbol: 'crypto:BTC/USD',
      price: '84737.50000',
      currency: 'USD',
      source: 'Kraken',
      receivedAt: NOW,
      high: '85100.0',
      low: '84300.0',
      volume: '889.6',
      bid: '84737.50000',
      ask: '84737.60000',
    })
    expect(answers.get('crypto:ETH/USD')).toMatchObject({ price: '2430.58', volume: '8896.96' })
  })
  it.each([
    ['crypto:SOL/USD', 'Kraken has no price for SOL/USD', false],
    ['crypto:OLD/USD', 'Kraken has halted trading in OLD/USD', false],
    ['crypto:DOGE/USD', 'Kraken has no price for DOGE/USD', false],
    ['crypto:NOPE/USD', 'Kraken has no NOPE/USD', true],
  ])('says of %s: %s', (symbol, unknown, gone) => expect(answers.get(symbol)).toEqual({ symbol, unknown, gone }))

  it.each([[{}], [[]], [null], [{ error: [], result: {} }]])('takes %j for no list of pairs', (body) =>
    expect(() => parsePairs(body)).toThrow('Kraken answered in a form this program does not know'),
  )
})

it('reads candles under whatever name they come, without those that lack a figure', () =>
  expect(parseCandles(byHand('kraken-ohlc'))).toEqual([
    { start: 1790946000000, open: '84200.0', high: '84600.0', low: '84100.5', close: '84500.1', volume: '10.00000000' },
    { start: 1790949600000, open: '84500.1', high: '85021.5', low: '84400.0', close: '84737.5', volume: '12.50000000' },
  ]))

describe('the adapter', () => {
  let double: KrakenDouble
  let now: number
  const many = Array.from({ length: 120 }, (_, index) => `crypto:C${index}/USD`)

  beforeEach(async () => {
    now = NOW
    const coins = Object.fromEntries(many.map((_, index) => [`C${index}USD`, `${index + 1}.50`]))
    double = await startKraken({ XBTUSD: '90000.10', XDGUSD: '0.35', ETHUSD: '3000', ...coins })
  })
  afterEach(() => double.stop())

  const adapter = () => kraken({ baseUrl: double.url, now: () => now, sleep: async () => {}, timeout: 5_000 })
  const tickers = () => double.requests.filter((url) => url.pathname.endsWith('/Ticker'))

  it.each([
    [1, 1],
    [50, 1],
    [51, 2],
    [120, 3],
  ])('asks for %d symbols in %d requests, beside the list of pairs once an hour', async (count, requests) => {
    const provider = adapter()
    const answers = await provider.quotes([...many.slice(0, count), many[0]!])
    expect(answers.size).toBe(count)
    expect(answers.get('crypto:C0/USD')).toMatchObject({ price: '1.50', receivedAt: NOW })
    expect(tickers()).toHaveLength(requests)
    await provider.quotes(many.slice(0, count))
    expect(double.requests).toHaveLength(1 + 2 * requests)
  })

  it('asks for XBT and XDG', async () => {
    const answers = await adapter().quotes(['crypto:BTC/USD', 'crypto:DOGE/USD', 'crypto:NOPE/USD'])
    expect(answers.get('crypto:BTC/USD')).toMatchObject({ price: '90000.10' })
    expect(answers.get('crypto:DOGE/USD')).toMatchObject({ price: '0.35' })
    expect(answers.get('crypto:NOPE/USD')).toMatchObject({ gone: true })
    expect(tickers()[0]!.searchParams.get('pair')).toBe('XBTUSD,XDGUSD')
  })

  it('does not let a pair that is there no more spoil the others, and leaves it out for an hour', async () => {
    const provider = adapter()
    double.prices.delete('C5USD')
    for (let round = 0; round < 2; round += 1) {
      const answers = await provider.quotes(many.slice(0, 8))
      expect(answers.get('crypto:C5/USD')).toEqual({
        symbol: 'crypto:C5/USD',
        unknown: 'Kraken has no C5/USD',
        gone: true,
      })
      expect([...answers.values()].filter((answer) => 'price' in answer)).toHaveLength(7)
    }
    expect(tickers()).toHaveLength(8)
    double.prices.set('C5USD', '6')
    now += 3_600_001
    expect((await provider.quotes(many.slice(0, 8))).get('crypto:C5/USD')).toMatchObject({ price: '6' })
  })

  it.each([
    ['EService:Unavailable', 'Kraken answered: EService:Unavailable', undefined],
    ['EGeneral:Internal error', 'Kraken answered: EGeneral:Internal error', undefined],
    ['EGeneral:Too many requests', 'Kraken says we ask too often; the next try is in 1 min', 60_000],
    ['EAPI:Rate limit exceeded', 'Kraken says we ask too often; the next try is in 1 min', 60_000],
    ['EGeneral:Temporary lockout', 'Kraken says we ask too often and to come back in 15 min', 900_000],
  ])('understands the error %s of an answer that looks good', async (error, message, retryAfter) => {
    double.error = error
    const thrown = await adapter()
      .quotes(['crypto:BTC/USD'])
      .catch((error) => error)
    expect(thrown).toMatchObject({ message, retryAfter })
  })

  it('asks nothing more while it is locked out', async () => {
    const provider = adapter()
    double.error = 'EGeneral:Temporary lockout'
    await expect(provider.search('btc')).rejects.toThrow('come back in 15 min')
    double.error = null
    await expect(provider.search('btc')).rejects.toThrow('asked us to wait; 900 s to go')
    expect(double.requests).toHaveLength(1)
  })

  it('includes `from` and excludes `to`, and has what Kraken keeps', async () => {
    const start = NOW - 800 * MINUTE
    const rows = Array.from({ length: 800 }, (_, minute): Row => [start + minute * MINUTE, 1, 2, 0.5, minute + 1, 3])
    double.rows.set('XBTUSD', rows)
    const of = async (from: number, to: number) =>
      (await adapter().candles('crypto:BTC/USD', '1m', from, to)).map(({ close }) => Number(close))
    expect(await of(start + 100 * MINUTE, start + 103 * MINUTE)).toEqual([101, 102, 103])
    expect((await of(start, NOW)).length).toBe(720)
    await expect(adapter().candles('crypto:NOPE/USD', '1m', 0, NOW)).rejects.toThrow('Kraken has no prices of NOPE/USD')
  })

  it('begins weeks on Monday', async () => {
    const monday = Date.parse('2026-11-16T00:00:00Z')
    const days = Array.from(
      { length: 9 },
      (_, day): Row => [monday + day * 1440 * MINUTE, day, day + 1, 0.5, day + 1, 1],
    )
    double.rows.set('XBTUSD', days.slice(1))
    const weeks = await adapter().candles('crypto:BTC/USD', '1w', monday, NOW)
    expect(weeks.map(({ start, close }) => [new Date(start).toISOString().slice(0, 10), close])).toEqual([
      ['2026-11-17', '7'],
      ['2026-11-23', '9'],
    ])
    expect(double.requests.at(-1)!.searchParams.get('interval')).toBe('1440')
  })

  it('searches its pairs', async () => {
    expect((await adapter().search('bitcoin'))[0]).toEqual({
      ...{ symbol: 'crypto:BTC/USD', name: 'Bitcoin', exchange: 'Kraken', currency: 'USD' },
    })
  })
})
