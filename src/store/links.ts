import { type Connection, Schema, trusted } from 'mongoose'
import type { Renumbered } from '../users/join.ts'
import { insertOnce } from './duplicate.ts'
import type { Fingerprint } from './salt.ts'

/** How long (ms) a code is good. */
export const LINK_FOR = 10 * 60_000
/** The database's own clearing away comes late and by its own clock. */
const KEPT_SECONDS = 86_400

type LinkDocument = {
  _id: string
  user: string
  /** Ms, real clock. */
  until: number
  /** The message that used it. */
  usedBy?: string
  numbers?: readonly Renumbered[]
  keptAt: Date
  schema: number
}

const linkSchema = new Schema<LinkDocument>(
  {
    _id: { type: String, required: true },
    user: { type: String, required: true },
    until: { type: Number, required: true },
    usedBy: { type: String },
    numbers: { type: Schema.Types.Mixed },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'links' },
)
linkSchema.index({ user: 1 })

/** Whose code it is; with what came of it where it was used by the same message before. */
export type Link = { readonly user: string; readonly numbers?: readonly Renumbered[] }

/** The codes that join chats. Only fingerprints of them are kept. Times are ms on the real clock. */
export type Links = {
  /** Keeps a code for ten minutes, in place of what the user had before. */
  make(user: string, code: string, now: number): Promise<void>
  /** Whose code it is, if it is good still. Does not use it. */
  find(code: string, now: number): Promise<Link | null>
  /** The code, if it was this message that used it. */
  usedBy(code: string, message: string): Promise<Link | null>
  /** Uses a code: of all messages one can, once. Null where it is not good. */
  use(code: string, message: string, now: number): Promise<Link | null>
  /** Notes what came of a code, for a message that comes again. */
  done(code: string, numbers: readonly Renumbered[]): Promise<void>
  /** Forgets the codes of these users. */
  erase(users: readonly string[]): Promise<void>
}

/** The `links` collection on a connection. */
export function createLinks(connection: Connection, fingerprint: Fingerprint): Links {
  const model = connection.model('link', linkSchema)
  const idOf = (code: string) => fingerprint(`link\n${code}`)
  const linkFrom = ({ user, numbers }: LinkDocument): Link => ({ user, ...(numbers ? { numbers } : {}) })
  return {
    async make(user, code, now) {
      const _id = await idOf(code)
      await model.deleteMany({ user, usedBy: trusted({ $exists: false }) })
      await insertOnce(() => model.create({ _id, user, until: now + LINK_FOR, keptAt: new Date(), schema: 1 }))
    },
    async find(code, now) {
      const filter = { _id: await idOf(code), until: trusted({ $gt: now }), usedBy: trusted({ $exists: false }) }
      const document = await model.findOne(filter).lean()
      return document && linkFrom(document)
    },
    async usedBy(code, message) {
      const document = await model.findOne({ _id: await idOf(code), usedBy: message }).lean()
      return document && linkFrom(document)
    },
    async use(code, message, now) {
      const unused = { _id: await idOf(code), until: trusted({ $gt: now }), usedBy: trusted({ $exists: false }) }
      const document = await model.findOneAndUpdate(unused, { $set: { usedBy: message } }).lean()
      return document && linkFrom(document)
    },
    async done(code, numbers) {
      await model.updateOne({ _id: await idOf(code) }, { $set: { numbers } })
    },
    async erase(users) {
      await model.deleteMany({ user: trusted({ $in: [...users] }) })
    },
  }
}
