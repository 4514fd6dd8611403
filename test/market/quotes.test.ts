import { expect, it } from 'vitest'
import { freshFor } from '../../src/market/quotes.ts'

it.each([
  ['crypto:BTC/USD', 'regular', 120_000],
  ['fx:EUR/USD', 'regular', 300_000],
  ['stock:AAPL', 'regular', 300_000],
  ['stock:AAPL', 'pre', 900_000],
  ['stock:AAPL', 'post', 900_000],
  ['stock:AAPL', 'closed', Infinity],
  ['fx:EUR/USD', 'closed', Infinity],
] as const)('a quote of %s, market %s, is fresh for %d ms', (symbol, session, ms) =>
  expect(freshFor(symbol, session)).toBe(ms),
)
