/** A candle as a double keeps it: its start in ms, open, high, low, close and volume. */
export type Row = readonly [number, number, number, number, number, number]

/** The rows that begin from `from` to `to` (ms), both included. */
export function rowsBetween(rows: readonly Row[] | undefined, from: number, to: number): readonly Row[] {
  return (rows ?? []).filter(([start]) => start >= from && start <= to)
}
