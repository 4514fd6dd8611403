import { expect, it } from 'vitest'
import { createChain } from '../../src/market/chain.ts'
import { createDays } from '../../src/market/days.ts'
import { createDesk } from '../../src/market/desk.ts'
import { createSieve, type SievePorts } from '../../src/market/held-back.ts'
import type { AssetClass, Provider, Quote, Unknown } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'

const NOW = Date.parse('2026-11-20T12:00:00-05:00')
const quote = (symbol: string, price: string, receivedAt = NOW): Quote => ({
  symbol,
  price,
  currency: 'USD',
  source: 'test',
  receivedAt,
})

const aSieve = (now: () => number, opinion?: SievePorts['opinion']) =>
  createSieve({
    now,
    calendar: calendar({ alwaysOpen: false }),
    isMade: false,
    doubted: () => {},
    ...(opinion && { opinion }),
  }).sift

/** A desk over one provider that answers with `answers`, and counts what it is asked for. */
function aDesk(
  answers: readonly (Quote | Unknown)[],
  stored: readonly Quote[] = [],
  more: readonly Provider[] = [],
  opinion?: SievePorts['opinion'],
) {
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
  const providersFor = (kind: AssetClass) => [provider, ...more].filter(({ classes }) => classes.includes(kind))
  const now = () => NOW
  const days = createDays({ providersFor, calendar: calendar({ alwaysOpen: false }), now, failed: () => {} })
  const desk = createDesk({
    chain: createChain({ providersFor, now }),
    sift: aSieve(now, opinion),
    now,
    days,
    patience: 200,
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
    unknown: 'test said 0 for AAPL, which is not believed: it is no number above zero',
    gone: false,
  })
})

const fixing: Provider = {
  name: 'fixing',
  classes: ['fx'],
  batch: 200,
  pace: 0,
  delay: 86_400_000,
  quotes: async (symbols) => new Map(symbols.map((symbol) => [symbol, { ...quote(symbol, '1.08'), source: 'fixing' }])),
  candles: async () => [],
  search: async () => [],
}

it('a rate of the day is shown where nothing else is to be had, never kept, and no alert is set by it', async () => {
  const { desk, kept } = aDesk([], [], [fixing])
  expect((await desk.look(['fx:EUR/USD'])).get('fx:EUR/USD')).toMatchObject({ source: 'fixing', delay: 86_400_000 })
  await desk.take({ ...quote('fx:EUR/USD', '1.08'), delay: 86_400_000 })
  expect([...kept.keys()]).toEqual([])
  const seen = await desk.lookFor({ symbols: ['fx:EUR/USD'], daySymbols: [] })
  expect(seen.get('fx:EUR/USD')).toEqual({
    symbol: 'fx:EUR/USD',
    unknown: 'test said nothing of EUR/USD',
    gone: false,
  })
})

const silent = (kind: AssetClass): Provider => ({
  ...fixing,
  name: 'silent',
  classes: [kind],
  delay: 0,
  quotes: () => new Promise(() => {}),
})

it('a provider that keeps silent costs no other market its answer', async () => {
  const providers: Readonly<Partial<Record<AssetClass, Provider>>> = {
    stock: { ...fixing, name: 'quick', classes: ['stock'], delay: 0 },
    crypto: silent('crypto'),
  }
  const now = () => NOW
  const providersFor = (kind: AssetClass) => (providers[kind] ? [providers[kind]] : [])
  const desk = createDesk({
    chain: createChain({ providersFor, now }),
    sift: aSieve(now),
    now,
    days: createDays({ providersFor, calendar: calendar({ alwaysOpen: false }), now, failed: () => {} }),
    kept: async () => new Map(),
    keep: async () => {},
    patience: 100,
  })
  const quotes = await desk.look(['stock:AAPL', 'crypto:BTC/USD'])
  expect(quotes.get('stock:AAPL')).toMatchObject({ price: '1.08' })
  expect(quotes.get('crypto:BTC/USD')).toEqual({
    symbol: 'crypto:BTC/USD',
    unknown: 'silent has not answered yet',
    gone: false,
  })
})

it('where the first provider keeps silent, the next one is asked before a person has waited too long', async () => {
  const now = () => NOW
  const behind: Provider = { ...fixing, name: 'behind', classes: ['stock'], delay: 0 }
  const chain = createChain({ providersFor: (kind) => (kind === 'stock' ? [silent('stock'), behind] : []), now })
  const days = { soon: (one: Quote) => one, complete: async (one: Quote) => one }
  const other = createDesk({
    ...{ chain, sift: aSieve(now), now, days, patience: 100 },
    kept: async () => new Map(),
    keep: async () => {},
  })
  expect((await other.look(['stock:AAPL'])).get('stock:AAPL')).toMatchObject({ source: 'fixing', price: '1.08' })
})

it('a price that jumped is shown and kept when a second source says the same', async () => {
  const opinion = async () => ({ ...quote('stock:AAPL', '601'), source: 'other' })
  const { desk, kept } = aDesk([quote('stock:AAPL', '600')], [quote('stock:AAPL', '333', NOW - 60_000)], [], opinion)
  expect((await desk.look(['stock:AAPL'])).get('stock:AAPL')).toMatchObject({ price: '600' })
  expect(kept.get('stock:AAPL')).toMatchObject({ price: '600' })
})

it('a price that jumped and that nobody confirms is not shown, and it says so', async () => {
  const { desk, kept } = aDesk([quote('stock:AAPL', '600')], [quote('stock:AAPL', '333', NOW - 3_600_000)])
  expect((await desk.look(['stock:AAPL'])).get('stock:AAPL')).toEqual({
    symbol: 'stock:AAPL',
    unknown: 'test said 600 for AAPL, which is not believed: it rose by 80.2 % at once',
    gone: false,
  })
  expect(kept.get('stock:AAPL')).toMatchObject({ price: '333' })
})

it('a quote that is shown in place of one that is not believed is not written again: that would wipe out the doubt', async () => {
  const written: Quote[] = []
  const before = quote('stock:AAPL', '100', NOW - 20_000)
  const desk = createDesk({
    chain: createChain({
      providersFor: () => [
        {
          ...{ name: 'test', classes: ['stock'], batch: 20, pace: 0, candles: async () => [], search: async () => [] },
          quotes: async () => new Map([['stock:AAPL', quote('stock:AAPL', '900')]]),
        },
      ],
      now: () => NOW,
    }),
    sift: aSieve(() => NOW),
    days: { complete: async (one) => one, soon: (one) => one },
    now: () => NOW,
    patience: 200,
    kept: async () => new Map([['stock:AAPL', before]]),
    keep: async (quotes) => void written.push(...quotes),
  })
  expect((await desk.look(['stock:AAPL'])).get('stock:AAPL')).toEqual(before)
  expect(written).toEqual([])
})
