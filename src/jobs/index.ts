import { priceLevelsOf } from '../alert/price-levels.ts'
import type { Alert, Change } from '../alert/types.ts'
import type { Channel } from '../channels/channel.ts'
import type { Config } from '../config.ts'
import type { DeliverPorts } from '../delivery/deliver.ts'
import { escalate } from '../delivery/escalate.ts'
import { type FanOutPorts, fanOut } from '../delivery/fan-out.ts'
import { handOn } from '../delivery/hand-on.ts'
import { releaseHeld } from '../delivery/held.ts'
import { pictureOf } from '../delivery/picture.ts'
import { createReceipts, type Receipts } from '../delivery/receipts.ts'
import type { Outcome } from '../delivery/types.ts'
import type { Log } from '../log.ts'
import { withoutAhead } from '../market/ahead.ts'
import { rangeWhileAway } from '../market/away.ts'
import { bucketStart, nextBucket } from '../market/candles.ts'
import type { Days } from '../market/days.ts'
import type { Heard } from '../market/heard.ts'
import type { Sieve } from '../market/held-back.ts'
import type { History } from '../market/history.ts'
import type { Market } from '../market/index.ts'
import { lineInHand } from '../market/line.ts'
import type { AssetClass, Quote } from '../market/provider.ts'
import type { Shares } from '../market/shares.ts'
import type { Store } from '../store/connect.ts'
import type { Cursor } from '../store/cursor.ts'
import type { Personal } from '../store/personal.ts'
import { rangeOf, SLOTS, type SlotRange } from '../store/slots.ts'
import { createBook, type Hours } from '../watch/book.ts'
import { createShard } from '../watch/shard.ts'
import { createWorkingSet } from '../watch/working-set.ts'
import type { Job } from './agenda.ts'
import { createDeliver } from './deliver.ts'
import { createFetch } from './fetch.ts'
import { createHeartbeat } from './heartbeat.ts'
import { createLossKeeper, tellLoss } from './losses.ts'
import { gatherFor, outagePorts } from './outages.ts'
import { pricesNow } from './prices.ts'
import { createReplayer, type ReplayPorts } from './replay.ts'
import { SET_BACK } from './set-back.ts'
import type { Splits } from './splits.ts'
import { createTurns, type Turns } from './turns.ts'
import { createWanted } from './wanted.ts'
import { createWatch, type Watch } from './watch.ts'

/** What the jobs are made from. */
export type JobParts = {
  readonly config: Config
  readonly log: Log
  readonly market: Market
  readonly days: Days
  readonly history: History
  readonly store: Store
  /** What this process heard of prices lately. */
  readonly heard: Heard
  /** Tells which quotes may be believed. */
  readonly sieve: Sieve
  readonly splits: Splits
  /** All that is kept of each user. */
  readonly personal: Personal
  /** Of which shares what is known of stocks is. */
  readonly shares: Shares
  /** The time zone of those who have not told theirs. */
  readonly zone: string
  /** This process's name, unique. */
  readonly process: string
  /** Makes the jobs of a name due at once, in whatever process. */
  due(name: string): Promise<void>
  isStopping(): boolean
}

/** Ms between two runs that nothing makes due: what a timer may be late. */
const WATCH_EVERY = 1_000
const DELIVER_EVERY = 1_000
const UPKEEP_EVERY = 60_000
const REPLAY_EVERY = 250
const TELL_EVERY = 5_000
/** Addresses served in a round, and messages that one of them gets before it is another's turn. */
const BATCH = 100
const EACH = 5
const CONCURRENCY = 10
const LONGEST_SEND = 10_000
const CLASSES: readonly AssetClass[] = ['stock', 'crypto', 'fx']
const EVERYTHING: SlotRange = { from: 0, to: SLOTS }

/** Does not keep the program from ending. */
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())

/** The name of the progress of a shard. */
export function watchProgress(shard: number): string {
  return `watch:${shard}`
}

/** The name of the job that delivers on a channel. */
export function deliverName(channel: string): string {
  return `deliver:${channel}`
}

