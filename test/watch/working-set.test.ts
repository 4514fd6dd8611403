import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Alert, Change, Occurrence } from '../../src/alert/types.ts'
import type { Condition } from '../../src/condition/ast.ts'
import { triggersOf } from '../../src/condition/triggers.ts'
import type { Quote } from '../../src/market/provider.ts'
import { createBook, type Hours } from '../../src/watch/book.ts'
import { createWorkingSet, type WorkingSet } from '../../src/watch/working-set.ts'
import { aCondition, anAlert, aQuote, blank } from '../builders.ts'
import { sixtyOfHundred, someHours } from './hours.ts'
import { typed } from './typed.ts'

const GRACE = 50
/** Farther than anything here lies apart. */
const APART = 1_000_000
const unmet = { ...blank, side: 'unmet' as const }
const met = { ...blank, side: 'met' as const }

type Made = { set: WorkingSet; broken: string[] }
function aSet(hours: Partial<Hours> = {}): Made {
  const broken: string[] = []
  const set = createWorkingSet({
    book: createBook(someHours(hours)),
    grace: GRACE,
    apart: APART,
    broken: ({ id }, why) => broken.push(`${id}: ${why}`),
  })
  return { set, broken }
}

const price = (value: number, receivedAt: number, given: Partial<Quote> = {}) =>
  aQuote({ price: String(value), receivedAt, ...given })
const watching = (symbol: string, given: Partial<Alert> = {}) =>
  anAlert({ id: symbol, symbols: [symbol], bindings: { AAPL: symbol }, ...given })
/** `kind@time` of everything that was to be said, in order. */
const said = (changes: readonly Change[]) =>
  changes.flatMap(({ occurrences }) => occurrences.map(({ kind, at }) => `${kind}@${at}`))
const firedIn = (changes: readonly Change[]) => said(changes).filter((words) => words.startsWith('fired'))

describe('what is looked at', () => {
  test('only the alerts that a changed quote touches', () => {
    const { set } = aSet()
    for (const symbol of ['stock:A', 'stock:B', 'stock:C']) set.put(watching(symbol, { triggers: [unmet] }))
    set.put(watching('stock:A', { id: 'second', triggers: [unmet] }))
    set.tick([], 0)
    const before = set.looks()
    set.tick([price(490, 1, { symbol: 'stock:A' }), price(490, 1, { symbol: 'stock:B' })], 1)
    expect(set.looks() - before).toBe(3)
    set.tick([price(490, 2, { symbol: 'stock:A' })], 2)
    set.tick([price(490, 3, { symbol: 'stock:none' })], 3)
    set.tick([], 4)
    expect(set.looks() - before).toBe(3)
    set.tick([price(491, 5, { symbol: 'stock:A' })], 5)
    expect(set.looks() - before).toBe(5)
  })

  test('an alert of two symbols of which both changed at once is looked at once', () => {
    const { set } = aSet()
    const both: Condition = {
      type: 'and',
      items: [aCondition, { ...aCondition, left: metricOf('MSFT') } as Condition],
      at: { start: 0, end: 0 },
    }
    const bindings = { AAPL: 'stock:AAPL', MSFT: 'stock:MSFT' }
    set.put(anAlert({ condition: both, bindings, symbols: Object.values(bindings), triggers: [unmet] }))
    set.tick([], 0)
    const before = set.looks()
    const changes = set.tick([price(510, 1), price(510, 1, { symbol: 'stock:MSFT' })], 1)
    expect(set.looks() - before).toBe(1)
    expect(said(changes)).toEqual(['fired@1'])
  })

  test.each<[string, Partial<Alert>, number]>([
    ['armed', {}, 1],
    ['pending', { phase: 'pending', options: { mode: 'once', for: 5 }, clock: { counted: 0, since: 0 } }, 1],
    ['paused', { paused: true }, 0],
    ['done', { phase: 'done' }, 0],
    ['expired', { phase: 'expired' }, 0],
    ['deleted', { phase: 'deleted' }, 0],
  ])('an alert that is %s is held or let go', (_what, state, size) => {
    const { set } = aSet()
    set.put(anAlert())
    set.put(anAlert({ ...state, revision: 2 }))
    expect(set.size).toBe(size)
    expect(set.revision('alert')).toBe(size === 1 ? 2 : undefined)
  })

  test('one that is dropped is not looked at again, by quote or timer', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [met], options: { mode: 'every', every: 10 }, cooldownUntil: 10 }))
    set.tick([price(510, 1)], 1)
    set.drop('alert')
    set.drop('never was')
    expect([...set.ids()]).toEqual([])
    expect(set.tick([price(490, 20)], 20)).toEqual([])
  })

  test('the quotes of a symbol that nobody watched are wanted, once', () => {
    const { set } = aSet()
    set.put(watching('stock:A'))
    set.put(watching('stock:A', { id: 'second' }))
    set.put(watching('stock:B'))
    expect([...set.newSymbols()].sort()).toEqual(['stock:A', 'stock:B'])
    set.tick([], 1)
    expect(set.newSymbols()).toEqual([])
  })

  test('an alert that cannot be evaluated is named and left out, and the others are looked at', () => {
    const { set, broken } = aSet()
    set.put(anAlert({ id: 'unbound', bindings: {} }))
    set.put(anAlert({ id: 'conditionless', condition: undefined as never }))
    set.put(anAlert({ id: 'spoilt', triggers: undefined as never }))
    set.put(anAlert({ id: 'away', triggers: undefined as never }), 0)
    set.put(anAlert({ id: 'sound', triggers: [unmet] }))
    expect(said(set.tick([price(510, 1)], 1))).toEqual(['fired@1'])
    expect([...set.ids()]).toEqual([])
    expect(new Set(broken.map((line) => line.split(':')[0]))).toEqual(
      new Set(['unbound', 'conditionless', 'spoilt', 'away']),
    )
  })
})

