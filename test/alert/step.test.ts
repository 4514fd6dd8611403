import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import { dueAt } from '../../src/alert/due.ts'
import { type Evaluation, step } from '../../src/alert/step.ts'
import type { Alert } from '../../src/alert/types.ts'
import { anAlert, anEvaluation } from '../builders.ts'
import { GRACE, MINUTE, START, type Story, tell } from './story.ts'

/** What it shows · options · what happens · what the owner hears. The condition is price > 500 or price < 300. */
type Row = [title: string, options: string, events: string, heard: string, condition?: Story['condition']]

const EDGES: Row[] = [
  ['it speaks when the price crosses', 'once', '0:490 1:510', '1 above last'],
  ['a price exactly at the level is not above it', 'once', '0:490 1:500', 'nothing'],
  ['true from the start is the baseline, no edge', 'once', '0:510 1:520', 'nothing'],
  ['after a true baseline it must first be false', 'once', '0:510 1:490 2:510', '2 above last'],
  ['once means once', 'once', '0:490 1:510 2:490 3:510', '1 above last'],
  ['once means once, for all triggers together', 'once', '0:400 1:510 2:290', '1 above last'],
  ['staying true says nothing more', 'repeat', '0:490 1:510 2:511 3:512', '1 above'],
  ['repeat speaks each time', 'repeat', '0:490 1:510 2:490 3:510', '1 above, 3 above'],
  ['from 505 to 290 in one step both sides have spoken', 'repeat', '0:320 5:505 9:290', '5 above, 9 below'],
  ['a baseline of one side is none of the other', 'once', '0:510 1:290', '1 below last'],
  ['two triggers at one moment are one message', 'once', '0:490/490 1:510/510', '1 first+second last', 'two'],
  ['each trigger has its own edges', 'repeat', '0:490/490 1:510/490 2:510/510', '1 first, 2 second', 'two'],
  ['a trigger first seen late has its own baseline', 'once', '0:490/? 1:490/510 2:510/510', '2 first last', 'two'],
]

const UNKNOWN: Row[] = [
  ['unknown at first is no baseline', 'once', '0:? 1:510 2:520', 'nothing'],
  ['unknown is no side: no edge from it', 'repeat', '0:510 1:? 2:510', 'nothing'],
  ['an edge across unknown is an edge', 'once', '0:490 1:? 2:510', '2 above last'],
  ['a gap just as long as the grace is not named', 'once', '0:490 2:? 7:510', '7 above last'],
  ['a long gap is named in the firing after it', 'once', '0:490 2:? 9:510', '7 blind, 9 above gap 2-9 last'],
  [
    'only the gap of the trigger that fires is named',
    'once',
    '0:490/490 2:?/490 9:?/510',
    '7 blind, 9 second last',
    'two',
  ],
  [
    '… and that of the other at its own firing',
    'repeat',
    '0:490/490 2:?/490 9:?/510 10:510/510',
    '7 blind, 9 second, 10 first gap 2-10',
    'two',
  ],
  [
    'a gap that ends on the same side is forgotten',
    'once',
    '0:490/490 1:?/490 9:490/490 10:510/490',
    '6 blind, 9 sighted gap 1-9, 10 first last',
    'two',
  ],
  ['blindness is told once', 'once', '0:490 1:? 3:? 8:? 30:?', '6 blind'],
  [
    '… and again after it saw',
    'once',
    '0:490 1:? 8:490 10:? 20:490',
    '6 blind, 8 sighted gap 1-8, 15 blind, 20 sighted gap 10-20',
  ],
  ['short blindness is not told', 'once', '0:490 1:? 5:490 6:? 10:490', 'nothing'],
  [
    'one trigger that cannot be seen is blindness: it could fire by itself',
    'once',
    '0:490/490 1:?/490 60:?/490',
    '6 blind',
    'two',
  ],
  ['never seen at all is told as well', 'once', '0:? 9:?', '5 blind'],
  ['closed hours are not blindness', 'once', '0:490 1:(?) 60:(?) 61:490', 'nothing'],
  ['blindness before the close is not counted on', 'once', '0:490 1:? 3:(?) 60:? 62:490', 'nothing'],
  ['the last price in closed hours is not sight', 'once', '0:490 1:? 9:(490) 60:490', '6 blind, 60 sighted gap 1-60'],
]

