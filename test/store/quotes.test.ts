import { setTimeout as sleep } from 'node:timers/promises'
import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HeldBack } from '../../src/market/held-back.ts'
import type { Quote } from '../../src/market/provider.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import type { Cursor } from '../../src/store/cursor.ts'
import { createQuotes } from '../../src/store/quotes.ts'
import { aQuote } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

const read = async (symbol: string) => (await store.quotes.read([symbol])).get(symbol)

test('a quote comes back figure for figure as text', async () => {
  const quote: Quote = {
    symbol: 'stock:BRK.B',
    price: '0.000012340',
    currency: 'USD',
    source: 'test',
    receivedAt: 12,
    asOf: 11,
    session: 'regular',
    open: '1',
    high: '2.50',
    low: '0.1',
    previousClose: '1e-7',
    volume: '123456789012345678901234567890',
    bid: '1.1',
    ask: '1.2',
  }
  await store.quotes.write([quote])
  expect(await read(quote.symbol)).toEqual(quote)
})

test('a newer quote replaces the whole older one: figures it does not have are gone', async () => {
  await store.quotes.write([aQuote({ symbol: 'stock:A', volume: '5', receivedAt: 1 })])
  await store.quotes.write([aQuote({ symbol: 'stock:A', price: '501', receivedAt: 2 })])
  expect(await read('stock:A')).toEqual(aQuote({ symbol: 'stock:A', price: '501', receivedAt: 2 }))
})

test('an older quote never replaces a newer one', async () => {
  const newer = aQuote({ symbol: 'stock:B', price: '501', receivedAt: 10 })
  await store.quotes.write([newer])
  await store.quotes.write([aQuote({ symbol: 'stock:B', price: '499', receivedAt: 9 })])
  expect(await read('stock:B')).toEqual(newer)
})

test('one that came later and is of an earlier time replaces none: requests may cross', async () => {
  const newer = aQuote({ symbol: 'stock:X', price: '501.12', asOf: 100, receivedAt: 110 })
  await store.quotes.write([newer])
  await store.quotes.write([aQuote({ symbol: 'stock:X', price: '491.8', asOf: 90, receivedAt: 120 })])
  expect(await read('stock:X')).toEqual(newer)
  const without = aQuote({ symbol: 'stock:X', price: '502', receivedAt: 121 })
  await store.quotes.write([without])
  expect(await read('stock:X')).toEqual(without)
  const again = aQuote({ symbol: 'stock:X', price: '503', asOf: 100, receivedAt: 122 })
  await store.quotes.write([again, { ...again, price: '504', receivedAt: 123 }])
  expect((await read('stock:X'))?.price).toBe('504')
})

test('of quotes written at once in any order the newest is kept', async () => {
  for (let round = 0; round < 10; round++) {
    const symbol = `stock:R${round}`
    const times = [3, 9, 1, 7, 5, 8, 2, 6]
    await Promise.all(
      times.map((receivedAt) => store.quotes.write([aQuote({ symbol, price: `${receivedAt}`, receivedAt })])),
    )
    expect(await read(symbol)).toEqual(aQuote({ symbol, price: '9', receivedAt: 9 }))
  }
})

test('text that looks like a field or an operator stays text', async () => {
  const quote = aQuote({ symbol: '$stock', source: '$receivedAt', currency: '$$NOW', receivedAt: 1 })
  await store.quotes.write([quote])
  expect(await read('$stock')).toEqual(quote)
})

test('only the quotes asked for are read; one that is not there is left out', async () => {
  await store.quotes.write([aQuote({ symbol: 'stock:C' }), aQuote({ symbol: 'stock:D' })])
  expect([...(await store.quotes.read(['stock:C', 'stock:none'])).keys()]).toEqual(['stock:C'])
  expect(await store.quotes.read([])).toEqual(new Map())
})

