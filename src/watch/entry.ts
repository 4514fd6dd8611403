import { compileTriggers, type Sight } from '../alert/look.ts'
import type { Alert } from '../alert/types.ts'
import type { Leaf } from '../condition/ast.ts'
import { MET, UNKNOWN, UNMET, type Watcher } from '../condition/evaluate.ts'
import type { Need } from '../condition/history.ts'
import { NOTHING } from '../condition/memory.ts'
import { tickerOf } from '../condition/name.ts'
import { leavesOf } from '../condition/symbols.ts'
import { type Book, type Held, timeOf } from './book.ts'
import { type Line, lineIn } from './line.ts'

/** An alert being watched. Times are ms. */
export type Entry = {
  alert: Alert
  readonly watchers: readonly Watcher[]
  /** The places of its symbols in its hours. */
  readonly helds: readonly Held[]
  /** The candles it looks at. */
  readonly lines: readonly Line[]
  /** Some trigger remembers something from look to look. */
  readonly remembers: boolean
  /** A quote that says nothing new can change it: it looks back over time, or compares symbols. */
  readonly isTimed: boolean
  /** Only the finished candle of the day is looked at. */
  readonly atClose: boolean
  /** When to look although no quote changed; other timers of this entry in the queue are void. */
  timer: number
  /** Only a change of a side or of what it remembers can make `step` do something. */
  calm: boolean
  /** Nobody has looked since this moment; undefined once somebody has. */
  awaySince: number | undefined
  /** It is being looked at as of times that are past: what was not seen then is not the market's silence but ours. */
  isCatchingUp: boolean
  /** Nobody watched from the last look on, and nothing new was heard yet: what is due meanwhile sees nothing. */
  isUnseen: boolean
}

const NEVER = Number.POSITIVE_INFINITY
/** Most alerts look at no candles; one list for all of those. */
const NO_LINES: readonly Line[] = []

/**
 * An alert compiled against a book. `apart`: how far apart (ms) quotes that are compared with each other may be.
 * Throws where the alert cannot be evaluated.
 */
export function createEntry(alert: Alert, book: Book, apart: number, awaySince: number | undefined): Entry {
  const atClose = alert.options.atClose === true
  const during = atClose ? 'regular' : alert.options.during
  const placeOf = (symbol: string) => book.held(symbol, during)
  const watchers = compileTriggers(alert, (symbol) => placeOf(symbol).cell, apart)
  const needs = needsOf(alert)
  const lines = needs.length === 0 ? NO_LINES : needs.map((need) => lineFor(placeOf(need.symbol), need))
  return {
    alert,
    watchers,
    helds: alert.symbols.length === 1 ? placeOf(alert.symbols[0]!).alone : alert.symbols.map(placeOf),
    lines,
    remembers: leavesOf(alert.condition).some(isRemembering),
    isTimed: lines.length > 0 || alert.symbols.length > 1,
    atClose,
    timer: NEVER,
    calm: false,
    awaySince,
    isCatchingUp: true,
    isUnseen: false,
  }
}

function lineFor(held: Held, { interval, count }: Need): Line {
  const line = lineIn(held, interval)
  line.count = Math.max(line.count, count)
  return line
}

function isRemembering(leaf: Leaf): boolean {
  return leaf.type === 'cross' || (leaf.type === 'move' && MARKED.has(leaf.since.type))
}

/** What a move is counted from that is remembered, not looked up. */
const MARKED: ReadonlySet<string> = new Set(['now', 'peak', 'bottom'])

/** At close the days are what tells when to look, also where only an hourly figure is looked at. */
function needsOf({ needs, symbols, options }: Alert): readonly Need[] {
  if (options.atClose !== true) return needs
  return [...needs, ...symbols.map((symbol) => ({ symbol, interval: '1d' as const, count: 1 }))]
}

/** Whether an alert is to be looked at at all. */
export function isWatched({ phase, paused }: Alert): boolean {
  return (phase === 'armed' || phase === 'pending') && !paused
}

/** Whether only a change of a side, or of what it remembers, can make `step` do something. */
export function isCalm(alert: Alert): boolean {
  return (
    alert.phase === 'armed' &&
    alert.snoozedUntil === null &&
    alert.cooldownUntil === null &&
    alert.blindSince === null &&
    alert.knownAt === null &&
    alert.options.for === undefined &&
    alert.triggers.every(({ held, running }) => !held && !running)
  )
}

/** Whether all sides are as they were, and all that is remembered, looked at as of `at`. */
export function isUnchanged({ alert, watchers, remembers }: Entry, at: number): boolean {
  if (alert.until !== null && at > alert.until) return false
  for (let i = 0; i < watchers.length; i++) {
    const side = alert.triggers[i]?.side
    const truth = watchers[i]!.truth()
    if (!((truth === MET && side === 'met') || (truth === UNMET && side === 'unmet'))) return false
    if (remembers && watchers[i]!.after(truth) !== (alert.triggers[i]?.memory ?? NOTHING)) return false
  }
  return true
}

/** Whether some trigger cannot be seen now. */
export function isBlind({ watchers }: Entry): boolean {
  return watchers.some((watcher) => watcher.truth() === UNKNOWN)
}

/** Whether any of its markets is open. At close nothing goes on between two closes but the time in which it is blind. */
export function isAnyOpen({ alert, helds, atClose }: Entry, book: Book, at: number): boolean {
  if (atClose) return alert.blindSince !== null
  return helds.some((held) => book.isOpen(held, at))
}

