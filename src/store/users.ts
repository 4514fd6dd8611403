import { createHash } from 'node:crypto'
import { type Connection, Schema, trusted } from 'mongoose'
import type { Off, Quiet, Subscription, User } from '../users/types.ts'
import { insertOnce } from './duplicate.ts'
import { gather } from './gather.ts'

type UserDocument = {
  _id: string
  subscriptions: Subscription[]
  zone: string | null
  quiet?: Quiet
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
          off: { type: Schema.Types.Mixed },
        },
        { _id: false },
      ),
    ],
    zone: { type: String, default: null },
    quiet: { type: Schema.Types.Mixed },
    lastNumber: { type: Number, default: 0 },
    createdAt: { type: Date, required: true },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'users' },
)
userSchema.index({ 'subscriptions.channel': 1, 'subscriptions.address': 1 }, { unique: true })

type Reach = { readonly channel: string; readonly address: string }

/** People and where they can be reached. */
export type Users = {
  /**
   * Finds the user of an address, or makes one: whoever writes from a chat has proved that it is theirs, and that it is
   * good again where it was switched off.
   */
  ofAddress(channel: string, address: string, now: number): Promise<User>
  /** The user of an address, if there is one. Changes nothing. */
  find(channel: string, address: string): Promise<User | null>
  byIds(ids: readonly string[]): Promise<Map<string, User>>
  setZone(id: string, zone: string): Promise<void>
  /** Null: any time is good. */
  setQuiet(id: string, quiet: Quiet | null): Promise<void>
  /** Nothing is sent there from now on. One that has another address meanwhile, or is off, stays as it is. */
  switchOff(id: string, subscription: Pick<Subscription, 'id' | 'address'>, off: Off): Promise<void>
  /** Gives an address to a user in place of the one they had on that channel. It must be nobody's. */
  readdress(id: string, channel: string, from: string, to: string): Promise<void>
  /** Takes an address from a user; a user who has no other is gone. */
  removeAddress(id: string, channel: string, address: string): Promise<void>
  /** The next alert number of a user; each is given once. */
  nextNumber(id: string): Promise<number>
}

/** The `users` collection on a connection. */
export function createUsers(connection: Connection): Users {
  const model = connection.model('user', userSchema)
  const having = (channel: string, address: string) => ({
    subscriptions: trusted({ $elemMatch: { channel: { $eq: channel }, address: { $eq: address } } }),
  })
  // Asked with each message.
  const owner = gather(async (asked: readonly Reach[]) => {
    const $or = [...new Set(asked.map(({ channel }) => channel))].map((channel) => {
      const addresses = asked.filter((reach) => reach.channel === channel).map(({ address }) => address)
      return { subscriptions: { $elemMatch: { channel: { $eq: channel }, address: { $in: addresses } } } }
    })
    const documents = (await model.collection.find({ $or }).toArray()) as unknown as UserDocument[]
    const isAt = ({ subscriptions }: UserDocument, { channel, address }: Reach) =>
      subscriptions.some((one) => one.channel === channel && one.address === address)
    return (reach) => documents.find((document) => isAt(document, reach)) ?? null
  })
  const find = (channel: string, address: string) => owner({ channel, address })
  const switchOn = (id: string, subscription: string) =>
    model
      .findOneAndUpdate(
        { _id: id, 'subscriptions.id': subscription },
        { $unset: { 'subscriptions.$.off': 1 } },
        { returnDocument: 'after' },
      )
      .lean()
  return {
    async ofAddress(channel, address, now) {
      const found = await find(channel, address)
      const here = found?.subscriptions.find((one) => one.channel === channel && one.address === address)
      if (found) return userFrom((here?.off && (await switchOn(found._id, here.id))) || found)
      const id = idOf(channel, address)
      const subscriptions = [{ id: `${id}-1`, channel, address }]
      await insertOnce(() =>
        model.create({ _id: id, subscriptions, createdAt: new Date(now), lastNumber: 0, schema: 1 }),
      )
      const made = await find(channel, address)
      if (!made) throw new Error(`user ${id} was made and is not there`)
      return userFrom(made)
    },
    async find(channel, address) {
      const found = await find(channel, address)
      return found && userFrom(found)
    },
    async byIds(ids) {
      const documents = await model.find({ _id: trusted({ $in: [...ids] }) }).lean()
      return new Map(documents.map((document) => [document._id, userFrom(document)]))
    },
    async setZone(id, zone) {
      await model.updateOne({ _id: id }, { $set: { zone } })
    },
    async setQuiet(id, quiet) {
      await model.updateOne({ _id: id }, quiet ? { $set: { quiet } } : { $unset: { quiet: 1 } })
    },
    async switchOff(id, subscription, off) {
      const isOn = { id: { $eq: subscription.id }, address: { $eq: subscription.address }, off: { $exists: false } }
      await model.updateOne(
        { _id: id, subscriptions: trusted({ $elemMatch: isOn }) },
        { $set: { 'subscriptions.$.off': off } },
      )
    },
    async readdress(id, channel, from, to) {
      await model.updateOne(
        { _id: id, ...having(channel, from) },
        { $set: { 'subscriptions.$.address': to }, $unset: { 'subscriptions.$.off': 1 } },
      )
    },
    async removeAddress(id, channel, address) {
      const alone = await model.deleteOne({
        _id: id,
        'subscriptions.1': trusted({ $exists: false }),
        ...having(channel, address),
      })
      if (alone.deletedCount === 0)
        await model.updateOne({ _id: id }, { $pull: { subscriptions: { channel, address } } })
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

function userFrom({ _id, subscriptions, zone, quiet }: UserDocument): User {
  return { id: _id, subscriptions, zone, ...(quiet ? { quiet } : {}) }
}

/** The first messages of a new address may be handled at the same time: both must make the same user. */
function idOf(channel: string, address: string): string {
  return createHash('sha256').update(`${channel}\n${address}`).digest('hex').slice(0, 24)
}
