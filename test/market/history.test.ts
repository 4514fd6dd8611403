import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Candle, Interval, Need } from '../../src/condition/history.ts'
import { bucketStart, candleEnd, nextBucket } from '../../src/market/candles.ts'
import { createHistory, type Want } from '../../src/market/history.ts'
import { type Provider, ProviderError } from '../../src/market/provider.ts'
import { reachBack } from '../../src/market/reach.ts'
import { calendar } from '../../src/market/sessions.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const time = (text: string) => Date.parse(`${text}Z`)
const hours = calendar({ alwaysOpen: false })
const BTC = 'crypto:BTC/USD'
const AAPL = 'stock:AAPL'
/** A Tuesday; New York is at UTC−4, so it trades from 13:30 to 20:00. */
const TUESDAY = '2026-03-10'

const candle = (start: number, close = '10'): Candle => ({
  start,
  open: close,
  high: close,
  low: close,
  close,
  volume: '1',
})

type Asked = [symbol: string, interval: Interval, from: number, to: number]

/** A provider that answers when it is told to, and what it was asked. */
function aProvider(answer: (...asked: Asked) => Candle[] | Promise<Candle[]>, name = 'test') {
  const asked: Asked[] = []
  const provider: Provider = {
    name,
    classes: ['stock', 'crypto', 'fx'],
    batch: 100,
    pace: 0,
    quotes: async () => new Map(),
    async candles(...question) {
      asked.push(question)
      return answer(...question)
    },
    search: async () => [],
  }
  return { provider, asked }
}

/** A candle for each stretch in which there is trading. */
const regular = (symbol: string, interval: Interval, from: number, to: number) => {
  const out: Candle[] = []
  for (let start = bucketStart(symbol, interval, from); start < to; start = nextBucket(symbol, interval, start))
    if (start >= from && hours.isOpen(symbol, candleEnd(symbol, interval, start, hours) - 1)) out.push(candle(start))
  return out
}
/** The same for the days of New York, at the opening, as Yahoo has them. */
const yahooDays = (symbol: string, _interval: Interval, from: number, to: number) =>
  regular(symbol, '1d', from - DAY, to)
    .map(({ start }) => candle(start + 9.5 * HOUR))
    .filter(({ start }) => start >= from && start < to)

function aHistory(providers: Provider[], given: { isInstant?: boolean; at?: number } = {}) {
  const clock = { now: given.at ?? time(`${TUESDAY}T12:00`) }
  const failures: string[] = []
  const history = createHistory({
    providersFor: () => providers,
    calendar: hours,
    now: () => clock.now,
    failed: (symbol, error) => failures.push(`${symbol}: ${(error as Error).message}`),
    isInstant: given.isInstant ?? false,
  })
  /** What is here at once, and again after what was asked for has come. */
  const follow = async (wants: Want[], at: number) => {
    clock.now = at
    const atOnce = await history.follow(wants, at)
    await sleep(1)
    return { atOnce, later: await history.follow(wants, at) }
  }
  return { history, clock, failures, follow }
}

const want = (symbol: string, interval: Interval, count: number, since = 0): Want => ({
  symbol,
  interval,
  count,
  since,
})

