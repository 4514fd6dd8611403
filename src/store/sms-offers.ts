import { type Connection, Schema } from 'mongoose'
import type { Offer, Offers } from '../channels/sms-ports.ts'
import { keeping } from './keeping.ts'
import { createSmsReads, type SmsReads } from './sms-reads.ts'

/** How long (ms) a number or `MORE` means what was offered. */
export const OFFERED_FOR = 3_600_000

type OfferDocument = { _id: string; offer: Offer; keptAt: Date; schema: number }

const offerSchema = new Schema<OfferDocument>(
  {
    _id: { type: String, required: true },
    offer: { type: Schema.Types.Mixed, required: true },
    // The database clears away in its own time: what is over is never found meanwhile.
    keptAt: { type: Date, required: true, expires: OFFERED_FOR / 1_000 },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'smsOffers' },
)

/** The offers, as they are kept. */
export type KeptOffers = Offers & {
  /** Forgets what was offered at a number. */
  erase(address: string): Promise<void>
}

/** The `smsOffers` collection on a connection; `now` gives the real clock, ms. */
export function createSmsOffers(
  connection: Connection,
  now: () => number = Date.now,
  reads: SmsReads = createSmsReads(connection),
): KeptOffers {
  const model = connection.model('smsOffer', offerSchema)
  const keepAll = keeping(model.collection)
  return {
    async find(address) {
      const [document] = await reads<OfferDocument>({ of: 'smsOffers', ids: [address] })
      return document && document.keptAt.getTime() > now() - OFFERED_FOR ? document.offer : null
    },
    async keep(address, offer) {
      await keepAll({ id: address, fields: { offer, keptAt: new Date(now()) } })
    },
    async erase(address) {
      await model.deleteOne({ _id: address })
    },
  }
}
