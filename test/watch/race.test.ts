import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert, Occurrence } from '../../src/alert/types.ts'
import type { Handler } from '../../src/channels/channel.ts'
import { createDispatch } from '../../src/commands/dispatch.ts'
import { commands } from '../../src/commands/index.ts'
import { createPeople } from '../../src/commands/people.ts'
import { createLog } from '../../src/log.ts'
import { calendar } from '../../src/market/sessions.ts'
import { connect, type Store } from '../../src/store/connect.ts'
import { createPersonal } from '../../src/store/personal.ts'
import { freshDatabase } from '../mongo.ts'
import { aWorker, HOUR, takeUnsent, type Worker } from './workers.ts'

/**
 * What a person may do to an alert at the very moment it fires, and how often it must then have fired.
 *
 * Every alert watches `AAPL > 500`. The price is 490; it becomes 510 while the person types; two minutes later nothing
 * has moved; then it goes to 490 and to 530. Counted are the firings after the race, after the two minutes, at the end.
 * `first`: the firing was stored before the person's change was, so it counts. `later`: the change was stored first,
 * and what the alert is from then on decides.
 */
type Case = {
  readonly options: string
  /** Typed one after the other in the race. */
  readonly typed: readonly string[]
  /** Typed when two minutes have passed. */
  readonly afterwards?: string
  readonly first: readonly [number, number, number]
  readonly later: readonly [number, number, number]
}

const CASES: readonly Case[] = [
  // Options alone: sides are kept, so the edge counts whatever comes first.
  { options: '', typed: ['edit 1 AAPL > 500 repeat'], first: [1, 1, 2], later: [1, 1, 2] },
  { options: 'repeat', typed: ['edit 1 AAPL > 500 repeat cooldown 1m'], first: [1, 1, 2], later: [1, 1, 2] },
  { options: 'repeat', typed: ['edit 1 AAPL > 500'], first: [1, 1, 2], later: [1, 1, 1] },
  { options: '', typed: ['repeat 1'], first: [1, 1, 2], later: [1, 1, 2] },
  // Another level is another condition: the price that the person is shown is its baseline.
  { options: '', typed: ['edit 1 AAPL > 505'], first: [1, 1, 2], later: [0, 0, 1] },
  { options: 'repeat', typed: ['edit 1 AAPL > 520 repeat'], first: [1, 1, 2], later: [0, 0, 1] },
  // A snooze holds the edge; snoozing what has just rung means: tell me again then.
  { options: '', typed: ['snooze 1 1m'], first: [1, 2, 2], later: [0, 1, 1] },
  { options: 'repeat', typed: ['snooze 1 1m'], first: [1, 1, 2], later: [0, 1, 2] },
  { options: '', typed: ['snooze 1 1m', 'wake 1'], first: [2, 2, 2], later: [1, 1, 1] },
  { options: 'repeat', typed: ['snooze 1 1m', 'wake 1'], first: [1, 1, 2], later: [1, 1, 2] },
  // Paused, it does not fire; resumed, the price shown is its baseline.
  { options: '', typed: ['pause 1'], afterwards: 'resume 1', first: [1, 1, 1], later: [0, 0, 1] },
  { options: 'repeat', typed: ['pause 1'], afterwards: 'resume 1', first: [1, 1, 2], later: [0, 0, 1] },
  { options: 'repeat', typed: ['pause 1', 'resume 1'], first: [1, 1, 2], later: [0, 0, 1] },
  { options: '', typed: ['again 1'], first: [1, 1, 2], later: [0, 0, 1] },
  // What had fired is still owed when the alert is gone.
  { options: '', typed: ['delete 1'], first: [1, 1, 1], later: [0, 0, 0] },
  { options: 'repeat', typed: ['delete 1'], first: [1, 1, 1], later: [0, 0, 0] },
  // Being told now is the firing, unless there was one.
  { options: '', typed: ['tell 1'], first: [1, 1, 1], later: [1, 1, 1] },
  { options: 'repeat', typed: ['tell 1'], first: [2, 2, 3], later: [1, 1, 2] },
  { options: 'every 1h', typed: ['snooze 1 1m', 'wake 1'], first: [1, 1, 1], later: [1, 1, 1] },
  { options: 'repeat cooldown 5s', typed: ['edit 1 AAPL > 500 repeat'], first: [1, 1, 2], later: [1, 1, 2] },
]

