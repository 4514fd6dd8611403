import { type Connection, Schema, trusted } from 'mongoose'
import type { Loss } from '../market/lost.ts'
import { gather } from './gather.ts'

/** What is watched and lost is counted anew every hour; this long after nobody watches it, it is forgotten. */
const KEPT_SECONDS = 7 * 24 * 3_600

type LossDocument = Omit<Loss, 'symbol'> & { _id: string; keptAt: Date; schema: number }

const lossSchema = new Schema<LossDocument>(
  {
    _id: { type: String, required: true },
    said: { type: String, required: true },
    since: { type: Number, required: true },
    countedAt: { type: Number, required: true },
    rounds: { type: Number, required: true },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'losses' },
)

/** Symbols that had prices once and are said not to exist any more. */
export type Losses = {
  read(symbols: readonly string[]): Promise<Map<string, Loss>>
  write(losses: readonly Loss[]): Promise<void>
  /** Symbols that were found again. */
  remove(symbols: readonly string[]): Promise<void>
}

/** The `losses` collection on a connection. */
export function createLosses(connection: Connection): Losses {
  const model = connection.model('loss', lossSchema)
  const found = gather(async (asked: readonly (readonly string[])[]) => {
    const among = { _id: { $in: [...new Set(asked.flat())] as never[] } }
    const documents = (await model.collection.find(among).toArray()) as unknown as LossDocument[]
    const losses = documents.map(({ _id, keptAt: _, schema: __, ...rest }) => ({ symbol: _id, ...rest }))
    return (symbols) => new Map(losses.filter(({ symbol }) => symbols.includes(symbol)).map((one) => [one.symbol, one]))
  })
  return {
    read: found,
    async write(losses) {
      await Promise.all(
        losses.map(({ symbol, ...rest }) =>
          model.replaceOne({ _id: symbol }, { ...rest, keptAt: new Date(), schema: 1 }, { upsert: true }),
        ),
      )
    },
    async remove(symbols) {
      await model.deleteMany({ _id: trusted({ $in: [...symbols] }) })
    },
  }
}
