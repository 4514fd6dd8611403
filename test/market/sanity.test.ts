import { describe, expect, test } from 'vitest'
import type { Quote } from '../../src/market/provider.ts'
import { type Circumstances, isAgreed, isLikeSplit, judge } from '../../src/market/sanity.ts'

const NOW = Date.parse('2026-11-23T15:00:00Z')
const SECOND = 1_000
const DAY = 86_400_000

/** AAPL at 100 USD, received ten seconds ago, but for what is given. */
const last = (given: Partial<Quote> = {}): Quote => quote({ price: '100', receivedAt: NOW - 10 * SECOND, ...given })
const quote = (given: Partial<Quote> = {}): Quote => ({
  symbol: 'stock:AAPL',
  price: '101',
  currency: 'USD',
  source: 'Yahoo',
  receivedAt: NOW,
  ...given,
})

const btc = { symbol: 'crypto:BTC/USD' }
const euro = { symbol: 'fx:EUR/USD' }
const overnight: Partial<Circumstances> = { isOvernight: true }
const made: Partial<Circumstances> = { isMade: true }

type Row = [
  what: string,
  previous: Quote | undefined,
  quote: Quote,
  circumstances: Partial<Circumstances>,
  judgement: string,
]

describe('a quote is', () => {
  test.each<Row>([
    ['believed when it is the first', undefined, quote(), {}, 'accept'],
    ['believed when little has changed', last(), quote(), {}, 'accept'],
    ['refused at zero', undefined, quote({ price: '0.00' }), {}, 'refuse price: it is no number above zero'],
    ['refused below zero', last(), quote({ price: '-1' }), {}, 'refuse price: it is no number above zero'],
    ['refused when it is no number', last(), quote({ price: 'NaN' }), {}, 'refuse price: it is no number above zero'],
    ['refused without an end', last(), quote({ price: 'Infinity' }), {}, 'refuse price: it is no number above zero'],
    ['refused as words', last(), quote({ price: 'N/A' }), {}, 'refuse price: it is no number above zero'],
    [
      'refused at zero, also in a made market',
      last(),
      quote({ price: '0' }),
      made,
      'refuse price: it is no number above zero',
    ],
    ['believed 60 s ahead', last(), quote({ asOf: NOW + 60_000 }), {}, 'accept'],
    ['refused further ahead', last(), quote({ asOf: NOW + 60_001 }), {}, 'refuse future: its time is in the future'],
    [
      'refused received in the future',
      undefined,
      quote({ receivedAt: NOW + 60_001 }),
      {},
      'refuse future: its time is in the future',
    ],
    ['believed when it is the same again', last({ asOf: NOW - 5_000 }), quote({ asOf: NOW - 5_000 }), {}, 'accept'],
    [
      'refused when it is older by its own time',
      last({ asOf: NOW - 5_000 }),
      quote({ asOf: NOW - 5_001 }),
      {},
      'refuse older: it is older than the one before',
    ],
    [
      'refused when it came earlier',
      last(),
      quote({ receivedAt: NOW - 11_000 }),
      {},
      'refuse older: it is older than the one before',
    ],
    ['believed when only one tells its time', last(), quote({ asOf: NOW - 30_000 }), {}, 'accept'],
    [
      'refused in another currency',
      last(),
      quote({ currency: 'EUR' }),
      {},
      'refuse currency: it is in EUR, the one before was in USD',
    ],
    [
      'refused in another unit of the same currency',
      last({ currency: 'GBP', minor: { name: 'GBX', per: 100 } }),
      quote({ currency: 'GBP' }),
      {},
      'refuse currency: it is in GBP, the one before was in GBP (GBX)',
    ],
    ['believed up to 25 % away', last(), quote({ price: '125' }), {}, 'accept'],
    ['held back above that', last(), quote({ price: '125.01' }), {}, 'hold jump: it rose by 25 % at once'],
    ['held back far above', last(), quote({ price: '180' }), {}, 'hold jump: it rose by 80 % at once'],
    ['believed 25 % lower', last(), quote({ price: '75' }), {}, 'accept'],
    ['held back below that', last(), quote({ price: '74.9' }), {}, 'hold jump: it fell by 25.1 % at once'],
    [
      'held back, whatever it is of',
      last({ ...btc }),
      quote({ ...btc, price: '10' }),
      {},
      'hold jump: it fell by 90 % at once',
    ],
    ['believed after a jump in a made market', last(), quote({ price: '900' }), made, 'accept'],
    [
      'believed after a jump since a week ago',
      last({ receivedAt: NOW - 7 * DAY - 1 }),
      quote({ price: '900' }),
      {},
      'accept',
    ],
    [
      'held back after a jump since a few days ago',
      last({ receivedAt: NOW - 3 * DAY }),
      quote({ price: '141.6' }),
      overnight,
      'hold jump: it rose by 41.6 % at once',
    ],
    [
      'held back at half the price over night',
      last(),
      quote({ price: '50.9' }),
      overnight,
      'hold split: it fell by 49.1 % at once, which looks like a split',
    ],
    [
      'held back at a fifth less over night',
      last(),
      quote({ price: '80' }),
      overnight,
      'hold split: it fell by 20 % at once, which looks like a split',
    ],
    [
      'held back at ten times the price over night',
      last(),
      quote({ price: '1020' }),
      overnight,
      'hold split: it rose by 920 % at once, which looks like a split',
    ],
    ['only a jump at half the price by day', last(), quote({ price: '50' }), {}, 'hold jump: it fell by 50 % at once'],
    [
      'only a jump over night where no split is near',
      last(),
      quote({ price: '56' }),
      overnight,
      'hold jump: it fell by 44 % at once',
    ],
    [
      'only a jump of an index',
      last({ symbol: 'stock:^GSPC' }),
      quote({ symbol: 'stock:^GSPC', price: '50' }),
      overnight,
      'hold jump: it fell by 50 % at once',
    ],
    [
      'only a jump of a future',
      last({ symbol: 'stock:ES=F' }),
      quote({ symbol: 'stock:ES=F', price: '50' }),
      overnight,
      'hold jump: it fell by 50 % at once',
    ],
    ['believed from another source up to 2 % away', last(), quote({ source: 'Nasdaq', price: '102' }), {}, 'accept'],
    [
      'held back from another source above that',
      last(),
      quote({ source: 'Nasdaq', price: '102.1' }),
      {},
      'hold disagreement: Yahoo said 100 at the same time',
    ],
    [
      'held back from another source, with FX above 1 %',
      last(euro),
      quote({ ...euro, source: 'Frankfurter', price: '101.1' }),
      {},
      'hold disagreement: Yahoo said 100 at the same time',
    ],
    [
      'believed from another source a while later',
      last({ receivedAt: NOW - 60_001 }),
      quote({ source: 'Nasdaq', price: '104' }),
      {},
      'accept',
    ],
    ['believed from the same source at the same difference', last(), quote({ price: '104' }), {}, 'accept'],
  ])('%s', (_what, previous, one, circumstances, judgement) => {
    const found = judge(previous, one, { now: NOW, isOvernight: false, isMade: false, ...circumstances })
    expect(found.verdict === 'accept' ? 'accept' : `${found.verdict} ${found.rule}: ${found.why}`).toBe(judgement)
  })
})

test.each([
  ['stock:AAPL', '102', true],
  ['stock:AAPL', '102.01', false],
  ['crypto:BTC/USD', '98', true],
  ['fx:EUR/USD', '101', true],
  ['fx:EUR/USD', '101.01', false],
])('two sources of %s at 100 and %s agree: %s', (symbol, price, agreed) => {
  expect(isAgreed(last({ symbol }), quote({ symbol, price }))).toBe(agreed)
})

test('two sources in different currencies do not agree', () => {
  expect(isAgreed(last(), quote({ currency: 'EUR' }))).toBe(false)
})

test.each([
  ['100', '25', true],
  ['100', '26', true],
  ['100', '66.7', true],
  ['100', '1000', true],
  ['100', '56', false],
  ['100', '95', false],
  ['100', '115', false],
])('from %s to %s is like a split: %s', (from, to, like) => {
  expect(isLikeSplit({ price: from }, { price: to })).toBe(like)
})
