import { describe, expect, test } from 'vitest'
import type { Alert, Change } from '../../src/alert/types.ts'
import type { Candle } from '../../src/condition/history.ts'
import type { Past } from '../../src/market/history.ts'
import type { Quote } from '../../src/market/provider.ts'
import { createBook } from '../../src/watch/book.ts'
import { createWorkingSet, type WorkingSet } from '../../src/watch/working-set.ts'
import { aQuote } from '../builders.ts'
import { someHours } from './hours.ts'
import { typed } from './typed.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const GRACE = HOUR
const AAPL = 'stock:AAPL'
const BTC = 'crypto:BTC/USD'

/** Midnight at the beginning of day number `day`, and so many hours later. */
const T = (day: number, hours = 0) => (20_000 + day) * DAY + hours * HOUR

/** A market that trades from 14:30 to 21:00 of each day. */
const sessionAt = (symbol: string, at: number) => {
  if (symbol === BTC) return { session: 'regular' as const, until: Number.POSITIVE_INFINITY }
  const midnight = Math.floor(at / DAY) * DAY
  const [open, close] = [midnight + 14.5 * HOUR, midnight + 21 * HOUR]
  if (at < open) return { session: 'closed' as const, until: open }
  return at < close ? { session: 'regular' as const, until: close } : { session: 'closed' as const, until: open + DAY }
}

const unmet = { side: 'unmet', held: false, running: false } as const

function aSet(alert: Alert): WorkingSet {
  const broken = (_: unknown, why: string) => {
    throw new Error(why)
  }
  const set = createWorkingSet({ book: createBook(someHours({ sessionAt })), grace: GRACE, apart: HOUR, broken })
  set.put(alert)
  return set
}

const quote = (value: number, at: number, given: Partial<Quote> = {}) =>
  aQuote({ price: String(value), receivedAt: at, ...given })

/**
 * What is known of the days of a symbol from day 0 on: their closes, all over, the last one at 21:00 of its day (for
 * Bitcoin at midnight after it).
 */
function days(symbol: string, closes: readonly number[], given: Partial<Past> = {}): Past {
  const candles = closes.map((close, day): Candle => {
    const text = String(close)
    return { start: T(day), open: text, high: text, low: text, close: text, volume: null }
  })
  const closedAt = T(closes.length - 1, symbol === BTC ? 24 : 21)
  const times = {
    liveFrom: Number.POSITIVE_INFINITY,
    closedAt,
    closesNext: closedAt + DAY,
    at: closedAt,
    knownAt: closedAt,
  }
  return { symbol, interval: '1d', candles, ...times, source: 'test', ...given }
}

/** `kind@day hour` of everything that was to be said, in order. */
const said = (changes: readonly Change[]) =>
  changes.flatMap(({ occurrences }) =>
    occurrences.map(({ kind, at }) => `${kind}@${Math.floor(at / DAY) - 20_000} ${(at % DAY) / HOUR}`),
  )