/** What a worker does: asks providers, watches shards, keeps house. `watchAll` is one round over every shard. */
export function workerJobs(parts: JobParts): { jobs: Job[]; watchAll: () => Promise<void> } {
  const { config, log, market } = parts
  const watches = Array.from({ length: config.SHARDS }, (_, shard) => createShardWatch(parts, shard))
  const watchShards = async () => void (await Promise.all(watches.map((watch) => watch())))
  const inTurn: Turns = market.replay ? createTurns() : (work) => work()
  const heartbeat = createHeartbeat(config.HEARTBEAT_URL, (err) =>
    log.warn({ err }, 'the heartbeat did not get through'),
  )
  // A recorded day that this process does not play (yet) tells it no time to look by.
  const isTimeKnown = () => market.replay === undefined || market.replay.started
  const watchAll = async () => {
    if (isTimeKnown()) await inTurn(watchShards)
    else await handOver(parts, EVERYTHING)
  }
  let isFetched = false
  const fetched = async () => {
    isFetched = true
    await parts.due('watch')
  }
  const watchJobs = watches.map((watch, shard): Job => {
    const run = async () => {
      if (!isTimeKnown()) return await handOver(parts, rangeOf(shard, config.SHARDS))
      await inTurn(watch)
      if (!isFetched) return
      isFetched = false
      await heartbeat()
    }
    return { name: 'watch', key: String(shard), every: WATCH_EVERY, run }
  })
  const fetchJobs = market.replay
    ? [replayJob(parts, market.replay, { watch: watchShards, inTurn, done: fetched })]
    : liveJobs(parts, fetched)
  return { jobs: [...fetchJobs, ...watchJobs, upkeepJob(parts)], watchAll }
}

/** Delivers on a channel that this process can send on. */
export function deliverJob(parts: JobParts, channel: Channel): Job {
  const { config, log, store, history, market } = parts
  const lease = config.LOCK_LIFETIME
  const { notifications } = store
  const portsFor = (token: string) => ({
    lease: (limit: number, except: readonly string[]) =>
      notifications.lease({ channel: channel.name, token, lease, limit, except, now: Date.now() }),
    record: (ids: readonly string[], outcome: Outcome, at: number) => notifications.record(ids, token, outcome, at),
    release: () => notifications.release(token, Date.now()),
    users: store.users.byIds,
    told: (addresses: readonly string[], since: number) => notifications.told(channel.name, addresses, since),
    prices: pricesNow(store.quotes.read, market),
    send: channel.send,
    ...(channel.pictures ? { picture: picturesWith(parts) } : {}),
    range: (symbol: string, from: number, to: number) =>
      rangeWhileAway(symbol, from, to, { history, kept: store.quotes.read, freshFor: market.freshFor }).catch((err) => {
        log.warn({ err, symbol }, 'where a price was meanwhile could not be found out')
        return undefined
      }),
    now: Date.now,
    random: Math.random,
    failed: ({ id, tries }: { id: string; tries: number }, outcome: { state: string; reason?: string }) =>
      log.warn(
        { notification: id, tries, state: outcome.state, reason: outcome.reason },
        'a notification was not sent',
      ),
  })
  const limits = {
    ...{ lease, timeout: Math.min(LONGEST_SEND, lease / 4), batch: BATCH, each: EACH, concurrency: CONCURRENCY },
    patience: { first: config.RETRY_FIRST, whole: config.RETRY_FOR },
    flood: { address: config.FLOOD_PERSON, alert: config.FLOOD_ALERT },
    zone: parts.zone,
    escalateAfter: config.ESCALATE_AFTER,
  }
  return {
    name: deliverName(channel.name),
    key: channel.name,
    every: DELIVER_EVERY,
    run: createDeliver({
      ...{ portsFor, limits },
      recorder: {
        sleep,
        kept: (ids, err) => log.warn({ err, notifications: ids }, 'what became of a send could not be recorded yet'),
      },
      hasten: () => notifications.hasten(channel.name, Date.now(), config.ESCALATE_AFTER),
      handOn: () => handOnWith(parts),
      escalate: () => escalateWith(parts),
    }),
  }
}

/** What sending on to other addresses works with. */
type HandingParts = Pick<JobParts, 'store' | 'zone' | 'due' | 'config'>

/** Hears of the arrival of messages that a channel has taken. */
export function receiptsFor(parts: HandingParts, channel: string): Receipts {
  return createReceipts({
    delivered: (receipt, result) => parts.store.notifications.delivered(channel, receipt, result, Date.now()),
    handOn: () => handOnWith(parts),
    sleep,
  })
}

