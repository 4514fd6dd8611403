import { expect, it } from 'vitest'
import { createDays } from '../../src/market/days.ts'
import { createDesk } from '../../src/market/desk.ts'
import type { Provider, Quote, Unknown } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'

const NOW = Date.parse('2026-11-20T12:00:00-05:00')
const quote = (symbol: string, price: string, receivedAt = NOW): Quote => ({
  symbol,
  price,
  currency: 'USD',
  source: 'test',
  receivedAt,
})

/** A desk over one provider that answers with `answers`, and counts what it is asked for. */
function aDesk(answers: readonly (Quote | Unknown)[], stored: readonly Quote[] = []) {
  const kept = new Map(stored.map((one) => [one.symbol, one]))
  const asked: string[] = []
  const provider: Provider = {
    name: 'test',
    classes: ['stock', 'crypto', 'fx'],
    batch: 20,
    pace: 0,
    candles: async () => [],
    search: async () => [],
    async quotes(symbols) {
      asked.push(...symbols)
      return new Map(answers.filter(({ symbol }) => symbols.includes(symbol)).map((one) => [one.symbol, one]))
    },
  }
  const providersFor = () => [provider]
  const now = () => NOW
  const days = createDays({ providersFor, calendar: calendar({ alwaysOpen: false }), now, failed: () => {} })
  const desk = createDesk({
    providersFor,
    now,
    days,
    kept: async (symbols) => new Map([...kept].filter(([symbol]) => symbols.includes(symbol))),
    keep: async (quotes) => quotes.forEach((one) => void kept.set(one.symbol, one)),
  })
  return { desk, asked, kept }
}

it('what is asked for is kept, and for ten seconds not asked for again', async () => {
  const { desk, asked, kept } = aDesk([quote('stock:AAPL', '333.69')])
  expect((await desk.look(['stock:AAPL'])).get('stock:AAPL')).toMatchObject({ price: '333.69' })
  await desk.look(['stock:AAPL'])
  expect([asked, kept.get('stock:AAPL')?.price]).toEqual([['stock:AAPL'], '333.69'])
})

it('what is older is asked for anew', async () => {
  const { desk, asked } = aDesk([quote('stock:AAPL', '334')], [quote('stock:AAPL', '333', NOW - 10_000)])
  expect((await desk.look(['stock:AAPL'])).get('stock:AAPL')).toMatchObject({ price: '334' })
  expect(asked).toEqual(['stock:AAPL'])
})

it('a quote had on the way is taken, and not asked for again', async () => {
  const { desk, asked } = aDesk([])
  await desk.take(quote('stock:AAPL', '333.69'))
  expect((await desk.look(['stock:AAPL'])).get('stock:AAPL')).toMatchObject({ price: '333.69' })
  expect(asked).toEqual([])
})

it('a quote that may not be believed is neither taken nor shown: the one before it is, while it is fresh', async () => {
  const before = quote('stock:AAPL', '333', NOW - 60_000)
  const { desk, kept } = aDesk([quote('stock:AAPL', '0')], [before])
  await desk.take(quote('stock:AAPL', '-1'))
  expect((await desk.look(['stock:AAPL'])).get('stock:AAPL')).toEqual(before)
  expect(kept.get('stock:AAPL')).toEqual(before)
})

it('without a fresh one before it, it says what was wrong with it', async () => {
  const { desk } = aDesk([quote('stock:AAPL', '0')], [quote('stock:AAPL', '333', NOW - 3_600_000)])
  expect((await desk.look(['stock:AAPL'])).get('stock:AAPL')).toEqual({
    symbol: 'stock:AAPL',
    unknown: 'test gave "0" as the price for AAPL',
    gone: false,
  })
})
