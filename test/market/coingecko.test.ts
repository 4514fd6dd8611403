import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { coingecko, parseCandles, parsePrices } from '../../src/market/coingecko.ts'
import { parseCoins, parseIds } from '../../src/market/coingecko-ids.ts'
import { type CoinGeckoDouble, startCoinGecko } from '../doubles/coingecko.ts'
import type { Row } from '../doubles/row.ts'
import { byHand } from './samples.ts'

const NOW = Date.parse('2026-11-25T15:00:00Z')
const HOUR = 3_600_000

describe('prices', () => {
  const ids = new Map([
    ['BTC', 'bitcoin'],
    ['ETH', 'ethereum'],
    ['USDT', 'tether'],
    ['SHIB', 'shiba-inu'],
    ['GONE', 'gone'],
    ['NONE', null],
  ])
  const asked = [
    'BTC/USD',
    'BTC/EUR',
    'BTC/USDT',
    'ETH/USD',
    'USDT/USD',
    'SHIB/USD',
    'GONE/USD',
    'NONE/USD',
    'LATER/USD',
  ]
  const answers = parsePrices(
    byHand('coingecko-price'),
    asked.map((pair) => `crypto:${pair}`),
    ids,
    NOW,
  )

  it('have their time', () => {
    expect(answers.get('crypto:BTC/USD')).toEqual({
      symbol: 'crypto:BTC/USD',
      price: '63210',
      currency: 'USD',
      source: 'CoinGecko',
      receivedAt: NOW,
      asOf: 1788263940000,
    })
    expect(answers.get('crypto:BTC/EUR')).toMatchObject({ price: '58153.2', currency: 'EUR' })
    expect(answers.get('crypto:SHIB/USD')).toMatchObject({ price: '0.00001234' })
  })
  it.each([
    ['crypto:BTC/USDT', 'CoinGecko has no price for BTC/USDT', false],
    ['crypto:ETH/USD', 'CoinGecko has no price for ETH/USD', false],
    ['crypto:USDT/USD', 'CoinGecko has no price for USDT/USD', false],
    ['crypto:GONE/USD', 'CoinGecko has no price for GONE/USD', false],
    ['crypto:NONE/USD', 'CoinGecko has no coin NONE/USD', true],
    ['crypto:LATER/USD', 'CoinGecko could not say which coin is LATER/USD', false],
  ])('of %s: %s', (symbol, unknown, gone) => expect(answers.get(symbol)).toEqual({ symbol, unknown, gone }))

  it.each([[[]], [null], ['ok']])('are none in %j', (body) =>
    expect(() => parsePrices(body, [], ids, NOW)).toThrow('CoinGecko answered in a form this program does not know'),
  )
})

it('takes the coin of the greatest market value for a ticker', () =>
  expect([...parseIds(byHand('coingecko-markets'))]).toEqual([
    ['BTC', 'bitcoin'],
    ['ETH', 'ethereum'],
    ['UNI', 'uniswap'],
  ]))

it('finds coins, each ticker once', () =>
  expect(parseCoins(byHand('coingecko-search')).map(({ symbol, name }) => [symbol, name])).toEqual([
    ['crypto:BTC/USD', 'Bitcoin'],
    ['crypto:BCH/USD', 'Bitcoin Cash'],
  ]))

it('counts candles from when they open, as CoinGecko tells when they close', () =>
  expect(
    parseCandles(byHand('coingecko-ohlc'), 4 * HOUR).map(({ start, open, close }) => [start, open, close]),
  ).toEqual([
    [1788249600000, '63100.5', '63210'],
    [1788264000000, '63210', '63800'],
    [1788278400000, '63800', '63720.5'],
  ]))

