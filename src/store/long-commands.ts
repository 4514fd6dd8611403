import { type Connection, Schema, trusted } from 'mongoose'
import type { LongCommands } from '../channels/channel.ts'

/** A button that nobody pressed for so long is too old. */
const KEPT_SECONDS = 90 * 86_400

type LongCommandDocument = { _id: string; command: string; keptAt: Date; schema: number }

const longCommandSchema = new Schema<LongCommandDocument>(
  {
    _id: { type: String, required: true },
    command: { type: String, required: true },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'longCommands' },
)

/** The long commands, as they are kept: nothing tells whose they are. */
export type KeptLongCommands = LongCommands & {
  /** Forgets these commands. */
  erase(commands: readonly string[]): Promise<void>
}

/** The `longCommands` collection on a connection; `now` gives the real clock, ms. */
export function createLongCommands(connection: Connection, now: () => number = Date.now): KeptLongCommands {
  const model = connection.model('longCommand', longCommandSchema)
  return {
    async keep(key, command) {
      const keptAt = new Date(now())
      await model.updateOne({ _id: key }, { $set: { command, keptAt }, $setOnInsert: { schema: 1 } }, { upsert: true })
    },
    async find(key) {
      const document = await model.findById(key).lean()
      return document?.command ?? null
    },
    async erase(commands) {
      await model.deleteMany({ command: trusted({ $in: [...commands] }) })
    },
  }
}
