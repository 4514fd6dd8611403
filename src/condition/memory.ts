/**
 * What one part of a trigger must remember from look to look. `cross`: the last known side of the level, and whether it
 * was crossed the way that counts. `mark`: a value to count from (peak, bottom, the value when the alert was set) as
 * decimal text. Null before the first known look.
 */
export type Trace =
  | { readonly type: 'cross'; readonly side: 'above' | 'below' | null; readonly crossed: boolean }
  | { readonly type: 'mark'; readonly value: string | null }

/** The traces of a trigger, one for each crossing and trailing move, in the order they are written. Plain data. */
export type Memory = readonly Trace[]

/** What a trigger without crossings and trailing moves remembers. */
export const NOTHING: Memory = []