type Heard = { readonly alert: string; readonly occurrence: Occurrence }

const BATCHES = 50
const START = Date.UTC(2026, 2, 2, 15)
const SECOND = 1_000

let store: Store
let workers: [Worker, Worker]
/** The clock of evaluation. */
let now = START
let symbol = ''
/** By user: the states on which each of the person's changes was tried, the last being the one that it landed on. */
const landings = new Map<string, Alert[][]>()
let handle: Handler
const random = randomFrom(20_260_302)

beforeAll(async () => {
  store = await connect(freshDatabase())
  workers = [aWorker(store, 'one'), aWorker(store, 'two')]
  handle = aConversation()
})
afterAll(() => store.close())

test('in 1,000 races of a firing with what a person types, no firing is swallowed and none doubled', async () => {
  const wrong: string[] = []
  const collided = { person: 0, worker: 0, first: 0 }
  for (let batch = 0; batch < BATCHES; batch++) await raceBatch(batch, wrong, collided)
  const rounds = BATCHES * CASES.length
  console.info(
    `${rounds} races: in ${collided.first} the firing was stored first; in ${collided.person} the person's change was ` +
      `overtaken and made again, in ${collided.worker} a worker's was`,
  )
  expect(wrong).toEqual([])
  // Races that never meet would prove nothing.
  expect(collided.person + collided.worker).toBeGreaterThan(rounds / 10)
  expect(collided.first).toBeGreaterThan(rounds / 20)
  expect(collided.first).toBeLessThan(rounds - rounds / 20)
}, 300_000)

async function raceBatch(batch: number, wrong: string[], collided: { person: number; worker: number; first: number }) {
  symbol = `stock:RACE${batch}`
  const people = CASES.map((_, index) => `${batch}-${index}`)
  const heard: Heard[] = []
  const sweep = async () => void heard.push(...(await takeUnsent(store)))
  await price('490')
  await Promise.all(people.map((person, index) => say(person, `alert AAPL > 500 ${CASES[index]!.options}`)))
  await runBoth()

  now += 10 * SECOND
  await price('510')
  for (const { losses } of workers) losses.length = 0
  await race(people, sweep)
  const losses = new Set(workers.flatMap((worker) => worker.losses))
  await settle(sweep)
  const counts = [countFirings(heard)]

  now += 120 * SECOND
  await settle(sweep)
  counts.push(countFirings(heard))

  await Promise.all(people.map((person, index) => say(person, CASES[index]!.afterwards)))
  for (const value of ['490', '530']) {
    now += 10 * SECOND
    await price(value)
    await settle(sweep)
  }
  counts.push(countFirings(heard))

  for (const [index, one] of CASES.entries()) {
    const user = await store.users.ofAddress('console', people[index]!, now)
    const alert = await theAlertOf(user.id)
    const tried = landings.get(user.id)![0]!
    const isFirst = tried.at(-1)!.firings > 0
    if (isFirst) collided.first++
    if (tried.length > 1) collided.person++
    if (losses.has(alert.id)) collided.worker++
    const fired = counts.map((count) => count.get(alert.id) ?? 0)
    const must = isFirst ? one.first : one.later
    if (fired.join() !== must.join() || alert.firings !== must[2])
      wrong.push(
        `batch ${batch}, "${one.options}" + ${one.typed.join(', ')}: fired ${fired}, must ${must} ` +
          `(the ${isFirst ? 'firing' : 'change'} was stored first)`,
      )
  }
  for (const { occurrence } of heard) {
    expect(occurrence.kind).toBe('fired')
    expect(['510', '530']).toContain(occurrence.evidence[0]?.value)
  }
}

