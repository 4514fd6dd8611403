import { describe, expect, test } from 'vitest'
import type { Alert, Change } from '../../src/alert/types.ts'
import { type Candle, INTERVALS, type Interval } from '../../src/condition/history.ts'
import type { Past } from '../../src/market/history.ts'
import type { Quote } from '../../src/market/provider.ts'
import { createBook, type Hours } from '../../src/watch/book.ts'
import { createWorkingSet, type WorkingSet } from '../../src/watch/working-set.ts'
import { aQuote } from '../builders.ts'
import { someHours } from './hours.ts'
import { typed } from './typed.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Midnight of some day. */
const T = 20_000 * DAY
const GRACE = 5 * MINUTE
const AAPL = 'stock:AAPL'
const BTC = 'crypto:BTC/USD'

function aSet(hours: Partial<Hours> = {}, apart = HOUR) {
  const broken: string[] = []
  const book = createBook(someHours(hours))
  const set = createWorkingSet({ book, grace: GRACE, apart, broken: (_, why) => broken.push(why) })
  return { set, book, broken }
}

const price = (value: number | string, receivedAt: number, given: Partial<Quote> = {}) =>
  aQuote({ price: String(value), receivedAt, ...given })

const candle = (start: number, close: number): Candle => {
  const text = String(close)
  return { start, open: text, high: text, low: text, close: text, volume: '1' }
}

/** Candles of the interval, the last one of which ends at `until`. */
function aPast(
  symbol: string,
  interval: Interval,
  closes: readonly number[],
  until: number,
  given: Partial<Past> = {},
): Past {
  const size = INTERVALS[interval]
  return {
    symbol,
    interval,
    candles: closes.map((close, index) => candle(until - (closes.length - index) * size, close)),
    liveFrom: until,
    closedAt: until,
    closesNext: until + size,
    at: until,
    knownAt: until,
    source: 'test',
    ...given,
  }
}

/** `kind@minutes since T` of everything that was to be said, in order. */
const said = (changes: readonly Change[]) =>
  changes.flatMap(({ occurrences }) => occurrences.map(({ kind, at }) => `${kind}@${(at - T) / MINUTE}`))

const fired = (changes: readonly Change[]) => said(changes).filter((one) => one.startsWith('fired'))

describe('what is wanted', () => {
  test('each symbol and interval that some alert looks at, as far back as one of them needs, since the first round', () => {
    const { set } = aSet()
    set.put(typed('AAPL > sma(AAPL, 20)'))
    set.put(typed('AAPL > sma(AAPL, 50) and BTC > sma(BTC, 10, 1h)'))
    set.put(typed('AAPL > 500'))
    const [days] = typed('AAPL > sma(AAPL, 50)').needs
    const [ofHours] = typed('BTC > sma(BTC, 10, 1h)').needs
    expect(set.wants(T)).toEqual([
      { ...days, since: T },
      { ...ofHours, since: T },
    ])
    expect(set.wants(T + MINUTE).map(({ since }) => since)).toEqual([T, T])
  })

  test('nothing any more when no alert looks at it; what is put back at once stays as it is', () => {
    const { set } = aSet()
    const alert = typed('AAPL > sma(AAPL, 20)')
    set.put(alert)
    set.wants(T)
    set.put({ ...alert, revision: 2 })
    set.tick([], T)
    expect(set.wants(T + MINUTE)).toMatchObject([{ since: T }])
    set.drop(alert.id)
    expect(set.wants(T + MINUTE)).toEqual([])
    set.tick([], T + MINUTE)
    set.put(alert)
    expect(set.wants(T + HOUR)).toMatchObject([{ since: T + HOUR }])
  })
})

