import { type Connection, Schema, trusted } from 'mongoose'
import type { Reply } from '../reply.ts'
import { insertOnce } from './duplicate.ts'
import { gather } from './gather.ts'
import { UNAWAITED } from './unawaited.ts'

/** Platforms repeat a message for at most this long. */
const KEPT_SECONDS = 48 * 3_600

type MessageDocument = { _id: string; reply: Reply; user?: string; createdAt: Date; schema: number }

const messageSchema = new Schema<MessageDocument>(
  {
    _id: { type: String, required: true },
    reply: { type: Schema.Types.Mixed, required: true },
    user: { type: String },
    createdAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'messages' },
)
messageSchema.index({ user: 1 }, { partialFilterExpression: { user: { $exists: true } } })

/** The answers given to messages, by channel and the platform's id, so that a message that comes twice is answered alike. */
export type Messages = {
  answered(key: string): Promise<Reply | null>
  /** `user`: whose message it was. */
  remember(key: string, reply: Reply, now: number, user?: string): Promise<void>
  /**
   * The same, without waiting for the database's journal: the answer to a message that changes nothing when it is read again
   * may be lost with the database, for then it is made again.
   */
  note(key: string, reply: Reply, now: number, user?: string): Promise<void>
  /** What a user was answered and is still remembered, the oldest first; `at` in ms. */
  ofUser(user: string): Promise<{ at: number; reply: Reply }[]>
  /** Forgets what these users were answered. */
  erase(users: readonly string[]): Promise<void>
}

/** The `messages` collection on a connection. */
export function createMessages(connection: Connection): Messages {
  const model = connection.model('message', messageSchema)
  // Each message passes here: the driver alone takes a third of the time that a model's document does.
  const answers = gather(async (keys: readonly string[]) => {
    const documents = await model.collection.find({ _id: { $in: keys as never[] } }).toArray()
    const replies = new Map(documents.map(({ _id, reply }) => [String(_id), reply as Reply]))
    return (key) => replies.get(key) ?? null
  })
  const keeping = (options: { writeConcern?: { w: number; journal: boolean } }) =>
    gather(async (documents: readonly MessageDocument[]) => {
      const all = { ...options, ordered: false, ignoreUndefined: true }
      await insertOnce(() => model.collection.insertMany(documents as never, all))
      return () => undefined
    })
  const [keep, keepSoon] = [keeping({}), keeping(UNAWAITED)]
  const documentOf = (key: string, reply: Reply, now: number, user?: string) => {
    return { _id: key, reply, ...(user === undefined ? {} : { user }), createdAt: new Date(now), schema: 1 }
  }
  return {
    answered: answers,
    remember: (...given) => keep(documentOf(...given)),
    note: (...given) => keepSoon(documentOf(...given)),
    async ofUser(user) {
      const documents = await model.find({ user }).sort({ createdAt: 1, _id: 1 }).lean()
      return documents.map(({ createdAt, reply }) => ({ at: createdAt.getTime(), reply }))
    },
    async erase(users) {
      await model.deleteMany({ user: trusted({ $in: [...users] }) })
    },
  }
}