/** Two workers, twenty conversations and fan-out, all at once, each beginning a random moment later than now. */
async function race(people: readonly string[], sweep: () => Promise<void>) {
  const [one, two] = random() < 0.5 ? workers : [workers[1], workers[0]]
  const isTogether = random() < 0.5
  // In half of the races people have a start, however fast or slow the machine is at answering them.
  const within = random() < 0.5 ? 12 : 60
  const runs = isTogether
    ? [soon(() => one.run(now), within), soon(() => two.run(now), within)]
    : [soon(() => one.run(now), within).then(() => two.run(now))]
  const conversations = people.map((person, index) =>
    soon(async () => {
      for (const line of CASES[index]!.typed) await say(person, line)
    }, 20),
  )
  await Promise.all([...runs, ...conversations, soon(sweep, 40), soon(sweep, 40)])
}

async function soon<T>(work: () => Promise<T>, within = 12): Promise<T> {
  await wait(random() * within)
  return work()
}

async function runBoth() {
  await Promise.all(workers.map(({ run }) => soon(() => run(now), 4)))
}

async function settle(sweep: () => Promise<void>) {
  await runBoth()
  await runBoth()
  await sweep()
}

function price(value: string): Promise<void> {
  return store.quotes.write([{ symbol, price: value, currency: 'USD', source: 'test', receivedAt: now }])
}

let messages = 0
async function say(address: string, text: string | undefined): Promise<void> {
  if (text === undefined) return
  const { pieces } = await handle({ channel: 'console', address, id: String(++messages), text })
  if (JSON.stringify(pieces).includes('Something broke')) throw new Error(`"${text}" broke`)
}

function countFirings(heard: readonly Heard[]): Map<string, number> {
  const ids = new Map(heard.map(({ alert, occurrence }) => [occurrence.id, alert]))
  const counts = new Map<string, number>()
  for (const alert of ids.values()) counts.set(alert, (counts.get(alert) ?? 0) + 1)
  return counts
}

/** Also where it is deleted. */
async function theAlertOf(user: string): Promise<Alert> {
  const document = await store.db.collection<{ _id: string }>('alerts').findOne({ user }, { projection: { _id: 1 } })
  return (await store.alerts.byIds([document!._id]))[0]!
}

/** The whole conversation of the program on the real store; the market is what `price` wrote. */
function aConversation(): Handler {
  const look = async (symbols: readonly string[]) => await store.quotes.read(symbols)
  const change: Store['alerts']['change'] = (user, number, apply, known) => {
    const tried: Alert[] = []
    landings.set(user, [...(landings.get(user) ?? []), tried])
    const noted: typeof apply = (alert) => {
      tried.push(alert)
      return apply(alert)
    }
    return store.alerts.change(user, number, noted, known)
  }
  return createDispatch({
    services: {
      alerts: { ...store.alerts, change },
      users: store.users,
      notifications: store.notifications,
      conversations: store.conversations,
      person: createPersonal(store, { failed: () => {} }),
      people: createPeople(store, { channels: [], countries: [], random: randomBytes }),
      countAll: store.countAll,
      channels: () => [],
      desk: { look, lookFor: ({ symbols }) => look(symbols), take: async () => {} },
      history: { load: async () => new Map(), inHand: async () => undefined },
      archive: async () => [],
      heldBack: async () => [],
      losses: async () => new Map(),
      sources: { order: () => [], usual: HOUR, every: async () => HOUR, standings: async () => [] },
      resolve: async () => ({ kind: 'one', symbol, checked: true }),
      sessionAt: calendar({ alwaysOpen: true }).sessionAt,
      now: () => now,
      lastCheck: async () => now,
      zone: 'UTC',
      grace: HOUR,
      escalateAfter: HOUR,
      apart: HOUR,
      maxAlerts: 1_000,
    },
    messages: store.messages,
    arrivals: store.arrivals,
    commands,
    access: { allowed: [], operators: [] },
    limits: { perMinute: 1_000_000, backtestsPerHour: 1_000 },
    realNow: () => now,
    reference: () => 'ref',
    log: createLog('error'),
  })
}

/** Mulberry32: the same delays each time (the interleaving that comes of them is the machine's). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