/** What an address did not take goes to the next one of its person, now. */
export async function handOnWith(parts: HandingParts): Promise<void> {
  const { notifications, users } = parts.store
  const { onward, byIds, add, handedOn } = notifications
  const people = { users: users.byIds, switchOff: users.switchOff, zone: parts.zone }
  const ports = { onward, byIds, add, handedOn, ...people, escalateAfter: parts.config.ESCALATE_AFTER }
  for (const channel of await handOn(ports, Date.now())) await parts.due(deliverName(channel))
}

/** What is urgent and was not acknowledged in time goes to the next address of its person too, now. */
async function escalateWith({ store, zone, config, due }: HandingParts): Promise<void> {
  const { unheard, escalated, acknowledge, byIds, add } = store.notifications
  const ports = { unheard, escalated, acknowledge, byIds, add, users: store.users.byIds, zone }
  for (const channel of await escalate({ ...ports, escalateAfter: config.ESCALATE_AFTER }, Date.now()))
    await due(deliverName(channel))
}

/** Makes the pictures of firings, from what is here. */
function picturesWith({ store, history, heard, market }: JobParts): NonNullable<DeliverPorts['picture']> {
  const { sessionAt } = market.calendar
  const linePorts = { history, heard, kept: store.quotes.read, sessionAt }
  return (notification) =>
    pictureOf(notification, {
      line: (symbol, at) => lineInHand(symbol, at, linePorts),
      levels: async (id) => (await store.alerts.byIds([id])).flatMap(priceLevelsOf),
    })
}

function createShardWatch(parts: JobParts, number: number): Watch {
  const { config, log, market, store } = parts
  const range = rangeOf(number, config.SHARDS)
  const kept = keptQuotes(parts)
  const broken = ({ id, text }: Alert, why: string) =>
    log.error({ alert: id, text, why }, 'an alert cannot be evaluated and is left out')
  let writes = 0
  const ports = {
    now: market.now,
    live: () => store.alerts.live(range),
    changedSince: (cursor: Cursor) => store.alerts.changedSince(range, cursor),
    revisions: () => store.alerts.revisions(range),
    byIds: store.alerts.byIds,
    store: (changes: readonly Change[]) => store.alerts.store(changes, `${parts.process}:${number}:${++writes}`),
    quotesSince: kept.changedSince,
    quotesOf: async (symbols: readonly string[]) =>
      symbols.length === 0 ? [] : [...(await kept.read(symbols)).values()],
    candles: parts.history.follow,
    watchedUntil: () => store.progress.get(watchProgress(number)),
    advance: (at: number) => store.progress.advance(watchProgress(number), at),
    isReal: market.replay === undefined,
  }
  const newShard = () => {
    const options = { grace: config.BLIND_AFTER, apart: market.apart, broken }
    return createShard(createWorkingSet({ book: createBook(hoursOf(market)), ...options }), ports)
  }
  return createWatch({
    newShard,
    clock: market.now,
    // A recording has a clock of its own.
    ...(market.replay ? {} : { setBack: SET_BACK }),
    fanOut: fanOutPorts(parts, range),
    now: Date.now,
    due: (channel) => parts.due(deliverName(channel)),
  })
}

/** The last quotes that are kept, as far as they are of a time that has come. */
function keptQuotes({ store: { quotes }, market }: JobParts): Pick<Store['quotes'], 'read' | 'changedSince'> {
  if (market.replay) return quotes
  return {
    async read(symbols) {
      const found = withoutAhead([...(await quotes.read(symbols)).values()], market.now())
      return new Map(found.map((quote) => [quote.symbol, quote]))
    },
    async changedSince(since) {
      const changed = await quotes.changedSince(since)
      return { ...changed, quotes: withoutAhead(changed.quotes, market.now()) }
    },
  }
}

function hoursOf({ calendar, freshFor, silence, replay }: Market): Hours {
  return {
    sessionAt: calendar.sessionAt,
    freshFor,
    silence,
    candleAt: (symbol, interval, at) => {
      const from = bucketStart(symbol, interval, at)
      return { from, until: nextBucket(symbol, interval, from) }
    },
    hearsAll: replay !== undefined,
  }
}

function fanOutPorts({ store, zone, market, config }: JobParts, range: SlotRange): FanOutPorts {
  return {
    ...outagePorts(store, market),
    gather: gatherFor(config.BLIND_AFTER),
    unsent: () => store.alerts.unsent(range),
    users: store.users.byIds,
    add: store.notifications.add,
    settle: store.alerts.settle,
    zone,
    isReal: market.mode === 'live',
    escalateAfter: config.ESCALATE_AFTER,
  }
}

