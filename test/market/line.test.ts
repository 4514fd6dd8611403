import { describe, expect, test } from 'vitest'
import { createHeard } from '../../src/market/heard.ts'
import { lineInHand } from '../../src/market/line.ts'
import type { Candle, Interval, Quote } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'

const MINUTE = 60_000
const { sessionAt } = calendar({ alwaysOpen: false })
const OPENING = Date.parse('2026-11-23T14:30Z')
const NOON = OPENING + 150 * MINUTE
const AAPL = 'stock:AAPL'

const quote = (given: Partial<Quote> = {}): Quote => ({
  symbol: AAPL,
  price: '500',
  currency: 'USD',
  source: 'yahoo',
  receivedAt: NOON,
  ...given,
})

/** Candles of 5 minutes from the opening on: 100, 101, 102… */
function candles(count: number): Candle[] {
  return Array.from({ length: count }, (_, index) => {
    const close = String(100 + index)
    return { start: OPENING + index * 5 * MINUTE, open: '99', high: close, low: '99', close, volume: null }
  })
}

type Hand = Partial<Record<Interval, { readonly candles: readonly Candle[]; readonly at: number }>>

function ports(hand: Hand, given: { quote?: Quote | undefined; heard?: ReturnType<typeof createHeard> } = {}) {
  const known = 'quote' in given ? given.quote : quote()
  return {
    history: {
      inHand: async ({ symbol, interval }: { symbol: string; interval: Interval }) => {
        const found = hand[interval]
        const rest = { liveFrom: 0, closedAt: 0, closesNext: 0, knownAt: 0, source: 'nasdaq' }
        return found && { symbol, interval, ...rest, ...found }
      },
    },
    ...(given.heard ? { heard: given.heard } : {}),
    kept: async () => new Map(known ? [[AAPL, known]] : []),
    sessionAt,
  }
}

describe('a line that is at hand', () => {
  test('is made of the candles of the session: where the first opened, and where each closed', async () => {
    const line = await lineInHand(AAPL, NOON, ports({ '5m': { candles: candles(30), at: NOON } }))
    expect(line).toMatchObject({ source: 'nasdaq', currency: 'USD' })
    expect(line!.points).toHaveLength(31)
    expect(line!.points[0]).toEqual({ at: OPENING, price: 99 })
    expect(line!.points[1]).toEqual({ at: OPENING + 5 * MINUTE, price: 100 })
    expect(line!.points.at(-1)).toEqual({ at: NOON, price: 129 })
  })

  test('has nothing of the day before', async () => {
    const old = candles(30).map((candle) => ({ ...candle, start: candle.start - 3 * 24 * 60 * MINUTE }))
    const line = await lineInHand(AAPL, NOON, ports({ '5m': { candles: [...old, ...candles(30)], at: NOON } }))
    expect(line!.points[0]!.at).toBe(OPENING)
  })

  test('is in the unit that the symbol is quoted in', async () => {
    const minor = quote({ currency: 'GBP', minor: { name: 'GBp', per: 100 } })
    const line = await lineInHand(AAPL, NOON, ports({ '5m': { candles: candles(30), at: NOON } }, { quote: minor }))
    expect(line).toMatchObject({ currency: 'GBp' })
    expect(line!.points.at(-1)!.price).toBe(12_900)
  })

  test.each<[string, Hand]>([
    ['there are no candles', {}],
    ['they are too few', { '5m': { candles: candles(2), at: OPENING + 10 * MINUTE } }],
    ['they end long before', { '5m': { candles: candles(18), at: OPENING + 90 * MINUTE } }],
  ])('is none where %s', async (_what, hand) => {
    expect(await lineInHand(AAPL, NOON, ports(hand))).toBeUndefined()
  })

  test('is none where nobody knows the unit', async () => {
    const hand = { '5m': { candles: candles(30), at: NOON } }
    expect(await lineInHand(AAPL, NOON, ports(hand, { quote: undefined }))).toBeUndefined()
  })

  test('is made of longer candles where the shorter ones are too old', async () => {
    const hours = [0, 1, 2, 3].map((index) => ({ ...candles(1)[0]!, start: OPENING + index * 60 * MINUTE }))
    const hand = { '5m': { candles: candles(6), at: OPENING + 30 * MINUTE }, '1h': { candles: hours, at: NOON } }
    expect((await lineInHand(AAPL, NOON, ports(hand)))!.points).toHaveLength(4)
  })

  test('is made of the prices that were heard where there are no candles', async () => {
    const heard = createHeard()
    const tell = (minute: number, price: string) =>
      heard.hear([quote({ price, receivedAt: OPENING + minute * MINUTE })])
    for (const minute of [-60, 0, 1, 30, 60, 90, 120, 140]) tell(minute, String(400 + minute))
    const line = await lineInHand(AAPL, NOON, ports({}, { heard }))
    expect(line).toMatchObject({ source: 'yahoo', currency: 'USD' })
    // The one before the opening is of no session, and the one a minute after another too close to it.
    expect(line!.points.map(({ price }) => price)).toEqual([400, 430, 460, 490, 520, 540])
  })
})

test('of a symbol no more is kept than a day of trading', () => {
  const heard = createHeard()
  for (let minute = 0; minute < 5_000; minute += 1)
    heard.hear([quote({ price: String(minute), receivedAt: minute * MINUTE })])
  const points = heard.since(AAPL, 0)
  expect(points.length).toBeGreaterThan(100)
  expect(points.length).toBeLessThan(250)
  expect(points.at(-1)).toEqual({ at: 4_998 * MINUTE, price: 4_998 })
})
