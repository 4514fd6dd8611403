import { type Connection, Schema } from 'mongoose'
import type { ConsentNote, Consents } from '../channels/sms-ports.ts'
import type { Fingerprint } from './salt.ts'
import { createSmsReads, type SmsReads } from './sms-reads.ts'

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

/** What is on record of a phone number. */
export type ConsentRecord = Pick<ConsentDocument, 'isOut' | 'isWelcomed' | 'notes'>

/** The record of who agreed to be texted, as far as the bot itself asks for it. */
export type KeptConsents = Consents & {
  /** All that is on record of a number; null where nothing is. */
  record(address: string): Promise<ConsentRecord | null>
  /**
   * Forgets a number. Of one that wants no texts the fingerprint stays, so that it goes on getting none; nothing else of it
   * is kept. May be called again.
   */
  forget(address: string): Promise<void>
}

/**
 * The `smsConsents` collection on a connection: one document for each phone number, kept for as long as the bot is; of a
 * forgotten number that is opted out, one under its fingerprint.
 */
export function createSmsConsents(
  connection: Connection,
  fingerprint: Fingerprint,
  reads: SmsReads = createSmsReads(connection),
): KeptConsents {
  const model = connection.model('smsConsent', consentSchema)
  const forgottenId = async (address: string) => `forgotten ${await fingerprint(address)}`
  return {
    async find(address) {
      const ids = [address, await forgottenId(address)]
      const found = await reads<ConsentDocument>({ of: 'smsConsents', ids })
      if (found.length === 0) return null
      // Where both are there, either may be the newer: whoever ever said stop is not texted until they say start.
      return { isOut: found.some(({ isOut }) => isOut), isWelcomed: found.some(({ isWelcomed }) => isWelcomed) }
    },
    async note(address, { isOut, how, words, at }) {
      // First the old opt-out goes: who asks for texts again has them even if this ends here.
      if (!isOut) await model.deleteOne({ _id: await forgottenId(address) })
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
    async record(address) {
      const document = await model.findById(address).lean()
      return document && { isOut: document.isOut, isWelcomed: document.isWelcomed, notes: document.notes }
    },
    async forget(address) {
      const document = await model.findById(address, { isOut: 1 }).lean()
      if (document?.isOut) {
        const bare = { isOut: true, isWelcomed: false, notes: [], schema: 1 }
        await model.updateOne({ _id: await forgottenId(address) }, { $setOnInsert: bare }, { upsert: true })
      }
      await model.deleteOne({ _id: address })
    },
  }
}
