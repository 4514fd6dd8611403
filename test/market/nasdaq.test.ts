import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nasdaq, parseFound, parseWatchList } from '../../src/market/nasdaq.ts'
import { type NasdaqDouble, startNasdaq } from '../doubles/nasdaq.ts'
import { byHand } from './samples.ts'

const NOW = Date.parse('2026-10-07T12:00:00Z')

describe('the watch list', () => {
  const asked = ['AAPL', 'MSFT', 'SPY', 'BRK.B', 'AACG', 'WALL', 'QQQ', 'NOPE'].map((ticker) => `stock:${ticker}`)
  const answers = parseWatchList(byHand('nasdaq-watchlist'), asked, NOW)

  it('takes the late trade after hours, and the close it is counted from', () => {
    expect(answers.get('stock:AAPL')).toEqual({
      symbol: 'stock:AAPL',
      price: '333.97',
      currency: 'USD',
      source: 'Nasdaq',
      receivedAt: NOW,
      asOf: Date.parse('2026-10-06T19:24:47.960-04:00'),
      session: 'post',
      volume: '31878433',
      regular: { price: '333.63', asOf: Date.parse('2026-10-06T16:00:00-04:00') },
    })
  })
  it('knows the close of the day before while the market is open', () =>
    expect(answers.get('stock:MSFT')).toEqual({
      symbol: 'stock:MSFT',
      price: '1529.6088',
      currency: 'USD',
      source: 'Nasdaq',
      receivedAt: NOW,
      asOf: Date.parse('2026-10-06T12:47:45.051-04:00'),
      session: 'regular',
      previousClose: '1527.00',
    }))
  it.each([
    ['stock:SPY', { session: 'pre', asOf: Date.parse('2026-10-07T04:09:00-04:00'), delay: 900_000 }],
    ['stock:BRK.B', { price: '505.68', session: 'regular', asOf: Date.parse('2026-10-06T16:00:00-04:00') }],
    ['stock:WALL', { asOf: Date.parse('2026-09-25T14:40:00-04:00'), session: 'regular' }],
  ])('reads the time of %s in New York, and its session: %o', (symbol, quote) =>
    expect(answers.get(symbol)).toMatchObject(quote),
  )
  it('does not take a date for a time', () => {
    expect(answers.get('stock:AACG')).toMatchObject({ price: '0.86' })
    expect(answers.get('stock:AACG')).not.toHaveProperty('asOf')
    expect(answers.get('stock:AACG')).not.toHaveProperty('session')
  })
  it.each([
    ['stock:QQQ', 'Nasdaq has no price for QQQ'],
    ['stock:NOPE', 'Nasdaq says nothing of NOPE'],
  ])('says of %s: %s', (symbol, unknown) => expect(answers.get(symbol)).toEqual({ symbol, unknown, gone: false }))

  it('takes the refusal of all for no answer about any', () =>
    expect(parseWatchList({ data: null, status: { rCode: 400 } }, ['stock:NOPE'], NOW).get('stock:NOPE')).toMatchObject(
      {
        gone: false,
      },
    ))
  it.each([[{}], [[]], [null], [{ data: 'x', status: { rCode: 200 } }]])('throws for %j', (body) =>
    expect(() => parseWatchList(body, asked, NOW)).toThrow('Nasdaq answered in a form this program does not know'),
  )
})

it('finds shares and funds alone', () =>
  expect(parseFound(byHand('nasdaq-search')).map(({ symbol, isFund }) => [symbol, isFund])).toEqual([
    ['stock:AAPL', false],
    ['stock:APLE', false],
    ['stock:AAPU', true],
    ['stock:BRK.B', false],
  ]))

