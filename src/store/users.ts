import { randomUUID } from 'node:crypto'
import { type Connection, type QueryFilter, Schema, trusted, type UpdateQuery } from 'mongoose'
import type { Off, Quiet, Subscription, User } from '../users/types.ts'
import { insertOnce } from './duplicate.ts'
import { gather } from './gather.ts'
import type { LostPlace } from './lost-places.ts'
import { UNAWAITED } from './unawaited.ts'

/** As MongoDB keeps it. */
export type UserDocument = {
  _id: string
  subscriptions: Subscription[]
  zone: string | null
  quiet?: Quiet
  /** Set together with what is to be acknowledged: by the notifications. */
  urgentAt?: number
  formerIds?: string[]
  /** The newest of them came at this time of the database's clock. */
  joinedAt?: Date
  /** Addresses of theirs that somebody else has proved: they are to be told. */
  lost?: LostPlace[]
  /** It is being joined into another one, which does not have its addresses yet: they are here. */
  joining?: { readonly subscriptions: Subscription[] }
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
          confirmedAt: { type: Number },
          how: { type: String },
          isDefault: { type: Boolean },
          lastHeardAt: { type: Number },
          mailedAs: { type: String },
          joinedAt: { type: Number },
          toldIdleAt: { type: Number },
        },
        { _id: false },
      ),
    ],
    zone: { type: String, default: null },
    quiet: { type: Schema.Types.Mixed },
    urgentAt: { type: Number },
    formerIds: { type: [String], default: undefined },
    joinedAt: { type: Date },
    lost: { type: Schema.Types.Mixed },
    joining: { type: Schema.Types.Mixed },
    lastNumber: { type: Number, default: 0 },
    createdAt: { type: Date, required: true },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'users' },
)
userSchema.index({ 'subscriptions.channel': 1, 'subscriptions.address': 1 }, { unique: true })
userSchema.index({ formerIds: 1 }, { sparse: true })
userSchema.index({ joinedAt: 1 }, { sparse: true })
userSchema.index({ 'lost.at': 1 }, { sparse: true })
userSchema.index({ 'joining.into': 1 }, { sparse: true })
userSchema.index({ 'joining.subscriptions.address': 1 }, { sparse: true })

/** How long (ms) it is good enough to know when something was heard of the owner of a phone. */
const HEARD_WITHIN = 86_400_000

/** Where somebody is reached. */
export type Reach = { readonly channel: string; readonly address: string }

/** An address that its owner has proved by a code. */
export type Proved = Reach & Pick<Subscription, 'mailedAs'>

/** People and where they can be reached. Where somebody is named by an id that they were joined from, they are meant. */
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
  /** There is nothing they may acknowledge, as of when they were read: what came since then stays noted. */
  nothingUrgent(user: Pick<User, 'id' | 'urgentAt'>): Promise<void>
  /** Nothing is sent there from now on. One that has another address meanwhile, or is off, stays as it is. */
  switchOff(id: string, subscription: Pick<Subscription, 'id' | 'address'>, off: Off): Promise<void>
  /** Gives an address to a user in place of the one they had on that channel. It must be nobody's. */
  readdress(id: string, channel: string, from: string, to: string): Promise<void>
  /**
   * Gives a user an address that they have proved, or notes that they have proved it anew: it is on from then on. False
   * where somebody else has it, or there is no such user any more.
   */
  subscribe(id: string, proved: Proved, now: number): Promise<boolean>
  /** Takes an address from a user. False where it is not theirs, or the last from which they have written. */
  unsubscribe(id: string, subscription: string): Promise<boolean>
  /** Its owner knows that an address is off. */
  toldOff(id: string, subscription: string): Promise<void>
  /** These addresses, and no others, hear of what does not say where it is to be told. */
  setDefaults(id: string, subscriptions: readonly string[]): Promise<void>
  /** Every user with an address on a channel. */
  reachedBy(channel: string): Promise<User[]>
  /** Takes an address from a user; a user who has no other is gone. */
  removeAddress(id: string, channel: string, address: string): Promise<void>
  /** Every user there is, one after the other. */
  every(): AsyncIterable<User>
  /** Removes these users; their addresses are nobody's from then on. */
  erase(ids: readonly string[]): Promise<void>
  /** Removes a user who has done nothing yet: never made an alert, nor said anything of themselves. */
  eraseBlank(id: string): Promise<void>
  /** The next alert number of a user; each is given once. */
  nextNumber(id: string): Promise<number>
}

