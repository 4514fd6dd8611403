import { type Connection, Schema, trusted } from 'mongoose'
import type { KeptCandles } from '../market/kept-candles.ts'
import { insertOnce } from './duplicate.ts'

type Interval = KeptCandles['interval']
type Candle = KeptCandles['candles'][number]
/** Start, open, high, low, close, volume. */
type Row = [number, string, string, string, string, string | null]
type CandlesDocument = Omit<KeptCandles, 'candles'> & { _id: string; rows: Row[]; keptAt: Date; schema: number }

/** The most candles of one symbol and interval: more than any alert can ask for. About 100 bytes each. */
export const MOST_CANDLES = 1_500
/** What nobody had anew for this long is forgotten: weeks are had anew once a week. */
const KEPT_SECONDS = 14 * 24 * 3_600

const candlesSchema = new Schema<CandlesDocument>(
  {
    _id: { type: String, required: true },
    symbol: { type: String, required: true, index: true },
    interval: { type: String, required: true },
    rows: { type: Schema.Types.Mixed, required: true },
    at: { type: Number, required: true },
    source: { type: String, required: true },
    count: { type: Number, required: true },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'candles' },
)

/** Candles that were had from providers: one document for each symbol and interval. */
export type Candles = {
  read(symbol: string, interval: Interval): Promise<KeptCandles | null>
  /** Keeps the last `MOST_CANDLES`; what is kept already of later than `at` stays. */
  write(kept: KeptCandles): Promise<void>
  /** Forgets those of a symbol at every interval: after a split they mean something else. */
  drop(symbol: string): Promise<void>
}

/** The `candles` collection on a connection. */
export function createCandles(connection: Connection): Candles {
  const model = connection.model('candles', candlesSchema)
  return {
    async read(symbol, interval) {
      const document = await model.findOne({ _id: idOf(symbol, interval) }).lean()
      if (!document) return null
      const { rows, at, source, count } = document
      return { symbol, interval, candles: rows.map(candleFrom), at, source, count }
    },
    async write({ candles, ...rest }) {
      const rows = candles.slice(-MOST_CANDLES).map(rowOf)
      const count = Math.min(rest.count, MOST_CANDLES)
      const filter = { _id: idOf(rest.symbol, rest.interval), at: trusted({ $lte: rest.at }) }
      const document = { ...rest, count, rows, keptAt: new Date(), schema: 1 }
      // Where there is one of later the filter finds none, and the insert a duplicate: so it does where another one was
      // inserted at the same moment, which may be of earlier.
      await insertOnce(() => model.replaceOne(filter, document, { upsert: true }))
      await model.replaceOne({ ...filter, at: trusted({ $lt: rest.at }) }, document)
    },
    async drop(symbol) {
      await model.deleteMany({ symbol })
    },
  }
}

function idOf(symbol: string, interval: Interval): string {
  return `${symbol} ${interval}`
}

function rowOf({ start, open, high, low, close, volume }: Candle): Row {
  return [start, open, high, low, close, volume]
}

function candleFrom([start, open, high, low, close, volume]: Row): Candle {
  return { start, open, high, low, close, volume }
}
