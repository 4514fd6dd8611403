import { type Connection, Schema, trusted } from 'mongoose'
import { gather } from './gather.ts'

type ProgressDocument = { _id: string; at: number; schema: number }

const progressSchema = new Schema<ProgressDocument>(
  { _id: { type: String, required: true }, at: { type: Number, required: true }, schema: { type: Number, default: 1 } },
  { versionKey: false, id: false, collection: 'progress' },
)

/** How far a work that goes on across restarts has come, by name; times are ms on the clock of evaluation. */
export type Progress = {
  get(name: string): Promise<number | null>
  /** Never moves back: a process that was paused and wakes cannot undo what another did since. */
  advance(name: string, at: number): Promise<void>
}

/** The `progress` collection on a connection. */
export function createProgress(connection: Connection): Progress {
  const model = connection.model('progress', progressSchema)
  // Every shard's is asked for at once.
  const get = gather(async (names: readonly string[]) => {
    const documents = await model.find({ _id: trusted({ $in: [...names] }) }).lean()
    const times = new Map(documents.map(({ _id, at }) => [_id, at]))
    return (name) => times.get(name) ?? null
  })
  return {
    get,
    async advance(name, at) {
      await model.updateOne({ _id: name }, { $max: { at }, $setOnInsert: { schema: 1 } }, { upsert: true })
    },
  }
}