describe('reading on from a cursor', () => {
  test('everything at first, then what was written since', async () => {
    const { quotes, close } = await connect(freshDatabase())
    expect((await quotes.changedSince(null)).quotes).toEqual([])
    await quotes.write([aQuote({ symbol: 'stock:A', receivedAt: 1 })])
    const first = await quotes.changedSince(null)
    expect(first.quotes.map(({ symbol }) => symbol)).toEqual(['stock:A'])
    await quotes.write([aQuote({ symbol: 'stock:B', receivedAt: 1 })])
    const second = await quotes.changedSince(first.cursor)
    expect(second.quotes.map(({ symbol }) => symbol)).toContain('stock:B')
    expect(second.cursor.newest >= first.cursor.newest).toBe(true)
    await close()
  })

  test('a quote that became visible late, with a time a second before the cursor, is not missed', async () => {
    const { quotes, db, close } = await connect(freshDatabase())
    await quotes.write([aQuote({ symbol: 'stock:A', receivedAt: 1 })])
    const { cursor } = await quotes.changedSince(null)
    await quotes.write([aQuote({ symbol: 'stock:LATE', receivedAt: 1 })])
    await db
      .collection('quotes')
      .updateOne({ _id: 'stock:LATE' as never }, { $set: { updatedAt: new Date(cursor.newest.getTime() - 1_000) } })
    const { quotes: found } = await quotes.changedSince(cursor)
    expect(found.map(({ symbol }) => symbol)).toContain('stock:LATE')
    await close()
  })

  test('what is written is found however much time the reader has seen go by since it last looked', async () => {
    const { quotes, close } = await connect(freshDatabase())
    await quotes.write([aQuote({ symbol: 'stock:A', receivedAt: 1 })])
    const { cursor } = await quotes.changedSince(null)
    await sleep(5)
    await quotes.write([aQuote({ symbol: 'stock:B', receivedAt: 1 })])
    const { quotes: found } = await quotes.changedSince({ ...cursor, readAt: cursor.seenAt + 3_600_000 })
    expect(found.map(({ symbol }) => symbol)).toContain('stock:B')
    await close()
  })

  test('what is written after the database’s clock was set back is found, beside what was written ahead of it', async () => {
    const { quotes, db, close } = await connect(freshDatabase())
    await quotes.write([aQuote({ symbol: 'stock:A', receivedAt: 1 })])
    const ahead = new Date(Date.now() + 3_600_000)
    await db.collection('quotes').updateOne({ _id: 'stock:A' as never }, { $set: { updatedAt: ahead } })
    const all = await quotes.changedSince(null)
    expect(all.quotes.map(({ symbol }) => symbol)).toEqual(['stock:A'])
    await quotes.write([aQuote({ symbol: 'stock:B', receivedAt: 1 })])
    const first = await quotes.changedSince(all.cursor)
    expect(first.quotes.map(({ symbol }) => symbol)).toEqual(['stock:B'])
    await quotes.write([aQuote({ symbol: 'stock:C', receivedAt: 1 })])
    expect((await quotes.changedSince(first.cursor)).quotes.map(({ symbol }) => symbol)).toContain('stock:C')
    await close()
  })

  test('a write that took long is found by a reader who meanwhile saw a later one', async () => {
    const uri = freshDatabase()
    const { quotes, close } = await connect(uri)
    const connection = await mongoose.createConnection(uri).asPromise()
    let firstIsOver = 0
    const clock = [() => 0, () => (firstIsOver = Date.now()), () => 0, () => 100]
    await createQuotes(connection, () => clock.shift()!()).write([aQuote({ symbol: 'stock:SLOW', receivedAt: 1 })])
    expect(clock).toEqual([])
    const laterOne = { newest: new Date(firstIsOver), seenAt: 0, readAt: 5_000 }
    expect((await quotes.changedSince(laterOne)).quotes).toHaveLength(1)
    await Promise.all([connection.close(), close()])
  })

  test('a reader that reads while others write misses none of 200', async () => {
    const { quotes, close } = await connect(freshDatabase())
    const seen = new Set<string>()
    let isOver = false
    const reader = async () => {
      let cursor: Cursor | null = null
      for (let isLast = false; ; isLast = isOver) {
        const news: Awaited<ReturnType<typeof quotes.changedSince>> = await quotes.changedSince(cursor)
        for (const { symbol } of news.quotes) seen.add(symbol)
        cursor = news.cursor
        if (isLast) return
      }
    }
    const writer = async (name: string) => {
      for (let i = 0; i < 100; i++) await quotes.write([aQuote({ symbol: `stock:${name}${i}` })])
    }
    const reading = reader()
    await Promise.all(['X', 'Y'].map(writer))
    isOver = true
    await reading
    expect(seen.size).toBe(200)
    await close()
  })
})

test('what was not believed is kept with the quote before it, is no part of it, and goes with the next one', async () => {
  const [symbol, rule] = ['stock:DOUBT', 'jump'] as const
  const quote = aQuote({ symbol, receivedAt: 1 })
  const heldBack: HeldBack = { symbol, rule, price: '900', source: 'test', why: 'it rose', isWaiting: true, at: 2 }
  await store.quotes.write([quote])
  const { cursor } = await store.quotes.changedSince(null)
  await store.quotes.holdBack([{ ...heldBack, price: '800' }, heldBack])
  expect(await store.quotes.heldBack([symbol, 'stock:OTHER'])).toEqual([heldBack])
  expect(await read(symbol)).toEqual(quote)
  expect((await store.quotes.changedSince(cursor)).cursor.newest).toEqual(cursor.newest)
  await store.quotes.write([aQuote({ symbol, receivedAt: 3 })])
  expect(await store.quotes.heldBack([symbol])).toEqual([])
})

test('what was not believed of a symbol without a quote is not kept', async () => {
  const symbol = 'stock:NEW'
  await store.quotes.holdBack([
    { symbol, rule: 'price', price: '0', source: 'test', why: 'it is nothing', isWaiting: false, at: 2 },
  ])
  expect([await read(symbol), await store.quotes.heldBack([symbol])]).toEqual([undefined, []])
})
