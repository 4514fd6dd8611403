import type { Collection } from 'mongoose'
import { gather } from './gather.ts'
import { UNAWAITED } from './unawaited.ts'

/** Fields of the document of an id: set, whether it is there or not. */
type Kept = { readonly id: string; readonly fields: Readonly<Record<string, unknown>> }

/**
 * Keeps documents of the first schema in a collection, those that are to be kept at the same moment in one request. Does not
 * wait for the database's journal: what is kept so is not to be what anything that matters rests on.
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
    await collection.bulkWrite(updates, { ...UNAWAITED, ordered: true, ignoreUndefined: true })
    return () => undefined
  })
}
