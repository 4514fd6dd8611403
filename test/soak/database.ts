import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Db, MongoClient } from 'mongodb'
import { startEmbedded } from '../../src/store/embedded.ts'
import type { Profiled } from './stage.ts'

/** A `mongod` of one's own, looked into from outside the program. */
export type Database = {
  /** With a name for whoever connects, by which its operations are told from others'. */
  uriFor(who: string): string
  /** SIGKILL. It is started again on the same port and data; resolves when it answers. */
  kill(): Promise<void>
  /** The last operations of one that connected, the last one first. */
  lastOf(who: string, before: Date): Promise<Profiled[]>
  alerts(filter: object): Promise<KeptAlert[]>
  notifications(filter: object): Promise<KeptNotification[]>
  /** Id of the user who has an address, as `telegram:1001`. */
  userAt(place: string): Promise<string | undefined>
  stop(): Promise<void>
}

/** What is read of an alert. */
export type KeptAlert = {
  readonly _id: string
  readonly user: string
  readonly number: number
  readonly text: string
  readonly phase: string
  readonly firedAt: number | null
  readonly triggers: readonly { readonly side: string | null }[]
  readonly unsent: readonly object[]
}

/** What is read of a notification. */
export type KeptNotification = {
  readonly _id: string
  readonly user: string
  readonly channel: string
  readonly address: string
  readonly state: string
  readonly open: boolean
  readonly tries: number
  readonly createdAt: number
  readonly sentAt: number | null
  readonly reason: string | null
  readonly alert: { readonly number: number; readonly text: string }
  readonly occurrence: { readonly kind: string; readonly triggers: readonly string[] }
}

const PROFILE_SIZE = 64 * 1024 * 1024
const RETRY = 200

/** Starts one, with its data in `folder`. `say` hears what it does. */
export async function startDatabase(folder: string, say: (line: string) => void): Promise<Database> {
  let restarted = () => {}
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const mongod = await startEmbedded({
    ...{ dataDir: join(folder, 'data'), cacheDir: join(cache, 'signal-generator'), say },
    systemBinary: process.env.MONGOMS_SYSTEM_BINARY,
    onRestart: () => restarted(),
  })
  const client = await MongoClient.connect(mongod.uri, { serverSelectionTimeoutMS: 20_000 })
  const db = client.db()
  await db.createCollection('system.profile', { capped: true, size: PROFILE_SIZE })
  await profile(db)
  /** It may be away for a moment. */
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries++) {
      try {
        return await work()
      } catch (error) {
        if (tries >= 50) throw error
        await new Promise((done) => setTimeout(done, RETRY))
      }
    }
  }
  const find = <T>(name: string, filter: object) =>
    patiently(() => db.collection(name).find(filter).toArray()) as Promise<unknown> as Promise<T[]>
  return {
    uriFor: (who) => `${mongod.uri}&appName=${who}`,
    async kill() {
      const back = new Promise<void>((done) => {
        restarted = done
      })
      process.kill(mongod.pid(), 'SIGKILL')
      await back
      await patiently(() => profile(db))
    },
    lastOf: (who, before) =>
      patiently(
        async () =>
          (await db
            .collection('system.profile')
            .find({ appName: who, ts: { $lte: before } })
            .sort({ $natural: -1 })
            .limit(10)
            .maxTimeMS(5_000)
            .toArray()) as unknown as Profiled[],
      ),
    alerts: (filter) => find<KeptAlert>('alerts', filter),
    notifications: (filter) => find<KeptNotification>('notifications', filter),
    async userAt(place) {
      const [channel, address] = [place.replace(/:.*/s, ''), place.replace(/^\w+:/, '')]
      const found = await find<{ _id: string }>('users', { subscriptions: { $elemMatch: { channel, address } } })
      return found[0]?._id
    },
    async stop() {
      await client.close()
      await mongod.stop()
    },
  }
}

/** Every operation is kept, with who asked for it. A server that was started again has forgotten that. */
async function profile(db: Db): Promise<void> {
  await db.command({ profile: 2 })
}
