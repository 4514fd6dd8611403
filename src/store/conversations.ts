import { type Connection, Schema, trusted } from 'mongoose'

/** How long (ms) a question waits for its answer, from when it was last asked. */
export const WAITS_FOR = 15 * 60_000

/** The database's own clearing away comes late and by its own clock; what is over is never found meanwhile. */
const KEPT_SECONDS = 3_600

/** Where a guided exchange is: the answer to `step` of `command` is what is typed next. Plain data. */
export type Conversation = {
  readonly command: string
  readonly step: string
  readonly data: Readonly<Record<string, string>>
}

/** As MongoDB keeps it. */
export type ConversationDocument = Conversation & {
  _id: string
  /** The last moment (ms, real clock) before which it can be answered. */
  until: number
  /** The database's clock. */
  keptAt: Date
  schema: number
}

const conversationSchema = new Schema<ConversationDocument>(
  {
    _id: { type: String, required: true },
    command: { type: String, required: true },
    step: { type: String, required: true },
    data: { type: Schema.Types.Mixed, required: true },
    until: { type: Number, required: true },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'conversations', minimize: false },
)

/** The open questions, at most one for each key: somebody in one chat. `now` is ms on the real clock. */
export type Conversations = {
  /** The question that waits for an answer; null where there is none, or where it has waited for 15 minutes. */
  find(key: string, now: number): Promise<Conversation | null>
  /** Asks, in place of what was asked before. */
  keep(key: string, conversation: Conversation, now: number): Promise<void>
  /** Ends what is open; nothing open is no error. */
  end(key: string): Promise<void>
  /** What is open at an address, whoever was asked there. */
  at(channel: string, address: string): Promise<Conversation[]>
  /** Ends all that is open at an address. */
  erase(channel: string, address: string): Promise<void>
}

/** What is open still at `now` (ms, real clock). */
export function openFrom(document: ConversationDocument | undefined, now: number): Conversation | null {
  if (!document || document.until <= now) return null
  const { command, step, data } = document
  return { command, step, data }
}

/** Keys are a channel, an address and who wrote, a line each. */
function beginningWith(channel: string, address: string) {
  const start = `${channel}\n${address}\n`
  return trusted({ $gte: start, $lt: `${start.slice(0, -1)}\v` })
}

/** The `conversations` collection on a connection. */
export function createConversations(connection: Connection): Conversations {
  const model = connection.model('conversation', conversationSchema)
  return {
    find: async (key, now) => openFrom((await model.findById(key).lean()) ?? undefined, now),
    async keep(key, { command, step, data }, now) {
      await model.updateOne(
        { _id: key },
        {
          $set: { command, step, data: { ...data }, until: now + WAITS_FOR },
          $currentDate: { keptAt: true },
          $setOnInsert: { schema: 1 },
        },
        { upsert: true },
      )
    },
    async end(key) {
      await model.deleteOne({ _id: key })
    },
    async at(channel, address) {
      const found = await model.find({ _id: beginningWith(channel, address) }).lean()
      return found.map(({ command, step, data }) => ({ command, step, data }))
    },
    async erase(channel, address) {
      await model.deleteMany({ _id: beginningWith(channel, address) })
    },
  }
}
