import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Handler } from '../src/channels/channel.ts'
import { createDispatch } from '../src/commands/dispatch.ts'
import { commands } from '../src/commands/index.ts'
import { createPeople } from '../src/commands/people.ts'
import { readConfig } from '../src/config.ts'
import { cacheDirOf } from '../src/database.ts'
import type { Tracked } from '../src/delivery/types.ts'
import { createLog } from '../src/log.ts'
import { createDays } from '../src/market/days.ts'
import { createDesk } from '../src/market/desk.ts'
import { createSieve } from '../src/market/held-back.ts'
import { createHistory } from '../src/market/history.ts'
import { createMarket } from '../src/market/index.ts'
import { resolve } from '../src/market/resolve.ts'
import { plain } from '../src/reply.ts'
import { connect, type Store } from '../src/store/connect.ts'
import { startEmbedded } from '../src/store/embedded.ts'
import { createPersonal } from '../src/store/personal.ts'
import { figure, median, processorTime, quantile, type Say, table, timed } from './stats.ts'

const ALERTS = 200
const SYMBOLS = 50
/** What the person was told before. */
const NOTIFICATIONS = 2_000
const WARM_UP = 30
const ROUNDS = 200
/** The most an answer may take at p99, ms. */
const MOST = 50
const NOW = Date.UTC(2026, 10, 23, 15)
const HOUR = 3_600_000

/** What is typed, and what shows that it was answered. */
const TYPED: readonly (readonly [text: string, answer: RegExp])[] = [
  ['list', /Page 1 of 20\.$/],
  ['list 20', /Page 20 of 20\.$/],
  ['show 7', /^Alert 7: /],
  ['why 7', /^Alert 7: .*\n.*true/],
  ['history', /^Mon|^\d\d:\d\d alert/],
  ['history 7', /alert 7: /],
  ['price SAAA', /^SAAA/],
  ['status', /alerts are on/],
  ['help', /^Set\n/],
  ['help alert', /^alert: /],
  ['nonsense', /I did not understand/],
]

/**
 * From a message to its answer, through the real dispatch on a real MongoDB: one person with 200 alerts on 50 symbols and
 * 2,000 notifications. The market is a made one that stands still, so nobody outside is asked and every quote is young.
 */
