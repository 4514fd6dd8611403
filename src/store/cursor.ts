/** Documents may become visible a little after the time they carry, ms: a writer that took longer writes again. */
export const OVERLAP = 2_000

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

/**
 * The cursor after a read that began at `readAt` and was answered at `seenAt` (ms, as in `Cursor`): of the newest moment in
 * what was read, or of the one it was read from where nothing was newer; null with neither.
 */
export function moveOn<From extends Cursor | null>(
  from: From,
  documents: readonly { updatedAt: Date }[],
  { readAt, seenAt }: { readonly readAt: number; readonly seenAt: number },
): Cursor | From {
  const newest = documents.reduce<Date | undefined>(
    (last, { updatedAt }) => (last && last >= updatedAt ? last : updatedAt),
    from?.newest,
  )
  if (!newest) return from
  return newest === from?.newest ? { ...from, readAt } : { newest, seenAt, readAt }
}