describe('what is wanted by those who watch', () => {
  test('is asked for while they go on, once, and is here later', async () => {
    const { provider, asked } = aProvider(regular)
    const { follow } = aHistory([provider])
    const { atOnce, later } = await follow([want(BTC, '1h', 3), want(BTC, '1h', 2)], time(`${TUESDAY}T12:30`))
    expect(atOnce).toEqual([])
    expect(later).toMatchObject([
      { symbol: BTC, interval: '1h', liveFrom: time(`${TUESDAY}T12:00`), closedAt: time(`${TUESDAY}T12:00`) },
    ])
    expect(later[0]?.candles).toHaveLength(3)
    expect(asked).toHaveLength(1)
  })

  test('is waited for in a market that answers at once', async () => {
    const { provider } = aProvider(regular)
    const { history } = aHistory([provider], { isInstant: true })
    expect(await history.follow([want(BTC, '1d', 3)], time(`${TUESDAY}T12:30`))).toHaveLength(1)
  })

  test('is the same object until there are news', async () => {
    const { provider } = aProvider(regular)
    const { follow } = aHistory([provider])
    const wants = [want(BTC, '1h', 3)]
    const { later: first } = await follow(wants, time(`${TUESDAY}T12:30`))
    const { later: second } = await follow(wants, time(`${TUESDAY}T12:59`))
    expect(second[0]).toBe(first[0])
    const { atOnce, later: third } = await follow(wants, time(`${TUESDAY}T13:01`))
    expect(atOnce[0]).toBe(first[0])
    expect(third[0]).not.toBe(first[0])
  })

  test('by one who needs more is asked for anew, and by one who needs less is not', async () => {
    const { provider, asked } = aProvider(regular)
    const { follow } = aHistory([provider])
    const at = time(`${TUESDAY}T12:30`)
    const counts: number[] = []
    for (const count of [3, 2, 5, 4]) {
      const { later } = await follow([want(BTC, '1h', count)], at)
      counts.push(later[0]?.candles.length ?? 0)
    }
    expect(counts).toEqual([3, 3, 5, 5])
    expect(asked).toHaveLength(2)
  })

  test('by one who heard no price for a while is not what was there before that', async () => {
    const { provider, asked } = aProvider(regular)
    const { follow } = aHistory([provider])
    const at = time(`${TUESDAY}T12:30`)
    await follow([want(BTC, '1d', 3)], at)
    expect((await follow([want(BTC, '1d', 3, at + 20_000)], at + 20_000)).atOnce).toHaveLength(1)
    const { atOnce, later } = await follow([want(BTC, '1d', 3, at + HOUR)], at + HOUR)
    expect(atOnce).toEqual([])
    expect(later[0]?.at).toBe(at + HOUR)
    expect(asked).toHaveLength(2)
  })

  test('of many symbols is asked for four at a time', async () => {
    let underWay = 0
    let most = 0
    const { provider, asked } = aProvider(async (...question) => {
      underWay += 1
      most = Math.max(most, underWay)
      await sleep(1)
      underWay -= 1
      return regular(...question)
    })
    const { history } = aHistory([provider])
    const needs = Array.from({ length: 20 }, (_, index) => ({ symbol: `crypto:C${index}/USD`, count: 2 }))
    await history.load(needs.map((need) => ({ ...need, interval: '1h' })))
    expect([most, asked.length]).toEqual([4, 20])
  })
})

