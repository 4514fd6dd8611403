import { type Connection, Schema, trusted } from 'mongoose'
import type { HeldBack } from '../market/held-back.ts'
import type { Quote } from '../market/provider.ts'
import { type Cursor, cursorOfNow, moveOn, OVERLAP, writtenSince } from './cursor.ts'
import { gather } from './gather.ts'

type QuoteDocument = Omit<Quote, 'symbol'> & {
  _id: string
  /** What was not believed since this quote. */
  heldBack?: Omit<HeldBack, 'symbol'>
  updatedAt: Date
  schema: number
}

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
    heldBack: { type: Schema.Types.Mixed },
    updatedAt: { type: Date, index: true },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'quotes' },
)

/** The last quote of each symbol. */
export type Quotes = {
  /**
   * Keeps the quotes that are not older than what is kept, by when they came and by the time they are of; what is of a
   * time to come counts as old.
   */
  write(quotes: readonly Quote[]): Promise<void>
  read(symbols: readonly string[]): Promise<Map<string, Quote>>
  /** What was written since `cursor` and a little before (what was written may become visible late); all with null. */
  changedSince(cursor: Cursor | null): Promise<{ quotes: Quote[]; cursor: Cursor }>
  /** Keeps what was not believed with the quotes before it, until the next one that is written; without one it is dropped. */
  holdBack(heldBack: readonly HeldBack[]): Promise<void>
  /** What was not believed since the last quote of each symbol. */
  heldBack(symbols: readonly string[]): Promise<HeldBack[]>
}

/** A write that took longer (ms) may have become visible to readers who had looked past its time. */
const SLOW = OVERLAP / 2
/** What was received later than so long from now (ms) was stamped by a clock that was set back since: it keeps nothing out. */
const AHEAD = 60_000
/** How often one write is made at most. */
const WRITES = 5

/** The `quotes` collection on a connection. `monotonic` counts ms and never runs back. */
export function createQuotes(connection: Connection, monotonic: () => number = () => performance.now()): Quotes {
  const model = connection.model('quote', quoteSchema)
  // Asked with every message about a price, and the same symbols by many at once.
  const kept = gather(async (asked: readonly (readonly string[])[]) => {
    const ids = [...new Set(asked.flat())] as never[]
    const documents = ids.length === 0 ? [] : await model.collection.find({ _id: { $in: ids } }, WHOLE).toArray()
    const quotes = documents.map((document) => quoteFrom(document as unknown as QuoteDocument))
    const found = new Map(quotes.map((quote) => [quote.symbol, quote]))
    return (symbols) => among(found, symbols)
  })
  return {
    async write(quotes) {
      if (quotes.length === 0) return
      const updates = quotes.map(({ symbol, ...rest }) => ({
        updateOne: {
          filter: { _id: symbol as never },
          update: [{ $replaceWith: newer(symbol, rest) }],
          upsert: true,
        },
      }))
      for (let writes = 0; writes < WRITES; writes++) {
        const begunAt = monotonic()
        await model.collection.bulkWrite(updates, { ordered: false })
        if (monotonic() - begunAt < SLOW) return
      }
    },
    read: kept,
    async changedSince(cursor) {
      if (!cursor) {
        const now = await cursorOfNow(connection, monotonic)
        return { quotes: (await model.find().lean()).map(quoteFrom), cursor: now }
      }
      const readAt = monotonic()
      const documents = await model.find(writtenSince(cursor)).lean()
      const read = { readAt, seenAt: monotonic() }
      return { quotes: documents.map(quoteFrom), cursor: moveOn(cursor, documents, read) }
    },
    async holdBack(heldBack) {
      if (heldBack.length === 0) return
      await model.collection.bulkWrite(
        heldBack.map(({ symbol, ...rest }) => ({
          updateOne: { filter: { _id: symbol as never }, update: { $set: { heldBack: rest } } },
        })),
        { ordered: false },
      )
    },
    async heldBack(symbols) {
      const filter = { _id: trusted({ $in: [...symbols] }), heldBack: trusted({ $exists: true }) }
      const documents = await model.find(filter, { heldBack: 1 }).lean()
      return documents.flatMap(({ _id, heldBack }) => (heldBack ? [{ symbol: _id, ...heldBack }] : []))
    },
  }
}

/** All in the first answer: of its own accord the database gives 101, and has to be asked again. */
const WHOLE = { batchSize: 10_000 }

function among(quotes: ReadonlyMap<string, Quote>, symbols: readonly string[]): Map<string, Quote> {
  return new Map(
    symbols.flatMap((symbol) => {
      const quote = quotes.get(symbol)
      return quote ? [[symbol, quote] as const] : []
    }),
  )
}

/** An update pipeline's value: the new document, or the kept one where that is newer. `$literal` keeps text from being read as a field path. */
function newer(symbol: string, fields: Omit<Quote, 'symbol'>) {
  const document = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { $literal: value }]))
  const fresh = { _id: { $literal: symbol }, ...document, updatedAt: '$$NOW', schema: 1 }
  const kept = { $ifNull: ['$receivedAt', 0] }
  // Of two requests that crossed, the one that was answered last may tell what was true before.
  const wasTrueBefore = fields.asOf === undefined ? [] : [{ $gt: [{ $ifNull: ['$asOf', 0] }, fields.asOf] }]
  const isOlder = { $or: [{ $gt: [kept, fields.receivedAt] }, ...wasTrueBefore] }
  const isNewer = { $or: [{ $not: [isOlder] }, { $gt: [kept, Date.now() + AHEAD] }] }
  return { $cond: [isNewer, fresh, '$$ROOT'] }
}

function quoteFrom({ _id, updatedAt: _, schema: __, heldBack: ___, ...rest }: QuoteDocument): Quote {
  return { symbol: _id, ...rest }
}
