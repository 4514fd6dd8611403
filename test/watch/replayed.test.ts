import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Alert } from '../../src/alert/types.ts'
import { bucketStart, nextBucket } from '../../src/market/candles.ts'
import { createHistory } from '../../src/market/history.ts'
import type { Quote } from '../../src/market/provider.ts'
import { createReplay, type Tick } from '../../src/market/replay.ts'
import { calendar } from '../../src/market/sessions.ts'
import { createBook } from '../../src/watch/book.ts'
import { createWorkingSet } from '../../src/watch/working-set.ts'
import { aQuote } from '../builders.ts'
import { typed } from './typed.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A Tuesday, half an hour before New York closes. */
const START = Date.parse('2026-03-10T19:30:00Z')
const hours = calendar({ alwaysOpen: false })

const LINES = [
  'AAPL > sma(AAPL, 3, 5m) repeat',
  'AAPL up 2% in 10m repeat',
  'AAPL drops 2% from its 2h high repeat',
  'AAPL crosses above sma(AAPL, 5, 1m) repeat',
  'AAPL > 100 at close repeat',
  'AAPL > AAPL open at close repeat',
  'AAPL > sma(AAPL, 3) * 1.01 repeat during extended hours',
]
/**
 * What these say changes between two rows, where a candle or a cooldown ends: who was away just then has not seen it.
 */
const CHANGING_BETWEEN = [
  'AAPL > high(AAPL, 3, 1m) repeat',
  'AAPL > low(AAPL, 3, 1h) * 1.01 for 3m repeat',
  'AAPL down 1% in 1h repeat cooldown 5m',
]

/** Rows at random times, the later ones on the next days; a price each. */
const rows = fc.array(
  fc.record({
    wait: fc.constantFrom(20_000, MINUTE, 3 * MINUTE, 11 * MINUTE, 17 * HOUR),
    price: fc.integer({ min: 95, max: 105 }),
  }),
  { minLength: 10, maxLength: 40 },
)
/** Rounds that come beside those of the rows: so many times this part of the time to the next row has passed. */
const others = fc.array(fc.record({ row: fc.nat(60), share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
  maxLength: 40,
})
const restarts = fc.array(fc.nat(60), { maxLength: 3 })

test('a recorded day gives the same firings however often it is looked at between its rows', async () => {
  await fc.assert(
    fc.asyncProperty(rows, others, async (given, between) => {
      const ticks = ticksOf(given)
      const times = ticks.flatMap(({ at }, index) => {
        const next = ticks[index + 1]?.at ?? at + 20 * HOUR
        const shares = between.filter(({ row }) => row === index).map(({ share }) => share)
        return shares.map((share) => at + Math.floor((next - at) * share))
      })
      const lines = [...LINES, ...CHANGING_BETWEEN]
      expect(await play(ticks, lines, { times })).toEqual(await play(ticks, lines))
    }),
    { numRuns: 40 },
  )
})

test('a recorded day gives the same firings over restarts, after which it goes on from where it was', async () => {
  await fc.assert(
    fc.asyncProperty(rows, restarts, async (given, cuts) => {
      const ticks = ticksOf(given)
      const lines = [...LINES, ...CHANGING_BETWEEN]
      expect(await play(ticks, lines, { cuts })).toEqual(await play(ticks, lines))
    }),
    { numRuns: 40 },
  )
})

test('also where nobody looks before the next row, though the price of that one is all that is kept by then', async () => {
  await fc.assert(
    fc.asyncProperty(rows, restarts, async (given, cuts) => {
      const ticks = ticksOf(given)
      expect(await play(ticks, LINES, { cuts, isAway: true })).toEqual(await play(ticks, LINES))
    }),
    { numRuns: 40 },
  )
})

/** An alert on a line; each is read once. */
function alertOf(line: string): Alert {
  const alert = known.get(line) ?? typed(line)
  known.set(line, alert)
  return alert
}
const known = new Map<string, Alert>()

function ticksOf(given: readonly { wait: number; price: number }[]): Tick[] {
  let at = START
  return given.map(({ wait, price }) => {
    at += wait
    return { at, quotes: [aQuote({ price: String(price), receivedAt: at, asOf: at })] }
  })
}

/** All firings over the ticks and to a day after, with a round at each tick and at the other times. */
async function play(
  ticks: readonly Tick[],
  lines: readonly string[],
  {
    times = [],
    cuts = [],
    isAway = false,
  }: { times?: readonly number[]; cuts?: readonly number[]; isAway?: boolean } = {},
): Promise<string[]> {
  const real = { now: 0 }
  const replay = createReplay({ ticks, speed: 1, realNow: () => real.now, isOpen: hours.isOpen })
  const alerts = new Map(lines.map((line) => [line, alertOf(line)]))
  const fired: string[] = []
  let process = aProcess(replay, [...alerts.values()])
  let last: Quote | undefined

  const round = async (now: number, quotes: readonly Quote[]) => {
    real.now = now - ticks[0]!.at
    for (const { alert, occurrences } of await process(quotes, now)) {
      alerts.set(alert.id, alert)
      for (const { kind, at } of occurrences)
        if (kind === 'fired') fired.push(`${new Date(at).toISOString()} ${alert.id}`)
    }
  }

  replay.start()
  for (const [index, { at, quotes }] of ticks.entries()) {
    if (cuts.includes(index)) {
      process = aProcess(replay, [...alerts.values()])
      // What is kept in the database is read when a symbol is watched anew.
      if (last && !isAway) await round(last.receivedAt, [last])
    }
    await round(at, quotes)
    last = quotes[0]
    replay.done(at)
    const next = ticks[index + 1]?.at ?? Number.POSITIVE_INFINITY
    const beside = times.filter((time) => time >= at && time < next).sort((a, b) => a - b)
    for (const time of beside) await round(time, [])
  }
  await round(ticks.at(-1)!.at + 24 * HOUR, [])
  return fired.sort()
}

function aProcess(replay: ReturnType<typeof createReplay>, alerts: readonly Alert[]) {
  const history = createHistory({
    providersFor: () => [replay.provider],
    calendar: hours,
    now: replay.now,
    failed: (_, error) => {
      throw error
    },
    isInstant: true,
  })
  const book = createBook({
    sessionAt: hours.sessionAt,
    freshFor: () => 7 * HOUR,
    candleAt: (symbol, interval, at) => {
      const from = bucketStart(symbol, interval, at)
      return { from, until: nextBucket(symbol, interval, from) }
    },
    hearsAll: true,
    silence: String,
  })
  const broken = (_: unknown, why: string) => {
    throw new Error(why)
  }
  const set = createWorkingSet({ book, grace: 1_000 * HOUR, apart: HOUR, broken })
  for (const alert of alerts) set.put(structuredClone(alert))
  return async (quotes: readonly Quote[], now: number) =>
    set.tick(quotes, now, await history.follow(set.wants(now), now))
}