describe('candles are had anew', () => {
  test.each<[string, string, Interval, string, string[]]>([
    ['days of crypto', BTC, '1d', '2026-03-10T12:00', ['2026-03-11T00:00:10', '2026-03-12T00:00:10']],
    ['weeks of crypto', BTC, '1w', '2026-03-10T12:00', ['2026-03-16T00:00:10']],
    ['hours of crypto', BTC, '1h', '2026-03-10T12:20', ['2026-03-10T13:00:10', '2026-03-10T14:00:10']],
    ['minutes of crypto', BTC, '1m', '2026-03-10T12:20:30', ['2026-03-10T12:25:30', '2026-03-10T12:30:30']],
    ['quarters of an hour', BTC, '15m', '2026-03-10T12:20', ['2026-03-10T12:35']],
    ['minutes of a stock in trading', AAPL, '1m', '2026-03-10T15:00', ['2026-03-10T15:05']],
    ['minutes of a stock over night', AAPL, '1m', '2026-03-10T23:00', ['2026-03-11T13:33']],
    ['hours of a stock in trading', AAPL, '1h', '2026-03-10T15:00', ['2026-03-10T15:32']],
    ['hours of a stock over night', AAPL, '1h', '2026-03-10T23:00', ['2026-03-11T14:32']],
    ['days of a stock before it opens', AAPL, '1d', '2026-03-10T12:00', ['2026-03-10T20:02', '2026-03-11T20:02']],
    ['days of a stock in trading', AAPL, '1d', '2026-03-10T15:00', ['2026-03-10T20:02']],
    ['days of a stock after the close', AAPL, '1d', '2026-03-10T20:03', ['2026-03-11T20:02']],
    ['days of a stock over a weekend', AAPL, '1d', '2026-03-13T20:03', ['2026-03-16T20:02']],
    ['weeks of a stock', AAPL, '1w', '2026-03-10T15:00', ['2026-03-13T20:02', '2026-03-20T20:02']],
    ['days of a stock in London, told late', 'stock:OCDO.L', '1d', '2026-03-10T12:00', ['2026-03-10T16:55']],
  ])('%s', async (_what, symbol, interval, at, refreshed) => {
    const answer = symbol.startsWith('crypto') || interval !== '1d' ? regular : yahooDays
    const { provider, asked } = aProvider(answer)
    const { follow } = aHistory([provider])
    const wants = [want(symbol, interval, 3)]
    await follow(wants, time(at))
    for (const text of refreshed) {
      const before = asked.length
      await follow(wants, time(text) - 1)
      expect(asked.length, `1 ms before ${text}`).toBe(before)
      await follow(wants, time(text))
      expect(asked.length, `at ${text}`).toBe(before + 1)
    }
  })

  test('in a market that answers at once each candle is known at its end, and known to be', async () => {
    const { provider } = aProvider(regular)
    const { history } = aHistory([provider], { isInstant: true })
    const minutes = ['12:00:30', '12:00:59', '12:01:00', '12:01:59', '12:07:20'].map((text) =>
      time(`${TUESDAY}T${text}`),
    )
    const known: number[] = []
    for (const at of minutes) known.push((await history.follow([want(BTC, '1m', 3)], at))[0]!.knownAt)
    expect(known.map((at) => new Date(at).toISOString().slice(11, 16))).toEqual([
      '12:00',
      '12:00',
      '12:01',
      '12:01',
      '12:07',
    ])
  })

  test('a day that should be here and is not is asked for again, more and more seldom, until it comes', async () => {
    let until = time(`${TUESDAY}T13:00`)
    const { provider, asked } = aProvider((symbol, interval, from, to) =>
      yahooDays(symbol, interval, from, Math.min(to, until)),
    )
    const { follow } = aHistory([provider])
    const wants = [want(AAPL, '1d', 3)]
    const times: string[] = []
    let closedAt = 0
    for (let at = time(`${TUESDAY}T15:00`); at < time(`${TUESDAY}T23:59`); at += MINUTE) {
      if (at === time(`${TUESDAY}T20:30`)) until = Number.POSITIVE_INFINITY
      const before = asked.length
      const { later } = await follow(wants, at)
      if (asked.length > before) times.push(new Date(at).toISOString().slice(11, 16))
      closedAt = later[0]?.closedAt ?? 0
    }
    expect(times).toEqual(['15:00', '20:02', '20:03', '20:04', '20:06', '20:10', '20:18', '20:34'])
    expect(closedAt).toBe(time(`${TUESDAY}T20:00`))
  })

  test('a day on which nobody traded, though the calendar thinks so, is passed over after three hours', async () => {
    const { provider } = aProvider((symbol, interval, from, to) =>
      yahooDays(symbol, interval, from, Math.min(to, time(`${TUESDAY}T00:00`))),
    )
    const { follow } = aHistory([provider])
    const closes: string[] = []
    for (const hour of ['15:00', '21:00', '23:03']) {
      const { later } = await follow([want(AAPL, '1d', 3)], time(`${TUESDAY}T${hour}`))
      closes.push(new Date(later[0]!.closesNext).toISOString().slice(0, 16))
    }
    expect(closes).toEqual(['2026-03-10T20:00', '2026-03-10T20:00', '2026-03-11T20:00'])
  })
})

