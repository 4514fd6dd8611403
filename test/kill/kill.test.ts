import { afterAll, beforeAll, describe, test } from 'vitest'
import { freshDatabase } from '../mongo.ts'
import { DAY } from './day.ts'
import { startEmbeddedDay, tellAll } from './embedded.ts'
import { type Killed, killAt, type Morning, PATIENCE, startMorning } from './kill-at.ts'
import { createMutant, type Mutation } from './mutant.ts'
import { firingsOf } from './oracle.ts'
import { describePoint, LAST_STORED, LEASED, POINTS, type Point } from './points.ts'
import { DIST } from './process.ts'
import { judge } from './verdict.ts'

const TIMEOUT = 3 * PATIENCE

const expected = firingsOf(DAY)
const table: string[] = []
let morning: Morning

beforeAll(async () => {
  morning = await startMorning(freshDatabase(), DIST)
})

afterAll(async () => {
  console.log(table.sort().join('\n'))
  await morning?.close()
})

/** Every third point; `KILL_POINTS=all` takes all 23. `test/soak` kills at random moments beside. */
const POINTS_NOW = POINTS.map((point, index) => [index + 1, point.stage, describePoint(point), point] as const).filter(
  ([number]) => process.env.KILL_POINTS === 'all' || number % 3 === 1,
)

describe.concurrent('a program killed and started again tells every firing, a second time only what was in flight', () => {
  test.for(POINTS_NOW)('%i %s: %s', { timeout: TIMEOUT }, async ([number, , , point], { expect }) => {
    const killed = await killAt(point, morning, { dist: DIST, stuckAfter: PATIENCE })
    table.push(rowOf(number, point, killed))
    expect(faultsOf(killed), killed.notes).toEqual([])
  })
})

describe.concurrent('on the database of its own', () => {
  test('the mongod killed three times under load: the program goes on by itself', { timeout: TIMEOUT }, async ({
    expect,
  }) => {
    const day = await startEmbeddedDay(DIST)
    const kills = [4, 25, 50]
    const program = day.play((count) => {
      if (!kills.includes(count)) return
      day.killMongod()
      table.push(`M mongod | after message ${count}: ${day.delivered.firings().at(-1)}`)
    })
    const code = await tellAll(program, day.delivered, expected)
    const { lost, copies, invented } = judge(expected, day.delivered.firings())
    table.push(`M mongod | told ${day.delivered.firings().length} of ${expected.length}, copies ${copies.length}`)
    await day.remove()
    expect({ lost, invented, code }, program.notes()).toEqual({ lost: [], invented: [], code: 0 })
    expect(program.notes().match(/MongoDB ended unexpectedly/g)).toHaveLength(kills.length)
    // One address is served one message at a time.
    expect(copies.length).toBeLessThanOrEqual(kills.length)
  })

  test('the program killed and started again', { timeout: TIMEOUT }, async ({ expect }) => {
    const day = await startEmbeddedDay(DIST)
    const first = day.play((count, program) => {
      if (count === 15) program.kill()
    })
    expect((await first.ended).code).toBeNull()
    table.push(`P program with its mongod | after message 15: ${day.delivered.firings().at(-1)}`)
    const second = day.play()
    const code = await tellAll(second, day.delivered, expected)
    const { lost, copies, invented } = judge(expected, day.delivered.firings())
    table.push(
      `P program with its mongod | told ${day.delivered.firings().length} of ${expected.length}, copies ${copies.length}`,
    )
    await day.remove()
    expect({ lost, invented, code }, second.notes()).toEqual({ lost: [], invented: [], code: 0 })
    expect(copies.length).toBeLessThanOrEqual(1)
  })
})

/** Lapsed leases are not taken again. */
const NO_RETRY: Mutation[] = [
  {
    file: 'src/store/notifications.js',
    from: "{ state: 'sending', $expr: trusted({ $lt: ['$leasedUntil', '$$NOW'] }) }",
    to: '',
  },
]

/** Only a round that stored a firing hands firings on; what is found at start, or by upkeep, is left where it is. */
const NO_FAN_OUT_AT_START: Mutation[] = [
  {
    file: 'src/jobs/watch.js',
    from: 'const inTurn = createTurns();',
    to: 'const inTurn = createTurns(); let fired = 0;',
  },
  {
    file: 'src/jobs/watch.js',
    from: 'await shard.run();',
    to: 'fired = 0; fired = (await shard.run()).fired;',
  },
  {
    file: 'src/jobs/watch.js',
    from: 'of await fanOut(ports, now()))',
    to: 'of fired === 0 ? [] : await fanOut(ports, now()))',
  },
  { file: 'src/jobs/index.js', from: 'of await fanOut(fanOutPorts(parts, range), Date.now()))', to: 'of [])' },
]

describe.concurrent('the kill test fails', () => {
  test.for([
    ['without the retry', NO_RETRY, LEASED],
    ['without the fan-out at start', NO_FAN_OUT_AT_START, LAST_STORED],
  ] as const)('%s', { timeout: TIMEOUT }, async ([title, mutations, point], { expect }) => {
    const mutant = await createMutant(DIST, mutations)
    const killed = await killAt(point, morning, { dist: mutant.dist, stuckAfter: 8_000 })
    await mutant.remove()
    const faults = faultsOf(killed)
    table.push(`X ${title} | ${describePoint(point)} | ${faults.join('; ')}`)
    expect(faults).toContainEqual(expect.stringMatching(/^lost: /))
  })
})

/** What the kill test has against what came of a kill: nothing, if all is well. */
function faultsOf({ delivered, inFlight, isSettled, code }: Killed): string[] {
  const { lost, copies, invented } = judge(expected, delivered)
  const allowed = new Set(inFlight)
  // Taken out of the set as it is found: in flight once is a second copy once.
  const forbidden = copies.filter((copy) => !allowed.delete(copy))
  return [
    ...lost.map((firing) => `lost: ${firing}`),
    ...forbidden.map((firing) => `told again: ${firing}`),
    ...invented.map((firing) => `never happened: ${firing}`),
    ...(isSettled ? [] : ['it came to no end']),
    ...(code === 0 ? [] : [`it ended with code ${code}`]),
  ]
}

/** A kill in one line. */
function rowOf(number: number, point: Point, { operations, delivered, inFlight }: Killed): string {
  const { lost, copies } = judge(expected, delivered)
  const figures = `told ${delivered.length} of ${expected.length}, lost ${lost.length}, in flight ${inFlight.length}, copies ${copies.length}`
  const last = operations.slice(-3).join(' → ')
  return `${String(number).padStart(2, '0')} ${point.stage} | ${describePoint(point)} | last on the wire: ${last} | ${figures}`
}