describe('an average of three days, 10 20 30 until yesterday', () => {
  const line = 'AAPL > sma(AAPL, 3)'
  const past = aPast(AAPL, '1d', [10, 20, 30], T)

  test('is unknown until its candles are here, and says nothing about it before the grace', () => {
    const { set } = aSet()
    set.put(typed(line))
    const all = [0, 1, 2].map((minute) => set.tick([price(100, T + minute * MINUTE)], T + minute * MINUTE))
    expect(all.flatMap(said)).toEqual([])
    set.tick([], T + 3 * MINUTE, [past])
    expect(said(set.tick([], T + HOUR, [past]))).toEqual([])
  })

  test('whose candles never come says that it is blind, and why; when they come, that it sees', () => {
    const { set } = aSet()
    set.put(typed(line))
    const why = 'Its history could not be had: test did not answer.'
    const nothing = aPast(AAPL, '1d', [], T, { why })
    set.tick([price(100, T)], T, [])
    set.tick([], T + MINUTE, [nothing])
    const [change] = set.tick([], T + 5 * MINUTE, [nothing])
    expect(change?.occurrences).toMatchObject([{ kind: 'blind', reason: why, at: T + 5 * MINUTE }])
    expect(said(set.tick([], T + 9 * MINUTE, [past]))).toEqual(['sighted@9'])
  })

  test('fires when the price crosses it: today counts with the price now', () => {
    const { set } = aSet()
    set.put(typed(line))
    // (20 + 30 + p) / 3 < p from 25 on.
    const all = [price(24, T), price(25, T + MINUTE), price('25.01', T + 2 * MINUTE)].map((quote) =>
      set.tick([quote], quote.receivedAt, [past]),
    )
    expect(all.map(said)).toEqual([[], [], ['fired@2']])
  })

  test('candles that are here already are no news; new ones are looked at without a quote', () => {
    const { set } = aSet()
    set.put(typed(line))
    set.tick([price(24, T)], T, [past])
    const before = set.looks()
    set.tick([], T + MINUTE, [past])
    expect(set.looks()).toBe(before)
    const refreshed = aPast(AAPL, '1d', [10, 20, 20], T, { at: T + 2 * MINUTE, knownAt: T + 2 * MINUTE })
    expect(said(set.tick([], T + 3 * MINUTE, [refreshed]))).toEqual(['fired@2'])
  })

  test('only the alerts that look at new candles are touched', () => {
    const { set } = aSet()
    for (const text of [line, 'AAPL > 500', 'AAPL > sma(AAPL, 3, 1h)', 'BTC > sma(BTC, 3)']) set.put(typed(text))
    set.tick([price(24, T), price(5, T, { symbol: BTC })], T, [past])
    const before = set.looks()
    set.tick([], T + MINUTE, [aPast(AAPL, '1d', [10, 20, 31], T)])
    expect(set.looks() - before).toBe(1)
  })

  test('of a listing in pence is an average in pence', () => {
    const { set } = aSet()
    const ocado = { symbol: 'stock:OCDO.L', currency: 'GBP', minor: { name: 'GBp', per: 100 } }
    set.put(typed('OCDO.L > sma(OCDO.L, 3)'))
    const pounds = aPast('stock:OCDO.L', '1d', [2, 2, 2], T)
    set.tick([], T, [pounds])
    set.tick([price('1.99', T, ocado)], T, [pounds])
    expect(said(set.tick([price('2.01', T + MINUTE, ocado)], T + MINUTE, [pounds]))).toEqual(['fired@1'])
  })

  test('goes on with the candles that prices make', () => {
    const { set, book } = aSet()
    set.put(typed(`${line} repeat`))
    set.tick([price(24, T)], T, [past])
    set.tick([price(26, T + HOUR)], T + HOUR)
    set.tick([price(40, T + DAY)], T + DAY)
    const series = book.held(AAPL).cell.series.get('1d')
    expect(series?.finished.map(({ close }) => close)).toEqual(['10', '20', '30', '26'])
    expect(series?.live).toMatchObject({ start: T + DAY, open: '40' })
  })
})

