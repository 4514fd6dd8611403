import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWanted } from '../../src/jobs/wanted.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { anAlert } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

let made = 0
async function watch(symbol: string) {
  const {
    number: _,
    revision: __,
    unsent: ___,
    ...fields
  } = anAlert({
    id: symbol,
    symbols: [symbol],
    daySymbols: [symbol],
    bindings: { AAPL: symbol },
  })
  return store.alerts.create(fields, async () => ++made)
}

test('the symbols of watched alerts, as they are now, read anew only when an alert changed', async () => {
  let reads = 0
  const symbols = () => {
    reads++
    return store.alerts.symbols()
  }
  let now = 0
  const wanted = createWanted({ symbols, lastChange: store.alerts.lastChange }, () => now)
  expect(await wanted()).toEqual({ symbols: [], daySymbols: [] })

  const { number } = await watch('stock:A')
  expect(await wanted()).toEqual({ symbols: ['stock:A'], daySymbols: ['stock:A'] })
  await watch('stock:B')
  expect((await wanted()).symbols.sort()).toEqual(['stock:A', 'stock:B'])

  await store.alerts.change('user', number, (alert) => ({ alert: { ...alert, paused: true }, occurrences: [] }))
  expect((await wanted()).symbols).toEqual(['stock:B'])

  // Once more for what may have become visible late, and then no more.
  now += 2_000
  await wanted()
  const before = reads
  for (let round = 0; round < 5; round++) expect((await wanted()).symbols).toEqual(['stock:B'])
  expect(reads).toBe(before)
})

test('an alert that became visible up to two seconds after a later one is found', async () => {
  let now = 0
  const answers = [['stock:A'], ['stock:A'], ['stock:A', 'stock:LATE'], ['nothing is read any more']]
  const ports = {
    lastChange: async () => new Date(5),
    symbols: async () => ({ symbols: answers.shift() ?? [], daySymbols: [] }),
  }
  const wanted = createWanted(ports, () => now)
  const found: string[] = []
  for (now of [0, 1_900, 2_000, 9_000]) found.push((await wanted()).symbols.join())
  expect(found).toEqual(['stock:A', 'stock:A', 'stock:A,stock:LATE', 'stock:A,stock:LATE'])
})

test('who asks while it is read waits for it', async () => {
  const found = { symbols: ['stock:A'], daySymbols: [] }
  const wanted = createWanted({ lastChange: async () => new Date(5), symbols: async () => found })
  expect(await Promise.all([wanted(), wanted(), wanted()])).toEqual([found, found, found])
})