describe('the adapter', () => {
  let double: CoinGeckoDouble
  let now: number

  beforeEach(async () => {
    now = NOW
    const small = Array.from({ length: 5 }, (_, i) => ({
      id: `small-${i}`,
      symbol: `SM${i}`,
      name: `Small ${i}`,
      rank: 900 + i,
      usd: i + 1,
    }))
    double = await startCoinGecko([
      { id: 'bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1, usd: 90_000 },
      { id: 'batcat', symbol: 'BTC', name: 'batcat', rank: null, usd: 0.1 },
      ...small,
      { id: 'smaller-0', symbol: 'SM0', name: 'Smaller', rank: 2000, usd: 77 },
    ])
  })
  afterEach(() => double.stop())

  const adapter = (more = {}) =>
    coingecko({ baseUrl: double.url, now: () => now, sleep: async () => {}, timeout: 5_000, ...more })
  const paths = () => double.requests.map(({ pathname }) => pathname)

  it('asks for all pairs at once, in the currencies they need', async () => {
    const answers = await adapter().quotes(['crypto:BTC/USD', 'crypto:BTC/EUR', 'crypto:BTC/USD'])
    expect(answers.get('crypto:BTC/EUR')).toMatchObject({ price: '81000', currency: 'EUR' })
    expect(paths()).toEqual(['/coins/markets', '/simple/price'])
    expect(double.requests[1]!.searchParams.get('ids')).toBe('bitcoin')
    expect(double.requests[1]!.searchParams.get('vs_currencies')).toBe('usd,eur')
  })

  it('looks up small coins once a day, three in a round', async () => {
    const provider = adapter()
    const five = [0, 1, 2, 3, 4].map((index) => `crypto:SM${index}/USD`)
    const known = async () =>
      [...(await provider.quotes(five)).values()].map((answer) => 'price' in answer && answer.price)
    expect(await known()).toEqual(['1', '2', '3', false, false])
    expect(await known()).toEqual(['1', '2', '3', '4', '5'])
    await known()
    expect(paths().filter((path) => path === '/search')).toHaveLength(5)
  })

  it('is sure of a coin that its search does not find', async () => {
    expect((await adapter().quotes(['crypto:NOPE/USD'])).get('crypto:NOPE/USD')).toMatchObject({ gone: true })
    expect(paths()).toEqual(['/coins/markets', '/search'])
  })

  it('gives the prices of the others where a look-up fails', async () => {
    const provider = adapter()
    await provider.quotes(['crypto:BTC/USD'])
    double.behave('web page', { times: 1 })
    const answers = await provider.quotes(['crypto:BTC/USD', 'crypto:SM0/USD'])
    expect(answers.get('crypto:BTC/USD')).toMatchObject({ price: '90000' })
    expect(answers.get('crypto:SM0/USD')).toMatchObject({ gone: false })
  })

  it('sends a key in the header of its plan, and may ask more often with one', async () => {
    await adapter({ key: 'good' }).search('btc')
    await adapter().search('btc')
    expect(double.headers.map((headers) => headers['x-cg-demo-api-key'])).toEqual(['good', undefined])
    expect([adapter().limits, adapter({ key: 'good' }).limits]).toEqual([
      { perMinute: 5 },
      { perMinute: 30, perMonth: 10_000 },
    ])
    const pro: string[] = []
    const fetch = async (_: unknown, init?: RequestInit) => {
      pro.push(...Object.keys(init?.headers ?? {}))
      return Response.json({ coins: [] })
    }
    await adapter({ key: 'good', baseUrl: 'https://pro-api.coingecko.com/api/v3', fetch }).search('btc')
    expect(pro).toContain('x-cg-pro-api-key')
  })

  it('has hours of a day and longer candles of a month, and says that it has no shorter ones', async () => {
    const start = Date.parse('2026-11-25T00:00:00Z')
    double.rows.set(
      'bitcoin',
      Array.from({ length: 4 }, (_, index): Row => [start + (index * HOUR) / 2, index + 1, 9, 0.5, index + 2, 0]),
    )
    const hours = await adapter().candles('crypto:BTC/USD', '1h', start, NOW)
    expect(hours.map(({ start, open, close }) => [new Date(start).toISOString().slice(11, 16), open, close])).toEqual([
      ['00:00', '1', '3'],
      ['01:00', '3', '5'],
    ])
    expect(double.requests.at(-1)!.searchParams.get('days')).toBe('1')
    await expect(adapter().candles('crypto:BTC/USD', '15m', start, NOW)).rejects.toThrow(
      'CoinGecko has no candles of 15m',
    )
    await expect(adapter().candles('crypto:NOPE/USD', '1h', start, NOW)).rejects.toThrow(
      'CoinGecko has no prices of NOPE/USD',
    )
  })
})
