import { describe, expect, test } from 'vitest'
import type { Quote } from '../../src/market/provider.ts'
import { type Book, createBook, type Hearing } from '../../src/watch/book.ts'
import { aQuote } from '../builders.ts'
import { sixtyOfHundred, someHours } from './hours.ts'

const AAPL = 'stock:AAPL'
const hear = (book: Book, quote: Quote): Hearing => book.hear(book.held(quote.symbol), quote)

test('a symbol of which nothing was heard is unknown, with the reason', () => {
  const { cell, quote } = createBook(someHours()).held(AAPL)
  expect(quote).toBeUndefined()
  expect(cell).toMatchObject({ symbol: AAPL, price: Number.NaN, why: 'no quote yet' })
})

test('a quote fills the cell that conditions hold on to, and the next one the same cell', () => {
  const book = createBook(someHours())
  const { cell } = book.held(AAPL)
  expect(hear(book, aQuote({ price: '500.10', volume: '7', receivedAt: 1 }))).toBe('news')
  expect(cell).toMatchObject({ price: 500.1, volume: 7, currency: 'USD', why: undefined })
  expect(hear(book, aQuote({ price: '501', receivedAt: 2 }))).toBe('news')
  expect(cell).toMatchObject({ price: 501, volume: Number.NaN })
  expect(book.held(AAPL).cell).toBe(cell)
})

describe('after a price of 500 of 10, received at 20', () => {
  test.each<[string, Partial<Quote>, Hearing, number]>([
    ['a newer one is news', { price: '501', receivedAt: 30, asOf: 25 }, 'news', 501],
    ['a newer one of the same moment is news', { price: '501', receivedAt: 30, asOf: 10 }, 'news', 501],
    ['one that changes another figure alone is news', { volume: '5', receivedAt: 30, asOf: 25 }, 'news', 500],
    ['one that says the same is no news', { receivedAt: 30, asOf: 25 }, 'heard', 500],
    ['the same one again is no news', { receivedAt: 20, asOf: 10 }, 'ignored', 500],
    ['one that was received before it is no news', { price: '501', receivedAt: 19, asOf: 15 }, 'ignored', 500],
    [
      'one that was true before it, received late, is no news',
      { price: '501', receivedAt: 30, asOf: 9 },
      'ignored',
      500,
    ],
  ])('%s', (_what, later, hearing, price) => {
    const book = createBook(someHours())
    hear(book, aQuote({ receivedAt: 20, asOf: 10 }))
    expect(hear(book, aQuote(later))).toBe(hearing)
    expect(book.held(AAPL).cell.price).toBe(price)
  })
})

test('the close that is first heard beside a price of the hours after it is not lost to those who look at regular hours', () => {
  const book = createBook(someHours({ sessionAt: sixtyOfHundred }))
  const [regular, always] = [book.held(AAPL), book.held(AAPL, 'always')]
  const first = aQuote({ price: '490', receivedAt: 50, session: 'regular' })
  const late = aQuote({ price: '512', receivedAt: 70, asOf: 69, session: 'post', regular: { price: '501', asOf: 59 } })
  for (const held of [regular, always]) for (const quote of [first, late]) book.hear(held, quote)
  expect([regular.cell.price, regular.cell.at]).toEqual([501, 59])
  expect([always.cell.price, always.cell.at]).toEqual([512, 69])
})