describe('what comes of it', () => {
  test('the first side is the baseline; an edge fires; the change names the revision it was made from', () => {
    const { set } = aSet()
    set.put(anAlert({ revision: 3, options: { mode: 'repeat' } }))
    const baseline = set.tick([price(490, 1)], 1)
    expect(baseline).toMatchObject([{ from: 3, alert: { revision: 4, triggers: [unmet] }, occurrences: [] }])
    const fired = set.tick([price(510, 2)], 2)
    expect(fired).toMatchObject([{ from: 4, alert: { revision: 5, firings: 1, seenAt: 2 } }])
    expect(set.revision('alert')).toBe(5)
    expect(set.tick([price(511, 3)], 3)).toEqual([])
  })

  test('several steps in one round are one change, with everything that happened and ids that differ', () => {
    const { set } = aSet({ freshFor: () => 100 })
    set.put(anAlert({ triggers: [unmet], options: { mode: 'repeat' } }))
    set.tick([price(490, 0)], 0)
    // Stale at 100, blind at 150, back at 180 and met.
    const [change, ...others] = set.tick([price(510, 180)], 180)
    expect(others).toEqual([])
    expect(said([change!])).toEqual(['blind@150', 'fired@180'])
    expect(new Set(change!.occurrences.map(({ id }) => id)).size).toBe(2)
    expect(change!.from).toBe(1)
    expect(change!.alert.revision).toBeGreaterThan(1)
    expect(set.revision('alert')).toBe(change!.alert.revision)
  })

  test('an alert that is done is let go', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [unmet] }))
    expect(set.tick([price(510, 1)], 1)).toMatchObject([{ alert: { phase: 'done' } }])
    expect(set.size).toBe(0)
  })

  test('a price on the level, zero digits and all, is compared as it is written', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [unmet] }))
    expect(said(set.tick([aQuote({ price: '500.000', receivedAt: 1 })], 1))).toEqual([])
    expect(said(set.tick([aQuote({ price: '500.00000000000000000001', receivedAt: 2 })], 2))).toEqual(['fired@2'])
  })
})

