import { UserError } from '../errors.ts'

/** What a reader found: its value and the rest of the arguments. */
export type Read<T> = { readonly value: T; readonly rest: string }

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const LONGEST = 366 * 86_400_000

/** Reads an alert's number: `7`, `#7`. Throws with a sentence that shows how the command is typed. */
export function readNumber(args: string, usage: string): Read<number> {
  const match = /^#?(\d{1,9})\b\s*/.exec(args)
  if (match) return { value: Number(match[1]), rest: args.slice(match[0].length) }
  const problem = args === '' ? 'Which alert?' : `"${shorten(args)}" is not the number of an alert.`
  throw new UserError(`${problem} Type its number, as in ${usage}; list shows them.`, { suggestion: usage })
}

/** Which alerts a person means: one, several, or all of theirs. */
export type Which = number | readonly number[] | 'all'

/**
 * Reads which alerts are meant: `7`, `3 4`, `3, 4 and 7`, `all`. Throws with a sentence that shows how the command is
 * typed.
 */
export function readWhich(args: string, usage: string): Read<Which> {
  const all = /^(?:all|everything)\b\s*/i.exec(args)
  if (all) return { value: 'all', rest: args.slice(all[0].length) }
  const first = readNumber(args, usage)
  const numbers = [first.value]
  let { rest } = first
  for (let next = ANOTHER.exec(rest); next; next = ANOTHER.exec(rest)) {
    numbers.push(Number(next[1]))
    rest = rest.slice(next[0].length)
  }
  const [only, ...others] = new Set(numbers)
  return { value: others.length === 0 ? only! : [only!, ...others], rest }
}

const ANOTHER = /^(?:,|and\b)?\s*#?(\d{1,9})\b\s*/i

/** Reads an alert's number or none, and a page: `7 page 2`, `page 2`, `7`; the first page where none is named. Throws a sentence. */
export function readPage(args: string, usage: string): { readonly number?: number; readonly page: number } {
  const match = /^(?:#?(\d{1,9}))?\s*(?:page\s+(\d{1,6}))?$/i.exec(args.trim())
  if (!match) return { number: readNumber(args, usage).value, page: 1 }
  const [, number, page = '1'] = match
  return { ...(number === undefined ? {} : { number: Number(number) }), page: Math.max(1, Number(page)) }
}

/** Reads a duration such as `2h`, `1h30m`, `45 minutes`; gives ms. Throws a sentence when it is none, or over a year. */
export function readDuration(args: string, usage: string): Read<number> {
  const pattern =
    /^(?:for\s+)?((?:\d+(?:\.\d+)?\s*(?:weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\s*)+)(?:\b|$)/i
  const match = pattern.exec(args)
  if (!match) {
    const problem = args === '' ? 'For how long?' : `"${shorten(args)}" is not a length of time.`
    throw new UserError(`${problem} Type it like 30m, 2h or 1d, as in ${usage}.`, { suggestion: usage })
  }
  const parts = [...match[1]!.matchAll(/(\d+(?:\.\d+)?)\s*([a-z])[a-z]*/gi)]
  const value = Math.round(parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!.toLowerCase()]!, 0))
  if (value < 1_000 || value > LONGEST)
    throw new UserError('That must be between a second and a year.', { suggestion: usage })
  return { value, rest: args.slice(match[0].length).trim() }
}

/** Text of a person's, short enough to quote. */
export function shorten(text: string, length = 40): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ')
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`
}