/** The `users` collection on a connection. */
export function createUsers(connection: Connection): Users {
  const model = connection.model('user', userSchema)
  const at = (channel: string, address: string) => ({
    $elemMatch: { channel: { $eq: channel }, address: { $eq: address } },
  })
  const having = (channel: string, address: string) => ({ subscriptions: trusted(at(channel, address)) })
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
  /** Looked for among those who are being joined last: by then somebody else has it, or they still do. */
  const find = async (channel: string, address: string) =>
    (await owner({ channel, address })) ??
    (await model.findOne({ 'joining.subscriptions': trusted(at(channel, address)) }).lean())
  /** Whoever writes from an address has proved it; and they are there, whichever of theirs it is. */
  const noteHeard = async (document: UserDocument, here: Subscription, now: number) => {
    if (!isNews(document, here, now)) return document
    const isHere = { $eq: ['$$one.id', { $literal: here.id }] }
    const isPhone = { $eq: ['$$one.channel', 'sms'] }
    const heard = { $mergeObjects: ['$$one', { $cond: [isPhone, { lastHeardAt: now }, {}] }] }
    const proved = { $unsetField: { field: 'how', input: { $unsetField: { field: 'off', input: heard } } } }
    const each = { $map: { input: '$subscriptions', as: 'one', in: { $cond: [isHere, proved, heard] } } }
    const changed = await model.collection.findOneAndUpdate(
      { _id: document._id as never, 'subscriptions.id': here.id },
      [{ $set: { subscriptions: each } }],
      { returnDocument: 'after' },
    )
    return (changed as unknown as UserDocument | null) ?? document
  }
  /** Changes a user, or the one they were joined into. */
  const change = async (id: string, update: UpdateQuery<UserDocument>, filter: QueryFilter<UserDocument> = {}) => {
    const { matchedCount } = await model.updateOne({ _id: id, ...filter }, update)
    if (matchedCount === 0) await model.updateOne({ formerIds: id, ...filter }, update)
  }
  return {
    async ofAddress(channel, address, now) {
      const found = await find(channel, address)
      const here = found?.subscriptions.find((one) => one.channel === channel && one.address === address)
      if (found) return userFrom(here ? await noteHeard(found, here, now) : found)
      const id = newId()
      const heard = channel === 'sms' ? { lastHeardAt: now } : {}
      const subscriptions = [{ id: `${id}-1`, channel, address, ...heard }]
      await insertOnce(() =>
        model.create({ _id: id, subscriptions, createdAt: new Date(now), lastNumber: 0, schema: 1 }),
      )
      // Another message of theirs may have made one at the same moment: of two, the index takes one.
      const made = await find(channel, address)
      if (!made) throw new Error(`user ${id} was made and is not there`)
      return userFrom(made)
    },
    async find(channel, address) {
      const found = await find(channel, address)
      return found && userFrom(found)
    },
    async byIds(ids) {
      const among = trusted({ $in: [...ids] })
      const documents = await model.find({ $or: [{ _id: among }, { formerIds: among }] }).lean()
      const found = new Map<string, UserDocument>()
      for (const document of documents) for (const former of document.formerIds ?? []) found.set(former, document)
      for (const document of documents) found.set(document._id, document)
      return new Map(
        ids.flatMap((id) => {
          const document = found.get(id)
          return document ? [[id, userFrom(document)] as const] : []
        }),
      )
    },
    async setZone(id, zone) {
      await change(id, { $set: { zone } })
    },
    async setQuiet(id, quiet) {
      await change(id, quiet ? { $set: { quiet } } : { $unset: { quiet: 1 } })
    },
    async nothingUrgent({ id, urgentAt = 0 }) {
      await model.updateOne({ _id: id, urgentAt }, { $unset: { urgentAt: 1 } })
    },
    async switchOff(id, subscription, off) {
      const isOn = { id: { $eq: subscription.id }, address: { $eq: subscription.address }, off: { $exists: false } }
      await change(
        id,
        { $set: { 'subscriptions.$.off': off } },
        { subscriptions: trusted({ $elemMatch: isOn }) as never },
      )
    },
    async readdress(id, channel, from, to) {
      await model.updateOne(
        { _id: id, ...having(channel, from) },
        { $set: { 'subscriptions.$.address': to }, $unset: { 'subscriptions.$.off': 1 } },
      )
    },
    async subscribe(id, { channel, address, mailedAs }, now) {
      const proof = {
        ...{ confirmedAt: now },
        ...(channel === 'sms' ? { lastHeardAt: now } : {}),
        ...(mailedAs === undefined ? {} : { mailedAs }),
      }
      const fields = Object.entries(proof).map(([name, value]) => [`subscriptions.$.${name}`, value])
      const known = await model.updateOne(
        { _id: id, ...having(channel, address) },
        { $set: Object.fromEntries(fields), $unset: { 'subscriptions.$.off': 1 } },
      )
      if (known.matchedCount === 1) return true
      const subscription: Subscription = { id: newId(), channel, address, how: 'code', ...proof }
      await insertOnce(() =>
        model.updateOne(
          { _id: id, subscriptions: trusted({ $not: at(channel, address) }) as never },
          { $push: { subscriptions: subscription } },
        ),
      )
      return (await model.exists({ _id: id, ...having(channel, address) })) !== null
    },
    async unsubscribe(id, subscription) {
      const other = { id: { $ne: subscription }, how: { $ne: 'code' } }
      const { modifiedCount } = await model.updateOne(
        { _id: id, subscriptions: trusted({ $elemMatch: other }) as never },
        { $pull: { subscriptions: { id: subscription } } },
      )
      return modifiedCount === 1
    },
    async toldOff(id, subscription) {
      await change(
        id,
        { $unset: { 'subscriptions.$.off.isUntold': 1 } },
        { subscriptions: trusted({ $elemMatch: { id: { $eq: subscription }, off: { $exists: true } } }) as never },
      )
    },
    async setDefaults(id, subscriptions) {
      const isOne = { $in: ['$$one.id', { $literal: [...subscriptions] }] }
      const without = { $unsetField: { field: 'isDefault', input: '$$one' } }
      const marked = { $cond: [isOne, { $mergeObjects: ['$$one', { isDefault: true }] }, without] }
      await model.collection.updateOne({ _id: id as never }, [
        { $set: { subscriptions: { $map: { input: '$subscriptions', as: 'one', in: marked } } } },
      ])
    },
    async reachedBy(channel) {
      return (await model.find({ 'subscriptions.channel': channel }).lean()).map(userFrom)
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
    async *every() {
      for await (const document of model.find().sort({ _id: 1 }).lean().cursor()) yield userFrom(document)
    },
    async erase(ids) {
      await model.deleteMany({ _id: trusted({ $in: [...ids] }) })
    },
    async eraseBlank(id) {
      await model.deleteOne({ _id: id, lastNumber: 0, zone: null, quiet: trusted({ $exists: false }) })
    },
    async nextNumber(id) {
      const next = { $inc: { lastNumber: 1 } }
      const take = (who: object) =>
        // The number is in the journal before the alert that has it, and whoever writes that waits for it.
        model.collection.findOneAndUpdate(who, next, { returnDocument: 'after', ...UNAWAITED })
      const document = (await take({ _id: { $eq: id } })) ?? (await take({ formerIds: { $eq: id } }))
      if (!document) throw new Error(`no user ${id}`)
      return (document as unknown as UserDocument).lastNumber
    },
  }
}

/** Whether it has to be noted that a user was heard at one of their addresses. */
function isNews({ subscriptions }: UserDocument, here: Subscription, now: number): boolean {
  const isLongAgo = ({ channel, lastHeardAt = 0 }: Subscription) =>
    channel === 'sms' && now - lastHeardAt > HEARD_WITHIN
  return here.off !== undefined || here.how === 'code' || subscriptions.some(isLongAgo)
}

/** The user of an address, found by it; null where something has to be noted of them, or they are being joined. */
export function knownFrom(document: UserDocument, { channel, address }: Reach, now: number): User | null {
  const here = document.subscriptions.find((one) => one.channel === channel && one.address === address)
  return here && !document.joining && !isNews(document, here, now) ? userFrom(document) : null
}

function userFrom({ _id, subscriptions, zone, quiet, urgentAt, formerIds, joining }: UserDocument): User {
  return {
    id: _id,
    subscriptions: joining?.subscriptions ?? subscriptions,
    zone,
    ...(quiet ? { quiet } : {}),
    ...(urgentAt === undefined ? {} : { urgentAt }),
    ...(formerIds && formerIds.length > 0 ? { formerIds } : {}),
  }
}

/** Made by chance, and never twice: an id says nothing of an address, and who comes back after being erased is somebody new. */
function newId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 24)
}
