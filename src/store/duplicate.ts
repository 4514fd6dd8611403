import { mongo } from 'mongoose'

/** MongoDB's code for a second document under a unique key. */
const DUPLICATE_KEY = 11_000

/** Runs an insert; a document that is there already is no error. Other errors are thrown on. */
export async function insertOnce(insert: () => Promise<unknown>): Promise<void> {
  try {
    await insert()
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}

function isDuplicate(error: unknown): boolean {
  if (error instanceof mongo.MongoBulkWriteError) {
    const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors]
    return errors.length > 0 && errors.every((one) => one.code === DUPLICATE_KEY)
  }
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY
}
