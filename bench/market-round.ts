import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { cacheDirOf } from '../src/database.ts'
import { createFetch } from '../src/jobs/fetch.ts'
import { createLog } from '../src/log.ts'
import { createSieve } from '../src/market/held-back.ts'
import { createMarket } from '../src/market/index.ts'
import { connect, type Store } from '../src/store/connect.ts'
import { startEmbedded } from '../src/store/embedded.ts'
import { figure, median, type Say, table, timed } from './stats.ts'

const SYMBOLS = 10_000
const ROUNDS = 5
/** The most a round may take, ms. */
const MOST = 2_000

/** One round of fetching over the simulated provider: asked, sifted, compared with what is kept, and written to a real MongoDB. */
export async function run(say: Say): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signal-generator-bench-'))
  const config = readConfig()
  const systemBinary = config.MONGOMS_SYSTEM_BINARY
  const mongo = await startEmbedded({ dataDir, cacheDir: cacheDirOf(config), systemBinary, say: () => {} })
  try {
    const store = await connect(mongo.uri)
    try {
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
  const clock = { now: Date.UTC(2026, 10, 23, 15) }
  const log = createLog('silent')
  const market = createMarket({
    ...{ market: 'simulated', speed: 1, seed: 1, interval: 10_000, log },
    now: () => clock.now,
  })
  const symbols = Array.from({ length: SYMBOLS }, (_, index) => `stock:${nameOf(index)}`)
  let written = 0
  const writing: number[] = []
  const round = createFetch({
    kind: 'stock',
    ...{ chain: market.chain, calendar: market.calendar, now: market.now, log },
    // Judged as quotes of a live market are, which takes the longest.
    sift: createSieve({ now: market.now, calendar: market.calendar, isMade: false, doubted: () => {} }).sift,
    symbols: async () => ({ symbols, daySymbols: [] }),
    days: { soon: (quote) => quote },
    kept: store.quotes.read,
    async write(quotes) {
      writing.push((await timed(() => store.quotes.write(quotes)))[0])
      written += quotes.length
    },
    written: async () => {},
    done: async () => {},
  })
  const took: number[] = []
  for (let i = 0; i < ROUNDS; i += 1) {
    clock.now += 10_000
    took.push((await timed(round))[0])
  }
  const kept = (await store.quotes.read(symbols)).size
  const slowest = Math.max(...took)
  const isWell = slowest <= MOST && kept === SYMBOLS
  const head = ['rounds', 'symbols', 'written a round', 'median ms', 'of it writing', 'slowest ms', 'at most ms', '']
  const row = [
    ...[ROUNDS, kept, written / ROUNDS, median(took), median(writing), slowest, MOST].map((value) => figure(value)),
    isWell ? 'ok' : 'MISSED',
  ]
  for (const line of table([head, row])) say(line)
  if (!isWell) process.exitCode = 1
}

/** `AAAA`, `BAAA`… */
function nameOf(index: number): string {
  return [0, 1, 2, 3].map((place) => String.fromCharCode(65 + (Math.floor(index / 26 ** place) % 26))).join('')
}
