import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { MongoClient } from 'mongodb'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Job, type Jobs, startJobs } from '../../src/jobs/agenda.ts'
import type { Store } from '../../src/store/connect.ts'
import { freshDatabase } from '../mongo.ts'

const HOUR = 3_600_000
const LIFETIME = 60_000
const silent = pino({ level: 'silent' })

let client: MongoClient
let db: Store['db']
let started: Jobs[] = []
beforeEach(async () => {
  client = await MongoClient.connect(freshDatabase())
  db = client.db() as never
})
afterEach(async () => {
  await Promise.all(started.map((jobs) => jobs.stop()))
  started = []
  await client.close()
})

let processes = 0
async function start(jobs: readonly Job[], given: Partial<Parameters<typeof startJobs>[0]> = {}): Promise<Jobs> {
  const made = await startJobs({
    db,
    jobs,
    process: `process-${++processes}`,
    lockLifetime: LIFETIME,
    alone: false,
    log: silent,
    ...given,
  })
  started.push(made)
  return made
}

const documents = () => db.collection('jobs').find().toArray()

/** Something that tests wait for: `reach(n)` resolves when it was counted n times. */
function counter() {
  let count = 0
  const waiting: { at: number; done: () => void }[] = []
  return {
    get count() {
      return count
    },
    up() {
      count++
      for (const { at, done } of waiting) if (count >= at) done()
    },
    reach: (at: number) => new Promise<void>((done) => (count >= at ? done() : waiting.push({ at, done }))),
  }
}

describe('one database, two processes', () => {
  test('each of 4 jobs is run by one of them at a time, again and again', async () => {
    const keys = ['a', 'b', 'c', 'd']
    const runs = counter()
    const atWork = new Map<string, number>()
    let most = 0
    const jobs = keys.map((key): Job => {
      const run = async () => {
        atWork.set(key, (atWork.get(key) ?? 0) + 1)
        most = Math.max(most, atWork.get(key)!)
        await new Promise((done) => setTimeout(done, 20))
        atWork.set(key, atWork.get(key)! - 1)
        runs.up()
      }
      return { name: 'work', key, every: 100, run }
    })
    await Promise.all([start(jobs), start(jobs)])
    await runs.reach(24)
    expect(most).toBe(1)
    expect(await documents()).toHaveLength(4)
  })

  test('a job that only one of them knows is left to that one', async () => {
    const [here, there] = [counter(), counter()]
    const job = (name: string, runs: ReturnType<typeof counter>): Job => ({
      name,
      key: name,
      every: 100,
      run: async () => runs.up(),
    })
    await Promise.all([start([job('here', here)]), start([job('there', there)])])
    await Promise.all([here.reach(3), there.reach(3)])
  })

  test('what one stops, the other goes on with at once: its locks are free', async () => {
    const runs = counter()
    let runner = ''
    const job = (name: string): Job => {
      const run = async () => {
        runner = name
        runs.up()
      }
      return { name: 'work', key: 'x', every: 100, run }
    }
    const first = await start([job('first')])
    await runs.reach(1)
    await first.stop()
    expect((await documents()).map(({ lockedAt }) => lockedAt ?? null)).toEqual([null])
    const before = runs.count
    await start([job('second')])
    await runs.reach(before + 2)
    expect(runner).toBe('second')
  })
})

describe('stopping', () => {
  test('waits for what runs, then frees it, and runs nothing more', async () => {
    const begun = counter()
    const go = new PassThrough()
    let isOver = false
    const run = async () => {
      begun.up()
      await once(go, 'data')
      isOver = true
    }
    const jobs = await start([{ name: 'long', key: 'x', every: 100, run }])
    await begun.reach(1)
    const stopping = jobs.stop()
    expect(isOver).toBe(false)
    go.write('go')
    await stopping
    expect(isOver).toBe(true)
    expect((await documents()).map(({ lockedAt }) => lockedAt ?? null)).toEqual([null])
    expect(begun.count).toBe(1)
  })
})

