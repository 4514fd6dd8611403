import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createFetch } from '../../src/jobs/fetch.ts'
import { createChain } from '../../src/market/chain.ts'
import { createSieve } from '../../src/market/held-back.ts'
import { opinionFrom } from '../../src/market/opinion.ts'
import { type Candle, type Provider, ProviderError, type Quote } from '../../src/market/provider.ts'
import { calendar } from '../../src/market/sessions.ts'
import { simulated } from '../../src/market/simulated.ts'
import { createBook } from '../../src/watch/book.ts'
import { createWorkingSet } from '../../src/watch/working-set.ts'
import { someHours } from '../watch/hours.ts'
import { typed } from '../watch/typed.ts'

const BTC = 'crypto:BTC/USD'
const MINUTE = 60_000
const START = Date.UTC(2026, 2, 2)

/** What a provider says in the five minutes of a candle, one price a minute: it goes first to the extreme that is nearer to its open. */
function minutesOf({ open, high, low, close }: Candle): number[] {
  const [from, to] = [Number(open), Number(close)]
  const [one, other] = to >= from ? [Number(low), Number(high)] : [Number(high), Number(low)]
  return [from, one, other, (other + to) / 2, to]
}

/** A day of candles of the simulated market, minute by minute: what every round should see. */
const DAY: readonly number[] = await (async () => {
  const market = simulated({ seed: 4, speed: 1, now: () => START + 2 * 86_400_000 })
  const candles = await market.candles(BTC, '5m', START, START + 86_400_000)
  return candles.slice(0, 288).flatMap(minutesOf)
})()
const SORTED = [...DAY].sort((a, b) => a - b)
const [LOWEST, MIDDLE, HIGHEST] = [SORTED[0]!, Math.round(SORTED[SORTED.length / 2]!), SORTED.at(-1)!]
/** What happens, what never does, and what only a source that is more than 1.5 % too high ever says. */
const ALERTS = {
  true: `BTC > ${MIDDLE} or < ${MIDDLE} repeat`,
  false: `BTC > ${Math.round(HIGHEST * 1.1)} or < ${Math.round(LOWEST * 0.9)} repeat`,
  high: `BTC > ${Math.round(HIGHEST * 1.015)} repeat`,
} as const

/** What a source says in a round in which the market is at a price; undefined: it does not answer. */
type Says = (price: number, round: number) => number | string | undefined

const truth: Says = (price) => price
/** Now and then a slip of the point, nothing, a price of another thing, or no price at all. */
const slips: Says = (price, round) =>
  round % 7 === 3 ? [price * 10, '0', price / 2, 'NaN', '', price * 1.4][Math.floor(round / 7) % 6] : price
/** The same in other rounds: two sources hardly ever slip alike. */
const slipsElsewhere: Says = (price, round) => slips(price, round + 2)
const TURN = 5
/** Answers in every other turn of five minutes, from the second one on or from the first. */
const fitful =
  (says: Says, isFirst = false): Says =>
  (price, round) =>
    Math.floor(round / TURN) % 2 === (isFirst ? 0 : 1) ? says(price, round) : undefined
/** Three per cent off: a market of its own. */
const elsewhere: Says = (price) => price * 1.03

type Told = { readonly round: number; readonly alert: keyof typeof ALERTS; readonly trigger: string }

/** What the alerts say in the course of the day, the first provider asked first. */
async function firings(first: Says, second: Says): Promise<Told[]> {
  const clock = { now: START, round: 0 }
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
  const names = new Map<string, keyof typeof ALERTS>()
  for (const name of ['true', 'false', 'high'] as const) {
    const alert = typed(ALERTS[name])
    names.set(alert.id, name)
    set.put(alert)
  }
  const told: Told[] = []
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
        for (const { kind, triggers } of occurrences)
          if (kind === 'fired')
            told.push({ round: clock.round, alert: names.get(alert.id)!, trigger: triggers.join(', ') })
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
    clock.now += MINUTE
  }
  return told
}

const named = (told: readonly Told[], name: keyof typeof ALERTS) => told.filter(({ alert }) => alert === name)
const right = await firings(truth, truth)

test('a day has 1,440 rounds; in its course the alert on what happens fires often, and no other one', () => {
  expect(DAY).toHaveLength(1_440)
  expect(right.length).toBeGreaterThanOrEqual(10)
  expect(named(right, 'true')).toEqual(right)
})

test.each<[string, Says, Says]>([
  ['the first slips now and then', slips, truth],
  ['the first does not answer half of the time', fitful(truth), truth],
])(
  'of two providers %s: what is true is told all the same, at most a round later, and nothing else',
  async (_title, first, second) => {
    const told = await firings(first, second)
    const facts = (all: readonly Told[]) => all.map(({ alert, trigger }) => ({ alert, trigger }))
    expect(facts(told)).toEqual(facts(right))
    expect(told.filter(({ round }, index) => ![0, 1].includes(round - right[index]!.round))).toEqual([])
  },
)

test.each<[string, Says, Says]>([
  ['the second slips too, in other rounds', slips, slipsElsewhere],
  ['the first does not answer half of the time and slips in the other', fitful(slips), truth],
])('of two providers %s: nothing false is told', async (_title, first, second) => {
  const told = await firings(first, second)
  expect(named(told, 'true').length).toBeGreaterThanOrEqual(right.length / 2)
  expect(named(told, 'true')).toEqual(told)
})

test('a second provider that is three per cent off makes nothing fire while the first one answers, even where that slips', async () => {
  // It would, were it believed.
  expect(named(await firings(elsewhere, elsewhere), 'high')).not.toEqual([])
  expect(named(await firings(slips, elsewhere), 'high')).toEqual([])
})

test('of two that are three per cent apart and take turns, one is not believed before it has been alone for a minute', async () => {
  const told = named(await firings(fitful(truth, true), fitful(elsewhere)), 'high')
  expect(told).not.toEqual([])
  // The first round of a turn comes a minute after the last one of the other; by the second one nobody else has answered for longer.
  expect(told.filter(({ round }) => round % TURN === 0)).toEqual([])
})
