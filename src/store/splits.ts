import { type Connection, Schema } from 'mongoose'
import type { KnownSplit, SplitsKept } from '../market/shares.ts'
import { insertOnce } from './duplicate.ts'

/** Candles of before a split are kept for less than this, and splits are looked for less far back. */
const KEPT_SECONDS = 30 * 24 * 3_600

type SplitDocument = KnownSplit & { _id: string; keptAt: Date; schema: number }

const splitSchema = new Schema<SplitDocument>(
  {
    _id: { type: String, required: true },
    symbol: { type: String, required: true },
    at: { type: Number, required: true },
    toldAt: { type: Number, required: true },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'splits' },
)

/** The `splits` collection on a connection. */
export function createSplitsKept(connection: Connection): SplitsKept {
  const model = connection.model('split', splitSchema)
  return {
    async read() {
      const documents = await model.find().lean()
      return documents.map(({ symbol, at, toldAt }) => ({ symbol, at, toldAt }))
    },
    async write({ symbol, at, toldAt }) {
      const fixed = { symbol, at, keptAt: new Date(), schema: 1 }
      const update = { $max: { toldAt }, $set: fixed }
      await insertOnce(() => model.updateOne({ _id: `${symbol} ${at}` }, update, { upsert: true }))
      await model.updateOne({ _id: `${symbol} ${at}` }, update)
    },
  }
}
