import type { Operator } from './ast.ts'
import { MET, UNKNOWN, UNMET } from './truth.ts'

/** A compiled part of a condition: `MET`, `UNMET` or `UNKNOWN` at the moment it is called. */
export type Compiled = () => number

/** What a comparison is where the left side is smaller than, equal to, larger than the right. */
export type Answers = readonly [smaller: number, equal: number, larger: number]

/** The answers of each operator. */
export const ANSWERS: Readonly<Record<Operator, Answers>> = {
  '>': [UNMET, UNMET, MET],
  '>=': [UNMET, MET, MET],
  '<': [MET, UNMET, UNMET],
  '<=': [MET, MET, UNMET],
  '=': [UNMET, MET, UNMET],
  '!=': [MET, UNMET, MET],
}

/** A comparison of which `order` gives the sign: below 0, 0 or above 0; NaN makes it unknown. */
export function answer(order: () => number, operator: Operator): Compiled {
  const [smaller, equal, larger] = ANSWERS[operator]
  return () => {
    const sign = order()
    return sign < 0 ? smaller : sign > 0 ? larger : sign === 0 ? equal : UNKNOWN
  }
}

/** Turned round. */
export function opposite(item: Compiled): Compiled {
  return () => 0 - item()
}

/** Met where both are. */
export function both(left: Compiled, right: Compiled): Compiled {
  return () => {
    const value = left()
    if (value === UNMET) return UNMET
    const other = right()
    return other < value ? other : value
  }
}

/** Met where one of them is. */
export function either(left: Compiled, right: Compiled): Compiled {
  return () => {
    const value = left()
    if (value === MET) return MET
    const other = right()
    return other > value ? other : value
  }
}
