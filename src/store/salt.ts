import { createHmac, randomBytes } from 'node:crypto'
import { type Connection, Schema } from 'mongoose'
import { insertOnce } from './duplicate.ts'

type SaltDocument = { _id: string; value: string; schema: number }

const saltSchema = new Schema<SaltDocument>(
  {
    _id: { type: String, required: true },
    value: { type: String, required: true },
    schema: { type: Number, default: 1 },
  },
  { versionKey: false, id: false, collection: 'salts' },
)

/** The fingerprint of a text: always the same one for it in one database, and another one in another database. */
export type Fingerprint = (text: string) => Promise<string>

/**
 * Takes fingerprints (HMAC-SHA256) with a salt that is made once and kept in the database. It lets a phone number be known
 * again without being kept. Who has the whole database could still try all numbers one after the other.
 */
export function createFingerprint(connection: Connection): Fingerprint {
  const model = connection.model('salt', saltSchema)
  const find = async () => (await model.findById('fingerprints').lean())?.value
  const make = async () => {
    const found = await find()
    if (found !== undefined) return found
    await insertOnce(() => model.create({ _id: 'fingerprints', value: randomBytes(32).toString('hex'), schema: 1 }))
    const made = await find()
    if (made === undefined) throw new Error('the salt was made and is not there')
    return made
  }
  let salt: Promise<string> | undefined
  return async (text) => {
    salt ??= make().catch((error: unknown) => {
      salt = undefined
      throw error
    })
    return createHmac('sha256', await salt)
      .update(text)
      .digest('hex')
  }
}