describe('a job', () => {
  test('that throws is logged and runs again', async () => {
    const lines = new PassThrough()
    const runs = counter()
    const run = async () => {
      runs.up()
      throw new Error('this round failed')
    }
    await start([{ name: 'shaky', key: 'x', every: 100, run }], { log: pino({ level: 'error' }, lines) })
    await runs.reach(3)
    expect(JSON.parse(String(lines.read()).split('\n')[0]!)).toMatchObject({
      job: 'shaky',
      part: 'x',
      err: { message: 'this round failed' },
    })
  })

  test('is due at once when it is made so, by whichever process', async () => {
    const [here, other] = [counter(), counter()]
    const jobs: Job[] = ['a', 'b'].map((key) => ({ name: 'rare', key, every: HOUR, run: async () => here.up() }))
    await start(jobs)
    await here.reach(2)
    const elsewhere = await start([{ name: 'something else', key: 'x', every: HOUR, run: async () => other.up() }])
    await other.reach(1)
    for (let round = 2; round <= 3; round++) {
      // The end of a run is written a moment after it: made due before that, it would be overwritten.
      await idle()
      await elsewhere.dueNow('rare')
      await here.reach(2 * round)
    }
    expect(other.count).toBe(1)
  })

  test.each([
    ['shorter', HOUR, 100],
    ['longer', 100, HOUR],
  ])('whose interval was made %s by a new version keeps to the new one', async (_what, before, after) => {
    const runs = counter()
    const job = (every: number): Job => ({ name: 'work', key: 'x', every, run: async () => runs.up() })
    const old = await start([job(before)])
    await runs.reach(1)
    await old.stop()
    const count = runs.count
    await start([job(after)])
    if (after < before) await runs.reach(count + 3)
    expect((await documents()).map(({ repeatInterval }) => repeatInterval)).toEqual([after])
  })

  test('that a dead process left locked is free at once for one that is alone, and waits for one that is not', async () => {
    const runs = counter()
    const job: Job = { name: 'work', key: 'x', every: 100, run: async () => runs.up() }
    await (await start([job])).stop()
    const lock = () =>
      db
        .collection('jobs')
        .updateMany({}, { $set: { lockedAt: new Date(), lastModifiedBy: 'dead', nextRunAt: new Date(0) } })
    await lock()
    const before = runs.count
    await start([{ ...job, name: 'other' }])
    await runs.reach(before + 3)
    expect((await db.collection('jobs').findOne({ name: 'work' }))!.lastModifiedBy).toBe('dead')
    await lock()
    const freed = counter()
    await start(
      [
        { ...job, run: async () => freed.up() },
        { ...job, name: 'third' },
      ],
      { alone: true },
    )
    await freed.reach(1)
  })

  test('that works longer than its lock lives is not begun a second time', async () => {
    const begun = counter()
    const others = counter()
    const go = new PassThrough()
    const jobs: Job[] = [
      {
        name: 'long',
        key: 'x',
        every: 100,
        run: async () => {
          begun.up()
          await once(go, 'data')
        },
      },
      { name: 'other', key: 'x', every: 100, run: async () => others.up() },
    ]
    await Promise.all([start(jobs, { lockLifetime: 1_200 }), start(jobs, { lockLifetime: 1_200 })])
    await begun.reach(1)
    const lockOf = async () => (await db.collection('jobs').findOne({ name: 'long' }))!.lockedAt as Date
    const first = await lockOf()
    while ((await lockOf()).getTime() < first.getTime() + 2_400) await others.reach(others.count + 1)
    expect(begun.count).toBe(1)
    go.write('go')
    await begun.reach(2)
    go.write('go')
  })
})

/** Waits until nothing is locked. */
async function idle(): Promise<void> {
  while ((await documents()).some(({ lockedAt }) => lockedAt));
}

test('a job whose lock was lost while it is at work is waited for in the same process, not begun beside itself', async () => {
  const begun = counter()
  const locked = counter()
  let finish: () => void = () => {}
  const work = new Promise<void>((done) => {
    finish = done
  })
  const run = () => {
    begun.up()
    return work
  }
  await start([{ name: 'work', key: 'a', every: 100, run }])
  await begun.reach(1)
  const queue = db.collection('jobs')
  for (let taken = 0; taken < 3; taken++) {
    await queue.updateOne({ name: 'work' }, { $unset: { lockedAt: true }, $set: { nextRunAt: new Date() } })
    while (!(await queue.findOne({ name: 'work' }))?.lockedAt) await new Promise((done) => setTimeout(done, 20))
    locked.up()
  }
  expect([locked.count, begun.count]).toEqual([3, 1])
  finish()
  await begun.reach(2)
})
