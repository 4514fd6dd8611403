import { randomBytes } from 'node:crypto'
import { type Channel, realClock } from './channels/channel.ts'
import type { Platform } from './channels/index.ts'
import { createDispatch } from './commands/dispatch.ts'
import { commands } from './commands/index.ts'
import type { People } from './commands/people.ts'
import type { Config } from './config.ts'
import { openDatabase } from './database.ts'
import { messageOf } from './errors.ts'
import type { Route } from './http/route.ts'
import type { Health } from './http/server.ts'
import { createAddressRound } from './jobs/addresses.ts'
import { type Job, startJobs } from './jobs/agenda.ts'
import { createIdlePhoneRound } from './jobs/idle-phones.ts'
import { deliverJob, type JobParts, workerJobs } from './jobs/index.ts'
import { createLostPlaceRound } from './jobs/lost-places.ts'
import type { Log } from './log.ts'
import { type Counters, UNCOUNTED } from './market/budget.ts'
import { isAway } from './store/away.ts'
import { createChannels } from './wiring/channels.ts'
import { marketOf } from './wiring/market.ts'
import { followHours, partsOf, type Queue } from './wiring/parts.ts'
import { peopleOf } from './wiring/people.ts'
import { servicesOf } from './wiring/services.ts'

/** What a process does: `bot` talks with people, `worker` watches the market. */
export type Role = 'bot' | 'worker'

/** `say` tells whoever started the program what is going on. */
export type StartOptions = {
  readonly config: Config
  readonly roles: readonly Role[]
  readonly log: Log
  say(line: string): void
}

/** A started program. */
export type Running = {
  /** Resolves when the program is to end by itself: true when all is well, false when it lost what it cannot do without. */
  readonly ended: Promise<boolean>
  /** Ends in order: no more messages, what is under way finished, what is due delivered (10 s at most), all closed. */
  stop(): Promise<void>
}

/** How often it is looked whether the link of an e-mail address was opened, ms. */
const ADDRESSES_EVERY = 60_000
/** How long what is due may take to be delivered at the end, ms. */
const DRAIN_WITHIN = 10_000

/** The waits (ms) before a start is tried again in the middle of which the database went away. */
const AGAIN_AFTER = [1_000, 3_000, 9_000]

/**
 * Starts the program; from the beginning again where the database went away meanwhile. Throws `UserError` when something it
 * cannot do without is not to be had; nothing is left running then.
 */
export async function start(options: StartOptions): Promise<Running> {
  for (const wait of AGAIN_AFTER) {
    try {
      return await startOnce(options)
    } catch (error) {
      if (!isAway(error)) throw error
      options.say('The database went away while I was starting. I try again.')
      await realClock.sleep(wait)
    }
  }
  return await startOnce(options)
}

