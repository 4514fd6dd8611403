import { afterEach, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import type { GateState } from './gate.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { createCrossings, toldIn } from './market.ts'
import { until } from './until.ts'
import { CHANNELS, type ChannelName, type Person, setAlerts, startWorld, type World } from './world.ts'

/** The outage by the program's clock, ms: it is set ahead step by step while everything else goes on. */
const [STEP, STEPS] = [60_000, 10]

let world: World
let ledger: Ledger | undefined
beforeEach(async () => {
  world = await startWorld(1)
})
afterEach(async () => {
  await ledger?.close()
  await world.stop()
})

/** Each platform goes through each way of being down. */
const ROUNDS: readonly Readonly<Record<ChannelName, GateState>>[] = [
  { telegram: 'refuses', discord: '503', sms: 'silent', email: 'refuses' },
  { telegram: '503', discord: 'silent', sms: 'refuses', email: '503' },
  { telegram: 'silent', discord: 'refuses', sms: '503', email: 'silent' },
]

test('while every platform is down for ten minutes firings go on; afterwards each is told once, says how late and why, and nothing else is told', async () => {
  const uri = freshDatabase()
  ledger = await openLedger(uri)
  const { isQuiet, owed, nextDueAt, watchedUntil } = ledger
  const clock = new Date().toISOString()
  let ahead = 0
  const now = () => Date.now() + ahead
  // A send is given up by its channel before it is by delivery, so that no try is still under way when the next one begins.
  const program = world.run([], { MONGODB_URI: uri, BLIND_AFTER: '1h', LOCK_LIFETIME: '30s' }, { clock })
  /** The program's clock goes on, and it has looked at the market since. */
  const passes = async () => {
    program.jump(STEP)
    ahead += STEP
    const then = now()
    await until('the market is watched', async () => (await watchedUntil()) > then - STEP / 2)
  }
  await setAlerts(world)
  const before = world.people.map((person) => person.read().length)
  const crossings = createCrossings(world.coinbase, ledger, world.people.length)
  await crossings.cross()
  for (const round of ROUNDS) {
    await until('all is told', isQuiet)
    await Promise.all(CHANNELS.map((channel) => world.gates[channel].set(round[channel])))
    await crossings.cross()
    for (let step = 0; step < STEPS; step++) {
      await passes()
      // The second one is five minutes late in the end.
      if (step === STEPS / 2 - 1) await crossings.cross()
    }
    await Promise.all(CHANNELS.map((channel) => world.gates[channel].set('open')))
    await until('all is told', async () => {
      if ((await nextDueAt()) > now()) await passes()
      return await isQuiet()
    })
  }
  const all = await owed()
  expect(all.map(({ state }) => state)).toEqual(all.map(() => 'sent'))
  for (const [index, person] of world.people.entries()) {
    const told = person.read().slice(before[index])
    expect([person.address, toldIn(told).sort()]).toEqual([person.address, [...crossings.prices].sort()])
    expect([person.address, told.filter((text) => toldIn([text]).length !== 1)]).toEqual([person.address, []])
    const theirs = all.filter(({ address }) => address === person.address)
    const tried = theirs.map(({ firstTriedAt }) => firstTriedAt!)
    expect(tried).toEqual([...tried].sort((one, other) => one - other))
    // The first one came before anything was down.
    for (const { occurrence, tries } of theirs.slice(1))
      expect(told.find((text) => text.includes(occurrence.evidence[0]!.value))).toMatch(latenessOf(person, tries))
  }
  expect(world.refused()).toEqual([])
}, 120_000)

/** How late it was, and why where it had been tried before; a text message has no room for that. */
function latenessOf({ channel }: Person, tries: number): RegExp {
  const why = tries > 1 && channel !== 'sms' ? ', .+; now\\s9\\d{4}\\sUSD' : ''
  return new RegExp(`\\b([4-9]|1\\d)\\smin\\slate${why}`, 's')
}