function heldPorts({ store: { notifications, users } }: JobParts) {
  return { held: notifications.held, releaseHeld: notifications.releaseHeld, users: users.byIds }
}

/** One job for each class: no market waits for the providers of another. */
function liveJobs(parts: JobParts, done: () => Promise<void>): Job[] {
  const { market, store, days, config, log, sieve, heard } = parts
  const { chain, calendar, now } = market
  const common = {
    ...{ chain, calendar, days, log, now, sift: sieve.sift },
    symbols: wantedOf(parts),
    kept: keptQuotes(parts).read,
    write: async (quotes: readonly Quote[]) => {
      heard.hear(quotes)
      await store.quotes.write(quotes)
    },
    written: () => parts.due('watch'),
    ...(market.mode === 'live'
      ? {
          note: createLossKeeper({
            losses: store.losses,
            forget: store.symbols.forget,
            tell: (loss) => tellLoss(loss, { alerts: store.alerts, now, log }),
            now,
          }),
        }
      : {}),
    done: withStandings(parts, done),
  }
  return CLASSES.map((kind) => ({
    name: `fetch:${kind}`,
    key: kind,
    every: config.FETCH_INTERVAL,
    run: createFetch({ ...common, kind }),
  }))
}

/** What is watched; by then it is known which figures of the day are of the shares of today. */
function wantedOf({ store, shares }: JobParts): ReturnType<typeof createWanted> {
  const wanted = createWanted(store.alerts)
  return async () => {
    await shares.refresh()
    return await wanted()
  }
}

/** Tells now and then how the providers are doing, for processes that do not ask them. */
function withStandings({ market, store }: JobParts, done: () => Promise<void>): () => Promise<void> {
  let toldAt = 0
  return async () => {
    if (Date.now() - toldAt >= TELL_EVERY) {
      toldAt = Date.now()
      await store.standings.tell(market.chain.health().filter(({ state }) => state !== 'unasked'))
    }
    await done()
  }
}

function replayJob(
  parts: JobParts,
  replay: NonNullable<Market['replay']>,
  ports: Pick<ReplayPorts, 'watch' | 'inTurn' | 'done'>,
): Job {
  const { store, days, config } = parts
  const wanted = createWanted(store.alerts)
  const write = async (quotes: readonly Quote[]) => {
    const { daySymbols } = await wanted()
    const complete = (quote: Quote) => (daySymbols.includes(quote.symbol) ? days.complete(quote) : quote)
    await store.quotes.write(await Promise.all(quotes.map(complete)))
  }
  const run = createReplayer({
    ...ports,
    replay,
    write,
    startsNow: config.MARKET_START === 'now',
    hasAlerts: async () => (await wanted()).symbols.length > 0,
    position: () => store.progress.get('replay'),
    advance: (at) => store.progress.advance('replay', at),
    newest: async () => {
      const { quotes } = await store.quotes.changedSince(null)
      return quotes.length > 0 ? Math.max(...quotes.map(({ receivedAt }) => receivedAt)) : undefined
    },
    isStopping: parts.isStopping,
  })
  return { name: 'fetch:replay', key: 'replay', every: REPLAY_EVERY, run }
}

/**
 * What no shard's own round may have done: firings of a shard that nobody watches are handed to delivery all the same. Then
 * what is being erased or joined is looked after, and the splits of the day are looked for.
 */
function upkeepJob(parts: JobParts): Job {
  const run = async () => {
    await handOver(parts, EVERYTHING)
    await handOnWith(parts)
    await escalateWith(parts)
    await releaseHeld({ ...heldPorts(parts), zone: parts.zone }, Date.now())
    await parts.personal.goOn(Date.now())
    await parts.store.joins.resume()
    if (parts.market.mode === 'live') await parts.splits.look()
  }
  return { name: 'upkeep', key: 'all', every: UPKEEP_EVERY, run }
}

/** What is stored as owed is handed to delivery, also where nothing is watched. */
async function handOver(parts: JobParts, range: SlotRange): Promise<void> {
  for (const channel of await fanOut(fanOutPorts(parts, range), Date.now())) await parts.due(deliverName(channel))
}
