import { type Connection, Schema, trusted } from 'mongoose'
import type { KeptSymbol } from '../market/kept-symbols.ts'

type SymbolDocument = Omit<KeptSymbol, 'symbol' | 'near'> & {
  _id: string
  near: KeptSymbol['near']
  forgetAt: Date
  schema: number
}

const symbolSchema = new Schema<SymbolDocument>(
  {
    _id: { type: String, required: true },
    exists: { type: Boolean, required: true },
    checkedAt: { type: Number, required: true },
    listing: { type: Schema.Types.Mixed },
    near: { type: Schema.Types.Mixed, default: [] },
    forgetAt: { type: Date, required: true, expires: 0 },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'symbols' },
)

/** What was heard of symbols. `forgetAt` (ms) is when the database forgets it by itself. */
export type Symbols = {
  /** Null for one that nothing is known of. */
  read(symbol: string): Promise<KeptSymbol | null>
  /** Replaces all that was known of the symbol. */
  write(kept: KeptSymbol, forgetAt: number): Promise<void>
  /** Puts off when a symbol is forgotten. */
  use(symbol: string, forgetAt: number): Promise<void>
  /** Forgets what is known of symbols: whoever wants to know asks anew. */
  forget(symbols: readonly string[]): Promise<void>
}

/** The `symbols` collection on a connection. */
export function createSymbols(connection: Connection): Symbols {
  const model = connection.model('symbol', symbolSchema)
  return {
    async read(symbol) {
      const document = await model.findOne({ _id: symbol }).lean()
      if (!document) return null
      const { _id, exists, checkedAt, listing, near } = document
      return { symbol: _id, exists, checkedAt, near, ...(listing ? { listing } : {}) }
    },
    async write({ symbol, ...rest }, forgetAt) {
      const document = { ...rest, forgetAt: new Date(forgetAt), schema: 1 }
      await model.replaceOne({ _id: symbol }, document, { upsert: true })
    },
    async forget(symbols) {
      await model.deleteMany({ _id: trusted({ $in: [...symbols] }) })
    },
    async use(symbol, forgetAt) {
      await model.updateOne({ _id: symbol }, { $max: { forgetAt: new Date(forgetAt) } })
    },
  }
}
