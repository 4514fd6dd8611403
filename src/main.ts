import { randomBytes, randomUUID } from 'node:crypto'
import { type Channel, OWNED_FOR, realClock } from './channels/channel.ts'
import { type ChannelPorts, configured, type Platform } from './channels/index.ts'
import type { EmailAddresses } from './channels/sns-ports.ts'
import type { Services, Sources } from './commands/command.ts'
import { createDispatch } from './commands/dispatch.ts'
import { commands } from './commands/index.ts'
import { createPeople, type People } from './commands/people.ts'
import { createSuggest } from './commands/suggest.ts'
import type { Config } from './config.ts'
import { openDatabase } from './database.ts'
import { messageOf } from './errors.ts'
import type { Route } from './http/route.ts'
import { type Health, startServer } from './http/server.ts'
import { createAddressRound } from './jobs/addresses.ts'
import { type Job, type Jobs, startJobs } from './jobs/agenda.ts'
import { createDoubts } from './jobs/doubts.ts'
import { deliverJob, type JobParts, receiptsFor, watchProgress, workerJobs } from './jobs/index.ts'
import { createSplits, type Splits } from './jobs/splits.ts'
import { createWanted } from './jobs/wanted.ts'
import type { Log } from './log.ts'
import { createArchive } from './market/archive.ts'
import { type Counters, UNCOUNTED } from './market/budget.ts'
import { createDays } from './market/days.ts'
import { createDesk } from './market/desk.ts'
import { createFind } from './market/find.ts'
import { createHeard } from './market/heard.ts'
import { createSieve } from './market/held-back.ts'
import { createHistory } from './market/history.ts'
import { createMarket, type LiveOptions, type Market } from './market/index.ts'
import { createKeptSymbols } from './market/kept-symbols.ts'
import { opinionFrom } from './market/opinion.ts'
import { resolve } from './market/resolve.ts'
import { createShares, type Shares } from './market/shares.ts'
import { SOURCES, type SourceName } from './market/sources.ts'
import type { Store } from './store/connect.ts'
import { move } from './store/move.ts'
import { createPersonal } from './store/personal.ts'
import { usualCountries } from './users/phone.ts'
import type { Subscription } from './users/types.ts'

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

/** How often what exchanges told is exchanged with other processes, ms. */
const HOURS_EVERY = 30_000
/** How often it is looked whether the link of an e-mail address was opened, ms. */
const ADDRESSES_EVERY = 60_000
/** How long what is due may take to be delivered at the end, ms. */
const DRAIN_WITHIN = 10_000

/** Starts the program. Throws `UserError` when something it cannot do without is not to be had; nothing is left running then. */
export async function start(options: StartOptions): Promise<Running> {
  const stops: (() => Promise<void>)[] = []
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

/** The job queue, which its own jobs make due, and the addresses that Amazon keeps; neither is there before it has started. */
type Queue = { jobs?: Jobs; emails?: EmailAddresses; isStopping: boolean }

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
  const route = await startWeb({ config, log, stops }, () => health(store.ping, channels))
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
  return { ended }
}

function partsOf(given: Pick<JobParts, 'config' | 'log' | 'market' | 'store'>, queue: Queue): JobParts {
  const { config, log, market, store } = given
  const { providersFor, calendar, now } = market
  const failed = (what: string) => (symbol: string, error: unknown) =>
    log.warn({ symbol, why: messageOf(error) }, `no ${what}`)
  const isInstant = market.mode !== 'live'
  const shares = createShares(store.splits, (err) => log.warn({ err }, 'known splits could not be read'))
  const splits = splitsFor(given, shares)
  const history = createHistory({
    providersFor,
    calendar,
    now,
    failed: failed('candles'),
    isInstant,
    // What a made or recorded market says is of another day, or of none.
    ...(isInstant ? {} : { kept: store.candles, shares }),
  })
  return {
    ...given,
    days: createDays({ providersFor, calendar, now, failed: failed('figures of the day'), shares }),
    history,
    shares,
    heard: createHeard(),
    sieve: createSieve({
      now,
      calendar,
      isMade: isInstant,
      opinion: opinionFrom(market.chain),
      splits: splits.since,
      doubted: createDoubts({ keep: store.quotes.holdBack, now: Date.now, log }),
    }),
    splits,
    personal: createPersonal(store, {
      ...(config.AWS_REGION === undefined ? {} : { endMail: (user) => endMail(user, queue) }),
      failed: (err) => log.error({ err }, 'the mail to somebody who was erased could not be ended yet'),
    }),
    zone: config.TIMEZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    process: `${process.pid}-${randomUUID()}`,
    due: async (name) => queue.jobs?.dueNow(name),
    isStopping: () => queue.isStopping,
  }
}