export async function run(say: Say): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signal-generator-bench-'))
  const config = readConfig()
  const systemBinary = config.MONGOMS_SYSTEM_BINARY
  const mongo = await startEmbedded({ dataDir, cacheDir: cacheDirOf(config), systemBinary, say: () => {} })
  try {
    const store = await connect(mongo.uri)
    try {
      say(`MongoDB ${mongo.version} on this machine, writes acknowledged when journaled.`)
      await measure(store, say)
    } finally {
      await store.close()
    }
  } finally {
    await mongo.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function measure(store: Store, say: Say): Promise<void> {
  const handle = dispatchOn(store)
  let messages = 0
  const says = (text: string) => handle({ channel: 'bench', address: 'here', id: `${++messages}`, text })
  await setUp(store, says)
  const rows: string[][] = []
  let isWell = true
  for (const [text, answer] of TYPED) {
    const took: number[] = []
    const worked: number[] = []
    for (let i = 0; i < WARM_UP + ROUNDS; i += 1) {
      const before = processorTime()
      const [ms, reply] = await timed(() => says(text))
      const work = processorTime() - before
      if (!answer.test(plain(reply))) throw new Error(`"${text}" was answered by ${plain(reply)}`)
      if (i < WARM_UP) continue
      took.push(ms)
      worked.push(work)
    }
    const p99 = quantile(took, 0.99)
    isWell &&= p99 <= MOST
    const waits = [0.5, 0.95, 0.99, 1].map((share) => figure(quantile(took, share)))
    rows.push([text, figure(median(worked)), ...waits, p99 <= MOST ? 'ok' : 'MISSED'])
  }
  say(
    `${ROUNDS} answers each, after ${WARM_UP} to warm up; one after another. Ms of this process's work, and from the message to the answer:`,
  )
  for (const line of table([['typed', 'processor', 'p50', 'p95', 'p99', 'max', `p99 at most ${MOST}`], ...rows]))
    say(line)
  if (!isWell) process.exitCode = 1
}

/** `SAAA`, `SAAB`… */
function tickerOf(index: number): string {
  const letter = (place: number) => String.fromCharCode(65 + (Math.floor(index / 26 ** place) % 26))
  return `S${letter(2)}${letter(1)}${letter(0)}`
}

type Says = (text: string) => ReturnType<Handler>

/** Sets the alerts as a person would, and adds what they were told over the last months. */
async function setUp(store: Store, says: Says): Promise<void> {
  for (let i = 0; i < ALERTS; i += 1) {
    const [one, other] = [tickerOf(i % SYMBOLS), tickerOf((i + 1) % SYMBOLS)]
    const condition = i % 4 === 0 ? `${one} > 5000 and ${other} < 4` : `${one} > ${3000 + i} or < ${1 + i / 1000}`
    const text = plain(await says(`alert ${condition} repeat`))
    if (!text.startsWith(`Alert ${i + 1} is on.`)) throw new Error(text)
  }
  const user = await store.users.ofAddress('bench', 'here', NOW)
  const subscription = user.subscriptions[0]!.id
  await store.notifications.add(
    Array.from({ length: NOTIFICATIONS }, (_, i) => {
      const number = 1 + (i % ALERTS)
      const at = NOW - i * HOUR
      const evidence = { symbol: 'stock:SAAA', metric: 'price', value: '501.12', currency: 'USD', source: 'made', at }
      const occurrence: Tracked['occurrence'] = {
        ...{ id: `bench.${i}`, kind: 'fired', at },
        triggers: ['SAAA price > 500'],
        evidence: [evidence],
      }
      const alert = { id: `bench-${number}`, number, text: 'SAAA price > 500' }
      const place = { channel: 'bench', address: 'here', zone: 'UTC', subscription, user: user.id }
      return { id: `bench.${i}:${subscription}:fired`, ...place, alert, occurrence, createdAt: at }
    }),
  )
}

/** Wired as the program is, but for the clock, which stands still. */
function dispatchOn(store: Store): Handler {
  const now = () => NOW
  const log = createLog('silent')
  const market = createMarket({ market: 'simulated', speed: 1, seed: 1, interval: 10_000, now, log })
  const { chain, providersFor, calendar } = market
  const ports = { providersFor, calendar, now, failed: () => {} }
  const days = createDays(ports)
  const history = createHistory({ ...ports, isInstant: true })
  const { sift } = createSieve({ now, calendar, isMade: true, doubted: () => {} })
  const desk = createDesk({ chain, sift, kept: store.quotes.read, keep: store.quotes.write, days, now })
  return createDispatch({
    services: {
      alerts: store.alerts,
      users: store.users,
      notifications: store.notifications,
      conversations: store.conversations,
      person: createPersonal(store, { failed: () => {} }),
      people: createPeople(store, { channels: [], countries: [], random: randomBytes }),
      countAll: store.countAll,
      channels: () => [],
      desk,
      history,
      // Setting the alerts is not what is measured.
      archive: async () => [],
      sources: {
        order: (kind) => providersFor(kind).map(({ name }) => name),
        usual: 10_000,
        every: async () => 10_000,
        standings: chain.standings,
      },
      resolve: (written) => resolve(written, { chain, providersFor }),
      sessionAt: calendar.sessionAt,
      heldBack: store.quotes.heldBack,
      losses: store.losses.read,
      now,
      lastCheck: async () => NOW,
      zone: 'UTC',
      grace: 300_000,
      apart: market.apart,
      escalateAfter: 300_000,
      maxAlerts: ALERTS,
    },
    messages: store.messages,
    arrivals: store.arrivals,
    commands,
    access: { allowed: [], operators: [] },
    limits: { perMinute: Number.POSITIVE_INFINITY, backtestsPerHour: Number.POSITIVE_INFINITY },
    realNow: now,
    reference: () => '0000',
    log,
  })
}
