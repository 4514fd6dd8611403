import { describe, expect, test } from 'vitest'
import type { Session } from '../../src/market/provider.ts'
import { createBook, type Hours } from '../../src/watch/book.ts'
import { lineIn } from '../../src/watch/line.ts'
import { createWorkingSet } from '../../src/watch/working-set.ts'
import { aQuote } from '../builders.ts'
import { someHours } from './hours.ts'
import { typed } from './typed.ts'

const AAPL = 'stock:AAPL'

/** Of each 100 ms: closed up to 20, pre up to 40, regular up to 70, post up to 90, closed. */
const BOUNDS: readonly [Session, number][] = [
  ['closed', 20],
  ['pre', 40],
  ['regular', 70],
  ['post', 90],
  ['closed', 100],
]
const sessionAt: Hours['sessionAt'] = (_symbol, at) => {
  const start = Math.floor(at / 100) * 100
  const [session, until] = BOUNDS.find(([, end]) => at - start < end)!
  return { session, until: start + until }
}

const price = (value: number, receivedAt: number) => aQuote({ price: String(value), receivedAt })

describe('the places of a symbol', () => {
  const aBook = () => createBook(someHours({ sessionAt, freshFor: () => 15 }))

  test('are made for the hours that somebody asks for, each once, and let go of', () => {
    const book = aBook()
    const regular = book.held(AAPL)
    const extended = book.held(AAPL, 'extended')
    expect(book.held(AAPL, 'regular')).toBe(regular)
    expect(book.held(AAPL, 'extended')).toBe(extended)
    expect(book.placesOf(AAPL)).toEqual([regular, extended])
    book.forget(regular)
    expect(book.placesOf(AAPL)).toEqual([extended])
    book.forget(extended)
    expect(book.placesOf(AAPL)).toEqual([])
  })

  test('are one for what never closes', () => {
    const book = aBook()
    expect(book.held('crypto:BTC/USD', 'always')).toBe(book.held('crypto:BTC/USD'))
  })

  test.each([
    ['regular', [50, 50, 50, 52, 52, 52]],
    ['extended', [50, 51, 51, 52, 54, 54]],
    ['always', [50, 51, 51, 52, 54, 55]],
  ] as const)('%s hours hear their own quotes', (during, seen) => {
    const book = aBook()
    const held = book.held(AAPL, during)
    const quotes = [price(50, -50), price(51, 30), price(51, 35), price(52, 50), price(54, 80), price(55, 95)]
    const prices = quotes.map((quote) => {
      book.hear(held, quote)
      return held.cell.price
    })
    expect(prices).toEqual(seen)
  })

  test.each([
    ['regular', [false, false, true, false, false]],
    ['extended', [false, true, true, true, false]],
    ['always', [true, true, true, true, true]],
  ] as const)('%s: when it is open', (during, open) => {
    const book = aBook()
    expect([10, 30, 50, 80, 95].map((at) => book.isOpen(book.held(AAPL, during), at))).toEqual(open)
  })

  test.each([
    ['regular', 50, 70],
    ['regular', 30, 30],
    ['extended', 30, 90],
    ['extended', 50, 90],
    ['extended', 95, 95],
    ['always', 95, Number.POSITIVE_INFINITY],
  ] as const)('%s: the session of a quote of %d ends at %d', (during, at, end) => {
    const book = aBook()
    const held = book.held(AAPL, during)
    book.hear(held, price(50, at))
    expect(held.cell).toMatchObject({ at, heardAt: at, sessionEnd: end })
  })

  test('days are made of regular trading, shorter candles of all hours that are heard', () => {
    const book = createBook(someHours({ sessionAt, hearsAll: true }))
    const held = book.held(AAPL, 'extended')
    const lines = (['1d', '1m'] as const).map((interval) => lineIn(held, interval))
    for (const [value, at] of [
      [51, 30],
      [52, 50],
      [53, 80],
    ] as const)
      book.hear(held, price(value, at))
    expect(lines.map(({ seen }) => [seen.live?.open, seen.live?.close])).toEqual([
      ['52', '52'],
      ['51', '53'],
    ])
  })

  test('a quote of other hours ages in regular trading alone', () => {
    const book = aBook()
    const held = book.held(AAPL, 'extended')
    book.hear(held, price(50, 30))
    expect(held.staleAt).toBe(55)
    book.hear(held, price(50, 80))
    expect(held.staleAt).toBe(155)
  })
})

describe('alerts', () => {
  const firings = (...lines: string[]) => {
    const broken = (_: unknown, why: string) => {
      throw new Error(why)
    }
    const set = createWorkingSet({ book: createBook(someHours({ sessionAt })), grace: 1_000, apart: 1_000, broken })
    for (const line of lines) set.put(typed(line))
    const quotes = [
      price(490, -50),
      price(510, 10),
      price(490, 15),
      price(510, 30),
      price(490, 35),
      price(510, 45),
      price(490, 50),
    ]
    return quotes
      .flatMap((quote) => set.tick([quote], quote.receivedAt))
      .flatMap(({ occurrences, alert }) => occurrences.map(({ at }) => `${at} ${alert.text}`))
  }
  const line = 'AAPL > 500'

  test.each([
    ['regular trading where nothing is said', line, ['45']],
    ['regular trading', `${line} during regular hours`, ['45']],
    ['extended hours', `${line} during extended hours`, ['30']],
    ['always', `${line} during always`, ['10']],
  ])('see their hours: %s', (_what, text, times) => {
    expect(firings(text).map((told) => told.split(' ')[0])).toEqual(times)
  })

  test('of different hours on one symbol do not change what the others see', () => {
    const all = [`${line} repeat`, `${line} repeat during extended hours`, `${line} repeat during always`]
    const alone = all.flatMap((text) => firings(text))
    expect(firings(...all).sort()).toEqual(alone.sort())
    expect(alone).toHaveLength(1 + 2 + 3)
  })

  test('a clock of `for` runs through all hours of the alert, and stands in others', () => {
    const set = createWorkingSet({
      book: createBook(someHours({ sessionAt })),
      grace: 1_000,
      apart: 1_000,
      broken: () => {},
    })
    const alert = typed('AAPL > 500 during extended hours')
    set.put({ ...alert, options: { ...alert.options, for: 60 } })
    const all = [price(490, 25), price(510, 35), price(511, 125)].flatMap((quote) =>
      set.tick([quote], quote.receivedAt),
    )
    const late = set.tick([], 140)
    // Met from 35 to 90, then from 120 on.
    expect([...all, ...late].flatMap(({ occurrences }) => occurrences.map(({ at }) => at))).toEqual([125])
  })
})
