import { type Connection, Schema } from 'mongoose'
import type { Health } from '../market/source.ts'

type StandingDocument = { _id: string; health: Health; updatedAt: Date; schema: number }

const standingSchema = new Schema<StandingDocument>(
  {
    _id: { type: String, required: true },
    health: { type: Schema.Types.Mixed, required: true },
    updatedAt: { type: Date, required: true },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'standings' },
)

/** How providers are doing, as the process that watches last saw it, for those that only talk with people. */
export type Standings = {
  tell(all: readonly Health[]): Promise<void>
  /** By the provider's name. */
  read(): Promise<Map<string, Health>>
}

/** The `standings` collection on a connection. */
export function createStandings(connection: Connection): Standings {
  const model = connection.model('standing', standingSchema)
  return {
    async tell(all) {
      if (all.length === 0) return
      const updateOf = (health: Health) => ({
        updateOne: {
          filter: { _id: health.name as never },
          update: { $set: { health, schema: 1 }, $currentDate: { updatedAt: true as const } },
          upsert: true,
        },
      })
      await model.collection.bulkWrite(all.map(updateOf), { ordered: false })
    },
    async read() {
      const documents = await model.find().lean()
      return new Map(documents.map(({ _id, health }) => [_id, health]))
    },
  }
}
