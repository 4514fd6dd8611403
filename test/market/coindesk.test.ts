import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { coindesk, parseCandles, parseTicks } from '../../src/market/coindesk.ts'
import { type CoinDeskDouble, startCoinDesk } from '../doubles/coindesk.ts'
import type { Row } from '../doubles/row.ts'
import { byHand, recorded } from './samples.ts'

const NOW = Date.parse('2026-11-25T15:00:00Z')
const MINUTE = 60_000

describe('ticks', () => {
  const asked = ['crypto:BTC/USD', 'crypto:NIL/USD', 'crypto:NOPE/USD']
  const answers = parseTicks(byHand('coindesk-tick'), asked, NOW)

  it('have the price, its time, and the last 24 hours', () =>
    expect(answers.get('crypto:BTC/USD')).toEqual({
      symbol: 'crypto:BTC/USD',
      price: '73838.87',
      currency: 'USD',
      source: 'CoinDesk Data',
      receivedAt: NOW,
      asOf: 1780159779000,
      high: '74200.5',
      low: '73133.8',
      previousClose: '73972.03',
      volume: '12345.6',
    }))
  it.each([
    ['crypto:NIL/USD', 'CoinDesk Data has no price for NIL/USD'],
    ['crypto:NOPE/USD', 'CoinDesk Data says nothing of NOPE/USD'],
  ])('of %s: %s', (symbol, unknown) => expect(answers.get(symbol)).toEqual({ symbol, unknown, gone: false }))
  it.each([[{}], [[]], [null], [{ Data: [] }]])('are none in %j', (body) =>
    expect(() => parseTicks(body, asked, NOW)).toThrow('CoinDesk Data answered in a form this program does not know'),
  )
})

it.each([
  ['index_cc_v1_historical_hours', 10, 1732694400000],
  ['index_cc_v1_historical_days_2', 1, 1732665600000],
])('reads the recorded candles %s', (name, count, start) => {
  const candles = parseCandles(recorded(name, 'cryptocompare'))
  expect(candles).toHaveLength(count)
  expect(candles[0]!.start).toBe(start)
  expect(candles.map((candle) => Number(candle.high) >= Number(candle.low))).not.toContain(false)
})

describe('the adapter', () => {
  let double: CoinDeskDouble
  const many = Array.from({ length: 60 }, (_, index) => `crypto:C${index}/USD`)

  beforeEach(async () => {
    double = await startCoinDesk({
      'BTC-USD': 90_000,
      ...Object.fromEntries(many.map((_, index) => [`C${index}-USD`, index + 1])),
    })
  })
  afterEach(() => double.stop())

  const adapter = (more = {}) =>
    coindesk({ baseUrl: double.url, key: 'good', now: () => NOW, sleep: async () => {}, timeout: 5_000, ...more })

  it.each([
    [1, 1],
    [50, 1],
    [60, 2],
  ])('asks for %d symbols in %d requests', async (count, requests) => {
    const answers = await adapter().quotes([...many.slice(0, count), many[0]!])
    expect(answers.size).toBe(count)
    expect(answers.get('crypto:C0/USD')).toMatchObject({ price: '1' })
    expect(double.requests).toHaveLength(requests)
  })

  it('says what it does not have', async () => {
    expect((await adapter().quotes(['crypto:NOPE/USD'])).get('crypto:NOPE/USD')).toMatchObject({ gone: true })
    expect((await adapter().quotes(['crypto:NOPE/USD', 'crypto:BTC/USD'])).get('crypto:NOPE/USD')).toMatchObject({
      gone: false,
    })
  })

  it('does not go on asking with a key that is not taken', async () => {
    const provider = adapter({ key: 'old' })
    const message = 'CoinDesk Data asks for a key, or does not take ours (status 401)'
    for (let round = 0; round < 2; round += 1)
      await expect(provider.quotes(['crypto:BTC/USD'])).rejects.toMatchObject({ message, permanent: true })
    expect(double.requests).toHaveLength(1)
  })

  it.each([
    [
      { Response: 'Error', Message: 'You are over your rate limit', Type: 99, Data: {} },
      'says we ask too often; the next try is in 1 min',
    ],
    [{ Response: 'Error', Message: 'fsym is not valid', Type: 1, Data: {} }, 'answered: fsym is not valid'],
  ])('understands an error that looks good: %j', async (body, what) => {
    const fetch = async () => Response.json(body)
    await expect(adapter({ fetch }).quotes(['crypto:BTC/USD'])).rejects.toThrow(`CoinDesk Data ${what}`)
  })

  it('pages through candles, each once and in order, and puts longer ones together', async () => {
    const start = NOW - 4500 * MINUTE
    const rows = Array.from({ length: 4500 }, (_, minute): Row => [start + minute * MINUTE, 1, 2, 0.5, minute + 1, 1])
    double.rows.set('BTC-USD', rows)
    const candles = await adapter().candles('crypto:BTC/USD', '1m', start, NOW)
    expect(candles.map(({ close }) => Number(close))).toEqual(rows.map(([, , , , close]) => close))
    expect(double.requests).toHaveLength(3)
    const five = await adapter().candles('crypto:BTC/USD', '5m', start, start + 10 * MINUTE)
    expect(five.map(({ close, volume }) => [close, volume])).toEqual([
      ['5', '5'],
      ['10', '5'],
    ])
    await expect(adapter().candles('crypto:NOPE/USD', '1d', 0, NOW)).rejects.toThrow(
      'CoinDesk Data has no prices of NOPE/USD',
    )
  })

  it('has no search', async () => expect(await adapter().search('btc')).toEqual([]))
})