async function startOnce(options: StartOptions): Promise<Running> {
  const stops: Stops = []
  const stop = async () => {
    for (let next = stops.pop(); next; next = stops.pop()) {
      await next().catch((err: unknown) => options.log.error({ err }, 'a part could not be stopped in order'))
    }
  }
  try {
    return { ...(await startParts(options, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Stops = (() => Promise<void>)[]

/** Starts part by part; each puts its end on `stops`, which are run from the last to the first. */
async function startParts({ config, roles, log, say }: StartOptions, stops: Stops): Promise<Pick<Running, 'ended'>> {
  let end: (isWell: boolean) => void = () => {}
  const ended = new Promise<boolean>((done) => {
    end = done
  })
  // What was asked for is counted in the database, which is there before anything is asked.
  const kept: { counters?: Counters } = {}
  const market = marketOf(config, log, (name, window) => (kept.counters ?? UNCOUNTED)(name, window))
  const lost = (error: Error) => {
    say(error.message)
    end(false)
  }
  const broken = (alert: string, why: string) =>
    log.error({ alert, why }, 'a stored alert cannot be used and is left out')
  const database = await openDatabase({ config, say, lost, broken })
  stops.push(database.stop)
  const { store } = database
  kept.counters = store.budgets.counters
  const channels: Platform[] = []
  let isStarted = false
  const route = await startWeb({ config, log, stops }, async () => {
    const state = await health(store.ping, channels)
    return isStarted ? state : { ok: false, parts: { program: 'is starting', ...state.parts } }
  })
  const queue: Queue = { isStopping: false }
  const parts = partsOf({ config, log, market, store }, queue)
  stops.push(await followHours(parts))
  const talks = roles.includes('bot')
  channels.push(...(await createChannels(parts, { talks, ended: () => end(true), ...(route ? { route } : {}) })))
  const people = peopleOf(parts, channels)
  if (people.emails) queue.emails = people.emails
  // Whom somebody was to forget is forgotten, and who is to be joined is joined, before anybody writes.
  await parts.personal.goOn(Date.now())
  await store.joins.resume()
  await startWork(parts, { roles, channels, people, isAlone: database.isAlone }, queue, stops)
  say(`${market.describe}. ${database.describe}. ${roles.join(' and ')}.`)
  if (talks) await startChannels(channels, people, parts, stops, say)
  isStarted = true
  return { ended }
}

/** What there is to work with. */
type Work = {
  readonly roles: readonly Role[]
  readonly channels: readonly Channel[]
  readonly people: People
  readonly isAlone: boolean
}

/** Watching and delivering, as far as the roles of this process go. */
async function startWork(
  parts: JobParts,
  { roles, channels, people, isAlone }: Work,
  queue: Queue,
  stops: Stops,
): Promise<void> {
  const { config, log, store } = parts
  if (isAlone) await store.notifications.releaseAll()
  const delivery = channels.map((channel) => deliverJob(parts, channel))
  const worker = roles.includes('worker') ? workerJobs(parts) : { jobs: [], watchAll: async () => {} }
  stops.push(() => drain(worker.watchAll, delivery, parts))
  const jobs = await startJobs({
    db: store.db,
    jobs: [...worker.jobs, ...delivery, ...addressJobs(parts, people)],
    process: parts.process,
    lockLifetime: config.LOCK_LIFETIME,
    alone: isAlone,
    log,
  })
  queue.jobs = jobs
  stops.push(async () => {
    queue.isStopping = true
    await jobs.stop()
  })
}

/** Looks after people's addresses: those that were lost, phones of which nothing is heard, and e-mail where there is any. */
function addressJobs({ store, log }: JobParts, { emails, send, random }: People): Job[] {
  const { users } = store
  const now = Date.now
  const rounds = [
    createLostPlaceRound({ lostPlaces: store.lostPlaces, users, send, log, ...(emails ? { emails } : {}) }),
    createIdlePhoneRound({ idlePhones: store.idlePhones, alerts: store.alerts, users, send, now, log }),
    ...(emails
      ? [createAddressRound({ confirmations: store.confirmations, users, emails, send, random, log, now })]
      : []),
  ]
  const run = async () => {
    for (const round of rounds) await round()
  }
  return [{ name: 'addresses', key: 'all', every: ADDRESSES_EVERY, run }]
}

/** The web server, where one is wanted; gives how to hear what is posted to it. */
async function startWeb(
  { config, log, stops }: { config: Config; log: Log; stops: Stops },
  state: () => Promise<Health>,
): Promise<Route | undefined> {
  if (!config.PORT) return undefined
  const { startServer } = await import('./http/server.ts')
  const broken = (err: unknown) => log.error({ err }, 'a web request could not be answered')
  const { route, stop } = await startServer(config.PORT, state, { broken })
  stops.push(stop)
  return route
}

/** A channel that does not start is reported and does not stop the others. */
async function startChannels(
  channels: readonly Channel[],
  people: People,
  parts: JobParts,
  stops: Stops,
  say: (line: string) => void,
) {
  const dispatch = createDispatch({
    services: { ...servicesOf(parts), people, channels: () => healthOf(channels) },
    messages: parts.store.messages,
    arrivals: parts.store.arrivals,
    commands,
    access: { allowed: parts.config.ALLOWED_USERS, operators: parts.config.ADMIN_USERS },
    limits: { perMinute: parts.config.COMMANDS_PER_MINUTE, backtestsPerHour: parts.config.BACKTESTS_PER_HOUR },
    realNow: Date.now,
    reference: () => randomBytes(2).toString('hex'),
    log: parts.log,
    away: { isAway, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()) },
  })
  for (const channel of channels) {
    try {
      await channel.start(dispatch)
      stops.push(channel.stop)
    } catch (error) {
      say(`The channel ${channel.name} could not start: ${messageOf(error)}`)
      parts.log.error({ err: error, channel: channel.name }, 'a channel could not start')
    }
  }
}

/** Well is who has a database and channels that are well; each part in a few words. */
async function health(ping: () => Promise<void>, channels: readonly Channel[]): Promise<Health> {
  const told = healthOf(channels)
  const parts = Object.fromEntries(told.map(({ name, says }) => [name, says]))
  const ok = told.every((state) => state.ok)
  try {
    await ping()
    return { ok, parts: { database: 'answers', ...parts } }
  } catch (error) {
    return { ok: false, parts: { database: `does not answer: ${messageOf(error)}`, ...parts } }
  }
}

function healthOf(channels: readonly Channel[]) {
  return channels.flatMap(({ name, health }) => (health ? [{ name, ...health() }] : []))
}

/** A last round over the market, then what is due goes out; what does not within the time waits for the next start. */
async function drain(watchAll: () => Promise<void>, delivery: readonly Job[], { log }: JobParts): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, DRAIN_WITHIN)
  })
  const work = async () => {
    await watchAll()
    await Promise.all(delivery.map((job) => job.run()))
  }
  try {
    await Promise.race([work(), late])
  } catch (err) {
    log.error({ err }, 'not everything could be delivered before the end')
  } finally {
    clearTimeout(timer)
  }
}