describe('which candles are over', () => {
  const closeOf = async (given: { isInstant: boolean }, at: string) => {
    const { provider } = aProvider(yahooDays)
    const { history } = aHistory([provider], { ...given, at: time(at) })
    const series = (await history.load([{ symbol: AAPL, interval: '1d', count: 2 }])).get(AAPL)?.get('1d')
    const day = (one: Candle | undefined) => one && new Date(one.start).toISOString().slice(0, 10)
    return [day(series?.finished.at(-1)), day(series?.live)]
  }
  test.each([
    ['in trading, that of today is not', false, '2026-03-10T15:00', ['2026-03-09', '2026-03-10']],
    [
      'right after the close, a provider may not have the closing price',
      false,
      '2026-03-10T20:01',
      ['2026-03-09', '2026-03-10'],
    ],
    ['two minutes after the close it is', false, '2026-03-10T20:02', ['2026-03-10', undefined]],
    ['a recorded market has it at the close', true, '2026-03-10T20:00', ['2026-03-10', undefined]],
  ])('%s', async (_what, isInstant, at, days) => {
    expect(await closeOf({ isInstant }, at)).toEqual(days)
  })

  test.each<[string, string, string, string]>([
    ['a day of stocks begins at the opening', AAPL, '2026-03-10T13:30', '2026-03-10T04:00'],
    ['a day of FX begins at midnight in London, in summer', 'fx:EUR/USD', '2026-06-09T23:00', '2026-06-10T00:00'],
    ['a week of FX too', 'fx:EUR/USD', '2026-06-07T23:00', '2026-06-08T00:00'],
  ])('where their provider says that %s, ours begin where ours do', async (_what, symbol, theirs, ours) => {
    const interval = theirs.includes('06-07') ? '1w' : '1d'
    const { provider } = aProvider(() => [candle(time(theirs))])
    const { history } = aHistory([provider], { at: time('2026-06-10T12:00') })
    const series = (await history.load([{ symbol, interval, count: 2 }])).get(symbol)?.get(interval)
    const one = series?.live ?? series?.finished[0]
    expect(one?.start).toBe(time(ours))
  })
})

describe('when a provider fails', () => {
  const broken = aProvider(() => {
    throw new ProviderError('first', 'did not answer')
  }, 'first')
  const silent = aProvider(() => [], 'empty')
  const need: Need = { symbol: BTC, interval: '1h', count: 3 }

  test('the next one is asked', async () => {
    const second = aProvider(regular, 'second')
    const { follow, failures } = aHistory([broken.provider, silent.provider, second.provider])
    expect((await follow([{ ...need, since: 0 }], time(`${TUESDAY}T12:00`))).later).toMatchObject([
      { source: 'second' },
    ])
    expect(failures).toEqual([`${BTC}: first did not answer`])
  })

  test.each<[string, Provider[], string]>([
    ['all fail', [broken.provider], 'Its history could not be had: first did not answer.'],
    ['there is none', [], 'Its history could not be had: there is no source for BTC/USD.'],
    [
      'it could not be understood',
      [
        aProvider(() => {
          throw new TypeError('x is undefined')
        }, 'odd').provider,
      ],
      'Its history could not be had: odd could not be understood.',
    ],
    ['nothing was ever traded', [silent.provider], 'There is no history of it.'],
  ])('%s: the reason is told', async (_what, providers, why) => {
    const { history } = aHistory(providers)
    expect((await history.load([need])).get(BTC)?.get('1h')).toMatchObject({ finished: [], live: undefined, why })
  })

  test('it is left alone for a minute, also by those who need more', async () => {
    const { provider, asked } = aProvider(() => {
      throw new ProviderError('test', 'did not answer')
    })
    const { follow } = aHistory([provider])
    const at = time(`${TUESDAY}T12:00`)
    const counts: number[] = []
    for (const [count, after] of [
      [3, 0],
      [3, 30_000],
      [9, 59_999],
      [9, 60_000],
    ] as const) {
      await follow([want(BTC, '1h', count)], at + after)
      counts.push(asked.length)
    }
    expect(counts).toEqual([1, 1, 1, 2])
  })

  test('what lies further back than a provider reaches by now stays', async () => {
    const { provider } = aProvider((symbol, interval, from, to) =>
      regular(symbol, interval, from, to).filter(({ start }) => start < time(`${TUESDAY}T12:00`)),
    )
    const { follow } = aHistory([provider], { isInstant: true })
    const counts: number[] = []
    for (const hour of ['12:00', '14:00', '23:00']) {
      const { later } = await follow([want(BTC, '1h', 5)], time(`${TUESDAY}T${hour}`))
      counts.push(later[0]?.candles.length ?? 0)
    }
    expect(counts).toEqual([5, 5, 5])
  })

  test('what was here stays, with the reason, until it answers again', async () => {
    let fails = false
    const { provider } = aProvider((...question) => {
      if (fails) throw new ProviderError('test', 'did not answer')
      return regular(...question)
    })
    const { follow } = aHistory([provider])
    const wants = [want(BTC, '1h', 3)]
    const { later: before } = await follow(wants, time(`${TUESDAY}T12:30`))
    fails = true
    const { later: meanwhile } = await follow(wants, time(`${TUESDAY}T13:01`))
    expect(meanwhile).toEqual([{ ...before[0], why: 'Its history could not be had: test did not answer.' }])
    fails = false
    const { later: after } = await follow(wants, time(`${TUESDAY}T13:02`))
    expect(after[0]).toMatchObject({ closedAt: time(`${TUESDAY}T13:00`) })
    expect(after[0]?.why).toBeUndefined()
  })
})

