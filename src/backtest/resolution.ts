import type { Content } from '../alert/change.ts'
import type { Condition, Expression } from '../condition/ast.ts'
import { duration, formatExpression } from '../condition/format.ts'
import { INTERVALS, type Interval } from '../condition/history.ts'
import { partsOf } from '../condition/parts.ts'
import { expressionsOf, leavesOf } from '../condition/symbols.ts'
import { UserError } from '../errors.ts'

const DAY = INTERVALS['1d']
/** The most candles of one symbol that are looked at. */
const MOST_STEPS = 20_000

/**
 * The intervals a backtest can look at, the finest first. `kept`: how far back (ms) candles of it are asked for; providers
 * keep them a little longer, so that there is something before the first look. `usual`: for which periods (ms) it is
 * taken where nothing asks for a finer one.
 */
const GRID = [
  { interval: '1m', said: '1-minute', kept: 6 * DAY, usual: 0 },
  { interval: '5m', said: '5-minute', kept: 50 * DAY, usual: 7 * DAY },
  { interval: '15m', said: '15-minute', kept: 50 * DAY, usual: 0 },
  { interval: '1h', said: 'hourly', kept: 700 * DAY, usual: 35 * DAY },
  { interval: '1d', said: 'daily', kept: Number.POSITIVE_INFINITY, usual: Number.POSITIVE_INFINITY },
] as const

/**
 * At which interval a period is looked at: as its length suggests, or finer where the condition speaks of shorter times
 * and such candles can be had at `now` (all in ms). Throws a `UserError` where it speaks of times shorter than any of them.
 */
export function resolutionFor(
  content: Pick<Content, 'condition' | 'options'>,
  { from, to }: { readonly from: number; readonly to: number },
  now: number,
): Interval {
  const possible = GRID.filter(
    ({ interval, kept }) => kept >= now - from && (interval === '1d' || to - from <= MOST_STEPS * INTERVALS[interval]),
  )
  const usual = content.options.atClose ? GRID.at(-1)! : possible.find((one) => to - from <= one.usual)!
  const shortest = shortestOf(content)
  if (shortest === undefined || shortest.ms >= INTERVALS[usual.interval]) return usual.interval
  if (content.options.atClose)
    throw new UserError(`"${shortest.text}" is shorter than a day, and "at close" looks once a day.`)
  const fine = possible.findLast(({ interval }) => INTERVALS[interval] <= shortest.ms)
  if (fine) return fine.interval
  throw new UserError(tooShort(shortest, possible[0]!))
}

/** A time that a condition speaks of, and how it is told. */
type Stretch = { readonly ms: number; readonly text: string }

/** The shortest time a condition must see within, if it speaks of any. */
function shortestOf({ condition, options }: Pick<Content, 'condition' | 'options'>): Stretch | undefined {
  const wait = options.for === undefined ? [] : [{ ms: options.for, text: `for ${duration(options.for)}` }]
  const parts = expressionsOf(condition).flatMap(partsOf)
  const all = [...wait, ...windowsOf(condition), ...parts.flatMap(stretchesOf)]
  return all.sort((one, other) => one.ms - other.ms)[0]
}

function windowsOf(condition: Condition): Stretch[] {
  return leavesOf(condition).flatMap((leaf) =>
    leaf.type === 'move' && 'ms' in leaf.since ? [{ ms: leaf.since.ms, text: `in ${duration(leaf.since.ms)}` }] : [],
  )
}

/** A function over candles must see each of them, or the length of time it is given. */
function stretchesOf(part: Expression): Stretch[] {
  if (part.type !== 'series') return []
  return [{ ms: part.span ?? INTERVALS[part.interval], text: formatExpression(part) }]
}

function tooShort({ ms, text }: Stretch, finest: (typeof GRID)[number]): string {
  const problem = `"${text}" is shorter than the ${finest.said} candles that I can look at over that time`
  const enough = GRID.findLast(({ interval }) => INTERVALS[interval] <= ms)
  return enough === undefined ? `${problem}.` : `${problem}. Take the last ${enough.kept / DAY} days or less.`
}
