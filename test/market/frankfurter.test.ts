import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { candlesOf, frankfurter, parseRates, quoteFrom } from '../../src/market/frankfurter.ts'
import { type FrankfurterDouble, startFrankfurter } from '../doubles/frankfurter.ts'
import { byHand } from './samples.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-25T15:00:00Z')

describe('rates', () => {
  const rates = parseRates(byHand('frankfurter-rates'))

  it('are as of the beginning of their day', () =>
    expect(quoteFrom(rates, 'fx:EUR/USD', NOW)).toEqual({
      symbol: 'fx:EUR/USD',
      price: '1.1568',
      currency: 'USD',
      source: 'Frankfurter',
      receivedAt: NOW,
      asOf: Date.parse('2026-03-25T00:00:00Z'),
    }))
  it('are never of tomorrow', () =>
    expect(quoteFrom(rates, 'fx:EUR/AUD', NOW)).toMatchObject({ asOf: Date.parse('2026-03-25T00:00:00Z') }))
  it.each([
    [rates, 'fx:EUR/CHF', true],
    [rates, 'fx:EUR/JPY', true],
    [null, 'fx:XAU/USD', true],
    [[], 'fx:EUR/USD', false],
  ])('that are not there are said to be missing: %#', (list, symbol, gone) =>
    expect(quoteFrom(list, symbol, NOW)).toEqual({
      ...{ symbol, unknown: `Frankfurter has no rate for ${symbol.slice(3)}`, gone },
    }),
  )
  it.each([[{}], [null], ['ok']])('are none in %j', (body) =>
    expect(() => parseRates(body)).toThrow('Frankfurter answered in a form this program does not know'),
  )
  it('make candles of working days alone', () => {
    const days = ['2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30', '2026-03-26']
    const candles = candlesOf(
      days.map((date, index) => ({ date, quote: 'USD', rate: `1.1${index}` })),
      'fx:EUR/USD',
    )
    expect(
      candles.map(({ start, high, low, volume }) => [new Date(start).toISOString().slice(0, 10), high, low, volume]),
    ).toEqual([
      ['2026-03-26', '1.14', '1.14', null],
      ['2026-03-27', '1.10', '1.10', null],
      ['2026-03-30', '1.13', '1.13', null],
    ])
  })
})

describe('the adapter', () => {
  let double: FrankfurterDouble
  let now: number
  const fix = (date: string, quote: string, rate: number) => ({ date, quote, rate })

  beforeEach(async () => {
    now = NOW
    double = await startFrankfurter([
      fix('2026-03-23', 'USD', 1.15),
      fix('2026-03-24', 'USD', 1.16),
      fix('2026-03-24', 'GBP', 0.87),
      fix('2026-03-24', 'CHF', 0.95),
    ])
  })
  afterEach(() => double.stop())

  const adapter = () => frankfurter({ baseUrl: double.url, now: () => now, sleep: async () => {}, timeout: 5_000 })

  it('asks once for each base, and once an hour', async () => {
    const provider = adapter()
    const symbols = ['fx:EUR/USD', 'fx:EUR/GBP', 'fx:USD/CHF', 'fx:XAU/USD']
    const answers = await provider.quotes(symbols)
    expect(symbols.map((symbol) => Object.values(answers.get(symbol)!)[1])).toEqual([
      ...['1.16', '0.87', '0.81897', 'Frankfurter has no rate for XAU/USD'],
    ])
    expect(double.requests).toHaveLength(3)
    now += 3_599_000
    expect((await provider.quotes(symbols)).get('fx:EUR/USD')).toMatchObject({ receivedAt: now })
    expect(double.requests).toHaveLength(3)
    now += 1_001
    await provider.quotes(symbols)
    expect(double.requests).toHaveLength(6)
  })

  it('keeps the rates of one base when another cannot be had', async () => {
    double.behave('web page', { times: 1 })
    const answers = await adapter().quotes(['fx:EUR/USD', 'fx:EUR/GBP', 'fx:USD/CHF'])
    const unknown = 'Frankfurter answered with a web page instead of data'
    expect(answers.get('fx:EUR/USD')).toEqual({ symbol: 'fx:EUR/USD', unknown, gone: false })
    expect(answers.get('fx:EUR/GBP')).toEqual({ symbol: 'fx:EUR/GBP', unknown, gone: false })
    expect(answers.get('fx:USD/CHF')).toMatchObject({ price: '0.81897' })
  })

  it('has days and weeks, and nothing shorter', async () => {
    const days = await adapter().candles('fx:EUR/USD', '1d', NOW - 7 * DAY, NOW)
    expect(days.map(({ start, close }) => [start, close])).toEqual([
      [Date.parse('2026-03-23'), '1.15'],
      [Date.parse('2026-03-24'), '1.16'],
    ])
    const [week] = await adapter().candles('fx:EUR/USD', '1w', NOW - 7 * DAY, NOW)
    expect(week).toMatchObject({
      start: Date.parse('2026-03-23'),
      open: '1.15',
      high: '1.16',
      low: '1.15',
      close: '1.16',
    })
    await expect(adapter().candles('fx:EUR/USD', '1h', 0, NOW)).rejects.toThrow('Frankfurter has no candles of 1h')
    await expect(adapter().candles('fx:XAU/USD', '1d', 0, NOW)).rejects.toThrow('Frankfurter has no prices of XAU/USD')
  })

  it('finds currencies by their names', async () => {
    expect(await adapter().search('franc')).toEqual([
      { symbol: 'fx:USD/CHF', name: 'Swiss Franc', exchange: 'Frankfurter', currency: 'CHF' },
    ])
    expect((await adapter().search('gbp')).map(({ symbol }) => symbol)).toEqual(['fx:GBP/USD'])
    expect(await adapter().search('')).toEqual([])
  })
})
