import type { Span } from './ast.ts'
import { Problem, quoted } from './errors.ts'

/** The least and the most a length of time may be, ms, and what to call them. */
export type Bounds = { readonly least: number; readonly most: number; readonly short: string; readonly long: string }

/** A length of time (ms) within bounds, in whole seconds. Throws a `Problem` at the place where it was typed. */
export function checkBounds(ms: number, bounds: Bounds, text: string, at: Span, tries: readonly string[]): number {
  const { least, most, short, long } = bounds
  if (ms >= least && ms <= most && ms % 1000 === 0) return ms
  const wrong =
    ms > most
      ? `too long; ${long} is the most`
      : ms < least
        ? `too short; ${short} is the least`
        : 'no whole number of seconds'
  throw new Problem(`${quoted(text, at)} is ${wrong}.`, at, tries)
}