describe('a move of 5% in an hour', () => {
  const line = 'BTC up 5% in 1h'
  const flat = aPast(BTC, '1m', Array<number>(62).fill(100), T)
  const quote = (value: number, minute: number) => price(value, T + minute * MINUTE, { symbol: BTC })

  function play(quotes: readonly Quote[], hours: Partial<Hours> = {}) {
    const { set } = aSet(hours)
    set.put(typed(line, { options: { mode: 'repeat' } }))
    return quotes.map((one) => fired(set.tick([one], one.receivedAt, [flat])))
  }

  test('fires when the price has gone so far from the lowest of that time', () => {
    expect(play([quote(100, 0), quote(104.9, 10), quote(105, 20)])).toEqual([[], [], ['fired@20']])
  })

  test('is over when time has passed, though the price says nothing new, and can come again', () => {
    const quotes = [quote(100, 0), quote(105, 1), ...[30, 60, 61, 62, 90].map((minute) => quote(105, minute))]
    expect(play([...quotes, quote(110.25, 91)]).flat()).toEqual(['fired@1', 'fired@91'])
  })

  test('is not told of what nobody heard: after a gap in prices its candles must come anew', () => {
    const { set } = aSet({ freshFor: () => 2 * MINUTE })
    set.put(typed(line))
    set.tick([quote(100, 0)], T, [flat])
    const late = quote(200, 600)
    expect(fired(set.tick([late], late.receivedAt, [flat]))).toEqual([])
    expect(set.wants(late.receivedAt)).toMatchObject([{ since: late.receivedAt }])
    const anew = aPast(BTC, '1m', Array<number>(62).fill(195), T + 600 * MINUTE)
    expect(fired(set.tick([quote(200, 601)], T + 601 * MINUTE, [anew]))).toEqual([])
    expect(fired(set.tick([quote(205, 602)], T + 602 * MINUTE, [anew]))).toEqual(['fired@602'])
  })

  test('a recording has no gaps but those between its rows', () => {
    const hours = { freshFor: () => 2 * MINUTE, hearsAll: true }
    expect(play([quote(100, 0), quote(105, 30)], hours)).toEqual([[], ['fired@30']])
  })
})

describe('a quote that says nothing new', () => {
  const again = (alert: Alert, symbols: readonly string[]) => {
    const { set } = aSet()
    set.put(alert)
    const quotes = (minute: number) => symbols.map((symbol) => price(100, T + minute * MINUTE, { symbol }))
    for (const minute of [0, 1]) set.tick(quotes(minute), T + minute * MINUTE)
    const before = set.looks()
    set.tick(quotes(2), T + 2 * MINUTE)
    return set.looks() - before
  }
  test.each<[string, string, readonly string[], number]>([
    ['a plain condition', 'AAPL > 500 or AAPL < 300', [AAPL], 0],
    ['one that remembers', 'AAPL drops 8% from peak', [AAPL], 0],
    ['one that looks back', 'AAPL up 5% in 1h', [AAPL], 1],
    ['one that compares two symbols', 'AAPL > BTC', [AAPL, BTC], 1],
  ])('%s: %s', (_what, line, symbols, looks) => {
    expect(again(typed(line), symbols)).toBe(looks)
  })

  test('ends a comparison of two symbols that were heard too far apart', () => {
    const { set } = aSet({}, 50_000)
    set.put(typed('AAPL > BTC'))
    const both = (minute: number, aapl: number, btc?: number) => [
      price(aapl, T + minute * MINUTE),
      ...(btc === undefined ? [] : [price(btc, T + minute * MINUTE, { symbol: BTC })]),
    ]
    const all = [both(0, 90, 100), both(1, 110), both(2, 110, 100)].map((quotes, minute) =>
      said(set.tick(quotes, T + minute * MINUTE)),
    )
    expect(all).toEqual([[], [], ['fired@2']])
  })
})

