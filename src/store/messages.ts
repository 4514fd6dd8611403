import { type Connection, Schema } from 'mongoose'
import type { Reply } from '../reply.ts'
import { insertOnce } from './duplicate.ts'
import { gather } from './gather.ts'

/** Platforms repeat a message for at most this long. */
const KEPT_SECONDS = 48 * 3_600

type MessageDocument = { _id: string; reply: Reply; createdAt: Date; schema: number }

const messageSchema = new Schema<MessageDocument>(
  {
    _id: { type: String, required: true },
    reply: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'messages' },
)

/** The answers given to messages, by channel and the platform's id, so that a message that comes twice is answered alike. */
export type Messages = {
  answered(key: string): Promise<Reply | null>
  remember(key: string, reply: Reply, now: number): Promise<void>
}

/** The `messages` collection on a connection. */
export function createMessages(connection: Connection): Messages {
  const model = connection.model('message', messageSchema)
  // Each message passes here twice: the driver alone takes a third of the time that a model's document does.
  const answered = gather(async (keys: readonly string[]) => {
    const documents = await model.collection.find({ _id: { $in: keys as never[] } }).toArray()
    const replies = new Map(documents.map(({ _id, reply }) => [String(_id), reply as Reply]))
    return (key) => replies.get(key) ?? null
  })
  const keep = gather(async (documents: readonly MessageDocument[]) => {
    const options = { ordered: false, ignoreUndefined: true }
    await insertOnce(() => model.collection.insertMany(documents as never, options))
    return () => undefined
  })
  return { answered, remember: (key, reply, now) => keep({ _id: key, reply, createdAt: new Date(now), schema: 1 }) }
}
