import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Alert } from '../src/alert/types.ts'
import { readConfig } from '../src/config.ts'
import { cacheDirOf } from '../src/database.ts'
import type { AlertDocument } from '../src/store/alerts.ts'
import { connect, type Store } from '../src/store/connect.ts'
import type { Cursor } from '../src/store/cursor.ts'
import { startEmbedded } from '../src/store/embedded.ts'
import { rangeOf, slotOf } from '../src/store/slots.ts'
import { createBook } from '../src/watch/book.ts'
import { createShard, type Shard } from '../src/watch/shard.ts'
import { createWorkingSet, type WorkingSet } from '../src/watch/working-set.ts'
import {
  alertOf,
  baseOf,
  FIRINGS,
  HOURS,
  MOVING,
  movesOf,
  PER_SYMBOL,
  QUOTES_APART,
  quoteOf,
  rulesOf,
} from './market.ts'
import { figure, heapUsed, quantile, type Say, table, timed } from './stats.ts'

/** As many shards as the program has by default. */
const SHARDS = 4
const SIZES = [50, 500, 5_000]
const WARM_UP = 20
const TICKS = 50
/**
 * Ms between two ticks of which the rate is measured as in life, where they are 10 s apart: each round reads the last 2 s
 * once more, so ticks that follow at once read what those before them wrote.
 */
const APART = 2_100
/** Ticks in which nothing moves. */
const IDLE = 20
const INSERT_BATCH = 5_000
const BLIND_AFTER = 300_000
const DAY = 86_400_000
/** Between two ticks on the clock of evaluation, ms. */
const INTERVAL = 1_000
/** With the ticks before, a little less than the time after which a stock's quote is stale, ms. */
const STILL_FRESH = 150_000
/** A little more than that time, ms. */
const STALE = 310_000
/** A shard compares all revisions after 600 s on the clock of evaluation; what the ticks before took is on top, ms. */
const COMPARE_EVERY = 600_000

type Bench = { store: Store; shards: Shard[]; sets: WorkingSet[]; symbols: number; clock: { now: number } }
type Sample = { write: number; run: number; total: number; looks: number; fired: number; stored: number }
type Result = {
  alerts: number
  load: number
  bytes: number
  ticks: Sample[]
  atOnce: Sample[]
  silent: Sample[]
  repeated: Sample[]
  compared: Sample
  wide: Sample
  blind: Sample
}

/**
 * From quotes to stored firings: 100,000 armed two-sided alerts over 5,000 symbols on a real MongoDB, 1 % of the symbols
 * moving per tick; and 1,000 and 10,000 alerts with as many touched. Throws when a tick does not fire exactly what it
 * must, or when what is stored at the end is not what fired.
 */
