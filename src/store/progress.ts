import { type Connection, Schema } from 'mongoose'

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
  return {
    async get(name) {
      const document = await model.findById(name).lean()
      return document?.at ?? null
    },
    async advance(name, at) {
      await model.updateOne({ _id: name }, { $max: { at }, $setOnInsert: { schema: 1 } }, { upsert: true })
    },
  }
}