const CLOSED: Row[] = [
  ['closed hours make no edge', 'once', '0:490 1:(510) 2:(510)', 'nothing'],
  ['… but the open after them does', 'once', '0:490 1:(510) 9:510', '9 above last'],
  ['closed hours give no baseline', 'once', '0:(490) 9:510', 'nothing'],
  ['closed hours do not take a side back', 'repeat', '0:490 1:510 2:(490) 3:510', '1 above'],
  [
    'what a snooze held is said in closed hours too',
    'once',
    '0:490 1:snooze30 5:510 9:(510) 40:(510)',
    '31 above last',
  ],
  ['… not at another last price, but when it opens', 'once', '0:490 1:snooze30 5:510 9:(490) 60:510', '60 above last'],
  [
    'every is silent in closed hours and goes on after',
    'every 60',
    '0:490 1:510 9:(510) 200:510',
    '1 above, 200 above',
  ],
]

const HELD: Row[] = [
  ['an edge in a snooze is said when it ends', 'once', '0:490 1:snooze30 5:510', 'nothing'],
  ['… namely then', 'once', '0:490 1:snooze30 5:510 40:510', '31 above last'],
  ['… if it is still true', 'once', '0:490 1:snooze30 5:510 6:490 40:490', 'nothing'],
  ['… and again with a later edge', 'once', '0:490 1:snooze30 5:510 6:490 7:510 40:510', '31 above last'],
  ['what is held outlives not being seen', 'once', '0:490 1:snooze10 5:510 10:? 13:510', '13 above last'],
  ['waking says what was held at the next look', 'once', '0:490 1:snooze30 5:510 6:wake 7:510', '7 above last'],
  ['a snooze that starts while it is true says nothing', 'once', '0:510 1:snooze30 40:510', 'nothing'],
  ['snoozing again moves the end', 'once', '0:490 1:snooze10 5:510 6:snooze30 50:510', '36 above last'],
  ['a cooldown holds an edge', 'repeat cooldown 60', '0:490 1:510 2:490 3:510 90:510', '1 above, 61 above'],
  ['a cooldown that ends while it stayed true is silent', 'repeat cooldown 60', '0:490 1:510 90:510', '1 above'],
  [
    'a held edge gone by the end of the cooldown is silent',
    'repeat cooldown 60',
    '0:490 1:510 2:490 3:510 4:490 90:490',
    '1 above',
  ],
  [
    'the cooldown of one trigger holds the other',
    'repeat cooldown 60',
    '0:400 1:510 2:290 90:290',
    '1 above, 61 below',
  ],
  [
    'it starts again with what it held',
    'repeat cooldown 60',
    '0:490 1:510 2:490 3:510 70:490 71:510 200:510',
    '1 above, 61 above, 121 above',
  ],
  [
    'the later of snooze and cooldown counts',
    'repeat cooldown 60',
    '0:490 1:510 2:snooze90 3:490 4:510 200:510',
    '1 above, 92 above',
  ],
  [
    'a gap at a held edge is named when it is said',
    'once',
    '0:490/490 1:snooze60 2:?/490 9:510/490 90:510/490',
    '7 blind, 9 sighted gap 2-9, 61 first gap 2-9 last',
    'two',
  ],
  [
    'two held edges are one message',
    'once',
    '0:490/490 1:snooze30 2:510/490 3:510/510 40:510/510',
    '31 first+second last',
    'two',
  ],
  [
    'snoozing what has rung means: tell me again then',
    'once',
    '0:490 1:510 2:snooze30 40:510',
    '1 above last, 32 above last',
  ],
  ['… if it is still true', 'once', '0:490 1:510 2:snooze30 9:490 40:490', '1 above last'],
]

const EVERY: Row[] = [
  ['every repeats while it is true', 'every 60', '0:490 1:510 130:510', '1 above, 61 above, 121 above'],
  ['… and stops when it is not', 'every 60', '0:490 1:510 70:490 300:490', '1 above, 61 above'],
  ['… without a baseline that was true', 'every 60', '0:510 300:510', 'nothing'],
  [
    '… at the first look after its time if it was not seen',
    'every 60',
    '0:490/490 1:510/490 50:?/490 90:510/490',
    '1 first, 55 blind, 90 first gap 50-90',
    'two',
  ],
  ['a new edge in between waits for its time', 'every 60', '0:490 1:510 2:490 3:510 90:510', '1 above, 61 above'],
  [
    'triggers that run together speak together',
    'every 60',
    '0:490/490 1:510/490 9:510/510 130:510/510',
    '1 first, 61 first+second, 121 first+second',
    'two',
  ],
  ['a snooze silences every', 'every 60', '0:490 1:510 2:snooze90 160:510', '1 above, 92 above, 152 above'],
]

