/** The value of a condition at a moment. */
export type Truth = 'met' | 'unmet' | 'unknown'

/** The same as numbers, so that Kleene's logic is arithmetic: `not` is minus, `and` the least, `or` the greatest. */
export const UNMET = -1
/** As `UNMET`: between the two others. */
export const UNKNOWN = 0
/** As `UNMET`: the greatest. */
export const MET = 1

/** A compiled condition's answer as a word. */
export function wordOf(value: number): Truth {
  return value > 0 ? 'met' : value < 0 ? 'unmet' : 'unknown'
}
