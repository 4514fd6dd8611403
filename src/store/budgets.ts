import type { Connection } from 'mongoose'
import { RateLimiterMongo, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Counter, Counters, Spent } from '../market/budget.ts'

const COLLECTION = 'budgets'

/**
 * What providers were asked for, counted in windows of time, across restarts and for all processes together: who talks with
 * people and who watches the market ask from one address, or with one key.
 */
export type Budgets = {
  readonly counters: Counters
  /** Makes what the collection needs. */
  prepare(): Promise<void>
}

/** The `budgets` collection on a connection. */
export function createBudgets(connection: Connection): Budgets {
  const made = new Map<string, Counter>()
  return {
    counters(name, window) {
      const key = `${name}/${window}`
      const counter = made.get(key) ?? counterOf(connection, name, window)
      made.set(key, counter)
      return counter
    },
    async prepare() {
      const collection = connection.collection(COLLECTION)
      await collection.createIndex({ expire: -1 }, { expireAfterSeconds: 0 })
      await collection.createIndex({ key: 1 }, { unique: true })
    },
  }
}

function counterOf(connection: Connection, name: string, window: number): Counter {
  // Who may have how much is decided by whoever counts: no limit here.
  const common = { points: Number.MAX_SAFE_INTEGER, duration: window / 1_000, keyPrefix: String(window) }
  const mongo = { storeClient: connection.db, tableName: COLLECTION, disableIndexesCreation: true }
  const limiter = new RateLimiterMongo({ ...common, ...mongo })
  return {
    spend: async (points) => spentOf(await limiter.penalty(name, points)),
    spent: async () => spentOf(await limiter.get(name)),
  }
}

function spentOf(result: RateLimiterRes | null): Spent {
  return { points: Math.max(0, result?.consumedPoints ?? 0), resetsIn: Math.max(0, result?.msBeforeNext ?? 0) }
}