describe('what is due is looked at in its own time, on the quotes of that time', () => {
  const pending: Partial<Alert> = { triggers: [unmet], options: { mode: 'repeat', for: 10 } }
  const cooling: Partial<Alert> = { triggers: [unmet], options: { mode: 'repeat', cooldown: 30 }, cooldownUntil: 20 }
  const every: Partial<Alert> = { triggers: [unmet], options: { mode: 'every', every: 10 } }
  test.each<[string, Partial<Alert>, [number, number][], number[], string[]]>([
    ['`for` completes between two quotes', pending, [[5, 510]], [5, 12, 15, 30], ['fired@15']],
    [
      '`for` that was complete before the price fell',
      pending,
      [
        [5, 510],
        [18, 490],
      ],
      [5, 20],
      ['fired@15'],
    ],
    [
      '`for` that was not complete when the price fell',
      pending,
      [
        [5, 510],
        [12, 490],
      ],
      [5, 20],
      [],
    ],
    [
      'the same, seen in one late round',
      pending,
      [
        [5, 510],
        [12, 490],
      ],
      [5, 60],
      [],
    ],
    ['the end of a cooldown, still met', cooling, [[5, 510]], [5, 19, 25], ['fired@20']],
    [
      'the end of a cooldown, not met any more',
      cooling,
      [
        [5, 510],
        [15, 490],
      ],
      [5, 15, 25],
      [],
    ],
    [
      'a cooldown that ended before the price fell',
      cooling,
      [
        [5, 510],
        [22, 490],
      ],
      [5, 30],
      ['fired@20'],
    ],
    [
      'every 10 while met',
      every,
      [
        [5, 510],
        [27, 490],
      ],
      [5, 60],
      ['fired@5', 'fired@15', 'fired@25'],
    ],
    ['the end of a snooze', { triggers: [unmet], snoozedUntil: 20 }, [[5, 510]], [5, 30], ['fired@20']],
    ['its own end', { triggers: [unmet], until: 20 }, [[5, 490]], [5, 20, 30_019, 30_020], ['expired@30020']],
  ])('%s', (_what, alert, prices, rounds, told) => {
    const { set } = aSet()
    set.put(anAlert(alert))
    let heardUntil = -1
    const all = rounds.flatMap((now) => {
      const news = prices.filter(([at]) => at > heardUntil && at <= now)
      heardUntil = now
      return said(
        set.tick(
          news.map(([at, value]) => price(value, at)),
          now,
        ),
      )
    })
    expect(all).toEqual(told)
  })

  test('the timers of many alerts run in the order of their times', () => {
    const { set } = aSet()
    const ends = [40, 10, 30, 20]
    for (const end of ends) set.put(anAlert({ id: `a${end}`, triggers: [unmet], snoozedUntil: end }))
    set.tick([price(510, 1)], 1)
    expect(said(set.tick([], 100))).toEqual(['fired@10', 'fired@20', 'fired@30', 'fired@40'])
  })

  test('a timer that is void does nothing: the snooze was made longer', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [unmet], snoozedUntil: 10 }))
    const [held] = set.tick([price(510, 1)], 1)
    set.put({ ...held!.alert, snoozedUntil: 50 })
    expect(said(set.tick([], 20))).toEqual([])
    expect(said(set.tick([], 50))).toEqual(['fired@50'])
  })

  test('a clock of `for` stands while the market is closed', () => {
    const { set } = aSet({ sessionAt: sixtyOfHundred })
    set.put(anAlert({ triggers: [unmet], options: { mode: 'once', for: 30 } }))
    // Met from 40 on: 20 until the close at 60, the other 10 from the open at 100.
    const all = [set.tick([price(510, 40)], 40), set.tick([], 99), set.tick([price(511, 101)], 101), set.tick([], 130)]
    expect(all.flatMap(said)).toEqual(['fired@110'])
  })
})