/** How many bytes of chance a code is made of is for its maker to say. */
function peopleOf({ config, store }: Pick<JobParts, 'config' | 'store'>, channels: readonly Platform[]): People {
  const countries = config.SMS_COUNTRIES ?? usualCountries(config.TWILIO_FROM)
  const emails = channels.find((channel) => channel.emails)?.emails
  return createPeople(store, { channels, emails, countries, random: randomBytes })
}

async function endMail(user: string, { emails }: Queue): Promise<void> {
  if (!emails) throw new Error('mail cannot be ended before its channel is there')
  await emails.removeAll(user)
}

function splitsFor({ log, market, store }: Pick<JobParts, 'log' | 'market' | 'store'>, shares: Shares): Splits {
  const { providersFor, calendar, now } = market
  return createSplits({
    ...{ providersFor, calendar, now, log },
    alerts: store.alerts,
    symbols: async () => (await store.alerts.symbols()).symbols,
    isKnown: async (symbol, at) => {
      await shares.refresh()
      return shares.knows(symbol, at)
    },
    note: async (split) => {
      await shares.note(split)
      await store.candles.drop(split.symbol)
    },
  })
}

/** Every process knows what exchanges told to any of them. Gives how it ends. */
async function followHours({ market, store, log }: JobParts): Promise<() => Promise<void>> {
  const exchange = async () => {
    await market.exchangeHours?.exchange(store.exchangeHours)
  }
  const failed = (err: unknown) => log.warn({ err }, 'hours of exchanges could not be exchanged')
  await exchange().catch(failed)
  const timer = setInterval(() => void exchange().catch(failed), HOURS_EVERY)
  return async () => clearInterval(timer)
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

/** Looks after e-mail addresses, where there is mail. */
function addressJobs({ store, log }: JobParts, { emails, send, random }: People): Job[] {
  if (!emails) return []
  const { confirmations, users } = store
  const run = createAddressRound({ confirmations, users, emails, send, random, log, now: Date.now })
  return [{ name: 'addresses', key: 'email', every: ADDRESSES_EVERY, run }]
}

/**
 * The market that the configuration asks for. `counters` count what providers are asked for. Throws `UserError` where a
 * replay file is not good.
 */
export function marketOf(config: Config, log: Log, counters?: Counters): Market {
  const { MARKET } = config
  return createMarket({
    market: MARKET.startsWith('replay:')
      ? { replay: MARKET.slice('replay:'.length) }
      : (MARKET as 'live' | 'simulated'),
    speed: config.MARKET_SPEED,
    seed: config.MARKET_SEED,
    live: liveOptionsOf(config),
    interval: config.FETCH_INTERVAL,
    now: Date.now,
    log,
    ...(counters ? { counters } : {}),
  })
}

function liveOptionsOf(config: Config): LiveOptions {
  const urlOf = (name: SourceName) => config[`${name.toUpperCase() as Uppercase<SourceName>}_URL`]
  const urls = Object.fromEntries((Object.keys(SOURCES) as SourceName[]).map((name) => [name, urlOf(name)]))
  const { TIINGO_KEY, ALPACA_KEY, ALPACA_SECRET, TWELVEDATA_KEY, COINDESK_KEY, COINGECKO_KEY } = config
  return {
    urls: urls as LiveOptions['urls'],
    keys: { TIINGO_KEY, ALPACA_KEY, ALPACA_SECRET, TWELVEDATA_KEY, COINDESK_KEY, COINGECKO_KEY },
    order: { stock: config.MARKET_STOCKS, crypto: config.MARKET_CRYPTO, fx: config.MARKET_FX },
  }
}

/** The web server, where one is wanted; gives how to hear what is posted to it. */
async function startWeb(
  { config, log, stops }: { config: Config; log: Log; stops: Stops },
  state: () => Promise<Health>,
): Promise<Route | undefined> {
  if (!config.PORT) return undefined
  const broken = (err: unknown) => log.error({ err }, 'a web request could not be answered')
  const { route, stop } = await startServer(config.PORT, state, { broken })
  stops.push(stop)
  return route
}

/** The channels this process can send on: any that is configured; a terminal is for who `talks` with people. */
async function createChannels(
  parts: JobParts,
  { talks, ended, route }: { talks: boolean; ended: () => void; route?: Route },
): Promise<Platform[]> {
  const { config, log, store, process: name } = parts
  const { stdin: input, stdout: output } = process
  const ports: ChannelPorts = {
    config,
    terminal: { input, output, isTerminal: input.isTTY === true && output.isTTY === true, ended },
    menu: commands.filter(({ isHidden }) => !isHidden),
    suggest: createSuggest({
      users: store.users,
      alerts: store.alerts,
      find: createFind({ providersFor: parts.market.providersFor, now: Date.now }),
    }),
    owner: (channel) => store.ownerships.of(channel, name, OWNED_FOR),
    long: store.longCommands,
    draw: async (picture) => (await import('./chart/draw.ts')).draw(picture),
    ...(route ? { route } : {}),
    sms: {
      offers: store.smsOffers,
      consents: store.smsConsents,
      answers: store.smsAnswers,
      budget: store.smsBudget,
    },
    wantsMail: (user, address) => wantsMail(store, user, address),
    receipts: receiptsFor(parts, 'sms'),
    switched: (channel, address, isOut) => switched(store, channel, address, isOut),
    clock: realClock,
    log,
    moved: (channel, from, to) => move(store, channel, from, to),
  }
  return Promise.all(configured(config, talks).map((entry) => entry.create(ports)))
}

/** Whether an e-mail address of a user is to have mail, or to be confirmed. */
async function wantsMail({ users, confirmations }: Store, user: string, address: string): Promise<boolean> {
  const isTheirs = ({ channel, address: its, mailedAs = user }: Subscription) =>
    channel === 'email' && its === address && mailedAs === user
  const found = (await users.byIds([user])).get(user)
  return found?.subscriptions.some(isTheirs) || (await confirmations.isAwaited(user, address))
}

/** Its owner wants nothing at an address any more, or wants it again. */
async function switched({ users }: Store, channel: string, address: string, isOut: boolean): Promise<void> {
  const user = await users.find(channel, address)
  const subscription = user?.subscriptions.find((one) => one.channel === channel && one.address === address)
  if (!user || !subscription) return
  const at = Date.now()
  if (isOut) await users.switchOff(user.id, subscription, { at, reason: 'you asked for no more messages there' })
  else await users.ofAddress(channel, address, at)
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
    commands,
    access: { allowed: parts.config.ALLOWED_USERS, operators: parts.config.ADMIN_USERS },
    limits: { perMinute: parts.config.COMMANDS_PER_MINUTE, backtestsPerHour: parts.config.BACKTESTS_PER_HOUR },
    realNow: Date.now,
    reference: () => randomBytes(2).toString('hex'),
    log: parts.log,
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

/** What commands work with where nobody listens and nothing is sent: for a sub-command that does what people could do. */
export function servicesFor(given: Pick<JobParts, 'config' | 'log' | 'market' | 'store'>): Services {
  const parts = partsOf(given, { isStopping: false })
  return { ...servicesOf(parts), people: peopleOf(parts, []), channels: () => [] }
}

function servicesOf({ config, market, store, days, history, zone, sieve, personal }: JobParts) {
  const { chain, providersFor, calendar, now } = market
  const { sift } = sieve
  const desk = createDesk({ chain, sift, kept: store.quotes.read, keep: store.quotes.write, days, now })
  const kept = market.mode === 'live' ? { kept: createKeptSymbols(store.symbols, Date.now) } : {}
  return {
    alerts: store.alerts,
    users: store.users,
    notifications: store.notifications,
    conversations: store.conversations,
    person: personal,
    countAll: store.countAll,
    desk,
    history,
    archive: createArchive({ providersFor, calendar, now }),
    sources: sourcesFor(config, market, store),
    resolve: async (written: string) => {
      const resolution = await resolve(written, { chain, providersFor, ...kept })
      if (resolution.kind === 'one' && resolution.quote) await desk.take(resolution.quote)
      return resolution
    },
    sessionAt: calendar.sessionAt,
    heldBack: store.quotes.heldBack,
    losses: store.losses.read,
    now,
    lastCheck: () => lastCheck(store.progress.get, config.SHARDS),
    zone,
    grace: config.BLIND_AFTER,
    apart: market.apart,
    maxAlerts: config.MAX_ALERTS,
  }
}

/** How the providers are doing is best known to whoever watches, which may be another process. */
function sourcesFor({ FETCH_INTERVAL }: Config, { chain, providersFor, mode }: Market, store: Store): Sources {
  const wanted = createWanted(store.alerts)
  return {
    order: (kind) => providersFor(kind).map(({ name }) => name),
    usual: FETCH_INTERVAL,
    ...(mode === 'replay' ? { isRecorded: true as const } : {}),
    async every(symbol) {
      chain.watch((await wanted()).symbols)
      return chain.interval(symbol)
    },
    async standings() {
      const told = await store.standings.read()
      return (await chain.standings()).map((own) => ({ ...own, ...told.get(own.name) }))
    },
  }
}

async function lastCheck(get: (name: string) => Promise<number | null>, shards: number): Promise<number | null> {
  const all = await Promise.all(Array.from({ length: shards }, (_, shard) => get(watchProgress(shard))))
  const known = all.filter((at) => at !== null)
  return known.length === 0 ? null : Math.min(...known)
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