const FOR: Row[] = [
  ['for 10 speaks when it has been true for 10 minutes', 'for 10', '0:490 1:510 30:510', '11 whole last'],
  ['… not before', 'for 10', '0:490 1:510 10:510', 'nothing'],
  ['false resets it', 'for 10', '0:490 1:510 9:490 10:510 30:510', '20 whole last'],
  ['false at the last moment resets it', 'for 10', '0:490 1:510 11:490', 'nothing'],
  ['true from the start does not start it', 'for 10', '0:510 60:510', 'nothing'],
  ['… until it has been false', 'for 10', '0:510 20:490 21:510 60:510', '31 whole last'],
  ['from one side to the other the whole stays true', 'for 10', '0:400 1:510 5:290 60:290', '11 whole last'],
  ['unknown stops the clock, true restarts it', 'for 10', '0:490 1:510 5:? 8:510 30:510', '14 whole last'],
  [
    '… and a long gap inside is named',
    'for 10',
    '0:490 1:510 5:? 25:510 60:510',
    '10 blind, 25 sighted gap 5-25, 31 whole gap 5-25 last',
  ],
  ['false after unknown resets it', 'for 10', '0:490 1:510 5:? 8:490 9:510 30:510', '19 whole last'],
  ['closed hours stop the clock', 'for 10', '0:490 1:510 5:(510) 900:510 930:510', '906 whole last'],
  ['… so that it never ends in them', 'for 10', '0:490 1:510 5:(510) 900:(510)', 'nothing'],
  ['complete at the moment of the close is complete', 'for 10', '0:490 1:510 11:(510)', '11 whole last'],
  ['a last price in closed hours resets nothing', 'for 10', '0:490 1:510 5:(400) 900:510 930:510', '906 whole last'],
  [
    'repeat needs a new edge and a new wait',
    'repeat for 10',
    '0:490 1:510 30:510 40:490 41:510 60:510',
    '11 whole, 51 whole',
  ],
  ['every goes on while it stays true', 'every 60 for 10', '0:490 1:510 140:510', '11 whole, 71 whole, 131 whole'],
  ['the wait runs in a snooze and is held at its end', 'for 10', '0:490 1:snooze60 2:510 90:510', '61 whole last'],
  ['held after the wait and false before the end: silent', 'for 10', '0:490 1:snooze60 2:510 30:490 90:490', 'nothing'],
  ['the wait may end after the snooze', 'for 30', '0:490 1:snooze20 5:510 90:510', '35 whole last'],
]

const UNTIL: Row[] = [
  ['until is told when it comes', 'until 60', '0:490 90:490', '60 expired'],
  ['a quote timed exactly at until counts', 'until 60', '0:490 60:510', '60 above last'],
  ['a quote timed before it counts, heard later', 'until 60', '0:490 60:490 60:510@58', '60 above last'],
  ['a quote timed after it does not', 'until 60', '0:490 59:510@61', '59 expired'],
  ['it says that a wait was pending', 'for 10 until 60', '0:490 55:510 90:510', '60 expired pending'],
  ['a wait that ends just at until is complete', 'for 10 until 60', '0:490 50:510 90:510', '60 whole last'],
  ['it says that an edge was held', 'until 60', '0:490 1:snooze90 5:510 90:510', '60 expired held'],
  ['nothing is heard after it', 'repeat until 60', '0:490 90:510 91:490 92:510', '60 expired'],
  ['what has spoken once does not expire', 'until 60', '0:490 5:510 90:490', '5 above last'],
]

