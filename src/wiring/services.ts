import type { Sources } from '../commands/command.ts'
import type { Config } from '../config.ts'
import { type JobParts, watchProgress } from '../jobs/index.ts'
import { createWanted } from '../jobs/wanted.ts'
import { createArchive } from '../market/archive.ts'
import { createDesk } from '../market/desk.ts'
import type { Market } from '../market/index.ts'
import { createKeptSymbols } from '../market/kept-symbols.ts'
import { resolve } from '../market/resolve.ts'
import type { Store } from '../store/connect.ts'

/** What commands work with, but for people and channels. */
export function servicesOf({ config, market, store, days, history, zone, sieve, personal }: JobParts) {
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
    escalateAfter: config.ESCALATE_AFTER,
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
