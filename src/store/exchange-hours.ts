import { type Connection, Schema } from 'mongoose'
import type { HoursKept } from '../market/exchange-hours.ts'
import type { Told } from '../market/told.ts'

/** What an exchange told of its days is of no use after they are over. */
const KEPT_SECONDS = 14 * 24 * 3_600

type HoursDocument = {
  _id: string
  usual: Told['usual']
  /** A date and its hours, in order: as an object it could not be replaced as a whole. */
  days: [string, { from: number; until: number } | null][]
  keptAt: Date
  schema: number
}

const hoursSchema = new Schema<HoursDocument>(
  {
    _id: { type: String, required: true },
    usual: { type: Schema.Types.Mixed, required: true },
    days: { type: Schema.Types.Mixed, required: true },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'exchange_hours' },
)

/** The `exchange_hours` collection on a connection: one document for each suffix. */
export function createHoursKept(connection: Connection): HoursKept {
  const model = connection.model('exchange_hours', hoursSchema)
  return {
    async read() {
      const documents = await model.find().lean()
      return new Map(documents.map(({ _id, usual, days }) => [_id, { usual, days: new Map(days) }]))
    },
    async write(suffix, { usual, days }) {
      const document = { usual, days: [...days], keptAt: new Date(), schema: 1 }
      await model.replaceOne({ _id: suffix }, document, { upsert: true })
    },
  }
}
