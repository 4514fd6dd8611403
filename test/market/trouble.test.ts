import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alpaca } from '../../src/market/alpaca.ts'
import { binance } from '../../src/market/binance.ts'
import { coinbase } from '../../src/market/coinbase.ts'
import { coindesk } from '../../src/market/coindesk.ts'
import { coingecko } from '../../src/market/coingecko.ts'
import { frankfurter } from '../../src/market/frankfurter.ts'
import { kraken } from '../../src/market/kraken.ts'
import { nasdaq } from '../../src/market/nasdaq.ts'
import { type Interval, type Provider, ProviderError, type Quote, type Unknown } from '../../src/market/provider.ts'
import { tiingo } from '../../src/market/tiingo.ts'
import { twelvedata } from '../../src/market/twelvedata.ts'
import { yahoo } from '../../src/market/yahoo.ts'
import { startAlpaca } from '../doubles/alpaca.ts'
import { startBinance } from '../doubles/binance.ts'
import { startCoinbase } from '../doubles/coinbase.ts'
import { startCoinDesk } from '../doubles/coindesk.ts'
import { startCoinGecko } from '../doubles/coingecko.ts'
import { startFrankfurter } from '../doubles/frankfurter.ts'
import { startKraken } from '../doubles/kraken.ts'
import { startNasdaq } from '../doubles/nasdaq.ts'
import { startTiingo } from '../doubles/tiingo.ts'
import type { Mood, MoodOptions } from '../doubles/trouble.ts'
import { startTwelveData } from '../doubles/twelvedata.ts'
import { startYahoo } from '../doubles/yahoo.ts'
import type { HttpDouble } from './http-double.ts'

const HOUR = 3_600_000
const NOON = Date.parse('2026-11-25T17:00:00Z')
const FAR_BEYOND_ANY_REST = 4 * 24 * HOUR