describe('what is remembered', () => {
  /** How many times something fired at each price, one a minute. */
  const timesFired = (set: WorkingSet, prices: readonly number[]) =>
    prices.map((value, minute) => fired(set.tick([price(value, T + minute * MINUTE)], T + minute * MINUTE)).length)

  test('a peak is kept as part of the alert, and a set that takes it in goes on from there', () => {
    const line = 'AAPL drops 10% from peak repeat'
    const first = aSet().set
    first.put(typed(line))
    const changes = [100, 200].flatMap((value, at) => first.tick([price(value, T - 10 + at)], T - 10 + at))
    const stored = JSON.parse(JSON.stringify(changes.at(-1)?.alert)) as Alert
    expect(stored.triggers[0]?.memory).toEqual([{ type: 'mark', value: '200' }])
    const { set } = aSet()
    set.put(stored)
    expect(timesFired(set, [181, 180, 163, 162])).toEqual([0, 1, 0, 1])
  })

  test('a drop right after a drop is another one', () => {
    const { set } = aSet()
    set.put(typed('AAPL drops 10% from peak repeat'))
    expect(timesFired(set, [100, 90, 81, 80, 72.9])).toEqual([0, 1, 1, 0, 1])
  })

  test('a level that is crossed once fires once, and again only after the price was back', () => {
    const { set } = aSet()
    set.put(typed('AAPL crosses above 100 repeat'))
    expect(timesFired(set, [110, 90, 101, 120, 100, 105, 99, 100.5])).toEqual([0, 0, 1, 0, 0, 0, 0, 1])
  })

  test('nothing that is remembered changes while the market says nothing new', () => {
    const { set } = aSet()
    set.put(typed('AAPL drops 10% from peak'))
    set.tick([price(100, T)], T)
    expect(set.tick([price(99, T + 1)], T + 1)).toEqual([])
    expect(set.tick([price(101, T + 2)], T + 2)).toHaveLength(1)
    expect(set.tick([price(101, T + 3, { volume: '5' })], T + 3)).toEqual([])
  })
})

describe('a split that was learned of', () => {
  const old = aPast(AAPL, '1d', [400, 400, 400], T)
  const anew = { ...aPast(AAPL, '1d', [100, 100, 100], T), at: T + HOUR, knownAt: T + HOUR, sharesSince: T + HOUR }

  test('lets no alert be looked at on the candles of before it, nor one that was set after it', () => {
    const { set } = aSet()
    set.put(typed('AAPL < sma(AAPL, 3)'))
    expect(fired(set.tick([price(401, T)], T, [old]))).toEqual([])
    const useless = { ...anew, candles: [], why: 'of before its split' }
    const quotes = [price(101, T + HOUR + 1_000)]
    expect(fired(set.tick(quotes, T + HOUR + 1_000, [useless]))).toEqual([])
    expect(fired(set.tick([], T + HOUR + 2_000, [anew]))).toEqual([])
    expect(fired(set.tick([price(99, T + HOUR + 3_000)], T + HOUR + 3_000, [anew]))).toEqual(['fired@60.05'])
  })

  test('joins nothing that was here to what comes anew', () => {
    const { set, book } = aSet()
    set.put(typed('AAPL < low(AAPL, 3)'))
    set.tick([price(400, T)], T, [old])
    set.tick([price(101, T + HOUR + 1_000)], T + HOUR + 1_000, [anew])
    const [line] = book.held(AAPL).lines
    expect([...line!.series.finished, line!.series.live].map((one) => one?.close)).toEqual(['100', '100', '100', '101'])
  })
})

describe('candles that are missing', () => {
  const past = aPast(AAPL, '1d', [100, 100, 100, 100, 100], T)
  const missing = (day: number) => ({
    ...past,
    gaps: [{ from: T - (day + 0.5) * DAY, until: T - day * DAY, trading: DAY }],
  })

  test('make unknown what is counted over them, and nothing else', () => {
    const { set } = aSet()
    set.put(typed('AAPL < sma(AAPL, 3)'))
    set.put(typed('AAPL < sma(AAPL, 5)'))
    const fell = (given: Past) => {
      set.tick([price(101, T)], T, [given])
      return set.tick([price(50, T + MINUTE)], T + MINUTE, [given]).filter(({ occurrences }) => occurrences.length > 0)
    }
    expect(fell(missing(3)).map(({ alert }) => alert.text)).toEqual(['AAPL < sma(AAPL, 3)'])
  })

  test('make unknown at close what a day is counted from', () => {
    const closing = (given: Partial<Past>) => {
      const { set } = aSet()
      set.put(typed('AAPL change > -5 at close'))
      set.tick([price(100, T)], T, [aPast(AAPL, '1d', [100, 100, 90], T)])
      return fired(set.tick([], T + DAY + MINUTE, [aPast(AAPL, '1d', [100, 100, 90, 100], T + DAY, given)])).length
    }
    expect([closing({}), closing({ gaps: [{ from: T - DAY / 2, until: T, trading: DAY }] })]).toEqual([1, 0])
  })
})
