import { MongoBackend } from '@agendajs/mongo-backend'
import { Agenda, type Job as AgendaJob } from 'agenda'
import type { Log } from '../log.ts'
import type { Store } from '../store/connect.ts'

/** A work that comes round again and again; of all processes that know it, one does it at a time. */
export type Job = {
  readonly name: string
  /** Tells several jobs of one name apart. */
  readonly key: string
  /** ms from one run to the next. */
  readonly every: number
  run(): Promise<void>
}

/** What the queue runs, where it keeps itself, and what it does with what a dead process left. */
export type JobsOptions = {
  readonly db: Store['db']
  readonly jobs: readonly Job[]
  /** This process's name in the queue, unique. */
  readonly process: string
  /** After how long (ms) the job of a process that died is taken over. */
  readonly lockLifetime: number
  /** True where nobody else can be at work on this database: what a dead process left locked is free at once. */
  readonly alone: boolean
  readonly log: Log
  readonly random?: () => number
}

/** The running queue. */
export type Jobs = {
  /** Makes the jobs of a name due at once, wherever they run. */
  dueNow(name: string): Promise<void>
  /** Takes no more work, waits for what runs (10 s at most), and frees the locks. */
  stop(): Promise<void>
}

const COLLECTION = 'jobs'
/** How often the queue is asked for work, ms: what a firing may lose here. */
const POLL = 200
/**
 * By up to this share of it processes differ. Of two that ask at the same pace the same one would come first every time, and
 * do all the work.
 */
const POLLS_APART = 0.15
const STOP_WITHIN = 10_000
/** How far the clocks of processes may be apart, and how often it is looked whether one was set back; ms. */
const AHEAD = 60_000
const CAUGHT_UP_EVERY = 2_000

/** Starts the queue with its jobs. A job that throws is logged, and runs again when its time comes. */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const { db, jobs, log, lockLifetime } = options
  const queue = db.collection(COLLECTION)
  await queue.createIndex({ name: 1, 'data.key': 1 }, { unique: true })
  if (options.alone) await queue.updateMany({}, { $unset: { lockedAt: true } })
  const backend = new MongoBackend({ mongo: db as never, collection: COLLECTION })
  const { random = Math.random } = options
  const processEvery = Math.round(POLL * (1 + POLLS_APART * (2 * random() - 1)))
  const agenda = new Agenda({ backend, processEvery, name: options.process, defaultLockLifetime: lockLifetime })
  agenda.on('error', (error: Error) => log.error({ err: error }, 'the job queue failed'))
  const running = new Set<Promise<void>>()
  const underWay = new Map<Job, Promise<void>>()
  const names = new Set(jobs.map(({ name }) => name))
  for (const name of names)
    agenda.define<{ key: string }>(name, (job) => track(running, runJob(options, underWay, job)), { concurrency: 50 })
  for (const job of jobs) await enqueue(agenda, queue, job)
  await agenda.start()
  const caughtUp = setInterval(() => void catchUp(queue).catch(() => {}), CAUGHT_UP_EVERY)

  return {
    async dueNow(name) {
      const now = new Date()
      await queue.updateMany({ name, nextRunAt: { $gt: now } }, { $set: { nextRunAt: now } })
    },
    async stop() {
      clearInterval(caughtUp)
      await agenda.stop()
      await Promise.race([Promise.all(running), new Promise((resolve) => setTimeout(resolve, STOP_WITHIN).unref())])
      await queue.updateMany({ lastModifiedBy: options.process }, { $unset: { lockedAt: true } })
    },
  }
}

/**
 * While it runs the lock is kept: a process that hangs as a whole loses it, one that works long does not. Where the lock
 * was lost all the same (the database was away), a job that is still at work is not begun a second time but waited for:
 * two at once would each look at what the other has half done.
 */
async function runJob(
  { jobs, log, lockLifetime }: JobsOptions,
  underWay: Map<Job, Promise<void>>,
  job: AgendaJob<{ key: string }>,
): Promise<void> {
  const found = jobs.find(({ name, key }) => name === job.attrs.name && key === job.attrs.data.key)
  if (!found) return
  const work = underWay.get(found) ?? found.run().finally(() => underWay.delete(found))
  underWay.set(found, work)
  let touched: Promise<void> = Promise.resolve()
  const kept = setInterval(() => {
    touched = job.touch().catch(() => {})
  }, lockLifetime / 4)
  try {
    await work
  } catch (error) {
    log.error({ err: error, job: found.name, part: found.key }, 'a job failed and will run again')
  } finally {
    clearInterval(kept)
    // A touch that lands after the end would leave the job locked with nobody at work.
    await touched
  }
}

/** One document for each job, however many processes start; a changed interval is put into the one that is there. */
async function enqueue(
  agenda: Agenda,
  queue: ReturnType<Store['db']['collection']>,
  { name, key, every }: Job,
): Promise<void> {
  await agenda
    .create(name, { key })
    .repeatEvery(every as never, { skipImmediate: false })
    .unique({ name, 'data.key': key }, { insertOnly: true })
    .save()
  const soonest = new Date(Date.now() + every)
  await queue.updateOne({ name, 'data.key': key }, { $set: { repeatInterval: every }, $min: { nextRunAt: soonest } })
}

/**
 * A clock that is set back leaves jobs due and locked at times that are long to come: no further than they can be by
 * themselves, and a little because clocks differ, is waited for that.
 */
async function catchUp(queue: ReturnType<Store['db']['collection']>): Promise<void> {
  const now = new Date()
  const latest = { $add: [now, { $toLong: { $ifNull: ['$repeatInterval', 0] } }, AHEAD] }
  await queue.updateMany({ $expr: { $gt: ['$nextRunAt', latest] } }, { $set: { nextRunAt: now } })
  await queue.updateMany({ lockedAt: { $gt: new Date(now.getTime() + AHEAD) } }, { $set: { lockedAt: now } })
}

function track(running: Set<Promise<void>>, work: Promise<void>): Promise<void> {
  running.add(work)
  return work.finally(() => running.delete(work))
}