describe('at close', () => {
  test('only finished days are looked at, each once, as of their end', () => {
    const set = aSet(typed('AAPL > 500 at close repeat'))
    const rounds: [number, Quote[], Past][] = [
      [T(1, 15), [quote(490, T(1, 15))], days(AAPL, [490])],
      [T(1, 16), [quote(600, T(1, 16))], days(AAPL, [490])],
      [T(1, 20.99), [quote(501, T(1, 20.99))], days(AAPL, [490])],
      [T(1, 21.5), [], days(AAPL, [490, 501])],
      [T(1, 22), [], days(AAPL, [490, 501])],
      [T(2, 15), [quote(400, T(2, 15))], days(AAPL, [490, 501])],
      [T(2, 21.5), [], days(AAPL, [490, 501, 505])],
      [T(3, 21.5), [], days(AAPL, [490, 501, 505, 499])],
      [T(4, 21.5), [], days(AAPL, [490, 501, 505, 499, 500.01])],
    ]
    const fired = rounds.map(([now, quotes, past]) => said(set.tick(quotes, now, [past])))
    expect(fired).toEqual([[], [], [], ['fired@1 21'], [], [], [], [], ['fired@4 21']])
  })

  test('the day before it was set is its baseline', () => {
    const met = aSet(typed('AAPL > 500 at close'))
    const all = [[510], [510, 520]].map((closes, day) =>
      said(met.tick([quote(510, T(day, 22))], T(day, 22), [days(AAPL, closes)])),
    )
    expect(all.flat()).toEqual([])
  })

  test('the figures that are told are those of the day, as of its end', () => {
    const set = aSet(typed('AAPL > 500 at close'))
    set.tick([quote(490, T(0, 20))], T(0, 21.5), [days(AAPL, [490])])
    const [change] = set.tick([quote(999, T(1, 20))], T(1, 21.5), [days(AAPL, [490, 501], { source: 'other' })])
    expect(change?.occurrences[0]?.evidence).toEqual([
      { symbol: AAPL, metric: 'price', value: '501', currency: 'USD', source: 'other', at: T(1, 21) },
    ])
    expect(change?.alert.seenAt).toBe(T(1, 21))
  })

  test.each<[string, number, number | undefined, string]>([
    ['when it is known', 23, undefined, 'fired@1 23'],
    ['as of when it could be known, as in a recording', 21, undefined, 'fired@1 21'],
    ['not before what the alert has lived through', 21, T(1, 22), 'fired@1 22'],
    ['not after it is looked at', 24, undefined, 'fired@1 23'],
  ])('a day that was over while nobody watched counts %s', (_when, hour, lookedAt, told) => {
    const lived = { triggers: [unmet], seenAt: T(0, 21), ...(lookedAt !== undefined && { lookedAt }) }
    const set = aSet(typed('AAPL > 500 at close', lived))
    const past = days(AAPL, [490, 501], { knownAt: T(1, hour) })
    expect(said(set.tick([quote(490, T(1, 20))], T(1, 23), [past]))).toEqual([told])
  })

  test.each<[string, Partial<Alert>, string]>([
    ['a snooze', { triggers: [{ side: 'met', held: true, running: false }], snoozedUntil: T(1, 22) }, 'fired'],
    ['its time', { triggers: [unmet], until: T(1, 22) }, 'expired'],
  ])('%s that was over while nobody watched is told by the first round, not by the next close', (_of, given, kind) => {
    const told = [T(1, 21), T(1, 23)].map((knownAt) => {
      const set = aSet(typed('AAPL > 500 at close', { seenAt: T(1, 21), lookedAt: T(1, 21), ...given }))
      return set.tick([quote(490, T(1, 20))], T(1, 23), [days(AAPL, [490, 501], { knownAt })])
    })
    expect(told.map((changes) => said(changes).map((one) => one.split('@')[0]))).toEqual([[kind], [kind]])
  })

  test('one that was looked at does not count a second time after a restart, also where it fires again and again', () => {
    const first = aSet(typed('AAPL > 500 at close every 1d'))
    first.tick([quote(490, T(0, 20))], T(0, 21.5), [days(AAPL, [490])])
    const [fired] = first.tick([], T(1, 21.5), [days(AAPL, [490, 501])])
    const set = aSet(fired!.alert)
    const later = [22, 23, 23.9].map((hour) => set.tick([quote(501, T(1, 20))], T(1, hour), [days(AAPL, [490, 501])]))
    expect(later.flatMap(said)).toEqual([])
    expect(said(set.tick([], T(2, 21.5), [days(AAPL, [490, 501, 502])]))).toEqual(['fired@2 21'])
  })

  test('what fires each day is not put off for a day where a day comes a little earlier than the one before', () => {
    const set = aSet(typed('AAPL > 500 at close every 1d'))
    const all = [490, 501, 502, 503].map((_, day, closes) => {
      const knownAt = T(day, 21.5 - day / 10)
      return said(set.tick([quote(490, T(day, 20))], T(day, 23), [days(AAPL, closes.slice(0, day + 1), { knownAt })]))
    })
    expect(all).toEqual([[], ['fired@1 21.4'], ['fired@2 21.4'], ['fired@3 21.4']])
  })

  test('a snooze is waited for', () => {
    const set = aSet(typed('AAPL > 500 at close', { snoozedUntil: T(2, 3) }))
    const all = [[490], [490, 501]].map((closes, day) =>
      set.tick([quote(490, T(day, 20))], T(day, 21.5), [days(AAPL, closes)]),
    )
    expect([...all, set.tick([], T(2, 6))].map(said)).toEqual([[], [], ['fired@2 3']])
  })

  test('until a moment: a close up to then counts, and then it is over', () => {
    const until = T(2, 12)
    const set = aSet(typed('AAPL > 500 at close', { until }))
    const all = [[490], [490, 491], [490, 491, 501]].map((closes, day) =>
      said(set.tick([quote(490, T(day, 20))], T(day, 21.5), [days(AAPL, closes)])),
    )
    expect(all.flat()).toHaveLength(1)
    expect(all[2]?.[0]).toMatch(/^expired@2 12/)
  })
})