/** Whether any of its markets may have traded between two moments: it was open at the first, or changed since. */
export function wasOpen({ helds, atClose }: Entry, book: Book, from: number, to: number): boolean {
  return !atClose && helds.some((held) => book.isOpen(held, from) || book.sessionEnd(held, from) < to)
}

/** When the first of its markets' sessions ends. */
export function sessionEnd({ helds, atClose }: Entry, book: Book, now: number): number {
  return atClose ? NEVER : Math.min(...helds.map((held) => book.sessionEnd(held, now)))
}

/** Whether a provider said of any of its quotes that it is of regular trading, like a closing price that came late. */
export function hasRegularQuote({ helds }: Entry): boolean {
  return helds.some(({ quote }) => quote?.session === 'regular')
}

/** The time of the newest quote that an alert rests on; undefined while it has none. */
export function newestTime({ helds }: Entry): number | undefined {
  let newest: number | undefined
  for (const { quote } of helds) if (quote) newest = Math.max(newest ?? 0, timeOf(quote))
  return newest
}

/** When we had the newest quote that an alert rests on; undefined while it has none. */
export function newestReceipt({ helds }: Entry): number | undefined {
  let newest: number | undefined
  for (const { quote } of helds) if (quote) newest = Math.max(newest ?? 0, quote.receivedAt)
  return newest
}

/**
 * Somebody else looked at it on newer quotes than ours. On ours it would be taken back to its old side, and its edge
 * would come a second time with the newer ones.
 */
export function isBehind(entry: Entry): boolean {
  return !entry.atClose && (newestTime(entry) ?? 0) < (entry.alert.seenAt ?? 0)
}

/** What an alert sees of its symbols; at close as of the end of their last day. */
export function sightsOf({ atClose, alert }: Entry, book: Book): (symbol: string) => Sight {
  if (atClose) return (symbol) => closingSight(book.held(symbol))
  return (symbol) => sightOf(book.held(symbol, alert.options.during))
}

function sightOf({ cell, quote }: Held): Sight {
  const late = quote?.delay === undefined ? {} : { delay: quote.delay }
  return { cell, source: quote?.source ?? '', at: quote ? timeOf(quote) : 0, ...late }
}

function closingSight({ cell, lines }: Held): Sight {
  const past = lines.find(isDaily)?.past
  return { cell, source: past?.source ?? '', at: Math.max(0, past?.closedAt ?? 0) }
}

/**
 * The end of the day that an alert at close is still to be looked at for; undefined where there is none. Days that could
 * not be had are looked at `now`, as unknown.
 */
export function newClose(entry: Entry, now: number): number | undefined {
  const { seenAt = Number.NEGATIVE_INFINITY, triggers, blindTold } = entry.alert
  const at = missingDay(entry) === undefined ? lastClose(entry) : now
  const isNew = at !== undefined && (at > seenAt || blindTold || triggers.some(({ side }) => side === null))
  return isNew ? at : undefined
}

/**
 * From when on all the days could be known (ms) that an alert at close rests on; undefined while some are not here, or
 * could not be had.
 */
export function daysKnownAt(entry: Entry): number | undefined {
  if (missingDay(entry) !== undefined || lastClose(entry) === undefined) return undefined
  return Math.max(...entry.lines.filter(isDaily).map(({ past }) => past?.knownAt ?? 0))
}

/**
 * Why an alert that knows of a split is not to be looked at: what is here of the stock is of before it, so of old shares.
 * Undefined where that is not so.
 */
export function oldShares({ alert, helds, lines, atClose }: Entry): string | undefined {
  const { splits } = alert
  if (splits === undefined) return undefined
  const timeHere = (symbol: string): number => {
    if (atClose) return lines.find((line) => line.symbol === symbol && isDaily(line))?.past?.closedAt ?? 0
    const quote = helds.find((held) => held.symbol === symbol)?.quote
    return quote ? timeOf(quote) : Number.POSITIVE_INFINITY
  }
  const isOld = (line: Line, symbol: string, toldAt: number) => line.symbol === symbol && (line.past?.at ?? 0) < toldAt
  for (const { symbol, from, toldAt } of splits) {
    if (timeHere(symbol) < from) return `There is no price of ${tickerOf(symbol)} since its split.`
    if (lines.some((line) => isOld(line, symbol, toldAt)))
      return `The history of ${tickerOf(symbol)} is of before its split.`
  }
  return undefined
}

/** Why the days of an alert at close could not be had; undefined while they could. */
export function missingDay({ lines }: Entry): string | undefined {
  return lines.find(({ past }) => past?.why !== undefined)?.past?.why
}

/**
 * The end of the newest day that is over for any of its symbols. Undefined while a day that should be over by then is
 * missing for another: they are not to be compared across days.
 */
function lastClose({ lines }: Entry): number | undefined {
  const pasts = lines.filter(isDaily).map(({ past, isHere }) => (isHere ? past : undefined))
  const newest = Math.max(...pasts.map((past) => past?.closedAt ?? Number.NEGATIVE_INFINITY))
  const isComplete = pasts.every((past) => past && (past.closedAt === newest || past.closesNext > newest))
  return isComplete && newest > 0 ? newest : undefined
}

function isDaily({ interval }: Line): boolean {
  return interval === '1d'
}
