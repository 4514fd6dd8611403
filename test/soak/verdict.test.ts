import { describe, expect, test } from 'vitest'
import type { KeptAlert, KeptNotification } from './database.ts'
import type { Past } from './oracle.ts'
import type { Person, Plan } from './people.ts'
import { FIRST_TICK, type Level, type SymbolName } from './prices.ts'
import { faultsOf } from './report.ts'
import { type Evidence, judge } from './verdict.ts'
import type { Wish, Written } from './writing.ts'

const PLACE = 'telegram:1001'
const above: Plan = {
  line: 'BTC/USD > 103.5 repeat',
  triggers: [{ symbols: ['BTC'], met: ({ BTC }) => BTC === 'high' }],
}
const held: Plan = { ...above, line: 'BTC/USD > 103.5 for 4s repeat', for: 4_000 }
const seldom: Plan = { ...above, line: 'BTC/USD > 103.5 repeat cooldown 30s', cooldown: 30_000 }
const person: Person = { name: 'Tara', chat: { on: 'telegram', place: PLACE, id: 1001, chat: 1001 }, plans: [] }

/** Ticks of BTC, so many ms apart. */
function day(levels: readonly Level[], apart = 2_000): Past[] {
  return levels.map((level, number) => ({
    ...{ number, prices: FIRST_TICK.prices, setAt: number * apart, seenAt: number * apart + 1_000 },
    levels: { ...FIRST_TICK.levels, BTC: level } satisfies Record<SymbolName, Level>,
  }))
}

const UP_AND_DOWN = day(['middle', 'high', 'middle', 'middle', 'high'])

/** A message about a price of a tick. */
function told(tick: number, number = 1) {
  return {
    place: PLACE,
    at: tick * 2_000 + 1_500,
    text: `Alert ${number}: BTC/USD price > 103.5\nBTC/USD 104.000${tick}1 USD at 15:00:00, Coinbase.`,
  }
}

function evidence(given: Partial<Evidence> & { plan?: Plan }): Evidence {
  const { plan = above, ...rest } = given
  return {
    ticks: UP_AND_DOWN,
    planned: [{ person, plan, number: 1, id: 'a', user: 'u', places: [PLACE] }],
    writings: { written: [], sets: [] },
    taken: [told(1), told(4)],
    alerts: [],
    notifications: [],
    unanswered: [],
    users: new Map([[PLACE, 'u']]),
    ...rest,
  }
}

/** What is held against it, where nobody was killed `kills` times. */
function faults(given: Evidence, kills = 0): string[] {
  const kill = { at: 0, who: 'bot-1.1', kind: 'bot', age: 0, stage: 'tick', operations: [] } as const
  return faultsOf({
    ...{ seed: 1, minutes: 1, ticks: given.ticks.length, kills: Array.from({ length: kills }, () => kill) },
    ...{ verdict: judge(given), posted: { again: 0, twice: 0 }, faults: [] },
  })
}

describe('a run has nothing against it', () => {
  test.each<[string, Parameters<typeof evidence>[0]]>([
    ['where all that became true was told once', {}],
    ['where one with "for" was not true for long enough', { plan: held, taken: [told(4)] }],
    ['where one with a cooldown rested', { plan: seldom, taken: [told(1)] }],
  ])('%s', (_title, given) => {
    expect(faults(evidence(given))).toEqual([])
  })

  test('where there are no more copies than kills', () => {
    expect(faults(evidence({ taken: [told(1), told(1), told(4)] }), 1)).toEqual([])
  })

  test('where a copy followed a send that had no answer in time', () => {
    const sent = { _id: 'n', channel: 'telegram', address: '1001', alert: { number: 1, text: '' }, state: 'sent' }
    const notifications = [{ ...sent, occurrence: { kind: 'fired', triggers: [] } } as unknown as KeptNotification]
    expect(faults(evidence({ taken: [told(1), told(1), told(4)], notifications, unanswered: ['n'] }))).toEqual([])
  })
})

describe('a run has against it', () => {
  test.each<[string, Parameters<typeof evidence>[0], RegExp]>([
    ['a firing that nobody was told of', { taken: [told(1)] }, /^lost: .*tick 4$/],
    [
      'one with "for" that was true for long enough',
      { plan: held, ticks: day(['middle', 'high', 'high', 'high', 'high', 'middle']), taken: [] },
      /^lost: .*tick 1$/,
    ],
    ['one that never happened', { taken: [told(1), told(2), told(4)] }, /^told, and never happened/],
    ['one of an alert that there is not', { taken: [told(1), told(4), told(4, 2)] }, /^told, and never happened/],
    ['one told twice, and nobody was killed', { taken: [told(1), told(4), told(4)] }, /^1 copies of 0 kills/],
    [
      'a cooldown that was not kept',
      { plan: seldom, ticks: day(['middle', 'high', 'middle', 'middle', 'high', 'middle']) },
      /within the cooldown of tick 1$/,
    ],
    ['a cooldown without a firing before it', { plan: seldom, taken: [told(4)] }, /there was nothing before it/],
    [
      'what is stored and not sent',
      { notifications: [{ _id: 'n', state: 'due', occurrence: { kind: 'fired' } } as unknown as KeptNotification] },
      /^stored and due/,
    ],
    [
      'what is stored and not handed on',
      { alerts: [{ text: '', unsent: [{}] } as unknown as KeptAlert] },
      /^stored and owed/,
    ],
  ])('%s', (_title, given, pattern) => {
    expect(faults(evidence(given))).toContainEqual(expect.stringMatching(pattern))
  })

  const written = (words: string, fields: Partial<Written> = {}): Written => ({
    place: PLACE,
    words,
    at: 0,
    times: 1,
    answeredAt: 9,
    ...fields,
  })
  const wish = (fields: Partial<Wish> = {}): Wish => ({
    person,
    level: '1.0000017',
    set: written('alert'),
    number: 2,
    ...fields,
  })
  const set = (number: number) => ({ number, text: 'LTC price > 1.0000017 repeat', unsent: [] }) as unknown as KeptAlert
  const fired = {
    user: 'u',
    alert: { number: 2 },
    state: 'sent',
    occurrence: { kind: 'fired' },
  } as unknown as KeptNotification

  test.each<[string, Partial<Evidence>, RegExp]>([
    [
      'a message that set two alerts',
      { writings: { written: [], sets: [wish()] }, alerts: [set(2), set(3)] },
      /^done twice, or not: .*2 alerts of 1 messages/,
    ],
    [
      'an alert that was said to be on and is not there',
      { writings: { written: [], sets: [wish()] } },
      /is not there$/,
    ],
    [
      'a message that fired an alert twice',
      {
        writings: { written: [], sets: [wish({ told: written('tell 2') })] },
        alerts: [set(2)],
        notifications: [fired, fired],
      },
      /2 firings of 1 messages/,
    ],
    [
      'a message that was never answered',
      { writings: { written: [{ place: PLACE, words: 'list', at: 0, times: 20 }], sets: [] } },
      /^never answered: .*list$/,
    ],
  ])('%s', (_title, given, pattern) => {
    expect(faults(evidence(given))).toContainEqual(expect.stringMatching(pattern))
  })
})
