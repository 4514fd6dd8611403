import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Counters } from '../../src/market/budget.ts'
import { type ChainPorts, createChain, type Wish } from '../../src/market/chain.ts'
import { coinbase } from '../../src/market/coinbase.ts'
import { type AssetClass, type Provider, ProviderError, type Quote, type Unknown } from '../../src/market/provider.ts'
import { yahoo } from '../../src/market/yahoo.ts'
import { type CoinbaseDouble, startCoinbase } from '../doubles/coinbase.ts'
import { startYahoo, type YahooDouble } from '../doubles/yahoo.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const START = Date.parse('2026-11-23T15:00:00Z')
const ROUND: Wish = { for: 'round' }
const PERSON: Wish = { for: 'person' }

/** What a fake says of a symbol: a price, that there is no such thing, or that it does not know now. */
type Says = string | 'gone' | 'unsure'

/** A provider that says what it is told to, and what it was asked. */
function aFake(name: string, says: Readonly<Record<string, Says>> = {}, more: Partial<Provider> = {}) {
  const state = { says: { ...says }, failure: undefined as Error | undefined, asked: [] as string[][], isSilent: false }
  let wake = () => {}
  const answerOf = (symbol: string): Quote | Unknown => {
    const said = state.says[symbol] ?? 'gone'
    if (said === 'gone' || said === 'unsure')
      return { symbol, unknown: `${name} has no ${symbol}`, gone: said === 'gone' }
    return { symbol, price: said, currency: 'USD', source: name, receivedAt: START }
  }
  const provider: Provider = {
    name,
    classes: ['stock'],
    batch: 2,
    pace: 0,
    async quotes(symbols) {
      state.asked.push([...symbols])
      if (state.isSilent)
        await new Promise<void>((done) => {
          wake = done
        })
      if (state.failure) throw state.failure
      return new Map(symbols.map((symbol) => [symbol, answerOf(symbol)]))
    },
    candles: async () => [],
    search: async () => [],
    ...more,
  }
  return Object.assign(state, { provider, wake: () => wake() })
}

type Fake = ReturnType<typeof aFake>

/** A chain over fakes in this order, and a clock that the test moves. */
function aChain(fakes: readonly Fake[], more: Partial<ChainPorts> = {}) {
  const clock = { now: START }
  const failures: string[] = []
  const providersFor = (kind: AssetClass) =>
    fakes.map(({ provider }) => provider).filter(({ classes }) => classes.includes(kind))
  const chain = createChain({
    providersFor,
    now: () => clock.now,
    failed: (name, error) => failures.push(`${name}: ${error.message}`),
    ...more,
  })
  const round = async (symbols: readonly string[], wish: Wish = ROUND) => {
    const { quotes } = await chain.quotes(symbols, wish)
    return [...new Set(symbols)].map((symbol) => {
      const one = quotes.get(symbol)!
      return 'unknown' in one ? one.unknown : `${one.price} ${one.source}`
    })
  }
  return { chain, clock, round, failures }
}

const [A, B, C] = ['stock:A', 'stock:B', 'stock:C'] as const
const ALL = { [A]: '1', [B]: '2', [C]: '3' }

