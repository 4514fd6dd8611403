import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createFetch } from '../../src/jobs/fetch.ts'
import { createChain } from '../../src/market/chain.ts'
import { createSieve } from '../../src/market/held-back.ts'
import { opinionFrom } from '../../src/market/opinion.ts'
import { type Provider, ProviderError, type Quote } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'
import { createBook } from '../../src/watch/book.ts'
import { createWorkingSet } from '../../src/watch/working-set.ts'
import { someHours } from '../watch/hours.ts'
import { typed } from '../watch/typed.ts'

const BTC = 'crypto:BTC/USD'
const MINUTE = 60_000
const ROUND = 10_000

/** The closes of two recorded hours, and from one to the next six equal steps: what every round should see. */
const DAY: readonly number[] = (() => {
  const file = new URL('../fixtures/market/recorded/binance/api_v3_klines_BTCUSDT_5m.json', import.meta.url)
  const rows = JSON.parse(readFileSync(file, 'utf8')).response.body as readonly (readonly string[])[]
  const closes = rows.map((row) => Number(row[4]))
  return closes
    .slice(1)
    .flatMap((close, i) => [1, 2, 3, 4, 5, 6].map((step) => closes[i]! + ((close - closes[i]!) * step) / 6))
})()
const SORTED = [...DAY].sort((a, b) => a - b)
const MIDDLE = Math.round(SORTED[Math.floor(SORTED.length / 2)]!)
const LINES = [
  `BTC > ${MIDDLE} or < ${MIDDLE} repeat`,
  `BTC > ${Math.round(SORTED.at(-1)! * 1.1)} or < ${Math.round(SORTED[0]! * 0.9)} repeat`,
]

/** What a source says in a round in which the market is at a price; undefined: it does not answer. */
type Says = (price: number, round: number) => number | string | undefined

const truth: Says = (price) => price
/** Now and then a slip of the point, nothing, a price of another thing, or no price at all. */
const slips: Says = (price, round) =>
  round % 7 === 3 ? [price * 10, '0', price / 2, 'NaN', '', price * 1.4][Math.floor(round / 7) % 6] : price
/** The same in other rounds: two sources hardly ever slip alike. */
const slipsElsewhere: Says = (price, round) => slips(price, round + 2)
/** Answers every other five minutes. */
const fitful =
  (says: Says): Says =>
  (price, round) =>
    Math.floor(round / 30) % 2 === 0 ? undefined : says(price, round)
/** Three per cent off: a market of its own. */
const elsewhere: Says = (price) => price * 1.03

/** What two alerts say in the course of the recording, the first provider asked first. */
async function firings(first: Says, second: Says): Promise<string[]> {
  const clock = { now: Date.UTC(2026, 2, 2), round: 0 }
  const now = () => clock.now
  const provider = (name: string, says: Says): Provider => ({
    name,
    classes: ['crypto'],
    batch: 100,
    pace: 0,
    async quotes() {
      const price = says(DAY[clock.round]!, clock.round)
      if (price === undefined) throw new ProviderError(name, 'does not answer')
      const quote: Quote = { symbol: BTC, price: String(price), currency: 'USD', source: name, receivedAt: now() }
      return new Map([[BTC, quote]])
    },
    candles: async () => [],
    search: async () => [],
  })
  const providers = [provider('First', first), provider('Second', second)]
  const chain = createChain({ providersFor: (kind) => (kind === 'crypto' ? providers : []), now })
  const hours = calendar({ alwaysOpen: true })
  const kept = new Map<string, Quote>()
  const sieve = createSieve({ now, calendar: hours, isMade: false, opinion: opinionFrom(chain), doubted: () => {} })
  const set = createWorkingSet({
    book: createBook(someHours({ freshFor: () => 2 * MINUTE })),
    grace: Number.POSITIVE_INFINITY,
    apart: MINUTE,
    broken: (_, why) => {
      throw new Error(why)
    },
  })
  for (const line of LINES) set.put(typed(line))
  const told: string[] = []
  const fetch = createFetch({
    kind: 'crypto',
    chain,
    sift: sieve.sift,
    calendar: hours,
    symbols: async () => ({ symbols: [BTC], daySymbols: [] }),
    days: { soon: (quote) => quote },
    kept: async () => new Map(kept),
    async write(quotes) {
      for (const quote of quotes) kept.set(quote.symbol, quote)
      const changes = set.tick(quotes, now())
      for (const { alert, occurrences } of changes)
        for (const { kind, triggers } of occurrences) if (kind === 'fired') told.push(`${alert.id}: ${triggers}`)
    },
    written: async () => {},
    done: async () => {},
    now,
    log: pino({ level: 'silent' }),
  })
  for (; clock.round < DAY.length; clock.round++) {
    await fetch()
    // What a second source was asked for comes a little later than the round.
    await new Promise((done) => setImmediate(done))
    clock.now += ROUND
  }
  return told
}

test('the recording crosses its middle, and fires each time', async () => {
  const told = await firings(truth, truth)
  expect(told.length).toBeGreaterThanOrEqual(5)
  expect(told.every((one) => one.startsWith(`${LINES[0]}: `))).toBe(true)
})

test.each<[string, Says, Says]>([
  ['the first slips now and then', slips, truth],
  ['the second slips too, in other rounds', slips, slipsElsewhere],
  ['the first does not answer half of the time', fitful(truth), truth],
  ['the first does not answer half of the time and slips in the other', fitful(slips), truth],
])('of two providers %s: nothing false is told', async (_title, first, second) => {
  const told = await firings(first, second)
  expect(told.filter((one) => one.startsWith(`${LINES[1]}: `))).toEqual([])
})

test.each<[string, Says, Says]>([
  ['the first slips now and then', slips, truth],
  ['the first does not answer half of the time', fitful(truth), truth],
])('of two providers %s: what is true is told all the same', async (_title, first, second) => {
  expect(await firings(first, second)).toEqual(await firings(truth, truth))
})

test('two providers that are three per cent apart and take turns do not fire by their difference', async () => {
  const told = await firings(fitful(truth), elsewhere)
  expect(told.filter((one) => one.startsWith(`${LINES[1]}: `))).toEqual([])
})