const PERSON: Row[] = [
  ['a paused alert hears nothing', 'repeat', '0:490 1:pause 2:510 3:490 4:510', 'nothing'],
  ['resume takes a new baseline', 'repeat', '0:490 1:pause 2:510 3:resume 4:510 5:490 6:510', '6 above'],
  ['resume forgets what was held', 'once', '0:490 1:snooze10 2:510 3:pause 4:resume 5:510 30:510', 'nothing'],
  [
    'resume keeps the cooldown',
    'repeat cooldown 60',
    '0:490 1:510 2:pause 3:resume 4:490 5:510 90:510',
    '1 above, 61 above',
  ],
  ['a paused alert does not expire, is not blind', 'until 60', '0:490 1:pause 90:?', 'nothing'],
  [
    'again arms what is done, with a new baseline',
    'once',
    '0:490 1:510 2:again 3:510 4:490 5:510',
    '1 above last, 5 above last',
  ],
  ['deleted is silent', 'once', '0:490 1:remove 2:510', 'nothing'],
  ['tell me now is the firing', 'once', '0:510 1:tell 2:490 3:510', '1 above last'],
  ['… for one that repeats too', 'repeat', '0:510 1:tell 2:510 3:490 4:510', '1 above, 4 above'],
  ['… and starts every', 'every 60', '0:510 1:tell 90:510', '1 above, 61 above'],
  ['… and ends a wait', 'repeat for 10', '0:490 1:510 5:tell 30:510', '5 whole'],
]

const TABLES = { EDGES, UNKNOWN, CLOSED, HELD, EVERY, FOR, UNTIL, PERSON }

const throughJson = (alert: Alert): Alert => JSON.parse(JSON.stringify(alert))

describe('the life of an alert', () => {
  for (const [name, rows] of Object.entries(TABLES)) {
    describe(name.toLowerCase(), () => {
      it.each(rows)('%s (%s: %s)', (_title, options, events, heard, condition = 'sides') => {
        expect(tell({ options, events, condition })).toBe(heard)
        expect(tell({ options, events, condition }, throughJson), 'restarted after each event').toBe(heard)
      })
    })
  }
})

describe('a restart', () => {
  it('makes the time away a gap: unseen from the moment the process went away', () => {
    expect(tell({ events: '0:490 10:? 10:510' })).toBe('10 above last')
    expect(tell({ events: '0:490 10:(?) 40:510' })).toBe('40 above gap 10-40 last')
  })

  it('stops a running wait for the time away', () => {
    expect(tell({ options: 'for 10', events: '0:490 1:510 5:(?) 7:510 60:510' })).toBe('13 whole last')
  })
})

describe('a change of the clocks', () => {
  const cases = [
    ['America/New_York', '2026-03-08T00:30', 'forward'],
    ['America/New_York', '2026-11-01T00:30', 'back'],
    ['Europe/Berlin', '2026-03-29T01:30', 'forward'],
    ['Europe/Berlin', '2026-10-25T01:30', 'back'],
  ] as const
  const HOUR = 60 * MINUTE

  it.each(cases)('in %s at %s (%s): for 2h is two real hours', (zone, local) => {
    const edge = DateTime.fromISO(local, { zone }).toMillis()
    const options = { mode: 'once' as const, for: 2 * HOUR }
    const unmet = step(anAlert({ options }), anEvaluation({ truths: ['unmet'], at: edge - 1 }), edge - 1, GRACE).alert
    const pending = step(unmet, anEvaluation({ at: edge }), edge, GRACE).alert
    expect(dueAt(pending, GRACE)).toBe(edge + 2 * HOUR)
    expect(DateTime.fromMillis(edge + 2 * HOUR, { zone }).hour - DateTime.fromMillis(edge, { zone }).hour).not.toBe(2)
    expect(step(pending, anEvaluation(), edge + 2 * HOUR - 1, GRACE).alert).toBe(pending)
    expect(step(pending, anEvaluation(), edge + 2 * HOUR, GRACE).occurrences).toHaveLength(1)
  })

  it.each(cases)('in %s at %s (%s): every 24h is 24 real hours', (zone, local) => {
    const edge = DateTime.fromISO(local, { zone }).toMillis()
    const options = { mode: 'every' as const, every: 24 * HOUR }
    const unmet = step(anAlert({ options }), anEvaluation({ truths: ['unmet'], at: edge - 1 }), edge - 1, GRACE).alert
    const fired = step(unmet, anEvaluation({ at: edge }), edge, GRACE).alert
    expect(dueAt(fired, GRACE)).toBe(edge + 24 * HOUR)
    expect(DateTime.fromMillis(edge + 24 * HOUR, { zone }).hour).not.toBe(DateTime.fromMillis(edge, { zone }).hour)
    expect(step(fired, anEvaluation(), edge + 24 * HOUR - 1, GRACE).alert).toBe(fired)
    expect(step(fired, anEvaluation(), edge + 24 * HOUR, GRACE).occurrences).toHaveLength(1)
  })
})

