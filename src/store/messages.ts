import { type Connection, Schema } from 'mongoose'
import type { Reply } from '../reply.ts'
import { insertOnce } from './duplicate.ts'

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
  return {
    async answered(key) {
      const document = await model.findById(key).lean()
      return document?.reply ?? null
    },
    remember(key, reply, now) {
      return insertOnce(() => model.create({ _id: key, reply, createdAt: new Date(now), schema: 1 }))
    },
  }
}
