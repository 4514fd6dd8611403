import { type Db, MongoClient } from 'mongodb'

/** A notification as the database has it. */
export type Owed = {
  readonly _id: string
  readonly channel: string
  readonly address: string
  readonly state: string
  readonly tries: number
  readonly reason: string | null
  readonly createdAt: number
  readonly dueAt: number
  readonly firstTriedAt?: number
  readonly token: string | null
  readonly receipt: string | null
  readonly occurrence: {
    readonly kind: string
    readonly at: number
    readonly evidence: readonly { readonly value: string }[]
  }
}

/** What the database says, read without the program's sources. */
export type Ledger = {
  readonly db: Db
  /** How many alerts there are, and how often all of them together have fired. */
  alerts(): Promise<{ count: number; firings: number }>
  /** All notifications, the oldest first. */
  owed(): Promise<Owed[]>
  /** Neither a stored firing nor a notification is on its way any more. */
  isQuiet(): Promise<boolean>
  /** When the next open notification is due that nobody is sending, ms; 0 while one is being sent, never where none is open. */
  nextDueAt(): Promise<number>
  /** Up to when all shards were watched, ms. */
  watchedUntil(): Promise<number>
  /** How many alerts were last seen to be true. */
  met(): Promise<number>
  close(): Promise<void>
}

/** Opens the database at `uri`. */
export async function openLedger(uri: string): Promise<Ledger> {
  const client = await MongoClient.connect(uri)
  const db = client.db()
  const notifications = db.collection<Owed>('notifications')
  return {
    db,
    async alerts() {
      const all = await db.collection<{ firings: number; _id: string }>('alerts').find().toArray()
      return { count: all.length, firings: all.reduce((sum, { firings }) => sum + firings, 0) }
    },
    owed: () => notifications.find().sort({ createdAt: 1, 'occurrence.at': 1, _id: 1 }).toArray(),
    async isQuiet() {
      const unsent = await db.collection('alerts').countDocuments({ 'unsent.0': { $exists: true } })
      return unsent === 0 && (await notifications.countDocuments({ open: true } as never)) === 0
    },
    async nextDueAt() {
      const open = await notifications.find({ open: true } as never).toArray()
      return Math.min(...open.map(({ state, dueAt }) => (state === 'sending' ? 0 : dueAt)))
    },
    async watchedUntil() {
      const watched = { _id: /^watch:/ as never }
      const all = await db.collection<{ _id: string; at: number }>('progress').find(watched).toArray()
      return Math.min(...all.map(({ at }) => at))
    },
    met: () => db.collection('alerts').countDocuments({ 'triggers.side': 'met' }),
    close: () => client.close(),
  }
}