export async function run(say: Say): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signal-generator-bench-'))
  const config = readConfig()
  const systemBinary = config.MONGOMS_SYSTEM_BINARY
  const mongo = await startEmbedded({ dataDir, cacheDir: cacheDirOf(config), systemBinary, say: () => {} })
  try {
    say(
      `MongoDB ${mongo.version} on this machine, writes acknowledged when journaled. ${SHARDS} shards in one process.`,
    )
    const results: Result[] = []
    for (const symbols of SIZES) results.push(await measure(mongo.uri, symbols, say))
    report(results, say)
  } finally {
    await mongo.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function measure(mongoUri: string, symbols: number, say: Say): Promise<Result> {
  const uri = new URL(mongoUri)
  uri.pathname = `/bench-${symbols}`
  const store = await connect(uri.href)
  try {
    const now = Date.now()
    const [ms, alerts] = await timed(() => insertAlerts(store, symbols, now))
    say(`${figure(alerts)} alerts parsed and inserted in ${figure(ms / 1_000)} s.`)
    const everything = Array.from({ length: symbols }, (_, symbol) => quoteOf(symbol, baseOf(symbol), now))
    await store.quotes.write(everything)
    const before = heapUsed()
    const clock = { now }
    const bench = { store, symbols, clock, ...createShards(store, clock) }
    const [load] = await timed(() => runShards(bench))
    const bytes = heapUsed() - before
    const samples = await runTicks(bench)
    await checkStored(store, (WARM_UP + 2 * TICKS) * FIRINGS)
    return { alerts, load, bytes, ...samples }
  } finally {
    await store.db.dropDatabase()
    await store.close()
  }
}

/** As if made over the last month: a shard reads back what changed lately, and nothing here did. */
async function insertAlerts(store: Store, symbols: number, now: number): Promise<number> {
  const collection = store.db.collection<AlertDocument>('alerts')
  const rules = rulesOf(symbols)
  for (let from = 0; from < rules.length; from += INSERT_BATCH) {
    const batch = rules.slice(from, from + INSERT_BATCH)
    const documents = batch.map((rule, i) => {
      const made = now - DAY - ((from + i) / rules.length) * 30 * DAY
      return documentOf(alertOf(rule, from + i, Math.floor(made)))
    })
    await collection.insertMany(documents, { ordered: false })
  }
  return rules.length
}

function documentOf({ id, bindings, unsent, ...rest }: Alert): AlertDocument {
  return {
    _id: id,
    ...rest,
    unsent: [...unsent],
    bindings: Object.entries(bindings).map(([written, symbol]) => ({ written, symbol })),
    slot: slotOf(id),
    live: true,
    writer: 'bench',
    updatedAt: new Date(rest.createdAt),
    schema: 1,
  }
}

/** Wired as the program's own jobs are, but for the market's hours: nothing closes, so that the time of day is no matter. */
function createShards(store: Store, clock: { readonly now: number }): { shards: Shard[]; sets: WorkingSet[] } {
  const broken = (alert: Alert, why: string) => {
    throw new Error(`${alert.text}: ${why}`)
  }
  const sets = Array.from({ length: SHARDS }, () =>
    createWorkingSet({ book: createBook(HOURS), grace: BLIND_AFTER, apart: QUOTES_APART, broken }),
  )
  const shards = sets.map((set, number) => {
    const range = rangeOf(number, SHARDS)
    const progress = `watch:${number}`
    let writes = 0
    return createShard(set, {
      now: () => clock.now,
      live: () => store.alerts.live(range),
      changedSince: (cursor: Cursor) => store.alerts.changedSince(range, cursor),
      revisions: () => store.alerts.revisions(range),
      byIds: store.alerts.byIds,
      store: (changes) => store.alerts.store(changes, `bench:${number}:${++writes}`),
      quotesSince: store.quotes.changedSince,
      quotesOf: async (names) => (names.length === 0 ? [] : [...(await store.quotes.read(names)).values()]),
      candles: async () => [],
      watchedUntil: () => store.progress.get(progress),
      advance: (at) => store.progress.advance(progress, at),
    })
  })
  return { shards, sets }
}

async function runShards({ shards }: Bench): Promise<{ stored: number; fired: number }> {
  const rounds = await Promise.all(shards.map((shard) => shard.run()))
  const sum = (of: 'stored' | 'fired') => rounds.reduce((total, round) => total + round[of], 0)
  return { stored: sum('stored'), fired: sum('fired') }
}

async function runTicks(bench: Bench): Promise<Omit<Result, 'alerts' | 'load' | 'bytes'>> {
  const prices = new Map(Array.from({ length: bench.symbols }, (_, symbol) => [symbol, baseOf(symbol)]))
  const done = { looks: MOVING * PER_SYMBOL, stored: FIRINGS, fired: FIRINGS }
  let tick = 0
  const moveOn = async (ticks: number, pause: number) => {
    const samples: Sample[] = []
    for (let i = 0; i < ticks; i++) {
      await sleep(pause)
      const moves = movesOf(tick++, bench.symbols)
      for (const [symbol, price] of moves) prices.set(symbol, price)
      samples.push(expect(await tickOnce(bench, moves, INTERVAL), done))
    }
    return samples
  }
  await moveOn(WARM_UP, 0)
  const atOnce = await moveOn(TICKS, 0)
  const ticks = await moveOn(TICKS, APART)
  return { ticks, atOnce, ...(await runOtherRounds(bench, prices)) }
}

/** Rounds that are not like the usual tick; `prices` are those of all symbols. */
async function runOtherRounds(bench: Bench, prices: ReadonlyMap<number, number>) {
  const nothing = { looks: 0, stored: 0, fired: 0 }
  const repeated: Sample[] = []
  for (let i = 0; i < 3; i++) repeated.push(expect(await tickOnce(bench, prices, STILL_FRESH), nothing))
  const compared = expect(await tickOnce(bench, prices, COMPARE_EVERY - 3 * STILL_FRESH), nothing)
  const silent: Sample[] = []
  for (let i = 0; i < IDLE; i++) silent.push(expect(await tickOnce(bench, new Map(), INTERVAL), nothing))
  const everyAlert = bench.symbols * PER_SYMBOL
  const moved = new Map([...prices].map(([symbol, price]) => [symbol, Number((price + 0.01).toFixed(2))]))
  const wide = expect(await tickOnce(bench, moved, INTERVAL), { looks: everyAlert, stored: 0, fired: 0 })
  const blind = await tickOnce(bench, new Map(), STALE)
  expect(blind, { looks: everyAlert, stored: everyAlert, fired: 0 })
  return { repeated, compared, silent, wide, blind }
}

async function tickOnce(bench: Bench, prices: ReadonlyMap<number, number>, after: number): Promise<Sample> {
  const looked = () => bench.sets.reduce((total, set) => total + set.looks(), 0)
  bench.clock.now += after
  const quotes = [...prices].map(([symbol, price]) => quoteOf(symbol, price, bench.clock.now))
  const before = looked()
  const [write] = await timed(() => bench.store.quotes.write(quotes))
  const [run, round] = await timed(() => runShards(bench))
  return { write, run, total: write + run, looks: looked() - before, ...round }
}

type Done = Pick<Sample, 'looks' | 'stored' | 'fired'>

/** A figure of a tick that did something else than it was made for means nothing. */
function expect(sample: Sample, done: Done): Sample {
  const words = ({ looks, stored, fired }: Done) => `${looks} evaluated, ${stored} changed, ${fired} fired`
  if (words(sample) === words(done)) return sample
  throw new Error(`expected ${words(done)}, not ${words(sample)}`)
}

async function checkStored(store: Store, expected: number): Promise<void> {
  const group = { _id: null, firings: { $sum: '$firings' }, unsent: { $sum: { $size: '$unsent' } } }
  const [sums] = await store.db
    .collection('alerts')
    .aggregate([{ $group: group }])
    .toArray()
  if (sums?.firings === expected && sums.unsent === expected) return
  throw new Error(`${expected} firings, but the database has ${sums?.firings}, of which ${sums?.unsent} are to be sent`)
}

function report(results: readonly Result[], say: Say): void {
  say('')
  say(`${TICKS} ticks in which ${MOVING} symbols move, ${figure(APART)} ms apart, after ${WARM_UP + TICKS} to warm up.`)
  say('Ms to write the quotes, then until the firings are stored, and both:')
  const heads = ['alerts', 'evaluated', 'changed', 'fired', 'quotes p50', 'firings p50', 'both p50', 'p95', 'max']
  say(table([heads, ...results.map(({ alerts, ticks }) => tickRow(figure(alerts), ticks))]).join('\n'))
  say('')
  say('Other rounds of the largest set, ms:')
  const last = results.at(-1)!
  const rows = [
    tickRow('the same ticks without a pause', last.atOnce),
    tickRow('no quote written', last.silent),
    tickRow('every quote received anew, the same', last.repeated),
    tickRow('the same, and every revision compared', [last.compared]),
    tickRow('every symbol moves, nothing crosses', [last.wide]),
    tickRow('every quote grows stale at once', [last.blind]),
  ]
  say(table([['', ...heads.slice(1)], ...rows]).join('\n'))
  say('')
  say('Loading at start, from the first query to the end of the first round:')
  const loads = results.map(({ alerts, load, bytes }) => [
    figure(alerts),
    figure(load / 1_000),
    figure(bytes / 2 ** 20),
    figure(bytes / alerts),
  ])
  say(table([['alerts', 'seconds', 'MB of heap', 'bytes each'], ...loads]).join('\n'))
}

function tickRow(name: string, samples: readonly Sample[]): string[] {
  const at = (of: keyof Sample, share: number) =>
    figure(
      quantile(
        samples.map((sample) => sample[of]),
        share,
      ),
    )
  const counts = (['looks', 'stored', 'fired'] as const).map((of) => figure(samples[0]?.[of] ?? 0))
  return [name, ...counts, at('write', 0.5), at('run', 0.5), at('total', 0.5), at('total', 0.95), at('total', 1)]
}
