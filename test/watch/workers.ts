import type { Alert, Occurrence } from '../../src/alert/types.ts'
import type { Store } from '../../src/store/connect.ts'
import type { Cursor } from '../../src/store/cursor.ts'
import { SLOTS } from '../../src/store/slots.ts'
import { createBook } from '../../src/watch/book.ts'
import { createShard, type Round, type ShardPorts } from '../../src/watch/shard.ts'
import { createWorkingSet, type WorkingSet } from '../../src/watch/working-set.ts'
import { someHours } from './hours.ts'

export const HOUR = 3_600_000
const EVERYTHING = { from: 0, to: SLOTS }

/** One worker process's view of all alerts: its shard, what it holds, and every id that was named a loser to it. */
export type Worker = {
  /** One round at `now`, ms. */
  run(now: number): Promise<Round>
  readonly set: WorkingSet
  readonly losses: string[]
}

/** A worker on the real store, as the jobs put it together; `ports` takes the place of single ports. */
export function aWorker(
  store: Store,
  name: string,
  ports: Partial<ShardPorts<Cursor>> = {},
  hours = someHours(),
): Worker {
  const losses: string[] = []
  let writes = 0
  let clock = 0
  const set = createWorkingSet({
    book: createBook(hours),
    grace: HOUR,
    apart: HOUR,
    broken: ({ id }, why) => {
      throw new Error(`alert ${id}: ${why}`)
    },
  })
  const shard = createShard<Cursor>(set, {
    now: () => clock,
    live: () => store.alerts.live(EVERYTHING),
    changedSince: (cursor) => store.alerts.changedSince(EVERYTHING, cursor),
    revisions: () => store.alerts.revisions(EVERYTHING),
    byIds: store.alerts.byIds,
    async store(changes) {
      const lost = await store.alerts.store(changes, `${name}:${++writes}`)
      losses.push(...lost)
      return lost
    },
    quotesSince: store.quotes.changedSince,
    quotesOf: async (symbols) => [...(await store.quotes.read(symbols)).values()],
    candles: async () => [],
    watchedUntil: () => store.progress.get('watch:test'),
    advance: (at) => store.progress.advance('watch:test', at),
    ...ports,
  })
  const run = (now: number) => {
    clock = now
    return shard.run()
  }
  return { run, set, losses }
}

/** Takes every stored occurrence off its alert, as fan-out does, and gives them with their alerts' ids. */
export async function takeUnsent(store: Store): Promise<{ alert: string; occurrence: Occurrence }[]> {
  const alerts: Alert[] = await store.alerts.unsent(EVERYTHING)
  await store.alerts.settle(alerts.map(({ id, unsent }) => ({ alert: id, occurrences: unsent.map((one) => one.id) })))
  return alerts.flatMap(({ id, unsent }) => unsent.map((occurrence) => ({ alert: id, occurrence })))
}
