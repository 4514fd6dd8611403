import { afterAll, beforeAll, expect, test } from 'vitest'
import { gatherFor, outagePorts } from '../../src/jobs/outages.ts'
import { calendar } from '../../src/market/sessions.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { aQuote } from '../builders.ts'
import { freshDatabase } from '../mongo.ts'

const MINUTE = 60_000
/** Monday's opening in New York. */
const OPENING = Date.UTC(2026, 10, 23, 14, 30)

let store: Store
beforeAll(async () => {
  store = await connect(freshDatabase())
})
afterAll(() => store.close())

const unseen = async (symbol: string, at: number) => {
  const market = { calendar: calendar({ alwaysOpen: false }), freshFor: () => 5 * MINUTE }
  return (await outagePorts(store, market).unseen([symbol]))(symbol, at)
}

test.each<[string, string, number | undefined, number, boolean]>([
  ['heard lately', 'stock:A', OPENING + 30 * MINUTE, OPENING + 34 * MINUTE, true],
  ['not heard for as long as a quote is good', 'stock:B', OPENING + 30 * MINUTE, OPENING + 35 * MINUTE, false],
  ['never heard', 'stock:C', undefined, OPENING + 30 * MINUTE, false],
  ['of a closed market', 'stock:D', OPENING - 66 * 60 * MINUTE, OPENING - 24 * 60 * MINUTE, true],
  ['of a market that has just opened', 'stock:E', OPENING - 66 * 60 * MINUTE, OPENING + 4 * MINUTE, true],
  ['of a market that never closes', 'crypto:BTC/USD', OPENING, OPENING + 5 * MINUTE, false],
])('a symbol that is %s is seen or not', async (_what, symbol, receivedAt, at, isSeen) => {
  if (receivedAt !== undefined) await store.quotes.write([aQuote({ symbol, receivedAt })])
  expect(await unseen(symbol, at)).toEqual(isSeen ? undefined : {})
})

test('a symbol whose prices are not believed says so', async () => {
  const symbol = 'crypto:ETH/USD'
  await store.quotes.write([aQuote({ symbol, receivedAt: OPENING })])
  const doubt = {
    symbol,
    price: '900',
    source: 'test',
    why: 'it rose by 80 % at once',
    isWaiting: true,
    at: OPENING + 1,
  }
  await store.quotes.holdBack([{ ...doubt, rule: 'jump' }])
  expect(await unseen(symbol, OPENING + 5 * MINUTE)).toEqual({
    why: 'a price of 900 is not believed: it rose by 80 % at once',
  })
  await store.quotes.holdBack([{ ...doubt, rule: 'older' }])
  expect(await unseen(symbol, OPENING + 5 * MINUTE)).toEqual({})
})

test.each([
  [300_000, 40_000],
  [1_000, 250],
])('with a grace of %d ms the word of an outage waits %d ms', (grace, gather) => expect(gatherFor(grace)).toBe(gather))