describe('at close, of two symbols', () => {
  const line = 'AAPL > MSFT at close'
  const MSFT = 'stock:MSFT'
  const both = (hour: number, day: number) => [AAPL, MSFT].map((symbol) => quote(1, T(day, hour), { symbol }))

  test('the same days are compared, whichever of them comes first', () => {
    const set = aSet(typed(line))
    set.tick(both(20, 0), T(0, 21.5), [days(AAPL, [10]), days(MSFT, [20])])
    const all = [
      set.tick([], T(1, 21.5), [days(AAPL, [10, 30]), days(MSFT, [20])]),
      set.tick([], T(1, 21.6), [days(AAPL, [10, 30]), days(MSFT, [20, 40])]),
      set.tick([], T(2, 21.5), [days(AAPL, [10, 30]), days(MSFT, [20, 40, 25])]),
      set.tick([], T(2, 21.6), [days(AAPL, [10, 30, 26]), days(MSFT, [20, 40, 25])]),
    ]
    expect(all.map(said)).toEqual([[], [], [], ['fired@2 21.5']])
  })

  test('a snooze that ends between the coming of two days does not hide the later one', () => {
    const held = { side: 'met', held: true, running: false } as const
    const snoozed = { triggers: [held], seenAt: T(0, 21), lookedAt: T(0, 21), snoozedUntil: T(1, 21.5) }
    const set = aSet(typed(`${line} repeat`, snoozed))
    const all = [
      set.tick(both(20, 1), T(1, 20), [days(AAPL, [30]), days(MSFT, [20])]),
      set.tick([], T(1, 21.25), [days(AAPL, [30, 40]), days(MSFT, [20])]),
      set.tick([], T(1, 21.75), [days(AAPL, [30, 40]), days(MSFT, [20])]),
      set.tick([], T(1, 22), [days(AAPL, [30, 40]), days(MSFT, [20, 50])]),
      set.tick([], T(2, 22), [days(AAPL, [30, 40, 60]), days(MSFT, [20, 50, 50])]),
    ]
    expect(all.map(said)).toEqual([[], [], ['fired@1 21.5'], [], ['fired@2 21']])
  })

  test('whose days end at other hours, each close is looked at with the last of the other', () => {
    const set = aSet(typed('AAPL > 10 and BTC > 10 at close repeat'))
    const quotes = (day: number) => [AAPL, BTC].map((symbol) => quote(1, T(day, 1), { symbol }))
    const pasts = (aapl: number[], btc: number[]) => [days(AAPL, aapl), days(BTC, btc)]
    const all = [
      set.tick(quotes(1), T(1, 1), pasts([9], [9])),
      set.tick([], T(1, 22), pasts([9, 11], [9])),
      set.tick([], T(2, 1), pasts([9, 11], [9, 11])),
      set.tick([], T(2, 22), pasts([9, 11, 9], [9, 11])),
      set.tick([], T(3, 1), pasts([9, 11, 9], [9, 11, 12])),
      set.tick([], T(3, 22), pasts([9, 11, 9, 12], [9, 11, 12])),
    ]
    expect(all.map(said)).toEqual([[], [], ['fired@2 0'], [], [], ['fired@3 21']])
  })
})

describe('at close, where the days do not come', () => {
  const why = 'Its history could not be had: test did not answer.'

  test('it says so after its grace, and when they come again', () => {
    const set = aSet(typed('AAPL > 500 at close'))
    const known = days(AAPL, [490])
    const all = [
      set.tick([quote(490, T(0, 20))], T(0, 21.5), [known]),
      set.tick([], T(1, 21.25), [{ ...known, why, knownAt: T(1, 21.25) }]),
      set.tick([], T(1, 22.5), [{ ...known, why, knownAt: T(1, 22.25) }]),
      set.tick([], T(1, 23), [days(AAPL, [490, 501], { knownAt: T(1, 23) })]),
    ]
    expect(all.map(said)).toEqual([[], [], ['blind@1 22.25'], ['fired@1 23']])
    expect(all[2]?.[0]?.occurrences[0]?.reason).toBe(why)
  })

  test('a short failure is not told, and changes nothing', () => {
    const set = aSet(typed('AAPL > 500 at close'))
    const known = days(AAPL, [490])
    const all = [
      set.tick([quote(490, T(0, 20))], T(0, 21.5), [known]),
      set.tick([], T(1, 21.25), [{ ...known, why, knownAt: T(1, 21.25) }]),
      set.tick([], T(1, 21.5), [{ ...known, knownAt: T(1, 21.5) }]),
      set.tick([], T(1, 23.5), []),
    ]
    expect(all.flatMap(said)).toEqual([])
  })
})