describe('order and fallback', () => {
  it('asks the next provider for just what the first one lacks', async () => {
    const [one, two] = [aFake('One', { [A]: '1', [C]: '3' }), aFake('Two', ALL)]
    expect(await aChain([one, two]).round([A, B, C])).toEqual(['1 One', '2 Two', '3 One'])
    expect([one.asked, two.asked]).toEqual([[[A, B], [C]], [[B]]])
  })

  it('does not ask a provider again for an hour for what it is sure not to have', async () => {
    const [one, two] = [aFake('One', { [A]: '1', [C]: 'unsure' }), aFake('Two', ALL)]
    const { round, clock } = aChain([one, two])
    for (const after of [0, HOUR - 1, HOUR]) {
      clock.now = START + after
      expect(await round([A, B, C])).toEqual(['1 One', '2 Two', '3 Two'])
    }
    expect(one.asked).toEqual([[A, B], [C], [A, C], [A, B], [C]])
  })

  it('says what all of them said where nobody has it; it is gone only where all are sure, else it is told who is', async () => {
    const { chain } = aChain([aFake('One', { [B]: 'unsure' }), aFake('Two')])
    const { quotes } = await chain.quotes([A, B], ROUND)
    expect([...quotes.values()]).toEqual([
      { symbol: A, unknown: 'One has no stock:A; Two has no stock:A', gone: true },
      { symbol: B, unknown: 'One has no stock:B; Two has no stock:B', gone: false, sure: 'Two has no stock:B' },
    ])
  })

  it('has an entry for every symbol, even where nobody can be asked', async () => {
    expect(await aChain([]).round([A])).toEqual(['there is no source for A'])
  })

  it('asks for each symbol once, however often it is wanted', async () => {
    const one = aFake('One', ALL)
    await aChain([one]).round([A, B, A, B])
    expect(one.asked).toEqual([[A, B]])
  })

  it('leaves out whose word is to be confirmed', async () => {
    const { round } = aChain([aFake('One', ALL), aFake('Two', ALL)])
    expect(await round([A], { ...PERSON, except: ['One'] })).toEqual(['1 Two'])
  })

  it('never watches by the rates of a day, and gives them to whoever asks for them', async () => {
    const { round } = aChain([aFake('One'), aFake('Daily', ALL, { delay: 24 * HOUR })])
    expect(await round([A])).toEqual(['One has no stock:A'])
    expect(await round([A], { ...PERSON, daily: true })).toEqual(['1 Daily'])
  })

  it('says where there is none but the rates of a day', async () => {
    const { round, chain } = aChain([aFake('Daily', ALL, { delay: 24 * HOUR })])
    expect(await round([A])).toEqual(['Daily has but one rate a day of A, by which nothing is watched'])
    expect(chain.interval(A)).toBe(Infinity)
  })

  it('tells with a quote how late its provider has it', async () => {
    const { chain } = aChain([aFake('Late', ALL, { delay: 15 * MINUTE })])
    expect((await chain.quotes([A], ROUND)).quotes.get(A)).toMatchObject({ delay: 15 * MINUTE })
  })

  it('reports a fault of ours without showing its words to a person', async () => {
    const one = aFake('One')
    one.failure = new TypeError('x is not a function')
    const { round, failures } = aChain([one])
    expect(await round([A])).toEqual(['One could not be understood'])
    expect(failures).toEqual(['One: x is not a function'])
  })
})

describe('a provider that fails', () => {
  it('passes its symbols on, rests after three failures, is tried with one batch, and is back', async () => {
    const [one, two] = [aFake('One', ALL), aFake('Two', ALL)]
    one.failure = new ProviderError('One', 'is in trouble')
    const { round, clock, chain } = aChain([one, two])
    const at = async (seconds: number) => {
      clock.now = START + seconds * SECOND
      one.asked.length = 0
      const [first] = await round([A, B, C])
      return [first, one.asked.length]
    }
    // Two batches fail in the first round, the third failure is the first batch of the second.
    expect(await at(0)).toEqual(['1 Two', 2])
    expect(await at(10)).toEqual(['1 Two', 1])
    expect(chain.health()[0]).toMatchObject({ state: 'resting', failures: 3, problem: 'One is in trouble' })
    expect(await at(39)).toEqual(['1 Two', 0])
    expect(await at(40)).toEqual(['1 Two', 1])
    expect(await at(99)).toEqual(['1 Two', 0])
    one.failure = undefined
    expect(await at(100)).toEqual(['1 One', 2])
    expect(chain.health()[0]).toMatchObject({ state: 'works', failures: 0 })
    expect(await at(110)).toEqual(['1 One', 2])
  })

  it.each<[string, ProviderError, string]>([
    [
      'asks us to wait',
      new ProviderError('One', 'says we ask too often', 90 * SECOND),
      'One asked us to wait; 80 s to go',
    ],
    [
      'does not serve this region',
      new ProviderError('One', 'does not serve this region (status 451)', 90 * SECOND, true),
      'One does not serve this region (status 451)',
    ],
  ])('that %s is left alone at once and for so long', async (_, failure, words) => {
    const one = aFake('One', ALL)
    one.failure = failure
    const { round, clock } = aChain([one])
    await round([A, B, C])
    clock.now += 10 * SECOND
    expect(await round([A, B, C])).toEqual([words, words, words])
    expect(one.asked).toHaveLength(1)
    one.failure = undefined
    clock.now += 80 * SECOND
    expect(await round([A])).toEqual(['1 One'])
  })

  it('is named by `failures`, also where it was not asked', async () => {
    const one = aFake('One', ALL)
    one.failure = new ProviderError('One', 'is in trouble', MINUTE)
    const { chain } = aChain([one, aFake('Two', ALL)])
    await chain.quotes([A], ROUND)
    expect((await chain.quotes([A], ROUND)).failures).toMatchObject([
      { provider: 'One', error: { name: 'ProviderError' } },
    ])
  })

  it('does not look well again by saying that it knows nothing', async () => {
    const one = aFake('One', { [A]: 'unsure' })
    const { round, chain } = aChain([one])
    one.failure = new ProviderError('One', 'is in trouble')
    await round([A])
    one.failure = undefined
    await round([A])
    expect(chain.health()[0]).toMatchObject({ state: 'failing', failures: 1 })
  })

  it('that keeps silent is not waited for twice; what it says at last is taken', async () => {
    const [one, two] = [aFake('One', ALL), aFake('Two', ALL)]
    const { chain, round } = aChain([one, two])
    one.isSilent = true
    const arrived: string[] = []
    const wish: Wish = { ...PERSON, patience: 40, arrived: (all) => arrived.push(...all.map(({ source }) => source)) }
    expect(await round([A], wish)).toEqual(['1 Two'])
    expect(await round([A])).toEqual(['1 Two'])
    expect(one.asked).toHaveLength(1)
    expect(chain.health()[0]).toMatchObject({ failures: 2, problem: 'One has not answered yet' })
    one.isSilent = false
    one.wake()
    await new Promise((done) => setTimeout(done))
    expect(arrived).toEqual(['Two', 'One'])
    expect(await round([A])).toEqual(['1 One'])
  })
})

