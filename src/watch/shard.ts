import type { Alert, Change } from '../alert/types.ts'
import type { Past, Want } from '../market/history.ts'
import type { Quote } from '../market/provider.ts'
import { AWAY, type WorkingSet } from './working-set.ts'

/** What a shard needs of the database; a range of alerts is meant everywhere. Cursors are the store's business. */
export type ShardPorts<Cursor> = {
  /** The clock of evaluation, ms. */
  now(): number
  live(): Promise<{ alerts: Alert[]; cursor: Cursor }>
  changedSince(cursor: Cursor): Promise<{ revisions: Map<string, number>; cursor: Cursor }>
  revisions(): Promise<Map<string, number>>
  byIds(ids: readonly string[]): Promise<Alert[]>
  /** Stores changes that still fit; gives the ids of those that did not. */
  store(changes: readonly Change[]): Promise<string[]>
  quotesSince(cursor: Cursor | null): Promise<{ quotes: Quote[]; cursor: Cursor }>
  quotesOf(symbols: readonly string[]): Promise<Quote[]>
  /** The candles that are here of what is wanted at `now` (ms on the clock of evaluation). */
  candles(wants: readonly Want[], now: number): Promise<readonly Past[]>
  /** The last moment (clock of evaluation) up to which anybody watched this shard. */
  watchedUntil(): Promise<number | null>
  advance(at: number): Promise<void>
  /**
   * The clock of evaluation is the real one: a long time between two rounds is one in which nobody looked. Other clocks
   * stand still meanwhile.
   */
  readonly isReal?: boolean
}

/** One round's result. */
export type Round = { readonly stored: number; readonly fired: number }

/** A range of alerts, watched. */
export type Shard = {
  /** One round. Rounds of one shard must not overlap in a process. */
  run(): Promise<Round>
}

/** How often every revision is compared with the database, and every quote read, ms: what a cursor missed is found then. */
const FULL_COMPARISON = 600_000
/** How exactly the moment is kept up to which somebody watched, ms. */
const ADVANCE_EVERY = 5_000
/** How many alerts are stored in one request. */
const STORE_BATCH = 1_000
/** A write is lost only to somebody else's; so many in a row are a bug. */
const MAX_LOSSES = 20

/** A shard that has not looked yet. `set` must be empty and its own; `monotonic` counts ms and never runs back. */
export function createShard<Cursor>(
  set: WorkingSet,
  ports: ShardPorts<Cursor>,
  monotonic: () => number = () => performance.now(),
): Shard {
  let alertsRead: Cursor | undefined
  let quotesRead: Cursor | null = null
  let comparedAt = 0
  let advancedAt = Number.NEGATIVE_INFINITY
  let ran = { at: Number.POSITIVE_INFINITY, monotonic: 0 }
  let latest = Number.NEGATIVE_INFINITY

  /** The clock of evaluation, which never runs back here. */
  const clock = () => {
    latest = Math.max(latest, ports.now())
    return latest
  }

  /**
   * Where neither we nor anybody else looked for a while, or the clock was set ahead, it is as after a start: what was not
   * seen is our absence.
   */
  const wake = async (now: number) => {
    const gone = now - ran.at
    const isSetAhead = gone - (monotonic() - ran.monotonic) > AWAY
    ran = { at: now, monotonic: monotonic() }
    if (!ports.isReal || gone <= AWAY) return
    const until = isSetAhead ? null : await ports.watchedUntil()
    if (until === null || now - until > AWAY) forget()
  }

  const load = async (now: number) => {
    const until = await ports.watchedUntil()
    const { alerts, cursor } = await ports.live()
    const away = ports.isReal && until !== null && now - until > AWAY ? until : undefined
    for (const alert of alerts) set.put(alert, away)
    alertsRead = cursor
    comparedAt = now
  }

  const follow = async (cursor: Cursor) => {
    const changed = await ports.changedSince(cursor)
    alertsRead = changed.cursor
    await refresh([...changed.revisions].filter(([id, revision]) => set.revision(id) !== revision).map(([id]) => id))
  }

  const compareAll = async (now: number) => {
    const revisions = await ports.revisions()
    for (const id of [...set.ids()]) if (!revisions.has(id)) set.drop(id)
    await refresh([...revisions].filter(([id, revision]) => set.revision(id) !== revision).map(([id]) => id))
    quotesRead = null
    comparedAt = now
  }

  const refresh = async (ids: readonly string[]) => {
    if (ids.length === 0) return
    const found = await ports.byIds(ids)
    for (const alert of found) set.put(alert)
    // Its owner had everything erased: there is nothing to watch, and nothing to store it in.
    const there = new Set(found.map(({ id }) => id))
    for (const id of ids) if (!there.has(id)) set.drop(id)
  }

  /**
   * Looks at the quotes that came since the last look, the last ones of what is watched only since then, and candles. A
   * quote that came after `from` (ms on the clock of evaluation) is looked at from its own time, so that what it begins does
   * not begin before it; without one nothing is looked at later than `from`: what came since may not have been read.
   */
  const look = async (from: number) => {
    const missing = await ports.quotesOf(set.newSymbols())
    const news = await ports.quotesSince(quotesRead)
    const quotes = [...missing, ...news.quotes]
    const now = Math.min(newestOf(quotes, from), clock())
    const wants = set.wants(now)
    const candles = wants.length > 0 ? await ports.candles(wants, now) : []
    const changes = set.tick(quotes, now, candles)
    quotesRead = news.cursor
    return changes
  }

  /**
   * A change that somebody else's overtook is undone in memory and the alert looked at again: on the same quotes, and
   * then on those that whoever overtook us may have seen already.
   */
  const storeAll = async (changes: readonly Change[], now: number) => {
    let fired = 0
    let left = changes
    for (let losses = 0; left.length > 0; losses++) {
      if (losses > MAX_LOSSES) throw new Error(`${left.length} alerts were overtaken ${MAX_LOSSES} times`)
      const losers = new Set(await storeInBatches(left))
      fired += left.filter(({ alert, occurrences }) => occurrences.length > 0 && !losers.has(alert.id)).length
      await refresh([...losers])
      left = losers.size > 0 ? await look(now) : []
    }
    return fired
  }

  const storeInBatches = async (changes: readonly Change[]) => {
    const losers: string[] = []
    for (let i = 0; i < changes.length; i += STORE_BATCH)
      losers.push(...(await ports.store(changes.slice(i, i + STORE_BATCH))))
    return losers
  }

  const advance = async (now: number) => {
    if (now - advancedAt < ADVANCE_EVERY) return
    await ports.advance(now)
    advancedAt = now
  }

  const forget = () => {
    for (const id of [...set.ids()]) set.drop(id)
    alertsRead = undefined
  }

  return {
    async run() {
      const now = clock()
      try {
        await wake(now)
        if (alertsRead === undefined) await load(now)
        else await follow(alertsRead)
        if (now - comparedAt > FULL_COMPARISON) await compareAll(now)
        const changes = await look(now)
        const fired = await storeAll(changes, now)
        await advance(now)
        return { stored: changes.length, fired }
      } catch (error) {
        // What is in memory may be ahead of the database now: begin anew from what is stored.
        forget()
        throw error
      }
    },
  }
}

/** When the newest of these quotes was received, or `from` where that is later; ms. */
function newestOf(quotes: readonly Quote[], from: number): number {
  return quotes.reduce((newest, { receivedAt }) => Math.max(newest, receivedAt), from)
}
