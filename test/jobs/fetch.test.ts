import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createFetch, type FetchPorts } from '../../src/jobs/fetch.ts'
import { createChain } from '../../src/market/chain.ts'
import { createSieve } from '../../src/market/held-back.ts'
import { type Provider, ProviderError, type Quote, type Unknown } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { aQuote } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
beforeEach(() => store.db.collection('quotes').deleteMany({}))
afterAll(() => store.close())

const SECOND = 1_000
const START = Date.UTC(2026, 2, 2, 15)

/** A process that fetches `symbols` from a provider of which `answer` is the next answer. */
function aFetcher(symbols: readonly string[], given: Partial<FetchPorts> = {}) {
  const asked: string[][] = []
  const written: string[] = []
  const state = { now: START, rounds: 0, answer: [] as (Quote | Unknown)[], failure: undefined as Error | undefined }
  const provider: Provider = {
    name: 'test',
    classes: ['stock'],
    batch: 100,
    pace: 0,
    async quotes(wanted) {
      asked.push([...wanted])
      if (state.failure) throw state.failure
      return new Map(state.answer.map((one) => [one.symbol, one]))
    },
    candles: async () => [],
    search: async () => [],
  }
  const now = () => state.now
  const run = createFetch({
    kind: 'stock',
    chain: createChain({ providersFor: (kind) => (kind === 'stock' ? [provider] : []), now }),
    sift: createSieve({ now, calendar: calendar({ alwaysOpen: false }), isMade: false, doubted: () => {} }).sift,
    calendar: calendar({ alwaysOpen: true }),
    symbols: async () => ({ symbols, daySymbols: [] }),
    days: { soon: (quote) => quote },
    kept: store.quotes.read,
    async write(quotes) {
      written.push(...quotes.map(({ symbol, price }) => `${symbol} ${price}`))
      await store.quotes.write(quotes)
    },
    written: async () => {},
    done: async () => void state.rounds++,
    now,
    log: pino({ level: 'silent' }),
    ...given,
  })
  const round = async (now: number, ...answer: (Quote | Unknown)[]) => {
    Object.assign(state, { now, answer })
    await run()
    return written.splice(0)
  }
  return { state, asked, round, run }
}

const at = (now: number, price: string, given: Partial<Quote> = {}) => aQuote({ receivedAt: now, price, ...given })

describe('a round', () => {
  test('asks once for every distinct symbol of the classes it serves', async () => {
    const fetcher = aFetcher(['stock:A', 'crypto:BTC/USD', 'stock:B'])
    await fetcher.round(START)
    expect(fetcher.asked).toEqual([['stock:A', 'stock:B']])
    expect(fetcher.state.rounds).toBe(1)
  })

  test('with nothing to ask for asks nothing, and is a round all the same', async () => {
    const fetcher = aFetcher(['crypto:BTC/USD'])
    await fetcher.round(START)
    expect(fetcher.asked).toEqual([])
    expect(fetcher.state.rounds).toBe(1)
  })

  test('writes what is news, and what is not only to keep it fresh', async () => {
    const fetcher = aFetcher(['stock:AAPL'])
    const prices: [number, string, number][] = [
      [0, '500', 1],
      [10, '500', 0],
      [20, '501', 1],
      [30, '501', 0],
      [49, '501', 0],
      [50, '501', 1],
      [60, '501', 0],
    ]
    for (const [seconds, price, writes] of prices) {
      const now = START + seconds * SECOND
      expect(await fetcher.round(now, at(now, price)), `after ${seconds} s`).toHaveLength(writes)
    }
  })

  test.each<[string, Quote | Unknown]>([
    ['nothing known', { symbol: 'stock:AAPL', unknown: 'test does not say', gone: false }],
    ['zero', at(START + SECOND, '0')],
    ['less than zero', at(START + SECOND, '-1')],
    ['no number', at(START + SECOND, 'NaN')],
    ['a time in the future', at(START + SECOND, '501', { asOf: START + 600 * SECOND })],
    ['an older quote', at(START + SECOND, '501', { asOf: START - SECOND })],
    ['another currency', at(START + SECOND, '501', { currency: 'EUR' })],
  ])('does not write %s', async (_what, answer) => {
    const fetcher = aFetcher(['stock:AAPL'])
    await fetcher.round(START, at(START, '500', { asOf: START }))
    expect(await fetcher.round(START + SECOND, answer)).toEqual([])
    expect((await store.quotes.read(['stock:AAPL'])).get('stock:AAPL')).toMatchObject({ price: '500' })
  })

  test('of which the provider fails writes nothing, is a round, and the next one goes on', async () => {
    const fetcher = aFetcher(['stock:AAPL'])
    fetcher.state.failure = new ProviderError('test', 'did not answer')
    expect(await fetcher.round(START, at(START, '500'))).toEqual([])
    expect(fetcher.state.rounds).toBe(1)
    fetcher.state.failure = undefined
    expect(await fetcher.round(START + SECOND, at(START + SECOND, '500'))).toEqual(['stock:AAPL 500'])
  })

  test('puts the figures of the day into the quotes of which they are looked at', async () => {
    const fetcher = aFetcher([], {
      symbols: async () => ({ symbols: ['stock:A', 'stock:B'], daySymbols: ['stock:B'] }),
      days: { soon: (quote) => ({ ...quote, previousClose: '480' }) },
    })
    await fetcher.round(START, at(START, '500', { symbol: 'stock:A' }), at(START, '500', { symbol: 'stock:B' }))
    const kept = await store.quotes.read(['stock:A', 'stock:B'])
    expect([...kept.values()].map(({ previousClose }) => previousClose)).toEqual(
      expect.arrayContaining([undefined, '480']),
    )
  })
})