/** Counters of windows that begin with the clock. */
function countersOf(clock: { now: number }): Counters {
  const windows = new Map<string, { points: number; ends: number }>()
  return (name, length) => {
    const key = `${name} ${length}`
    const spend = async (points: number) => {
      const before = windows.get(key)
      const window = before && before.ends > clock.now ? before : { points: 0, ends: clock.now + length }
      windows.set(key, { ...window, points: window.points + points })
      return { points: window.points + points, resetsIn: window.ends - clock.now }
    }
    return { spend, spent: () => spend(0) }
  }
}

describe('a provider with limits', () => {
  function limited(limits: Provider['limits'], others: readonly Fake[] = [], batch = 2) {
    const clock = { now: START }
    const one = aFake('One', ALL, { batch, ...(limits ? { limits } : {}) })
    const made = aChain([one, ...others], { now: () => clock.now, counters: countersOf(clock) })
    return { ...made, clock, one }
  }

  it('whose budget is used up passes on, keeps a tenth for people, and is asked again when the budget is new', async () => {
    const two = aFake('Two', ALL)
    const { one, round, clock, chain } = limited({ perHour: 20 }, [two])
    for (let i = 0; i < 18; i++) await round([A], PERSON)
    expect(await round([A])).toEqual(['1 Two'])
    expect(await round([A], PERSON)).toEqual(['1 One'])
    await round([A], PERSON)
    expect(await round([A], { ...PERSON, except: ['Two'] })).toEqual([
      'One may not be asked now: its limit is reached; 3600 s to go',
    ])
    expect((await chain.standings())[0]).toMatchObject({ left: [{ left: 0, of: 20, window: HOUR }] })
    clock.now += HOUR
    one.asked.length = 0
    expect(await round([A])).toEqual(['1 One'])
  })

  it('is asked as often as its budget lasts, and the next one between', async () => {
    const { one, round, clock, chain } = limited({ perHour: 50 }, [aFake('Two', ALL)])
    chain.watch([A, B])
    const sources: string[] = []
    for (let i = 0; i < 17; i++) {
      sources.push((await round([A]))[0]!.slice(2))
      clock.now += 10 * SECOND
    }
    expect(sources.map((name, index) => (name === 'One' ? index : -1)).filter((index) => index >= 0)).toEqual([
      0, 8, 16,
    ])
    expect(one.asked).toHaveLength(3)
  })

  it.each<[string, Provider['limits'], number, number]>([
    ['one batch', { perHour: 50 }, 2, 80],
    ['two batches take twice as long', { perHour: 50 }, 3, 160],
    ['what is cheap is looked at as often as wanted', { perMinute: 200 }, 3, 10],
    ['a cost by symbol', { perMinute: 10, cost: (symbols) => symbols }, 3, 20],
  ])('says how often a symbol is looked at: %s', (_, limits, symbols, seconds) => {
    const { chain } = limited(limits)
    chain.watch([A, B, C].slice(0, symbols))
    expect(Math.round(chain.interval(A) / SECOND)).toBe(seconds)
  })

  it('does not hold up a symbol that another one may be asked for at any time', () => {
    const { chain } = limited({ perHour: 50 }, [aFake('Two', ALL)])
    chain.watch([A, B])
    expect(chain.interval(A)).toBe(10 * SECOND)
  })

  it('is never asked for more at once than it may give in a minute', async () => {
    const { one, round } = limited({ perMinute: 3, cost: (symbols) => symbols }, [], 8)
    await round([A, B, C])
    expect(one.asked).toEqual([[A, B]])
  })

  it('keeps back for quotes what a search may not take, and has answered where it found something', async () => {
    const { chain, round } = limited({ perMinute: 5 })
    const [provider] = chain.providersFor('stock')
    for (let searches = 0; searches < 4; searches += 1) await provider!.search('apple')
    await expect(provider!.search('apple')).rejects.toThrow('its limit is reached')
    expect(chain.health()[0]).toMatchObject({ state: 'works', answeredAt: START })
    expect(await round([A], PERSON)).toEqual(['1 One'])
  })

  it('counts what else it is asked for', async () => {
    const { chain } = limited({ perHour: 2 })
    const [provider] = chain.providersFor('stock')
    await provider!.search('x')
    await provider!.candles(A, '1d', 0, 1)
    await expect(provider!.candles(A, '1d', 0, 1)).rejects.toThrow('One may not be asked now: its limit is reached')
  })
})

