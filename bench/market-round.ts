import { createFetch } from '../src/jobs/fetch.ts'
import { createLog } from '../src/log.ts'
import { createSieve } from '../src/market/held-back.ts'
import { createMarket } from '../src/market/index.ts'
import type { Quote } from '../src/market/provider.ts'
import { figure, median, type Say, table, timed } from './stats.ts'

const SYMBOLS = 10_000
const ROUNDS = 5
/** The most a round may take, ms. */
const MOST = 2_000

/** One round of fetching over the simulated provider: asked, sifted and compared with what is kept; kept in memory. */
export async function run(say: Say): Promise<void> {
  const clock = { now: Date.UTC(2026, 10, 23, 15) }
  const log = createLog('silent')
  const market = createMarket({
    ...{ market: 'simulated', speed: 1, seed: 1, interval: 10_000, log },
    now: () => clock.now,
  })
  const symbols = Array.from({ length: SYMBOLS }, (_, index) => `stock:${nameOf(index)}`)
  const kept = new Map<string, Quote>()
  const round = createFetch({
    kind: 'stock',
    ...{ chain: market.chain, calendar: market.calendar, now: market.now, log },
    // Judged as quotes of a live market are, which takes the longest.
    sift: createSieve({ now: market.now, calendar: market.calendar, isMade: false, doubted: () => {} }).sift,
    symbols: async () => ({ symbols, daySymbols: [] }),
    days: { soon: (quote) => quote },
    kept: async () => new Map(kept),
    write: async (quotes) => {
      for (const quote of quotes) kept.set(quote.symbol, quote)
    },
    written: async () => {},
    done: async () => {},
  })
  const took: number[] = []
  for (let i = 0; i < ROUNDS; i += 1) {
    clock.now += 10_000
    took.push((await timed(round))[0])
  }
  const slowest = Math.max(...took)
  const isWell = slowest <= MOST && kept.size === SYMBOLS
  const head = ['one round over the simulated provider', 'symbols', 'median ms', 'slowest ms', 'at most ms', '']
  const row = [
    'fetch',
    figure(kept.size),
    figure(median(took)),
    figure(slowest),
    figure(MOST),
    isWell ? 'ok' : 'MISSED',
  ]
  for (const line of table([head, row])) say(line)
  if (!isWell) process.exitCode = 1
}

/** `AAAA`, `BAAA`… */
function nameOf(index: number): string {
  return [0, 1, 2, 3].map((place) => String.fromCharCode(65 + (Math.floor(index / 26 ** place) % 26))).join('')
}
