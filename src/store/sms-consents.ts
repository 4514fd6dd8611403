import { type Connection, Schema } from 'mongoose'
import type { ConsentNote, Consents } from '../channels/sms-ports.ts'

/** So many of the newest notes on a number are kept. */
const MOST_NOTES = 50

type ConsentDocument = {
  _id: string
  isOut: boolean
  isWelcomed: boolean
  notes: (Omit<ConsentNote, 'at'> & { at: Date })[]
  schema: number
}

const consentSchema = new Schema<ConsentDocument>(
  {
    _id: { type: String, required: true },
    isOut: { type: Boolean, required: true },
    isWelcomed: { type: Boolean, required: true },
    notes: [
      new Schema<ConsentDocument['notes'][number]>(
        {
          isOut: { type: Boolean, required: true },
          how: { type: String, required: true },
          words: { type: String, default: '' },
          at: { type: Date, required: true },
        },
        { _id: false },
      ),
    ],
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'smsConsents' },
)

/** The `smsConsents` collection on a connection: one document for each phone number, kept for as long as the bot is. */
export function createSmsConsents(connection: Connection): Consents {
  const model = connection.model('smsConsent', consentSchema)
  return {
    async find(address) {
      const document = await model.findById(address).lean()
      return document && { isOut: document.isOut, isWelcomed: document.isWelcomed }
    },
    async note(address, { isOut, how, words, at }) {
      const note = { isOut, how, words, at: new Date(at) }
      await model.updateOne(
        { _id: address },
        {
          $set: { isOut },
          $push: { notes: { $each: [note], $slice: -MOST_NOTES } },
          $setOnInsert: { isWelcomed: false, schema: 1 },
        },
        { upsert: true },
      )
    },
    async welcomed(address) {
      const fresh = { isOut: false, notes: [], schema: 1 }
      await model.updateOne({ _id: address }, { $set: { isWelcomed: true }, $setOnInsert: fresh }, { upsert: true })
    },
  }
}
