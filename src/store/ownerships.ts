import { type Connection, Schema } from 'mongoose'
import type { Ownership } from '../channels/channel.ts'

type OwnershipDocument = { _id: string; owner: string; until: Date; schema: number }

const ownershipSchema = new Schema<OwnershipDocument>(
  {
    _id: { type: String, required: true },
    owner: { type: String, required: true },
    until: { type: Date, required: true },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'ownerships' },
)

/** Who listens on what bears only one listener. */
export type Ownerships = {
  /** The right to `what` (a channel's name) as `owner` (unique among processes) may have it; `ownedFor` ms at a time. */
  of(what: string, owner: string, ownedFor: number): Ownership
}

/** The `ownerships` collection on a connection. All times are the database's, so that the clocks of processes do not matter. */
export function createOwnerships(connection: Connection): Ownerships {
  const model = connection.model('ownership', ownershipSchema)
  return {
    of: (what, owner, ownedFor) => ({
      async acquire() {
        const ours = { $literal: owner }
        const isFree = { $or: [{ $eq: ['$owner', ours] }, { $lt: [{ $ifNull: ['$until', new Date(0)] }, '$$NOW'] }] }
        const taken = { _id: '$_id', owner: ours, until: { $add: ['$$NOW', ownedFor] }, schema: { $literal: 1 } }
        const document = await model.collection.findOneAndUpdate(
          { _id: what as never },
          [{ $replaceWith: { $cond: [isFree, taken, '$$ROOT'] } }],
          { upsert: true, returnDocument: 'after' },
        )
        return document?.owner === owner
      },
      async release() {
        await model.deleteOne({ _id: what, owner })
      },
    }),
  }
}
