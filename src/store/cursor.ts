/** The newest moment of the database's clock that a reader has seen in what it read, to read on from. */
export type Cursor = Date

/** Documents may become visible a little after the time they carry, ms: a writer that took longer writes again. */
export const OVERLAP = 2_000

/**
 * From which moment of the database's clock to read on, `elapsed` ms after the cursor was given. What carried a time
 * before the cursor and came late has come within `OVERLAP`, so what was read is read once more for that long only. The
 * cursor itself is never passed: however much time went by here, nothing tells what the writers' next time will be.
 */
export function lookFrom(cursor: Cursor, elapsed: number): Date {
  return new Date(cursor.getTime() - Math.max(0, OVERLAP - elapsed))
}

/** The newest moment in what was read, or the cursor it was read from where that is newer; null with neither. */
export function latest<From extends Cursor | null>(
  documents: readonly { updatedAt: Date }[],
  from: From,
): Cursor | From {
  return documents.reduce<Cursor | From>((last, { updatedAt }) => (last && last >= updatedAt ? last : updatedAt), from)
}
