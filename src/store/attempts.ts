import { type Connection, Schema } from 'mongoose'
import type { Fingerprint } from './salt.ts'

/** Longer than the longest window. */
const KEPT_SECONDS = 2 * 86_400

/** So many in each stretch of time (ms), as it stands on the clock. */
export type Allowance = { readonly most: number; readonly per: number }

type AttemptDocument = { _id: string; count: number; keptAt: Date; schema: number }

const attemptSchema = new Schema<AttemptDocument>(
  {
    _id: { type: String, required: true },
    count: { type: Number, required: true },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'attempts' },
)

/** Counts for all processes together what may be done only so often, and is not forgotten by a restart. */
export type Attempts = {
  /**
   * Counts one more of `what` for `whom` at `now` (ms, real clock). Gives how many are left of the allowance, 0 with the
   * last one; below 0 where there was none left.
   */
  take(what: string, whom: string, allowance: Allowance, now: number): Promise<number>
}

/** The `attempts` collection on a connection: whom it is about is kept as a fingerprint, and goes on counting when they are forgotten. */
export function createAttempts(connection: Connection, fingerprint: Fingerprint): Attempts {
  const model = connection.model('attempt', attemptSchema)
  return {
    async take(what, whom, { most, per }, now) {
      const id = `${what}/${Math.floor(now / per)}/${await fingerprint(`${what}\n${whom}`)}`
      const document = await model
        .findOneAndUpdate(
          { _id: id },
          { $inc: { count: 1 }, $currentDate: { keptAt: true }, $setOnInsert: { schema: 1 } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean()
      return most - (document?.count ?? 0)
    },
  }
}
