import { type Connection, Schema } from 'mongoose'
import type { TextAnswer, TextAnswers } from '../channels/sms-ports.ts'
import { keeping } from './keeping.ts'
import type { Fingerprint } from './salt.ts'
import { createSmsReads, type SmsReads } from './sms-reads.ts'

/** The platform repeats a text for at most this long. */
const KEPT_SECONDS = 48 * 3_600

type AnswerDocument = TextAnswer & {
  _id: string
  /** The fingerprint of the number that the text came from. */
  whose?: string
  keptAt: Date
  schema: number
}

const answerSchema = new Schema<AnswerDocument>(
  {
    _id: { type: String, required: true },
    text: { type: String, default: '' },
    isSent: { type: Boolean, required: true },
    whose: { type: String },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'smsAnswers' },
)
answerSchema.index({ whose: 1 }, { partialFilterExpression: { whose: { $exists: true } } })

/** The answers to texts, as they are kept. */
export type KeptAnswers = TextAnswers & {
  /** Forgets what a number was answered. */
  erase(address: string): Promise<void>
}

/**
 * The `smsAnswers` collection on a connection; `now` gives the real clock, ms. What its death takes with it was answered a
 * moment before: posted again, such a text is answered again, and what it changed knows it.
 */
export function createSmsAnswers(
  connection: Connection,
  fingerprint: Fingerprint,
  now: () => number = Date.now,
  reads: SmsReads = createSmsReads(connection),
): KeptAnswers {
  const model = connection.model('smsAnswer', answerSchema)
  const keepAll = keeping(model.collection)
  return {
    async find(id) {
      const [document] = await reads<AnswerDocument>({ of: 'smsAnswers', ids: [id] })
      return document ? { text: document.text, isSent: document.isSent } : null
    },
    async keep(id, { text, isSent }, address) {
      const keptAt = new Date(now())
      await keepAll({ id, fields: { text, isSent, whose: await fingerprint(address), keptAt } })
    },
    async erase(address) {
      await model.deleteMany({ whose: await fingerprint(address) })
    },
  }
}
