import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alpaca, parseBars, parseSnapshots } from '../../src/market/alpaca.ts'
import { type AlpacaDouble, startAlpaca } from '../doubles/alpaca.ts'
import type { Row } from '../doubles/row.ts'
import { byHand } from './samples.ts'

const NOW = Date.parse('2026-11-25T15:00:00Z')
const MINUTE = 60_000

describe('snapshots', () => {
  const asked = ['stock:AAPL', 'stock:LATE', 'stock:NONE', 'stock:NULL', 'stock:NOPE']
  const body = byHand('alpaca-snapshots')
  const answers = parseSnapshots(body, asked, NOW)

  it('give the last trade, its time and session, but not the volume of one exchange', () =>
    expect(answers.get('stock:AAPL')).toEqual({
      symbol: 'stock:AAPL',
      price: '333.69',
      currency: 'USD',
      source: 'Alpaca',
      receivedAt: NOW,
      asOf: Date.parse('2026-11-24T20:59:59.123Z'),
      session: 'regular',
      open: '331',
      high: '334.54',
      low: '330.61',
      previousClose: '330.32',
      bid: '333.68',
      ask: '333.7',
    }))
  it('give the volume of all exchanges where the feed has it', () =>
    expect(parseSnapshots(body, asked, NOW, 'sip').get('stock:AAPL')).toMatchObject({ volume: '812345' }))
  it('tell a late trade from one of the day', () =>
    expect(answers.get('stock:LATE')).toMatchObject({ price: '10.5', session: 'post' }))
  it('may lie one level deeper', () =>
    expect(parseSnapshots({ snapshots: body }, asked, NOW).get('stock:AAPL')).toHaveProperty('price'))
  it.each([
    ['stock:NONE', 'Alpaca has no price for NONE'],
    ['stock:NULL', 'Alpaca says nothing of NULL'],
    ['stock:NOPE', 'Alpaca says nothing of NOPE'],
  ])('say of %s: %s', (symbol, unknown) => expect(answers.get(symbol)).toEqual({ symbol, unknown, gone: false }))
  it.each([[[]], [null], ['ok']])('are not in %j', (other) =>
    expect(() => parseSnapshots(other, asked, NOW)).toThrow('Alpaca answered in a form this program does not know'),
  )
})

it('reads bars, without those that lack a figure and without the volume of one exchange', () => {
  const body = byHand('alpaca-bars')
  expect(parseBars(body, 'stock:AAPL')).toEqual([
    { start: Date.parse('2026-11-24T14:30Z'), open: '331', high: '332', low: '330.5', close: '331.5', volume: null },
    { start: Date.parse('2026-11-24T15:00Z'), open: '331.5', high: '333', low: '331', close: '332.9', volume: null },
  ])
  expect(parseBars(body, 'stock:AAPL', 'sip').map(({ volume }) => volume)).toEqual(['1000', '900'])
  expect(parseBars(body, 'stock:MSFT')).toEqual([])
})

describe('the adapter', () => {
  let double: AlpacaDouble
  const many = Array.from({ length: 120 }, (_, index) => `stock:S${index}`)

  beforeEach(async () => {
    const all = Object.fromEntries(many.map((_, index) => [`S${index}`, index + 1]))
    double = await startAlpaca({ AAPL: 333.69, 'BRK.B': 500, ...all })
  })
  afterEach(() => double.stop())

  const adapter = (more = {}) =>
    alpaca({
      baseUrl: double.url,
      key: 'good',
      secret: 'secret',
      now: () => NOW,
      sleep: async () => {},
      timeout: 5_000,
      ...more,
    })

  it.each([
    [1, 1],
    [100, 1],
    [120, 2],
  ])('asks for %d symbols in %d requests', async (count, requests) => {
    const answers = await adapter().quotes([...many.slice(0, count), many[0]!])
    expect(answers.size).toBe(count)
    expect(answers.get('stock:S0')).toMatchObject({ price: '1' })
    expect(double.requests).toHaveLength(requests)
    expect(double.requests[0]!.searchParams.get('feed')).toBe('iex')
  })

  it('does not let one ticker that is refused spoil the others', async () => {
    double.poison.add('S5')
    const answers = await adapter().quotes([...many.slice(0, 8), 'stock:BRK.B'])
    expect(answers.get('stock:S5')).toEqual({ symbol: 'stock:S5', unknown: 'Alpaca has no S5', gone: false })
    expect([...answers.values()].filter((answer) => 'price' in answer)).toHaveLength(8)
  })

  it('says that a delayed feed is late', () => {
    expect(adapter({ feed: 'delayed_sip' }).delay).toBe(15 * MINUTE)
    expect(adapter().delay).toBeUndefined()
  })

  it('pages through candles of regular hours, counted from the opening', async () => {
    const pre = Date.parse('2026-11-23T13:00:00Z')
    const rows = Array.from({ length: 620 }, (_, index): Row => [pre + index * MINUTE, 1, 2, 0.5, index + 1, 1])
    double.rows.set('AAPL', rows)
    const minutes = await adapter().candles('stock:AAPL', '1m', pre, NOW)
    expect(minutes).toHaveLength(390)
    expect(double.requests).toHaveLength(2)
    const open = pre + 90 * MINUTE
    const hours = await adapter().candles('stock:AAPL', '1h', pre, NOW)
    expect(hours[0]).toMatchObject({ start: open, close: String(90 + 60) })
    expect(double.requests.at(-1)!.searchParams.get('timeframe')).toBe('30Min')
    await expect(adapter().candles('stock:OCDO.L', '1d', 0, NOW)).rejects.toThrow(
      'Alpaca has US stocks and funds alone, not OCDO.L',
    )
  })

  it('has no search', async () => expect(await adapter().search('apple')).toEqual([]))
})
