import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDays, parseFound, parseTop, tiingo, toTiingo } from '../../src/market/tiingo.ts'
import type { Row } from '../doubles/row.ts'
import { startTiingo, type TiingoDouble } from '../doubles/tiingo.ts'
import { byHand } from './samples.ts'

const NOW = Date.parse('2026-11-25T15:00:00Z')
const MINUTE = 60_000

describe('the top of IEX', () => {
  const asked = ['stock:AAPL', 'stock:BRK.B', 'stock:ZERO', 'stock:NOPE']
  const answers = parseTop(byHand('tiingo-iex'), asked, NOW)

  it('gives the reference price, its time and session, but not the volume of one exchange', () =>
    expect(answers.get('stock:AAPL')).toEqual({
      symbol: 'stock:AAPL',
      price: '312.27',
      currency: 'USD',
      source: 'Tiingo',
      receivedAt: NOW,
      asOf: Date.parse('2026-06-03T14:52:50.123Z'),
      session: 'regular',
      open: '314.19',
      high: '316.92',
      low: '312.09',
      previousClose: '315.2',
    }))
  it('knows classes of shares', () => {
    expect(toTiingo('stock:BRK.B')).toBe('brk-b')
    expect(answers.get('stock:BRK.B')).toMatchObject({ price: '500.1', asOf: Date.parse('2026-06-03T14:52:50Z') })
    expect(answers.get('stock:BRK.B')).not.toHaveProperty('bid')
  })
  it.each([
    ['stock:ZERO', 'Tiingo has no price for ZERO'],
    ['stock:NOPE', 'Tiingo says nothing of NOPE'],
  ])('of %s: %s', (symbol, unknown) => expect(answers.get(symbol)).toEqual({ symbol, unknown, gone: false }))
  it.each([[{}], [null], [{ detail: 'Not found.' }]])('is not in %j', (body) =>
    expect(() => parseTop(body, asked, NOW)).toThrow('Tiingo answered in a form this program does not know'),
  )
})

it('divides what lies before a split, and leaves dividends in', () =>
  expect(parseDays(byHand('tiingo-daily')).map(({ start, close, volume }) => [start, close, volume])).toEqual([
    [Date.parse('2020-08-28T00:00-04:00'), '124.8075', '187629916'],
    [Date.parse('2020-08-31T00:00-04:00'), '129.04', '225702688'],
    [Date.parse('2020-09-01T00:00-04:00'), '134.18', '151948000'],
  ]))

it('finds what is still listed', () =>
  expect(parseFound(byHand('tiingo-search'))).toEqual([
    { symbol: 'stock:AAPL', name: 'Apple Inc', currency: 'USD' },
    { symbol: 'stock:BRK.B', name: 'Berkshire Hathaway Inc - Class B', currency: 'USD' },
  ]))

describe('the adapter', () => {
  let double: TiingoDouble
  const many = Array.from({ length: 120 }, (_, index) => `stock:S${index}`)

  beforeEach(async () => {
    double = await startTiingo({
      aapl: 333.69,
      ...Object.fromEntries(many.map((_, index) => [`s${index}`, index + 1])),
    })
  })
  afterEach(() => double.stop())

  const adapter = (more = {}) =>
    tiingo({ baseUrl: double.url, key: 'good', now: () => NOW, sleep: async () => {}, timeout: 5_000, ...more })

  it.each([
    [1, 1],
    [100, 1],
    [120, 2],
  ])('asks for %d symbols in %d requests', async (count, requests) => {
    const answers = await adapter().quotes([...many.slice(0, count), many[0]!])
    expect(answers.size).toBe(count)
    expect(answers.get('stock:S0')).toMatchObject({ price: '1' })
    expect(double.requests).toHaveLength(requests)
  })

  it('never asks for the whole market', async () => {
    expect((await adapter().quotes(['stock:OCDO.L'])).get('stock:OCDO.L')).toEqual({
      symbol: 'stock:OCDO.L',
      unknown: 'Tiingo has US stocks and funds alone, not OCDO.L',
      gone: false,
    })
    expect(double.requests).toEqual([])
  })

  it('understands that its hours are used up, though it says so in plain text', async () => {
    const fetch = async () => new Response('Error: You have run over your hourly request allocation. Please upgrade.')
    await expect(adapter({ fetch }).quotes(['stock:AAPL'])).rejects.toThrow(
      'Tiingo says we ask too often; the next try is in 1 min',
    )
  })

  it('puts hours together, counted from the opening', async () => {
    const open = Date.parse('2026-11-24T14:30:00Z')
    double.rows.set(
      'aapl',
      Array.from(
        { length: 5 },
        (_, index): Row => [open + index * 30 * MINUTE, index + 1, 20 + index, 0.5, index + 2, 100],
      ),
    )
    const hours = await adapter().candles('stock:AAPL', '1h', open, NOW)
    expect(hours.map(({ start, open, high, close, volume }) => [start, open, high, close, volume])).toEqual([
      [open, '1', '21', '3', null],
      [open + 60 * MINUTE, '3', '23', '5', null],
      [open + 120 * MINUTE, '5', '24', '6', null],
    ])
    expect(Object.fromEntries(double.requests[0]!.searchParams)).toMatchObject({
      startDate: '2026-11-24',
      resampleFreq: '30min',
    })
  })

  it('asks for days up to the last one, because of splits to come', async () => {
    const days = ['2026-11-19', '2026-11-20', '2026-11-23'].map(
      (date, index): Row => [Date.parse(`${date}T00:00Z`), 100, 110, 90, 100 + index, 10],
    )
    double.rows.set('aapl', days)
    double.splits.set('aapl', ['2026-11-23', 10])
    const to = Date.parse('2026-11-21T00:00Z')
    const candles = await adapter().candles('stock:AAPL', '1d', to - 7 * 1440 * MINUTE, to)
    expect(candles.map(({ close, volume }) => [close, volume])).toEqual([
      ['10', '100'],
      ['10.1', '100'],
    ])
    await expect(adapter().candles('stock:NOPE', '1d', 0, NOW)).rejects.toThrow('Tiingo has no prices of NOPE')
  })

  it('searches', async () =>
    expect(await adapter().search('aapl')).toEqual([{ symbol: 'stock:AAPL', name: 'aapl Inc', currency: 'USD' }]))
})
