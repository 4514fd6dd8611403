import { afterEach, expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { type Deeds, type Share, watchDeeds } from './deeds.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { type Crossings, createCrossings, toldIn } from './market.ts'
import { until } from './until.ts'
import { freePort, setAlerts, startWorld, type World } from './world.ts'

/** After so long (ms) the work of a process that is gone is taken over. */
const LEASE = 8_000
/** How often everybody's alert fires, and how often at most: which of the two takes a piece of work is a matter of chance. */
const [TIMES, MOST_TIMES] = [4, 20]

let world: World
let ledger: Ledger
let deeds: Deeds
let crossings: Crossings
let uri: string
async function begin(...given: Parameters<typeof startWorld>): Promise<void> {
  uri = freshDatabase()
  world = await startWorld(...given)
  ledger = await openLedger(uri)
  deeds = await watchDeeds(ledger.db)
  crossings = createCrossings(world.coinbase, ledger, world.people.length)
}
afterEach(async () => {
  await ledger?.close()
  await world?.stop()
})

/** Two programs at work on one database, which knows them as `one` and `two`. The first one hears what people write. */
async function twoWorkers(lockLifetime: string) {
  const settings = { SHARDS: '8', LOCK_LIFETIME: lockLifetime }
  const one = world.run([], { ...settings, MONGODB_URI: named('one') })
  await setAlerts(world)
  const two = world.run([], { ...settings, MONGODB_URI: named('two'), PORT: String(await freePort()) })
  await two.notes(/bot and worker/)
  return { one, two }
}

function named(name: string): string {
  const url = new URL(uri)
  url.searchParams.set('appName', name)
  return url.href
}

/** Whether a process is about to tell something that it has leased; looked at until all is told. */
async function isSendingAt(name: string): Promise<boolean> {
  let isSending = false
  await until('it is told', async () => {
    const tokens = await deeds.leasesOf(name)
    isSending = (await ledger.owed()).some(({ state, token }) => state === 'sending' && tokens.includes(String(token)))
    return isSending || (await ledger.isQuiet())
  })
  return isSending
}

/** Each price at which somebody's alert was to fire, and the prices they were told. */
function tellings() {
  return world.people.map((person) => ({ who: person.address, prices: toldIn(person.read()).sort() }))
}

function onceEach() {
  return world.people.map(({ address }) => ({ who: address, prices: [...crossings.prices].sort() }))
}

/** The smallest part that one of the two has done, of evaluation or of delivery. */
function leastShare({ one, two }: Readonly<Record<string, Share>>): number {
  const all = crossings.prices.length * world.people.length
  return Math.min(...[one, two].flatMap((share) => [share?.evaluated ?? 0, share?.delivered ?? 0])) / all
}

test('of two workers on one database each does at least a quarter, no alert is missed and none is told twice', async () => {
  await begin(2)
  await twoWorkers('30s')
  let least = 0
  while (crossings.prices.length < TIMES || (least < 1 / 4 && crossings.prices.length < MOST_TIMES)) {
    await crossings.cross()
    await until('all is told', ledger.isQuiet)
    least = leastShare(await deeds.shares())
  }
  expect(tellings()).toEqual(onceEach())
  expect(least, JSON.stringify(await deeds.shares())).toBeGreaterThanOrEqual(1 / 4)
  expect(world.refused()).toEqual([])
}, 120_000)

test('a worker that is stopped past its lease and goes on stores nothing of what it lost, and what is told twice was being sent when it was stopped', async () => {
  await begin(4, ['telegram'])
  const { one, two } = await twoWorkers(`${LEASE / 1_000}s`)
  await crossings.cross()
  // So that it is under way for long enough to be seen.
  await world.gates.telegram.set('slow')
  while (!(await isSendingAt('two'))) await crossings.cross()
  two.kill('SIGSTOP')
  const atStop = (await ledger.owed()).filter(({ state }) => state === 'sending')
  const tokens = await deeds.leasesOf('two')
  const lost = atStop.filter(({ token }) => tokens.includes(String(token)))
  const stoppedAt = performance.now()
  await crossings.cross()
  await until('all is told', async () => performance.now() - stoppedAt > 1.5 * LEASE && (await ledger.isQuiet()))
  await world.gates.telegram.set('open')
  const wokenAt = await deeds.time()
  two.kill('SIGCONT')
  await crossings.cross()
  await crossings.cross()
  await until('all is told', ledger.isQuiet)
  const lostIds = lost.map(({ _id }) => _id)
  const stored = (await deeds.all()).filter(({ by, at, collection, changed, filter }) => {
    const isOfLost = collection === 'notifications' && tokens.includes(String(filter.token))
    return by === 'two' && at >= wokenAt && isOfLost && changed > 0
  })
  expect(stored).toEqual([])
  const copies = tellings().flatMap(({ who, prices }) =>
    prices.filter((price, index) => prices.indexOf(price) !== index).map((price) => `${who} ${price}`),
  )
  console.log(JSON.stringify({ lost: lostIds.length, copies: copies.length, shares: await deeds.shares() }))
  const unanswered = [one, two].flatMap((program) => unansweredIn(program.err()))
  const mayBeTwice = (await ledger.owed()).filter(({ _id }) => lostIds.includes(_id) || unanswered.includes(_id))
  const allowed = mayBeTwice.map(({ address, occurrence }) => `${address} ${occurrence.evidence[0]!.value}`)
  expect(allowed).toEqual(expect.arrayContaining(copies))
  const told = tellings().map(({ who, prices }) => ({ who, prices: [...new Set(prices)] }))
  expect(told).toEqual(onceEach())
  // No alert has fired more often than it was to.
  expect((await ledger.alerts()).firings).toBe(crossings.prices.length * world.people.length)
}, 120_000)

/** The notifications of which a program noted that nobody knows what became of a try: on a busy machine an answer may come too late. */
function unansweredIn(notes: string): string[] {
  const lines = notes.split('\n').filter((line) => line.includes('no answer within'))
  return lines.flatMap((line) => /"notification":"([^"]+)"/.exec(line)?.[1] ?? [])
}