describe('over a close: open from 0 to 60 and from 100 to 160', () => {
  const every: Alert['options'] = { mode: 'every', every: 25 }

  test.each([
    ['another price', 511],
    ['the same price', 510],
  ])('what fires every 25 goes on with the first price of the next session: %s', (_what, next) => {
    const { set } = aSet({ sessionAt: sixtyOfHundred })
    set.put(anAlert({ triggers: [unmet], options: every }))
    const all = [set.tick([price(510, 50)], 50), set.tick([], 99), set.tick([price(next, 103)], 103), set.tick([], 130)]
    expect(all.map(said)).toEqual([['fired@50'], [], ['fired@103'], ['fired@128']])
  })

  test('taken in while it is closed, it does not fire on the price it fired on before', () => {
    const before = aSet({ sessionAt: sixtyOfHundred }).set
    before.put(anAlert({ triggers: [unmet], options: every }))
    before.tick([price(510, 50)], 50)
    const [released] = before.tick([], 80)
    const { set } = aSet({ sessionAt: sixtyOfHundred })
    set.put(released!.alert)
    expect(said(set.tick([price(510, 50)], 82))).toEqual([])
    expect(said(set.tick([price(511, 101)], 101))).toEqual(['fired@101'])
  })

  test('a closing price that came while nobody watched is an edge all the same, once', () => {
    const { set } = aSet({ sessionAt: sixtyOfHundred })
    set.put(anAlert({ triggers: [unmet], options: { mode: 'repeat' }, seenAt: 50, lookedAt: 50 }), 55)
    const [change] = set.tick([price(510, 70, { asOf: 59 })], 80)
    expect(said([change!])).toEqual(['fired@70'])
    set.put(change!.alert)
    expect(set.tick([], 81)).toEqual([])
  })
})

describe('blindness', () => {
  test('a quote that became stale is unknown; after its grace the alert says so, once, and once that it sees', () => {
    const { set } = aSet({ freshFor: () => 100 })
    set.put(anAlert({ triggers: [unmet] }))
    const all = [
      set.tick([price(490, 0)], 0),
      set.tick([], 149),
      set.tick([], 150),
      set.tick([], 1_000),
      set.tick([price(495, 1_100)], 1_100),
    ]
    expect(all.map(said)).toEqual([[], [], ['blind@150'], [], ['sighted@1100']])
    expect(all[2]![0]!.occurrences[0]!.reason).toBe('test has not answered')
    expect(all[4]![0]!.occurrences[0]!.gap).toEqual({ from: 100, to: 1_100 })
  })

  test('quotes that say the same keep it seeing', () => {
    const { set } = aSet({ freshFor: () => 100 })
    set.put(anAlert({ triggers: [unmet] }))
    for (let at = 0; at <= 2_000; at += 90) expect(said(set.tick([price(490, at)], at))).toEqual([])
    expect(said(set.tick([], 2_150))).toEqual(['blind@2130'])
  })

  test('an alert that never had a quote says so too', () => {
    const { set } = aSet()
    set.put(anAlert())
    expect([0, 49, 50, 51].map((now) => said(set.tick([], now)))).toEqual([[], [], ['blind@50'], []])
  })

  test('a closed market is not blindness', () => {
    const { set } = aSet({ sessionAt: sixtyOfHundred, freshFor: () => 1_000 })
    set.put(anAlert({ triggers: [unmet] }))
    expect([set.tick([price(490, 50)], 50), set.tick([], 99)].flatMap(said)).toEqual([])
  })

  test('an edge over a time in which nothing was seen names that time', () => {
    const { set } = aSet({ freshFor: () => 100 })
    set.put(anAlert({ triggers: [unmet] }))
    set.tick([price(490, 0)], 0)
    set.tick([], 100)
    const [change] = set.tick([price(510, 200)], 200)
    expect(change!.occurrences.at(-1)).toMatchObject({ kind: 'fired', gap: { from: 100, to: 200 } })
  })
})

