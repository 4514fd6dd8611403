import { type Connection, Schema, trusted } from 'mongoose'
import { insertOnce } from './duplicate.ts'
import { gather } from './gather.ts'
import type { Users } from './users.ts'

/** So long after the last of a person was erased their tombstone is kept: what was asleep meanwhile has woken by then. */
const KEPT_SECONDS = 30 * 86_400

/** An address as it was: where on which channel. */
export type Place = { readonly channel: string; readonly address: string }

/** Somebody whose data is being erased. `at`: since when, ms, real clock. */
export type Erasure = {
  readonly user: string
  /** Their own id, and those of users that were joined into them. */
  readonly ids: readonly string[]
  /** Empty once all that is kept by address is erased: the tombstone itself forgets them then. */
  readonly places: readonly Place[]
  readonly at: number
}

type ErasedDocument = {
  _id: string
  ids: string[]
  /** What asked for it. */
  by: string
  at: number
  places: Place[]
  /** What is still to be done: everything, or one more look for what was on its way meanwhile. */
  open: 'all' | 'again' | 'nothing'
  /** The database's clock, from when nothing is open. */
  keptAt?: Date
  schema: number
}

const erasedSchema = new Schema<ErasedDocument>(
  {
    _id: { type: String, required: true },
    ids: { type: [String], required: true },
    by: { type: String, required: true },
    at: { type: Number, required: true },
    places: [
      new Schema<Place>(
        { channel: { type: String, required: true }, address: { type: String, required: true } },
        { _id: false },
      ),
    ],
    open: { type: String, required: true },
    keptAt: { type: Date, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'erased' },
)
erasedSchema.index({ ids: 1 })
erasedSchema.index({ by: 1 })
erasedSchema.index({ open: 1, at: 1 })

/** The tombstones of people who had everything erased. They hold an id that nobody else ever has, and nothing else in the end. */
export type Erased = {
  /** Sets the tombstone. One that is there stays as it is. `by` is what asked for it, the same when it asks again. */
  begin(erasure: Erasure, by: string): Promise<void>
  /** Which of these users have a tombstone. */
  among(ids: readonly string[]): Promise<ReadonlySet<string>>
  /** The users of whom not everything is erased yet. */
  underWay(): Promise<ReadonlySet<string>>
  /** Whether this has asked for an erasure before. */
  asked(by: string): Promise<boolean>
  /** Those that are not done, and those that are due for another look since `before` (ms). */
  open(before: number): Promise<Erasure[]>
  /** A pass is over: after the first one the addresses are forgotten, after the second nothing is open. */
  passed(user: string): Promise<void>
}

/** The `erased` collection on a connection. */
export function createErased(connection: Connection): Erased {
  const model = connection.model('erased', erasedSchema)
  return {
    async begin({ user, ids, places, at }, by) {
      const document = { _id: user, ids: [...ids], places: [...places], at, by, open: 'all' as const, schema: 1 }
      await insertOnce(() => model.create(document))
    },
    async among(ids) {
      const found = await model.find({ ids: trusted({ $in: [...ids] }) }, { ids: 1 }).lean()
      const gone = new Set(found.flatMap((document) => document.ids))
      return new Set(ids.filter((id) => gone.has(id)))
    },
    async underWay() {
      const found = await model.find({ open: 'all' }, { ids: 1 }).lean()
      return new Set(found.flatMap(({ ids }) => ids))
    },
    async asked(by) {
      return (await model.exists({ by })) !== null
    },
    async open(before) {
      const all = { open: 'all' as const }
      const again = { open: 'again' as const, at: trusted({ $lt: before }) }
      const found = await model.find({ $or: [all, again] }).lean()
      return found.map(({ _id, ids, places, at }) => ({ user: _id, ids, places, at }))
    },
    async passed(user) {
      const first = { $set: { open: 'again' as const, places: [] } }
      const { matchedCount } = await model.updateOne({ _id: user, open: 'all' }, first)
      if (matchedCount > 0) return
      await model.updateOne(
        { _id: user, open: 'again' },
        { $set: { open: 'nothing' as const }, $currentDate: { keptAt: true } },
      )
    },
  }
}

/**
 * Users without those who had everything erased: from the tombstone on nobody finds them, and whoever writes from an
 * address of theirs is somebody new.
 */
export function living(users: Users, erased: Pick<Erased, 'among' | 'underWay'>): Users {
  // Asked for with each message. Who has an address still is not erased yet, or is nobody who was.
  const underWay = gather(async (_asked: readonly undefined[]) => {
    const ids = await erased.underWay()
    return () => ids
  })
  return {
    ...users,
    async ofAddress(channel, address, now) {
      const [user, gone] = await Promise.all([users.ofAddress(channel, address, now), underWay(undefined)])
      if (!gone.has(user.id)) return user
      await users.erase([user.id])
      return await users.ofAddress(channel, address, now)
    },
    async byIds(ids) {
      const [found, gone] = await Promise.all([users.byIds(ids), erased.among(ids)])
      return new Map([...found].filter(([id]) => !gone.has(id)))
    },
  }
}