describe('what a person is shown', () => {
  test('waits no longer than told; what comes later is there for the next one', async () => {
    let answer: (candles: Candle[]) => void = () => {}
    const { provider, asked } = aProvider(() => new Promise((done) => (answer = done)))
    const { history, clock } = aHistory([provider])
    const need: Need = { symbol: BTC, interval: '1d', count: 2 }
    const late = await history.load([need], 1)
    expect(late.get(BTC)?.get('1d')).toMatchObject({ finished: [], why: 'Its history is not here yet.' })
    answer([candle(clock.now - DAY), candle(clock.now)])
    const series = (await history.load([need])).get(BTC)?.get('1d')
    expect([series?.finished.length, series?.live !== undefined]).toEqual([1, true])
    expect(asked).toHaveLength(1)
  })

  test('is as of now for short candles, and as of the last days for days', async () => {
    const { provider, asked } = aProvider(regular)
    const { history, clock } = aHistory([provider])
    const needs: Need[] = [
      { symbol: BTC, interval: '1m', count: 3 },
      { symbol: BTC, interval: '1d', count: 3 },
    ]
    for (const after of [0, 20_000, 60_000]) {
      clock.now = time(`${TUESDAY}T12:00`) + after
      await history.load(needs)
    }
    expect(asked.map(([, interval]) => interval)).toEqual(['1m', '1d', '1m'])
  })

  test('of two needs of the same candles the larger one is asked for', async () => {
    const { provider, asked } = aProvider(regular)
    const { history } = aHistory([provider])
    const needs = [2, 9, 4].map((count): Need => ({ symbol: BTC, interval: '1h', count }))
    const series = (await history.load(needs)).get(BTC)?.get('1h')
    expect([asked.length, (series?.finished.length ?? 0) + (series?.live ? 1 : 0)]).toEqual([1, 9])
  })
})

describe('a symbol that is seldom traded', () => {
  const seldom = aProvider((symbol, interval, from, to) =>
    regular(symbol, interval, from, to).filter(({ start }) => start % (5 * HOUR) === 0),
  )

  test('is asked for further back, and what was found there stays', async () => {
    const { follow } = aHistory([seldom.provider])
    const from: number[] = []
    for (const hour of ['12:30', '13:30', '14:30']) {
      const at = time(`${TUESDAY}T${hour}`)
      const { later } = await follow([want(BTC, '1h', 6)], at)
      expect(later[0]?.candles).toHaveLength(6)
      from.push(...seldom.asked.splice(0).map(([, , since]) => (at - since) / HOUR))
    }
    expect(from.map(Math.floor)).toEqual([6, 6 + 12 * 24, 6, 6])
  })

  test('of which there is no more is not asked for further back each time', async () => {
    const young = aProvider((symbol, interval, from, to) =>
      regular(symbol, interval, Math.max(from, time(`${TUESDAY}T10:00`)), to),
    )
    const { follow } = aHistory([young.provider])
    const counts: number[] = []
    for (const hour of ['12:30', '13:30', '14:30', '15:30']) {
      const { later } = await follow([want(BTC, '1h', 5)], time(`${TUESDAY}T${hour}`))
      counts.push(young.asked.length, later[0]?.candles.length ?? 0)
    }
    expect(counts).toEqual([2, 3, 3, 4, 4, 5, 5, 5])
  })
})