describe('after a time in which nobody watched', () => {
  test('an edge over that time names it', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [unmet] }), 100)
    const [change] = set.tick([price(510, 400)], 410)
    expect(change!.occurrences).toMatchObject([{ kind: 'fired', gap: { from: 100, to: 400 } }])
  })

  test('a clock of `for` did not run in it', () => {
    const { set } = aSet()
    const pending = { triggers: [met], phase: 'pending' as const, clock: { counted: 0, since: 50 } }
    set.put(anAlert({ ...pending, options: { mode: 'once', for: 100 } }), 100)
    const all = [set.tick([price(510, 400)], 410), set.tick([], 449), set.tick([], 450)]
    expect(all.map(said)).toEqual([[], [], ['fired@450']])
  })

  test.each([
    ['the quotes of before it are still in memory, as where the clock was set ahead', true],
    ['they are read anew, as after a start', false],
  ])('a clock of `for` does not run on by the last quote of before it: %s', (_how, isInMemory) => {
    const HOUR = 3_600_000
    const hours = { freshFor: () => 100_000 }
    let [{ set }, alert] = [aSet(hours), anAlert({ triggers: [unmet], options: { mode: 'once', for: 20_000 } })]
    const tick = (value: number | undefined, now: number) => {
      const changes = set.tick(value === undefined ? [] : [price(value, now)], now)
      alert = changes.at(-1)?.alert ?? alert
      return firedIn(changes)
    }
    set.put(alert)
    expect([tick(490, 1_000), tick(510, 10_000), tick(510, 15_000)].flat()).toEqual([])
    if (isInMemory) set.drop(alert.id)
    else set = aSet(hours).set
    // The last moment that was kept is a little before the last look.
    set.put(alert, 14_000)
    const old = isInMemory ? [] : [price(510, 15_000)]
    const changes = set.tick([...old, price(511, 15_500)], HOUR)
    alert = changes.at(-1)?.alert ?? alert
    expect([firedIn(changes), alert.phase]).toEqual([[], 'pending'])
    // Four seconds of it were seen.
    expect([tick(510, HOUR + 1_000), tick(510, HOUR + 16_900)].flat()).toEqual([])
    expect(tick(510, HOUR + 17_000)).toEqual([`fired@${HOUR + 17_000}`])
  })

  test('a snooze that ends soon after the last quote of before it waits for the next: what it held fires if it still is met', () => {
    const HOUR = 3_600_000
    for (const [value, told] of [
      [510, [`fired@${HOUR + 1_000}`]],
      [490, []],
    ] as const) {
      const { set } = aSet({ freshFor: () => 100_000 })
      set.put(anAlert({ triggers: [{ ...met, held: true }], snoozedUntil: 30_000 }), 14_000)
      expect(firedIn(set.tick([price(510, 15_000)], HOUR))).toEqual([])
      expect(firedIn(set.tick([price(value, HOUR + 1_000)], HOUR + 1_000))).toEqual(told)
    }
  })

  test('what is told every so often while it is met is told once for all of it, by what is heard then', () => {
    const HOUR = 3_600_000
    const { set } = aSet({ freshFor: () => 100_000 })
    const running = { triggers: [{ ...met, running: true }], firings: 1, firedAt: 10_000, cooldownUntil: 30_000 }
    set.put(anAlert({ ...running, options: { mode: 'every', every: 20_000 } }), 14_000)
    expect(firedIn(set.tick([price(510, 15_000)], HOUR))).toEqual([])
    expect(firedIn(set.tick([price(510, HOUR + 1_000)], HOUR + 1_000))).toEqual([`fired@${HOUR + 1_000}`])
    expect(firedIn(set.tick([price(510, HOUR + 21_000)], HOUR + 21_000))).toEqual([`fired@${HOUR + 21_000}`])
  })

  test('a snooze that ended in it is over: what it held fires, if it still is met', () => {
    const held = anAlert({ triggers: [{ ...met, held: true }], snoozedUntil: 200 })
    for (const [value, told] of [
      [510, 1],
      [490, 0],
    ] as const) {
      const { set } = aSet()
      set.put(held, 100)
      expect(said(set.tick([price(value, 400)], 410))).toHaveLength(told)
    }
  })

  test('our own absence is not told as blindness of the market’s', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [unmet] }), 100)
    expect([set.tick([price(490, 1_000)], 1_000), set.tick([], 1_040)].flatMap(said)).toEqual([])
  })
})

