import { type Connection, Schema } from 'mongoose'
import type { TextAnswer, TextAnswers } from '../channels/sms-ports.ts'

/** The platform repeats a text for at most this long. */
const KEPT_SECONDS = 48 * 3_600

type AnswerDocument = TextAnswer & { _id: string; keptAt: Date; schema: number }

const answerSchema = new Schema<AnswerDocument>(
  {
    _id: { type: String, required: true },
    text: { type: String, default: '' },
    isSent: { type: Boolean, required: true },
    keptAt: { type: Date, required: true, expires: KEPT_SECONDS },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'smsAnswers' },
)

/** The `smsAnswers` collection on a connection; `now` gives the real clock, ms. */
export function createSmsAnswers(connection: Connection, now: () => number = Date.now): TextAnswers {
  const model = connection.model('smsAnswer', answerSchema)
  return {
    async find(id) {
      const document = await model.findById(id).lean()
      return document && { text: document.text, isSent: document.isSent }
    },
    async keep(id, { text, isSent }) {
      const keptAt = new Date(now())
      await model.updateOne(
        { _id: id },
        { $set: { text, isSent, keptAt }, $setOnInsert: { schema: 1 } },
        { upsert: true },
      )
    },
  }
}
