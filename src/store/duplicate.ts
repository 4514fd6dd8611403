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

/**
 * Runs a write of several in their order: gives the place of the one whose document was there already, with which it ended;
 * undefined where all were written. Other errors are thrown on.
 */
export async function duplicateAt(write: () => Promise<unknown>): Promise<number | undefined> {
  try {
    await write()
    return undefined
  } catch (error) {
    if (!isDuplicate(error)) throw error
    return writeErrorsOf(error)[0]?.index
  }
}

function isDuplicate(error: unknown): boolean {
  if (!(error instanceof mongo.MongoBulkWriteError))
    return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY
  const errors = writeErrorsOf(error)
  return errors.length > 0 && errors.every((one) => one.code === DUPLICATE_KEY)
}

function writeErrorsOf(error: unknown): readonly mongo.WriteError[] {
  if (!(error instanceof mongo.MongoBulkWriteError)) return []
  return [error.writeErrors].flat()
}