describe('over HTTP', () => {
  let stocks: YahooDouble
  let coins: CoinbaseDouble
  let providers: Provider[]

  beforeEach(async () => {
    stocks = await startYahoo(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`S${index}`, index + 1])))
    coins = await startCoinbase(
      Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`C${index}-USD`, `${index + 1}`])),
    )
    const http = { now: Date.now, sleep: async () => {}, timeout: 5_000 }
    providers = [yahoo({ ...http, baseUrl: stocks.url }), coinbase({ ...http, baseUrl: coins.url })]
  })
  afterEach(() => Promise.all([stocks.stop(), coins.stop()]))

  const chainOf = () =>
    createChain({ providersFor: (kind) => providers.filter(({ classes }) => classes.includes(kind)), now: Date.now })
  const symbols = (count: number) =>
    Array.from({ length: count }, (_, index) => [`stock:S${index}`, `crypto:C${index}/USD`]).flat()

  it.each([
    [1, 1, 1],
    [20, 1, 1],
    [45, 3, 1],
    [100, 5, 2],
  ])(
    '%d symbols of each class cost %d and %d requests, however often they are wanted',
    async (count, yahooRequests, coinbaseRequests) => {
      const wanted = symbols(count)
      const { quotes, failures } = await chainOf().quotes([...wanted, ...wanted, ...wanted], ROUND)
      expect([quotes.size, failures.length]).toEqual([count * 2, 0])
      expect([stocks.requests.length, coins.requests.length]).toEqual([yahooRequests, coinbaseRequests])
    },
  )

  it('does not let one provider that fails spoil the other', async () => {
    stocks.behave('web page')
    const { quotes, failures } = await chainOf().quotes(symbols(2), ROUND)
    expect(failures).toMatchObject([{ provider: 'Yahoo', error: { name: 'ProviderError' } }])
    expect(quotes.get('stock:S0')).toEqual({
      symbol: 'stock:S0',
      unknown: 'Yahoo answered with a web page instead of data',
      gone: false,
    })
    expect(quotes.get('crypto:C0/USD')).toMatchObject({ price: '1' })
  })

  it('asks the next provider of a class for what the first does not know', async () => {
    const spare = await startYahoo({ S0: 7, EXTRA: 8 })
    providers.push({ ...yahoo({ baseUrl: spare.url, now: Date.now, sleep: async () => {} }), name: 'Spare' })
    stocks.behave('trouble')
    const { quotes } = await chainOf().quotes(['stock:S0', 'stock:EXTRA', 'stock:NOPE', 'crypto:C0/USD'], ROUND)
    expect(quotes.get('stock:S0')).toMatchObject({ price: '7' })
    expect(quotes.get('stock:EXTRA')).toMatchObject({ price: '8' })
    expect(quotes.get('stock:NOPE')).toMatchObject({
      unknown: expect.stringMatching(/^Yahoo is in trouble \(status 500\); asked 3 times; Yahoo .* NOPE$/),
    })
    await spare.stop()
  })
})