describe('hours: open from 0 to 60 and from 100 to 160', () => {
  const heard = (...quotes: Partial<Quote>[]) => {
    const book = createBook(someHours({ sessionAt: sixtyOfHundred }))
    const news = quotes.map((quote) => hear(book, aQuote(quote)))
    return [...news, book.held(AAPL).cell.price]
  }
  test.each<[string, Partial<Quote>[], unknown[]]>([
    ['with nothing better, a price from closed hours is taken', [{ receivedAt: 70 }], ['news', 500]],
    [
      'with a price there, one from closed hours is not heard',
      [{ receivedAt: 50 }, { receivedAt: 70, price: '501' }],
      ['news', 'ignored', 500],
    ],
    [
      'the first price of the next session is heard',
      [{ receivedAt: 50 }, { receivedAt: 100, price: '501' }],
      ['news', 'news', 501],
    ],
    [
      'the first price of the next session is heard, also when it is the same',
      [{ receivedAt: 50 }, { receivedAt: 100 }, { receivedAt: 110 }],
      ['news', 'news', 'heard', 500],
    ],
    [
      'a price of trading hours that comes after the close is heard',
      [{ receivedAt: 50 }, { receivedAt: 70, asOf: 59, price: '501' }],
      ['news', 'news', 501],
    ],
    [
      'a closing price that its provider says is one is heard, whatever its time',
      [{ receivedAt: 50 }, { receivedAt: 70, session: 'regular', price: '501' }],
      ['news', 'news', 501],
    ],
    [
      'one that its provider says is from late trading is not heard, whatever its time',
      [{ receivedAt: 50 }, { receivedAt: 55, session: 'post', price: '501' }],
      ['news', 'ignored', 500],
    ],
  ])('%s', (_what, quotes, result) => {
    expect(heard(...quotes)).toEqual(result)
  })

  test('a symbol is open in regular trading alone, and each session has an end', () => {
    const book = createBook(someHours({ sessionAt: sixtyOfHundred }))
    expect([0, 59, 60, 99, 100].map((at) => book.isOpen(book.held(AAPL), at))).toEqual([true, true, false, false, true])
    expect([0, 59, 60, 99].map((at) => book.sessionEnd(book.held(AAPL), at))).toEqual([60, 60, 100, 100])
  })
})

describe('a quote is fresh for 30 of trading time', () => {
  test.each([
    ['in a session', 10, 40],
    ['up to the close', 30, 60],
    ['over the close: the rest is counted from the open', 50, 120],
    ['received while closed: counted from the open', 70, 130],
  ])('%s: received at %d, stale at %d', (_what, receivedAt, staleAt) => {
    const book = createBook(someHours({ sessionAt: sixtyOfHundred, freshFor: () => 30 }))
    hear(book, aQuote({ receivedAt }))
    const held = book.held(AAPL)
    expect(held.staleAt).toBe(staleAt)
    expect(book.expire(held, staleAt - 1)).toBe(false)
    expect(held.cell.price).toBe(500)
    expect(book.expire(held, staleAt)).toBe(true)
    expect(held.cell).toMatchObject({ price: Number.NaN, why: 'test has not answered' })
    expect(book.expire(held, staleAt + 1)).toBe(false)
  })

  test('longer than a session: counted over as many as it takes', () => {
    const book = createBook(someHours({ sessionAt: sixtyOfHundred, freshFor: () => 150 }))
    hear(book, aQuote({ receivedAt: 10 }))
    expect(book.held(AAPL).staleAt).toBe(240)
  })

  test('where a market never trades again it does not become stale', () => {
    const sessionAt = (_symbol: string, at: number) => ({ session: 'closed' as const, until: at + 100 })
    const book = createBook(someHours({ sessionAt, freshFor: () => 30 }))
    hear(book, aQuote({ receivedAt: 10 }))
    expect(book.held(AAPL).staleAt).toBe(Number.POSITIVE_INFINITY)
  })

  test('a quote that says the same extends it, and after it was stale makes the symbol known again', () => {
    const book = createBook(someHours({ freshFor: () => 30 }))
    const held = book.held(AAPL)
    hear(book, aQuote({ receivedAt: 10 }))
    expect(hear(book, aQuote({ receivedAt: 25 }))).toBe('heard')
    expect(held.staleAt).toBe(55)
    expect(book.expire(held, 40)).toBe(false)
    expect(book.expire(held, 55)).toBe(true)
    expect(hear(book, aQuote({ receivedAt: 60 }))).toBe('news')
    expect(held.cell).toMatchObject({ price: 500, why: undefined })
  })

  test('one that is not heard does not extend it', () => {
    const book = createBook(someHours({ freshFor: () => 30 }))
    hear(book, aQuote({ receivedAt: 10, asOf: 10 }))
    hear(book, aQuote({ receivedAt: 25, asOf: 9 }))
    expect(book.held(AAPL).staleAt).toBe(40)
  })

  test('of a symbol without a quote nothing expires', () => {
    const book = createBook(someHours({ freshFor: () => 30 }))
    expect(book.expire(book.held(AAPL), 1_000)).toBe(false)
  })
})
