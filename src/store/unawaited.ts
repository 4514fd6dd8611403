/**
 * For a write that does not wait for the database's journal: with the death of the database it may be lost for a tenth of a
 * second after it was acknowledged, unless one that waits comes after it. The journal has its order.
 */
export const UNAWAITED = { writeConcern: { w: 1, journal: false } } as const
