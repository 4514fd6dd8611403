import type { Collection } from 'mongoose'
import { gather } from './gather.ts'

/** Fields of the document of an id: set, whether it is there or not. */
type Kept = { readonly id: string; readonly fields: Readonly<Record<string, unknown>> }

/**
 * Keeps documents of the first schema in a collection, those that are to be kept at the same moment in one request.
 * Resolves when they are in the database's journal.
 */
export function keeping(collection: Collection): (kept: Kept) => Promise<void> {
  return gather(async (all: readonly Kept[]) => {
    const updates = all.map(({ id, fields }) => ({
      updateOne: {
        filter: { _id: id as never },
        update: { $set: fields, $setOnInsert: { schema: 1 } },
        upsert: true,
      },
    }))
    // In their order: of two for one id the later one counts.
    await collection.bulkWrite(updates, { ordered: true, ignoreUndefined: true })
    return () => undefined
  })
}
