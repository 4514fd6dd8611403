import { type Connection, trusted } from 'mongoose'

/** Documents may become visible a little after the time they carry, ms: a writer that took longer writes again. */
export const OVERLAP = 2_000

/**
 * What the database's clock has come to. What carries a later time was written before that clock was set back: read on from
 * there, nothing that is written now would be found.
 */
export const NOT_AHEAD = { $lte: ['$updatedAt', '$$NOW'] }

/** How far something was read that goes on being written. */
export type Cursor = {
  /** The newest moment of the database's clock that was seen in what was read. */
  readonly newest: Date
  /** When that was seen first, and when the last read began, ms on a clock of our own that never runs back. */
  readonly seenAt: number
  readonly readAt: number
}

/**
 * From which moment of the database's clock to read on. What was not there yet at the last read, and carries a time before
 * the newest, is of `OVERLAP` before that read at most. The newest moment itself is never passed: however much time went by
 * here, nothing tells what the writers' next time will be.
 */
export function lookFrom({ newest, seenAt, readAt }: Cursor): Date {
  return new Date(newest.getTime() - Math.max(0, OVERLAP - Math.max(0, readAt - seenAt)))
}

/** Finds what was written since a cursor and a little before, and not ahead of the database's clock. */
export function writtenSince(cursor: Cursor) {
  return { updatedAt: trusted({ $gte: lookFrom(cursor) }), $expr: trusted(NOT_AHEAD) }
}

/** A cursor of now, ms on `monotonic`: what is written from here on is found from it. */
export async function cursorOfNow(connection: Connection, monotonic: () => number): Promise<Cursor> {
  const readAt = monotonic()
  const { localTime } = (await connection.db?.command({ hello: 1 })) ?? {}
  if (!(localTime instanceof Date)) throw new Error('the database does not tell its time')
  return { newest: localTime, readAt, seenAt: monotonic() }
}

/**
 * The cursor after a read that began at `readAt` and was answered at `seenAt` (ms, as in `Cursor`): of the newest moment in
 * what was read, or of the one it was read from where nothing was newer.
 */
export function moveOn(
  from: Cursor,
  documents: readonly { updatedAt: Date }[],
  { readAt, seenAt }: Pick<Cursor, 'readAt' | 'seenAt'>,
): Cursor {
  const newest = documents.reduce((last, { updatedAt }) => (last >= updatedAt ? last : updatedAt), from.newest)
  return newest === from.newest ? { ...from, readAt } : { newest, seenAt, readAt }
}
