import { type Connection, Schema, trusted } from 'mongoose'
import type { Quote } from '../market/provider.ts'

type QuoteDocument = Omit<Quote, 'symbol'> & { _id: string; updatedAt: Date; schema: number }

const figure = { type: String }
const quoteSchema = new Schema<QuoteDocument>(
  {
    _id: { type: String, required: true },
    price: { type: String, required: true },
    currency: { type: String, required: true },
    minor: { type: Schema.Types.Mixed },
    source: { type: String, required: true },
    receivedAt: { type: Number, required: true },
    session: figure,
    asOf: { type: Number },
    open: figure,
    high: figure,
    low: figure,
    previousClose: figure,
    volume: figure,
    bid: figure,
    ask: figure,
    delay: { type: Number },
    regular: { type: Schema.Types.Mixed },
    updatedAt: { type: Date, index: true },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'quotes' },
)

/** A moment of the database's clock, to continue from. */
export type Cursor = Date

/** The last quote of each symbol. */
export type Quotes = {
  /** Keeps the quotes that are not older than what is kept. */
  write(quotes: readonly Quote[]): Promise<void>
  read(symbols: readonly string[]): Promise<Map<string, Quote>>
  /**
   * What was written since `cursor` and a little before (what was written may become visible late); all with null.
   * `elapsed`: how long ago (ms) the cursor was given: so much later than it the database's clock is by now.
   */
  changedSince(cursor: Cursor | null, elapsed?: number): Promise<{ quotes: Quote[]; cursor: Cursor | null }>
}

/** Documents may become visible a little after the time they carry, ms. */
export const OVERLAP = 2_000

/** The `quotes` collection on a connection. */
export function createQuotes(connection: Connection): Quotes {
  const model = connection.model('quote', quoteSchema)
  return {
    async write(quotes) {
      if (quotes.length === 0) return
      await model.collection.bulkWrite(
        quotes.map(({ symbol, ...rest }) => ({
          updateOne: {
            filter: { _id: symbol as never },
            update: [{ $replaceWith: newer(symbol, rest) }],
            upsert: true,
          },
        })),
        { ordered: false },
      )
    },
    async read(symbols) {
      const documents = await model.find({ _id: trusted({ $in: [...symbols] }) }).lean()
      return new Map(documents.map((document) => [document._id, quoteFrom(document)]))
    },
    async changedSince(cursor, elapsed = 0) {
      const reached = cursor ? cursor.getTime() + elapsed : 0
      const filter = cursor ? { updatedAt: trusted({ $gte: new Date(reached - OVERLAP) }) } : {}
      const documents = await model.find(filter).lean()
      const last = documents.reduce((max, { updatedAt }) => Math.max(max, updatedAt.getTime()), reached)
      return { quotes: documents.map(quoteFrom), cursor: last > 0 ? new Date(last) : null }
    },
  }
}

/** An update pipeline's value: the new document, or the kept one where that is newer. `$literal` keeps text from being read as a field path. */
function newer(symbol: string, fields: Omit<Quote, 'symbol'>) {
  const document = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { $literal: value }]))
  const fresh = { _id: { $literal: symbol }, ...document, updatedAt: '$$NOW', schema: 1 }
  return { $cond: [{ $lte: [{ $ifNull: ['$receivedAt', 0] }, fields.receivedAt] }, fresh, '$$ROOT'] }
}

function quoteFrom({ _id, updatedAt: _, schema: __, ...rest }: QuoteDocument): Quote {
  return { symbol: _id, ...rest }
}