describe('a slow provider', () => {
  test('keeps no quotes of others waiting: they are written as they come', async () => {
    const fast = at(START, '500', { symbol: 'stock:A' })
    const slow = at(START, '300', { symbol: 'stock:B' })
    let answer = () => {}
    const written: string[] = []
    const fetcher = aFetcher(['stock:A', 'stock:B'], {
      chain: {
        watch: () => {},
        async quotes(_symbols, { arrived }) {
          arrived?.([fast])
          await new Promise<void>((done) => {
            answer = done
          })
          arrived?.([slow])
          return { quotes: new Map([fast, slow].map((quote) => [quote.symbol, quote])), failures: [] }
        },
      },
      write: async (quotes) => void written.push(...quotes.map(({ symbol }) => symbol)),
    })
    const work = fetcher.run()
    while (written.length === 0) await new Promise((done) => setTimeout(done, 5))
    expect([written, fetcher.state.rounds]).toEqual([['stock:A'], 0])
    answer()
    await work
    expect([written, fetcher.state.rounds]).toEqual([['stock:A', 'stock:B'], 1])
  })
})

describe('a closed market', () => {
  test('is asked every 15 min, by whoever asked last, and at once when it opens', async () => {
    let session: 'closed' | 'pre' = 'closed'
    const fetcher = aFetcher(['stock:AAPL'], { calendar: { sessionAt: () => ({ session, from: 0, until: 0 }) } })
    const asked = async (minutes: number) => {
      const now = START + minutes * 60 * SECOND
      fetcher.asked.length = 0
      await fetcher.round(now, { symbol: 'stock:AAPL', unknown: 'test does not say', gone: false })
      return fetcher.asked.length
    }
    expect([await asked(0), await asked(1), await asked(14), await asked(15), await asked(16)]).toEqual([1, 0, 0, 1, 0])
    await store.quotes.write([at(START + 29 * 60 * SECOND, '500')])
    expect([await asked(30), await asked(43), await asked(44)]).toEqual([0, 0, 1])
    session = 'pre'
    expect([await asked(45), await asked(46)]).toEqual([1, 1])
  })
})

describe('what others wrote', () => {
  test('is what news is measured by: a price that came back is written, though this process saw no other', async () => {
    const [one, two] = [aFetcher(['stock:AAPL']), aFetcher(['stock:AAPL'])]
    expect(await one.round(START, at(START, '499'))).toHaveLength(1)
    expect(await two.round(START + 10 * SECOND, at(START + 10 * SECOND, '501'))).toHaveLength(1)
    expect(await one.round(START + 20 * SECOND, at(START + 20 * SECOND, '499'))).toEqual(['stock:AAPL 499'])
    expect((await store.quotes.read(['stock:AAPL'])).get('stock:AAPL')).toMatchObject({ price: '499' })
  })

  test('is not written again by a process that sees the same', async () => {
    const [one, two] = [aFetcher(['stock:AAPL']), aFetcher(['stock:AAPL'])]
    await one.round(START, at(START, '499'))
    expect(await two.round(START + 10 * SECOND, at(START + 10 * SECOND, '499'))).toEqual([])
  })
})
