import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Quote } from '../../src/market/provider.ts'
import { simulated } from '../../src/market/simulated.ts'

const NOW = Date.parse('2026-11-23T15:00:00Z')

async function look(symbol: string, at = NOW, { seed = 1, speed = 1 } = {}): Promise<Quote> {
  const answers = await simulated({ seed, speed, now: () => at }).quotes([symbol])
  return answers.get(symbol) as Quote
}

const prices = (symbol: string, count: number, step: number, options = {}) =>
  Promise.all(
    Array.from({ length: count }, async (_, index) => Number((await look(symbol, NOW + index * step, options)).price)),
  )

describe('the simulated market', () => {
  it.each([
    ['stock:AAPL', 333, /^\d+\.\d\d$/],
    ['crypto:BTC/USD', 97_000, /^\d+\.\d\d$/],
    ['fx:EUR/USD', 1.08, /^\d\.\d{5}$/],
    ['fx:USD/JPY', 151.5, /^\d+\.\d{3}$/],
    ['crypto:DOGE/USD', 0.35, /^0\.\d+$/],
  ])('%s stays around %d', async (symbol, start, shape) => {
    for (const price of await prices(symbol, 50, 86_400_000)) expect(Math.abs(price / start - 1)).toBeLessThan(0.45)
    expect((await look(symbol)).price).toMatch(shape)
  })

  it('says that it is simulated, and in which currency', async () => {
    expect(await look('stock:AAPL')).toMatchObject({ source: 'simulated', currency: 'USD', receivedAt: NOW, asOf: NOW })
    expect(await look('fx:USD/JPY')).toMatchObject({ currency: 'JPY' })
  })

  it('gives the same price for the same seed, symbol and second, and another for other ones', async () => {
    const { price } = await look('stock:AAPL')
    expect((await look('stock:AAPL')).price).toBe(price)
    expect((await look('stock:AAPL', NOW + 999)).price).toBe(price)
    expect((await look('stock:AAPL', NOW, { seed: 2 })).price).not.toBe(price)
    expect((await look('stock:MSFT')).price).not.toBe(price)
  })

  it.each([['stock:AAPL'], ['stock:XYZW'], ['crypto:BTC/USD'], ['crypto:SHIB/USD'], ['fx:EUR/USD'], ['fx:USD/JPY']])(
    '%s shows another price nearly every second',
    async (symbol) => {
      const seen = await prices(symbol, 100, 1_000)
      const changes = seen.filter((price, index) => index > 0 && price !== seen[index - 1])
      expect(changes.length).toBeGreaterThan(80)
    },
  )

  it('moves further in a minute the faster it runs', async () => {
    const spread = (all: number[]) => Math.max(...all) - Math.min(...all)
    const slow = spread(await prices('stock:AAPL', 60, 1_000, { speed: 1 }))
    const fast = spread(await prices('stock:AAPL', 60, 1_000, { speed: 600 }))
    expect(fast).toBeGreaterThan(slow * 3)
  })

  it('has figures of the day that fit its price', async () => {
    const at = fc.integer({ min: NOW, max: NOW + 400 * 86_400_000 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('stock:AAPL', 'crypto:BTC/USD', 'fx:EUR/USD'), at, async (symbol, time) => {
        const { price, high, low, open, volume } = await look(symbol, time)
        expect(Number(low)).toBeLessThanOrEqual(Math.min(Number(price), Number(open)))
        expect(Number(high)).toBeGreaterThanOrEqual(Math.max(Number(price), Number(open)))
        expect(Number(volume)).toBeGreaterThan(0)
      }),
    )
  })

  it.each([['1m'], ['1h'], ['1d']] as const)('has %s candles that open and close on the walk', async (interval) => {
    const provider = simulated({ seed: 1, speed: 1, now: () => NOW })
    const from = NOW - 5 * 86_400_000
    const candles = await provider.candles('stock:AAPL', interval, from, NOW)
    const first = candles[1]!
    const second = candles[2]!
    expect(first.open).toBe((await look('stock:AAPL', first.start)).price)
    expect(first.close).toBe((await look('stock:AAPL', second.start - 1)).price)
    expect(candles.every(({ start }) => start >= from && start < NOW)).toBe(true)
  })

  it('knows no candles of the future', async () => {
    const provider = simulated({ seed: 1, speed: 1, now: () => NOW })
    const candles = await provider.candles('crypto:BTC/USD', '1h', NOW - 3_600_000, NOW + 86_400_000)
    expect(candles.at(-1)!.close).toBe((await look('crypto:BTC/USD')).price)
    expect(candles.map(({ start }) => start)).toEqual([NOW - 3_600_000, NOW])
  })
})