describe('how far back to ask', () => {
  test.each<[string, string, Interval, number, string, string]>([
    ['crypto', BTC, '1d', 50, '2026-03-10T12:00', '2026-01-19T00:00'],
    ['crypto by the hour', BTC, '1h', 10, '2026-03-10T12:30', '2026-03-10T02:00'],
    ['a stock in trading', AAPL, '1m', 30, '2026-03-10T15:00', '2026-03-10T14:30'],
    ['a stock after the opening: the day before too', AAPL, '5m', 12, '2026-03-10T14:00', '2026-03-09T19:30'],
    ['a stock on Monday: Friday too', AAPL, '1h', 3, '2026-03-09T14:00', '2026-03-06T18:30'],
    ['a stock by the hour: seven a day', AAPL, '1h', 14, '2026-03-10T22:00', '2026-03-09T12:30'],
    ['a stock at night', AAPL, '1m', 5, '2026-03-10T06:00', '2026-03-09T19:55'],
    ['FX on Sunday: Friday too', 'fx:EUR/USD', '1h', 4, '2026-03-08T22:00', '2026-03-06T19:00'],
  ])('%s', (_what, symbol, interval, count, at, from) => {
    const found = reachBack({ symbol, interval, count }, time(at), hours)
    expect(new Date(found).toISOString().slice(0, 16)).toBe(from)
  })

  test.each<[string, string, Interval, number]>([
    ['days', AAPL, '1d', 60],
    ['a few days over Christmas', AAPL, '1d', 3],
    ['weeks', AAPL, '1w', 12],
    ['hours of months', AAPL, '1h', 200],
    ['days of FX', 'fx:EUR/USD', '1d', 60],
  ])('%s: at least as many candles as needed, and not many more', (_what, symbol, interval, count) => {
    for (const at of ['2026-12-27T12:00', '2027-07-06T18:00', '2026-03-10T15:00'].map(time)) {
      const found = regular(symbol, interval, reachBack({ symbol, interval, count }, at, hours), at).length
      expect(found).toBeGreaterThanOrEqual(count)
      expect(found).toBeLessThan(count * 1.5 + 12)
    }
  })
})

describe('who has but one rate a day', () => {
  const days = (_symbol: string, _interval: Interval, from: number, to: number) => regular('fx:EUR/USD', '1d', from, to)
  const need = [{ symbol: 'fx:EUR/USD', interval: '1d', count: 5 }] as const
  const some = (isDown: () => boolean) => {
    const rates = aProvider(days, 'Rates')
    const market = aProvider((...asked) => {
      if (isDown()) throw new ProviderError('Market', 'is down')
      return days(...asked)
    }, 'Market')
    return { rates, market, ...aHistory([{ ...rates.provider, delay: DAY }, market.provider]) }
  }

  test('is asked for candles last, whatever its place, and the candles say whose rates they are', async () => {
    let isDown = false
    const { rates, history, clock } = some(() => isDown)
    expect((await history.load(need)).get('fx:EUR/USD')!.get('1d')!.rates).toBeUndefined()
    expect(rates.asked).toEqual([])
    isDown = true
    const alone = some(() => true)
    expect((await alone.history.load(need)).get('fx:EUR/USD')!.get('1d')).toMatchObject({ rates: 'Rates' })
    // Candles that are here are better than rates.
    clock.now += 2 * DAY
    const later = (await history.load(need)).get('fx:EUR/USD')!.get('1d')!
    expect([later.rates, later.finished.length > 0, rates.asked]).toEqual([undefined, true, []])
  })

  test('is made do with for a quarter of an hour', async () => {
    let isDown = true
    const { history, clock } = some(() => isDown)
    await history.load(need)
    isDown = false
    clock.now += 14 * MINUTE
    expect((await history.load(need)).get('fx:EUR/USD')!.get('1d')!.rates).toBe('Rates')
    clock.now += MINUTE
    expect((await history.load(need)).get('fx:EUR/USD')!.get('1d')!.rates).toBeUndefined()
  })
})