let now = NOON
const ports = { now: () => now, sleep: async () => {}, random: () => 0.5 }
const keyed = { ...ports, key: 'good' }
/** Short where it must run out, ms; else long enough for a machine that is busy. */
const timeoutOf = (mood?: Mood) => (mood === 'slow' || mood === 'silent' ? 100 : 5_000)
const apple = {
  kind: 'stocks',
  row: { lastSalePrice: '$333.69', lastTradeTimestamp: 'Nov 25, 2026 11:59 AM ET' },
} as const
const bitcoin = { id: 'bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1, usd: 90_000 }
const ether = { id: 'ethereum', symbol: 'ETH', name: 'Ethereum', rank: 2, usd: 3_000 }
const dollar = { date: '2026-11-24', quote: 'USD', rate: 1.1568 }

type Subject = {
  readonly start: () => Promise<HttpDouble>
  readonly make: (where: { readonly baseUrl: string; readonly timeout: number }) => Provider
  readonly symbols: readonly [string, string]
  readonly interval: Interval
}

const stocks = ['stock:AAPL', 'stock:MSFT'] as const
const coins = ['crypto:BTC/USD', 'crypto:ETH/USD'] as const
const two = { AAPL: 333.69, MSFT: 500 }
const pairs = { 'BTC-USD': '90000', 'ETH-USD': '3000' }
const SUBJECTS: Readonly<Record<string, Subject>> = {
  Yahoo: {
    start: () => startYahoo(two),
    make: (where) => yahoo({ ...ports, ...where }),
    symbols: stocks,
    interval: '1d',
  },
  Nasdaq: {
    start: () => startNasdaq({ AAPL: apple, MSFT: apple }),
    make: (where) => nasdaq({ ...ports, ...where }),
    symbols: stocks,
    interval: '1d',
  },
  Tiingo: {
    start: () => startTiingo({ aapl: 333.69, msft: 500 }),
    make: (where) => tiingo({ ...keyed, ...where }),
    symbols: stocks,
    interval: '5m',
  },
  Alpaca: {
    start: () => startAlpaca(two),
    make: (where) => alpaca({ ...keyed, secret: 'secret', ...where }),
    symbols: stocks,
    interval: '5m',
  },
  'Twelve Data': {
    start: () => startTwelveData({ AAPL: '333.69', MSFT: '500' }),
    make: (where) => twelvedata({ ...keyed, ...where }),
    symbols: stocks,
    interval: '5m',
  },
  Coinbase: {
    start: () => startCoinbase(pairs),
    make: (where) => coinbase({ ...ports, ...where }),
    symbols: coins,
    interval: '5m',
  },
  Kraken: {
    start: () => startKraken({ XBTUSD: '90000', ETHUSD: '3000' }),
    make: (where) => kraken({ ...ports, ...where }),
    symbols: coins,
    interval: '5m',
  },
  Binance: {
    start: () => startBinance({ BTCUSDT: '90000', ETHUSDT: '3000' }),
    make: (where) => binance({ ...ports, ...where }),
    symbols: ['crypto:BTC/USDT', 'crypto:ETH/USDT'],
    interval: '5m',
  },
  CoinGecko: {
    start: () => startCoinGecko([bitcoin, ether]),
    make: (where) => coingecko({ ...ports, ...where }),
    symbols: coins,
    interval: '4h',
  },
  'CoinDesk Data': {
    start: () => startCoinDesk({ 'BTC-USD': 90_000, 'ETH-USD': 3_000 }),
    make: (where) => coindesk({ ...keyed, ...where }),
    symbols: coins,
    interval: '5m',
  },
  Frankfurter: {
    start: () => startFrankfurter([dollar, { ...dollar, quote: 'GBP', rate: 0.86 }]),
    make: (where) => frankfurter({ ...ports, ...where }),
    symbols: ['fx:EUR/USD', 'fx:GBP/USD'],
    interval: '1d',
  },
}

/** What goes wrong, and what is said of it after the provider's name. */
const TROUBLES: readonly (readonly [Mood, MoodOptions, string])[] = [
  ['slow', {}, 'did not answer within 0.1 s; asked 3 times'],
  ['silent', {}, 'did not answer within 0.1 s; asked 3 times'],
  ['reset', {}, 'broke off in the middle of its answer; asked 3 times'],
  ['cut off', {}, 'broke off in the middle of its answer; asked 3 times'],
  ['truncated', {}, 'answered with data that breaks off in the middle'],
  ['empty', {}, 'answered with nothing'],
  ['web page', {}, 'answered with a web page instead of data'],
  ['too many', {}, 'says we ask too often; the next try is in 1 min'],
  ['too many', { retryAfter: '30' }, 'says we ask too often and to come back in 30 s'],
  ['banned', {}, 'has banned this address for 60 min (status 418)'],
  ['banned', { retryAfter: '172800' }, 'has banned this address for 48 h (status 418)'],
  ['not here', {}, 'does not serve this region (status 451)'],
  ['bad key', {}, 'asks for a key, or does not take ours (status 401)'],
  ['forbidden', {}, 'turned the request down (status 403)'],
  ['trouble', {}, 'is in trouble (status 500); asked 3 times'],
  ['trouble', { retryAfter: '120' }, 'asks to come back in 2 min (status 503)'],
]

/** Their budgets are so small that no request is made twice. */
const ASKED_ONCE: ReadonlySet<string> = new Set(['Tiingo', 'Twelve Data', 'CoinGecko'])

describe.each(Object.entries(SUBJECTS))('%s', (name, { start, make, symbols, interval }) => {
  let double: HttpDouble
  let provider: Provider

  beforeEach(async () => {
    now = NOON
    double = await start()
    provider = make({ baseUrl: double.url, timeout: timeoutOf() })
  })
  afterEach(() => double.stop())

  /** What was heard of each symbol; what the whole request threw, for each of them. */
  async function hear(): Promise<(Quote | Unknown | ProviderError)[]> {
    try {
      return [...(await provider.quotes(symbols)).values()]
    } catch (error) {
      if (error instanceof ProviderError) return symbols.map(() => error)
      throw error
    }
  }

  async function thrown(work: Promise<unknown>): Promise<unknown> {
    return await work.then(
      (value) => value,
      (error) => error,
    )
  }

  it.each(TROUBLES)(
    'on "%s" %j gives no quote but a reason, and works again afterwards',
    async (mood, options, what) => {
      const said = ASKED_ONCE.has(name) ? what.replace('; asked 3 times', '') : what
      provider = make({ baseUrl: double.url, timeout: timeoutOf(mood) })
      double.behave(mood, options)
      const heard = await hear()
      expect(heard.map((one) => ('unknown' in one ? one.unknown : 'message' in one ? one.message : one))).toEqual(
        symbols.map(() => `${name} ${said}`),
      )
      now += FAR_BEYOND_ANY_REST
      const history = await thrown(provider.candles(symbols[0], interval, now - 2 * 24 * HOUR, now))
      expect(history).toBeInstanceOf(ProviderError)
      expect((history as Error).message).toBe(`${name} ${said}`)

      double.behave('normal')
      now += FAR_BEYOND_ANY_REST
      expect((await hear()).map((one) => 'price' in one)).toEqual([true, true])
    },
  )

  it('asks nothing more for a day where it is not served, and says why', async () => {
    double.behave('not here')
    await hear()
    const asked = double.requests.length
    now += 23 * HOUR
    const [heard] = await hear()
    expect(heard).toMatchObject({ message: `${name} does not serve this region (status 451)`, permanent: true })
    expect(double.requests).toHaveLength(asked)
  })

  it('asks nothing more while it is banned', async () => {
    double.behave('banned', { retryAfter: '172800' })
    await hear()
    const asked = double.requests.length
    now += 24 * HOUR
    expect((await hear())[0]).toMatchObject({ message: `${name} asked us to wait; 24 h to go` })
    expect(double.requests).toHaveLength(asked)
  })

  it('does not put a key into an address', async () => {
    await hear()
    expect(double.requests.filter(({ href }) => /good|secret/.test(href))).toEqual([])
  })
})

describe('what each may be asked for', () => {
  const made = Object.values(SUBJECTS).map(({ make }) => make({ baseUrl: 'http://127.0.0.1:1', timeout: timeoutOf() }))

  it.each([
    ['Yahoo', ['stock', 'fx'], 20, 200, undefined, undefined],
    ['Nasdaq', ['stock'], 20, 1000, undefined, undefined],
    ['Tiingo', ['stock'], 100, 200, { perHour: 50, perDay: 1000 }, undefined],
    ['Alpaca', ['stock'], 100, 300, { perMinute: 200 }, undefined],
    ['Twelve Data', ['stock', 'fx', 'crypto'], 8, 1000, { perMinute: 8, perDay: 800 }, undefined],
    ['Coinbase', ['crypto'], 50, 110, { perSecond: 10 }, undefined],
    ['Kraken', ['crypto'], 50, 1000, { perSecond: 1 }, undefined],
    ['Binance', ['crypto'], 20, 100, { perMinute: 6000 }, undefined],
    ['CoinGecko', ['crypto'], 100, 2000, { perMinute: 5 }, 60_000],
    ['CoinDesk Data', ['crypto'], 50, 200, undefined, undefined],
    ['Frankfurter', ['fx'], 200, 1000, undefined, 24 * HOUR],
  ])('%s: %j, %d symbols at once, every %d ms, %j, late by %j', (name, classes, batch, pace, limits, delay) => {
    const provider = made.find((one) => one.name === name)!
    expect([provider.classes, provider.batch, provider.pace, provider.delay]).toEqual([classes, batch, pace, delay])
    const { cost, ...numbers } = provider.limits ?? {}
    expect(numbers).toEqual(limits ?? {})
    expect(cost?.(45)).toBe({ 'Twelve Data': 45, Binance: 6 }[name])
  })
})