describe('an alert that somebody else changed meanwhile', () => {
  test('that fired on a quote we have not heard yet does not fire on it a second time', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [unmet], options: { mode: 'repeat' } }))
    set.tick([price(490, 1)], 1)
    set.put(anAlert({ triggers: [met], options: { mode: 'repeat' }, revision: 5, firings: 1, seenAt: 2 }))
    expect(said(set.tick([price(510, 2)], 3))).toEqual([])
    expect([set.tick([price(490, 4)], 4), set.tick([price(510, 5)], 5)].flatMap(said)).toEqual(['fired@5'])
  })

  test('whose new baseline was taken on a quote we have not heard yet keeps it', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [unmet] }))
    set.tick([price(510, 1)], 1)
    set.put(anAlert({ triggers: [unmet], revision: 5, seenAt: 2 }))
    expect(said(set.tick([price(490, 2)], 3))).toEqual([])
  })

  test('that nobody looked at since is looked at on our quotes before the newer ones: its edge is not lost', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [unmet] }))
    expect(set.tick([price(510, 1)], 1)).toHaveLength(1)
    // That could not be stored: somebody else's change, which is this, was.
    set.put(anAlert({ triggers: [unmet], options: { mode: 'repeat' }, revision: 2 }))
    expect(said(set.tick([price(490, 2)], 2))).toEqual(['fired@1'])
  })

  test('a look on delayed quotes counts `for` from when we had them, not from when they were true', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [unmet], options: { mode: 'once', for: 100 } }))
    const all = [set.tick([price(510, 1_000, { asOf: 100 })], 1_000), set.tick([], 1_099), set.tick([], 1_100)]
    expect(all.map(said)).toEqual([[], [], ['fired@1100']])
  })
})

