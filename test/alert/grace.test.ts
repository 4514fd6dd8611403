import { expect, test } from 'vitest'
import { graceOf } from '../../src/alert/grace.ts'

test.each([
  [['stock:AAPL'], 300],
  [['fx:EUR/USD'], 300],
  [['crypto:BTC/USD'], 150],
  [['crypto:BTC/USD', 'crypto:ETH/USD'], 150],
  [['crypto:BTC/USD', 'stock:AAPL'], 300],
])('an alert on %j may be blind for %d s', (symbols, seconds) => {
  expect(graceOf({ symbols }, 300)).toBe(seconds)
})
