import { expect, test } from 'vitest'
import { createChain } from '../../src/market/chain.ts'
import { isOutdated } from '../../src/market/outdated.ts'
import type { Provider, Quote } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'
import { aQuote } from '../builders.ts'

const hours = calendar({ alwaysOpen: false })

test.each<[string, string, string, string, boolean, number?]>([
  [
    'yesterday’s close in the first hour of trading',
    'stock:AAPL',
    '2026-11-23T16:00-05:00',
    '2026-11-24T10:29-05:00',
    false,
  ],
  ['yesterday’s close later than that', 'stock:AAPL', '2026-11-23T16:00-05:00', '2026-11-24T10:31-05:00', true],
  [
    'the same where the provider is a quarter late',
    'stock:AAPL',
    '2026-11-23T16:00-05:00',
    '2026-11-24T10:31-05:00',
    false,
    900_000,
  ],
  [
    'Friday’s close on Monday before the opening',
    'stock:AAPL',
    '2026-11-20T16:00-05:00',
    '2026-11-23T09:00-05:00',
    false,
  ],
  ['Wednesday’s close on Thanksgiving', 'stock:AAPL', '2026-11-25T16:00-05:00', '2026-11-26T14:00-05:00', false],
  [
    'a trade of this morning in the afternoon: perhaps nobody traded',
    'stock:AAPL',
    '2026-11-24T09:40-05:00',
    '2026-11-24T15:50-05:00',
    false,
  ],
  ['yesterday’s price of a fund', 'stock:VFIAX', '2026-11-23T16:00-05:00', '2026-11-24T15:00-05:00', false],
  ['yesterday’s close where holidays are not known', 'stock:7203.T', '2026-11-23T06:00Z', '2026-11-24T05:00Z', false],
  ['a rate of an hour and a half ago', 'fx:EUR/USD', '2026-11-24T10:00Z', '2026-11-24T11:30Z', true],
  ['Friday’s rate on Sunday evening', 'fx:EUR/USD', '2026-11-20T21:59Z', '2026-11-22T22:30Z', false],
  ['a rate of Christmas Eve at Christmas', 'fx:EUR/USD', '2026-12-24T22:00Z', '2026-12-25T15:00Z', false],
  ['a coin’s price of two hours ago', 'crypto:BTC/USD', '2026-11-22T10:00Z', '2026-11-22T12:00Z', true],
  ['a rate of the day', 'fx:EUR/USD', '2026-11-24T00:00Z', '2026-11-24T20:00Z', false, 86_400_000],
])('%s', (_what, symbol, asOf, now, outdated, delay?: number) => {
  const quote = aQuote({ symbol, asOf: Date.parse(asOf), ...(delay === undefined ? {} : { delay }) })
  expect(isOutdated(quote, hours, Date.parse(now))).toBe(outdated)
})

test('a price without a time is of the time at which it came', () => {
  expect(isOutdated(aQuote({ symbol: 'crypto:BTC/USD' }), hours, Number.MAX_SAFE_INTEGER)).toBe(false)
})

test('a provider that is stuck is passed over, and the next one asked', async () => {
  const now = Date.parse('2026-11-24T14:00-05:00')
  const provider = (name: string, asOf: number) =>
    ({
      ...{ name, classes: ['stock'], batch: 20, pace: 0 },
      quotes: async (symbols: string[]) =>
        new Map(
          symbols.map((symbol) => [symbol, aQuote({ symbol, price: '300', source: name, asOf, receivedAt: now })]),
        ),
    }) as unknown as Provider
  const [stuck, well] = [provider('Stuck', now - 22 * 3_600_000), provider('Well', now)]
  const arrived: string[] = []
  const ask = async (...providers: Provider[]) => {
    const isOld = (quote: Quote) => isOutdated(quote, hours, now)
    const chain = createChain({ providersFor: () => providers, now: () => now, isOutdated: isOld })
    const take = (quotes: readonly Quote[]) => void arrived.push(...quotes.map(({ source }) => source))
    return (await chain.quotes(['stock:AAPL'], { for: 'round', arrived: take })).quotes.get('stock:AAPL')
  }
  expect(await ask(stuck, well)).toMatchObject({ source: 'Well' })
  expect(arrived).toEqual(['Well'])
  expect(await ask(stuck)).toMatchObject({
    unknown: 'Stuck has nothing newer of AAPL than 300 USD of 22 h ago',
    last: { price: '300', source: 'Stuck' },
  })
})