describe('restarts', () => {
  test('any split of the same quotes over restarts gives the same firings as an unbroken run', () => {
    const moment = fc.record({ wait: fc.integer({ min: 1, max: 40 }), price: fc.constantFrom(480, 490, 500, 510, 520) })
    const options = fc.constantFrom<Alert['options']>(
      { mode: 'once' },
      { mode: 'repeat' },
      { mode: 'repeat', cooldown: 30 },
      { mode: 'every', every: 25 },
      { mode: 'repeat', for: 20 },
      { mode: 'every', every: 30, for: 10 },
    )
    const lines = fc.constantFrom(
      'AAPL > 500',
      'AAPL > 505 or AAPL < 485',
      'AAPL crosses above 500',
      'AAPL hits 500',
      'AAPL falls below 495 and AAPL > 482',
      'AAPL drops 4% from peak',
      'AAPL rises 4% from bottom or AAPL crosses above 515',
      'AAPL up 3% from now',
    )
    const closing = fc.boolean()
    const snoozedUntil = fc.option(fc.integer({ min: 1, max: 200 }))
    const moments = fc.array(moment, { minLength: 1, maxLength: 25 })
    const cuts = fc.array(fc.nat(30), { maxLength: 6 })
    fc.assert(
      fc.property(
        moments,
        cuts,
        lines,
        options,
        snoozedUntil,
        closing,
        (story, restarts, line, wished, snoozed, closes) => {
          // Which way a level is crossed must be known where it has to stay crossed.
          const chosen = line.includes('hits') && wished.for !== undefined ? 'AAPL > 500' : line
          const plain = typed(chosen)
          const triggers = triggersOf({ condition: plain.condition, options: wished }).map(() => blank)
          const alert = { ...plain, options: wished, triggers, snoozedUntil: snoozed, until: 600 }
          const hours = closes ? { sessionAt: sixtyOfHundred } : {}
          expect(told(alert, story, new Set(restarts), hours)).toEqual(told(alert, story, new Set(), hours))
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

/** Everything said over a story of prices, with a restart from what is stored before each of some of its rounds. */
function told(
  start: Alert,
  story: readonly { wait: number; price: number }[],
  restarts: ReadonlySet<number>,
  hours: Partial<Hours>,
): string[] {
  let { set } = aSet(hours)
  let stored = start
  let last: Quote | undefined
  let now = 0
  const all: Occurrence[] = []
  const isOpen = (at: number) => hours.sessionAt === undefined || hours.sessionAt('', at).session === 'regular'
  set.put(stored)
  for (const [round, { wait, price: value }] of story.entries()) {
    if (restarts.has(round)) {
      set = aSet(hours).set
      set.put(structuredClone(stored))
      // What is kept in the database is read when a symbol is watched anew.
      store(set.tick(last ? [last] : [], now))
    }
    now += wait
    // While it is closed, a market has the price it closed at.
    if (last === undefined || isOpen(now)) last = price(value, now)
    store(set.tick([last], now))
  }
  store(set.tick([], now + 100))
  return all.map(({ kind, at, triggers }) => `${kind}@${at} ${triggers}`)

  function store(changes: readonly Change[]) {
    for (const { from, alert, occurrences } of changes) {
      expect(from).toBe(stored.revision)
      stored = alert
      all.push(...occurrences)
    }
  }
}

function metricOf(ticker: string) {
  const at = { start: 0, end: 0 }
  return { type: 'metric', symbol: { type: 'symbol', ticker, at }, metric: 'price', at } as const
}

describe('an alert that knows of a split', () => {
  const splits = [{ symbol: 'stock:AAPL', at: 150, from: 100, toldAt: 160 }]

  test('is not looked at on a price of before it, and begins with the first one after it', () => {
    const { set } = aSet()
    set.put(anAlert({ triggers: [unmet] }))
    set.tick([price(490, 90)], 90)
    set.put(anAlert({ revision: 2, splits, triggers: [blank] }))
    expect(set.tick([], 160)[0]?.alert.triggers).toEqual([blank])
    const [change] = set.tick([price(520, 170)], 170)
    expect([change?.occurrences, change?.alert.triggers]).toEqual([[], [met]])
    set.tick([price(490, 180)], 180)
    expect(said(set.tick([price(520, 190)], 190))).toEqual(['fired@190'])
  })

  test('says that it is blind where no price comes after it', () => {
    const { set } = aSet({ freshFor: () => 100 })
    set.put(anAlert({ splits, triggers: [blank] }))
    set.tick([price(490, 90)], 90)
    const changes = [160, 300].flatMap((now) => set.tick([], now))
    expect(changes.flatMap(({ occurrences }) => occurrences)).toMatchObject([
      { kind: 'blind', reason: 'There is no price of AAPL since its split.' },
    ])
  })

  test('is not looked at on candles that were had before it was known', () => {
    const { set, broken } = aSet()
    const past = (at: number, close: string) => {
      const candles = Array.from({ length: 60 }, (_, index) => ({ ...candle(close), start: at - 60 + index }))
      const rest = { liveFrom: at, closedAt: at, closesNext: at + 1_000, knownAt: at, source: 'test' }
      return { symbol: 'stock:AAPL', interval: '1d' as const, candles, at, ...rest }
    }
    const alert = typed('AAPL < sma(AAPL, 50)', { splits, triggers: [unmet] })
    set.put(alert)
    expect(said(set.tick([price(125, 170)], 170, [past(90, '480')]))).toEqual([])
    expect(said(set.tick([price(126, 180)], 180, [past(175, '120')]))).toEqual([])
    expect(said(set.tick([price(119, 190)], 190))).toEqual(['fired@190'])
    expect(broken).toEqual([])
  })
})

const candle = (close: string) => ({ open: close, high: close, low: close, close, volume: null })