describe('an occurrence', () => {
  const armed = anAlert({ triggers: [{ side: 'unmet', held: false, running: false }], revision: 41 })

  it('has an id that a step which loses its write gives again', () => {
    const tries = [step(armed, anEvaluation(), START, GRACE), step(armed, anEvaluation(), START, GRACE)]
    expect(tries.map(({ occurrences }) => occurrences.map(({ id }) => id))).toEqual([
      ['alert.42.fired'],
      ['alert.42.fired'],
    ])
  })

  it('carries the figures that made it so', () => {
    const figure = {
      symbol: 'stock:AAPL',
      metric: 'price',
      value: '501.12',
      currency: 'USD',
      source: 'test',
      at: START,
    }
    const look = anEvaluation({ describe: () => ({ triggers: ['AAPL price > 500'], evidence: [figure] }) })
    expect(step(armed, look, START, GRACE).occurrences).toMatchObject([
      { kind: 'fired', at: START, triggers: ['AAPL price > 500'], evidence: [figure] },
    ])
  })

  it('of blindness says why', () => {
    const look = anEvaluation({ truths: ['unknown'], why: 'Yahoo does not answer' })
    const blind = step(armed, look, START, GRACE).alert
    expect(step(blind, look, START + GRACE, GRACE).occurrences).toMatchObject([
      { kind: 'blind', reason: 'Yahoo does not answer' },
    ])
  })

  it('that is the last leaves nothing under way', () => {
    const unseen = { side: 'met', held: true, running: false, knownAt: START - 1 } as const
    const both = anAlert({ triggers: [...armed.triggers, unseen], knownAt: START - 1 })
    const done = step(both, anEvaluation({ truths: ['met', 'unknown'] }), START, GRACE).alert
    const met = { side: 'met', held: false, running: false }
    expect(done).toMatchObject({ phase: 'done', knownAt: null })
    expect(done.triggers).toEqual([met, met])
  })

  it('is counted: when it last fired, and how often', () => {
    const fired = step({ ...armed, firings: 3 }, anEvaluation(), START, GRACE).alert
    expect(fired).toMatchObject({ phase: 'done', firedAt: START, firings: 4 })
  })
})

describe('what is not seen', () => {
  it('is known to the alert since the first of its triggers was lost', () => {
    const side = { side: 'unmet', held: false, running: false } as const
    const look = (truths: Evaluation['truths'], alert: Alert, now: number) =>
      step(alert, anEvaluation({ truths, at: now }), now, GRACE).alert
    const one = look(['unknown', 'unmet'], anAlert({ triggers: [side, side] }), START)
    const both = look(['unknown', 'unknown'], one, START + 1)
    const other = look(['unmet', 'unknown'], both, START + 2)
    expect([one, both, other].map(({ knownAt }) => knownAt)).toEqual([START, START, START + 1])
    expect(look(['unmet', 'unmet'], other, START + 3).knownAt).toBe(null)
  })
})

describe('a quiet look', () => {
  it.each([
    ['armed and still unmet', anAlert({ triggers: [{ side: 'unmet', held: false, running: false }] }), 'unmet'],
    ['armed and still met', anAlert({ triggers: [{ side: 'met', held: false, running: false }] }), 'met'],
    ['never seen, known to be blind', anAlert({ blindSince: START }), 'unknown'],
    ['never seen and paused', anAlert({ paused: true }), 'met'],
    ['done', anAlert({ phase: 'done' }), 'met'],
    ['expired', anAlert({ phase: 'expired' }), 'met'],
    ['deleted', anAlert({ phase: 'deleted' }), 'met'],
  ] as const)('gives the very same alert back: %s', (_title, alert, truth) => {
    const silent = () => {
      throw new Error('nothing is to be described')
    }
    const quiet = step(alert, anEvaluation({ truths: [truth], describe: silent }), START, GRACE)
    expect(quiet.alert).toBe(alert)
    expect(quiet.occurrences).toEqual([])
  })
})
