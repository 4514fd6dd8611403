import { createHash } from 'node:crypto'
import { type Connection, Schema, trusted } from 'mongoose'
import type { Subscription, User } from '../users/types.ts'
import { insertOnce } from './duplicate.ts'

type UserDocument = {
  _id: string
  subscriptions: Subscription[]
  zone: string | null
  lastNumber: number
  createdAt: Date
  schema: number
}

const userSchema = new Schema<UserDocument>(
  {
    _id: { type: String, required: true },
    subscriptions: [
      new Schema<Subscription>(
        {
          id: { type: String, required: true },
          channel: { type: String, required: true },
          address: { type: String, required: true },
        },
        { _id: false },
      ),
    ],
    zone: { type: String, default: null },
    lastNumber: { type: Number, default: 0 },
    createdAt: { type: Date, required: true },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'users' },
)
userSchema.index({ 'subscriptions.channel': 1, 'subscriptions.address': 1 }, { unique: true })

/** People and where they can be reached. */
export type Users = {
  /** Finds the user of an address, or makes one: whoever writes from a chat has proved that it is theirs. */
  ofAddress(channel: string, address: string, now: number): Promise<User>
  byIds(ids: readonly string[]): Promise<Map<string, User>>
  setZone(id: string, zone: string): Promise<void>
  /** The next alert number of a user; each is given once. */
  nextNumber(id: string): Promise<number>
}

/** The `users` collection on a connection. */
export function createUsers(connection: Connection): Users {
  const model = connection.model('user', userSchema)
  return {
    async ofAddress(channel, address, now) {
      const find = () =>
        model
          .findOne({ subscriptions: trusted({ $elemMatch: { channel: { $eq: channel }, address: { $eq: address } } }) })
          .lean()
      const found = await find()
      if (found) return userFrom(found)
      const id = idOf(channel, address)
      const subscriptions = [{ id: `${id}-1`, channel, address }]
      await insertOnce(() =>
        model.create({ _id: id, subscriptions, createdAt: new Date(now), lastNumber: 0, schema: 1 }),
      )
      const made = await find()
      if (!made) throw new Error(`user ${id} was made and is not there`)
      return userFrom(made)
    },
    async byIds(ids) {
      const documents = await model.find({ _id: trusted({ $in: [...ids] }) }).lean()
      return new Map(documents.map((document) => [document._id, userFrom(document)]))
    },
    async setZone(id, zone) {
      await model.updateOne({ _id: id }, { $set: { zone } })
    },
    async nextNumber(id) {
      const document = await model
        .findOneAndUpdate({ _id: id }, { $inc: { lastNumber: 1 } }, { returnDocument: 'after' })
        .lean()
      if (!document) throw new Error(`no user ${id}`)
      return document.lastNumber
    },
  }
}

function userFrom(document: UserDocument): User {
  return { id: document._id, subscriptions: document.subscriptions, zone: document.zone }
}

/** The first messages of a new address may be handled at the same time: both must make the same user. */
function idOf(channel: string, address: string): string {
  return createHash('sha256').update(`${channel}\n${address}`).digest('hex').slice(0, 24)
}