describe('the adapter', () => {
  let double: NasdaqDouble
  let now: number
  const many = Array.from({ length: 45 }, (_, index) => `stock:S${index}`)
  const row = (price: string) => ({ lastSalePrice: price, lastTradeTimestamp: 'Oct 6, 2026 12:00 PM ET' })
  const asked = () => double.requests.map((url) => url.searchParams.getAll('symbol').join(' '))

  beforeEach(async () => {
    now = NOW
    double = await startNasdaq({
      ...Object.fromEntries(many.map((symbol, i) => [symbol.slice(6), { kind: 'stocks', row: row(`$${i + 1}.50`) }])),
      SPY: {
        kind: 'etf',
        row: row('$640.10'),
        name: 'SPDR S&P 500',
        days: [
          ['10/06/2026', '$640.00', '$641.10', '$639.00', '$640.10', '45,123,456'],
          ['10/05/2026', '$630.00', '$1,641.10', '$629.00', '$640.00', 'N/A'],
        ],
      },
      'BRK.B': { kind: 'stocks', row: row('$505.68') },
      'BF.B': { kind: 'stocks', row: row('$30.00'), form: 'bf/b' },
    })
  })
  afterEach(() => double.stop())

  const adapter = () => nasdaq({ baseUrl: double.url, now: () => now, sleep: async () => {}, timeout: 5_000 })

  it.each([
    [1, 1],
    [20, 1],
    [21, 2],
    [45, 3],
  ])('asks for %d symbols in %d requests', async (count, requests) => {
    const answers = await adapter().quotes([...many.slice(0, count), many[0]!])
    expect(answers.size).toBe(count)
    expect(answers.get('stock:S0')).toMatchObject({ price: '1.50', receivedAt: NOW })
    expect(double.requests).toHaveLength(requests)
  })

  it('asks again for a fund that is no share, and remembers that it is none', async () => {
    const provider = adapter()
    expect((await provider.quotes(['stock:SPY', 'stock:S0'])).get('stock:SPY')).toMatchObject({ price: '640.10' })
    await provider.quotes(['stock:SPY', 'stock:S0'])
    expect(asked()).toEqual(['spy|stocks s0|stocks', 'spy|etf', 'spy|etf s0|stocks'])
  })

  it('learns from a search what is a fund', async () => {
    const provider = adapter()
    expect(await provider.search('spdr')).toEqual([
      { symbol: 'stock:SPY', name: 'SPDR S&P 500', exchange: 'NASDAQ-GS', currency: 'USD' },
    ])
    await provider.quotes(['stock:SPY'])
    expect(asked().at(-1)).toBe('spy|etf')
  })

  it.each([
    ['stock:BF.B', ['bf/b|stocks']],
    ['stock:BRK.B', ['brk/b|stocks', 'brk.b|stocks']],
  ])('finds a class of shares in either way of writing: %s', async (symbol, requests) => {
    expect((await adapter().quotes([symbol])).get(symbol)).toHaveProperty('price')
    expect(asked()).toEqual(requests)
  })

  it('tries both classes of what it has not once an hour, and one in every round', async () => {
    const provider = adapter()
    for (let round = 0; round < 3; round += 1) await provider.quotes(['stock:NOPE'])
    expect(asked()).toEqual(['nope|stocks', 'nope|etf', 'nope|stocks', 'nope|stocks'])
    now += 3_600_001
    await provider.quotes(['stock:NOPE'])
    expect(asked().slice(4)).toEqual(['nope|stocks', 'nope|etf'])
  })

  it('does not ask for what is not listed in New York', async () => {
    const answers = await adapter().quotes(['stock:OCDO.L', 'stock:^GSPC', 'stock:GC=F', 'stock:7203.T'])
    expect([...answers.values()]).toEqual(
      ['OCDO.L', '^GSPC', 'GC=F', '7203.T'].map((ticker) => ({
        symbol: `stock:${ticker}`,
        unknown: `Nasdaq has US stocks and funds alone, not ${ticker}`,
        gone: false,
      })),
    )
    expect(double.requests).toEqual([])
  })

  it('has days, of funds too', async () => {
    const candles = await adapter().candles('stock:SPY', '1d', NOW - 7 * 86_400_000, NOW)
    expect(candles).toEqual([
      {
        start: Date.parse('2026-10-05T00:00-04:00'),
        open: '630.00',
        high: '1641.10',
        low: '629.00',
        close: '640.00',
        volume: null,
      },
      {
        start: Date.parse('2026-10-06T00:00-04:00'),
        open: '640.00',
        high: '641.10',
        low: '639.00',
        close: '640.10',
        volume: '45123456',
      },
    ])
    await expect(adapter().candles('stock:NOPE', '1d', 0, NOW)).rejects.toThrow('Nasdaq has no prices of NOPE')
    await expect(adapter().candles('stock:SPY', '5m', 0, NOW)).rejects.toThrow('Nasdaq has no candles of 5m')
  })

  it('comes as its own pages do', async () => {
    await adapter().quotes(['stock:S0'])
    expect(double.headers[0]).toMatchObject({ origin: 'https://www.nasdaq.com', referer: 'https://www.nasdaq.com/' })
  })
})
