import TinyQueue from 'tinyqueue'
import { dueAt, LATE_QUOTES } from '../alert/due.ts'
import { compileTriggers, lookAt, type Sight } from '../alert/look.ts'
import { type Evaluation, type Step, step } from '../alert/step.ts'
import type { Alert, Change } from '../alert/types.ts'
import { MET, UNKNOWN, UNMET } from '../condition/evaluate.ts'
import { messageOf } from '../errors.ts'
import type { Quote } from '../market/provider.ts'
import { type Book, type Held, timeOf } from './book.ts'

/** The alerts of a shard in memory, compiled, found by symbol. Times are ms on the clock of evaluation. */
export type WorkingSet = {
  /**
   * Takes an alert in, or its newer state; the next tick looks at it. One that is not to be watched is let go.
   * `awaySince`: the last moment at which somebody watched it, where that is not just now.
   */
  put(alert: Alert, awaySince?: number): void
  /** The revision held of an alert; undefined when it is not held. */
  revision(id: string): number | undefined
  ids(): Iterable<string>
  /** Symbols watched only since the last round: the next one wants their last quotes, whenever they came. */
  newSymbols(): readonly string[]
  drop(id: string): void
  readonly size: number
  /** How many times an alert was evaluated since the set was made. */
  looks(): number
  /**
   * One round: the quotes that changed and what became due up to `now`, in the order of their times, so that each timer
   * is looked at on the quotes of its own time. Gives the alerts that changed; each must be stored, or `put` again as it really is.
   */
  tick(quotes: readonly Quote[], now: number): Change[]
}

/** `grace`: how long (ms) an alert may be blind before it says so. `broken` hears of alerts that cannot be evaluated. */
export type SetOptions = { book: Book; grace: number; broken: (alert: Alert, why: string) => void }

type Entry = {
  alert: Alert
  readonly triggers: readonly (() => number)[]
  /** When to look although no quote changed; other timers of this entry in the queue are void. */
  timer: number
  /** Only a change of a side can make `step` do something. */
  calm: boolean
  /** Nobody has looked since this moment; undefined once somebody has. */
  awaySince: number | undefined
  /** It is being looked at as of times that are past: what was not seen then is not the market's silence but ours. */
  isCatchingUp: boolean
}

type Timer = { readonly at: number; readonly entry?: Entry; readonly held?: Held }

const NEVER = Number.POSITIVE_INFINITY

/** An empty working set. */
export function createWorkingSet({ book, grace, broken }: SetOptions): WorkingSet {
  const entries = new Map<string, Entry>()
  const bySymbol = new Map<string, Set<Entry>>()
  const timers = new TinyQueue<Timer>([], (a, b) => a.at - b.at)
  const stalenessTimed = new Set<Held>()
  const fresh = new Set<Entry>()
  /** Fresh ones that somebody looked at on newer quotes than ours: they wait until we have heard those. */
  const behind = new Set<Entry>()
  const unfilled = new Set<string>()
  /** Symbols that nobody watches since the last round; until the next one their quotes are still known. */
  const left = new Set<string>()
  let looks = 0
  let lookedUntil = 0

  const drop = (id: string) => {
    const entry = entries.get(id)
    if (!entry) return
    entries.delete(id)
    fresh.delete(entry)
    behind.delete(entry)
    entry.timer = NEVER
    for (const symbol of entry.alert.symbols) {
      const watching = bySymbol.get(symbol)
      watching?.delete(entry)
      if (watching?.size === 0) left.add(symbol)
    }
  }

  const watchSymbol = (symbol: string, entry: Entry) => {
    const watching = bySymbol.get(symbol)
    if (watching) return void watching.add(entry)
    bySymbol.set(symbol, new Set([entry]))
    unfilled.add(symbol)
  }

  const put = (alert: Alert, awaySince?: number) => {
    drop(alert.id)
    if (!isWatched(alert)) return
    try {
      const triggers = compileTriggers(alert, (symbol) => book.held(symbol).cell)
      const entry: Entry = { alert, triggers, timer: NEVER, calm: false, awaySince, isCatchingUp: true }
      entries.set(alert.id, entry)
      for (const symbol of alert.symbols) watchSymbol(symbol, entry)
      fresh.add(entry)
    } catch (error) {
      broken(alert, messageOf(error))
    }
  }

  const arm = (entry: Entry, now: number) => {
    const { alert } = entry
    entry.calm = isCalm(alert)
    // A clock of `for` stops at the close, and goes on at the open.
    const due = Math.min(dueAt(alert, grace) ?? NEVER, alert.clock === null ? NEVER : sessionEnd(entry, book, now))
    // What was due and is not settled by a look waits for the next quote.
    const timer = due > now ? due : NEVER
    if (timer !== entry.timer && timer < NEVER) timers.push({ at: timer, entry })
    entry.timer = timer
  }

  const apply = (entry: Entry, changes: Map<string, Change>, stepped: Step, now: number) => {
    const { alert } = entry
    if (stepped.alert !== alert || stepped.occurrences.length > 0) {
      const earlier = changes.get(alert.id)
      const after = entry.isCatchingUp ? withoutBlindness(stepped.alert) : stepped.alert
      entry.alert = { ...after, revision: alert.revision + 1 }
      const occurrences = [...(earlier?.occurrences ?? []), ...stepped.occurrences]
      changes.set(alert.id, { from: earlier?.from ?? alert.revision, alert: entry.alert, occurrences })
      if (!isWatched(entry.alert)) return drop(alert.id)
    }
    arm(entry, now)
  }

  /** `at`: the time of what is looked at; `now`: the time of the look. */
  const look = (entry: Entry, changes: Map<string, Change>, at: number, now: number, open: boolean) => {
    looks++
    if (entry.calm && isUnchanged(entry, at)) return
    const evaluation = lookAt(entry.alert, entry.triggers, (symbol) => sightOf(book.held(symbol)), at, open)
    apply(entry, changes, step(entry.alert, evaluation, now, grace), now)
    // The closing price comes after the close: it counts, but no clock runs on from it.
    const { clock } = entry.alert
    if (open && clock !== null && clock.since !== null && !isAnyOpen(entry, book, now))
      look(entry, changes, at, now, false)
  }

  /** A bug met in one alert takes down that alert alone. */
  const safely = (entry: Entry, work: () => void) => {
    try {
      work()
    } catch (error) {
      drop(entry.alert.id)
      broken(entry.alert, messageOf(error))
    }
  }

  const tryLook: typeof look = (entry, ...rest) => safely(entry, () => look(entry, ...rest))

  const runTimers = (changes: Map<string, Change>, now: number) => {
    for (let timer = timers.peek(); timer && timer.at <= now; timer = timers.peek()) {
      timers.pop()
      const { at, entry, held } = timer
      if (entry && entry.timer === at) {
        entry.timer = NEVER
        tryLook(entry, changes, at, at, isAnyOpen(entry, book, at))
      }
      if (!held) continue
      stalenessTimed.delete(held)
      if (held.staleAt > at) timeStaleness(held)
      else if (book.expire(held, at)) {
        for (const watching of bySymbol.get(held.cell.symbol) ?? [])
          if (!behind.has(watching)) tryLook(watching, changes, at, at, isAnyOpen(watching, book, at))
      }
    }
  }

  const hear = (quote: Quote) => {
    const isNews = book.hear(quote)
    timeStaleness(book.held(quote.symbol))
    return isNews
  }

  const timeStaleness = (held: Held) => {
    if (held.staleAt === NEVER || stalenessTimed.has(held)) return
    stalenessTimed.add(held)
    timers.push({ at: held.staleAt, held })
  }

  const missStretch = (entry: Entry, changes: Map<string, Change>, since: number) =>
    safely(entry, () => apply(entry, changes, step(entry.alert, unseen(entry.alert, since), since, grace), since))

  /**
   * An alert that came in since the last round is seen as it was when the newest quote came that we have by now; what it
   * has lived through already is not lived again.
   */
  const catchUp = (entry: Entry, changes: Map<string, Change>, now: number) => {
    const { awaySince = 0 } = entry
    if (awaySince > 0 && wasOpen(entry, book, awaySince, now)) missStretch(entry, changes, awaySince)
    const { until, seenAt = Number.NEGATIVE_INFINITY, lookedAt = 0 } = entry.alert
    const then = Math.min(Math.max(newestReceipt(entry, book) ?? now, awaySince, lookedAt), now)
    const isOver = until !== null && then >= until + LATE_QUOTES
    const at = isOver ? then : Math.min(newestTime(entry, book) ?? then, then)
    // A price of trading hours counts once, also after the close.
    const isNews = at > seenAt && (isAnyOpen(entry, book, at) || hasRegularQuote(entry, book))
    tryLook(entry, changes, at, then, isNews || isAnyOpen(entry, book, then))
  }

  /** From here on what cannot be seen is not our absence any more. */
  const endCatchingUp = (changes: Map<string, Change>, now: number) => {
    for (const entry of fresh) {
      entry.isCatchingUp = false
      const isBlind = entry.triggers.some((trigger) => trigger() === UNKNOWN)
      if (isBlind) tryLook(entry, changes, newestTime(entry, book) ?? now, now, isAnyOpen(entry, book, now))
    }
    fresh.clear()
  }

  const takeIn = (quotes: readonly Quote[], changes: Map<string, Change>, now: number) => {
    const touched = new Set<Entry>()
    for (const quote of quotes) {
      const watching = bySymbol.get(quote.symbol)
      if (!watching || !hear(quote)) continue
      for (const entry of watching) if (!behind.has(entry)) touched.add(entry)
    }
    for (const entry of touched) tryLook(entry, changes, newestTime(entry, book) ?? now, now, true)
  }

  const tick = (quotes: readonly Quote[], now: number) => {
    const changes = new Map<string, Change>()
    for (const symbol of left) if (bySymbol.get(symbol)?.size === 0) bySymbol.delete(symbol)
    left.clear()
    for (const quote of quotes) if (unfilled.has(quote.symbol)) hear(quote)
    unfilled.clear()
    for (const entry of fresh) if (isBehind(entry, book)) behind.add(entry)
    for (const entry of fresh) if (!behind.has(entry)) catchUp(entry, changes, now)
    for (const [receivedAt, group] of byReceipt(quotes)) {
      const then = Math.min(Math.max(receivedAt, lookedUntil), now)
      runTimers(changes, then)
      takeIn(group, changes, then)
    }
    for (const entry of behind) catchUp(entry, changes, now)
    behind.clear()
    runTimers(changes, now)
    endCatchingUp(changes, now)
    lookedUntil = now
    return [...changes.values()]
  }

  return {
    put,
    drop,
    tick,
    revision: (id) => entries.get(id)?.alert.revision,
    ids: () => entries.keys(),
    newSymbols: () => [...unfilled],
    get size() {
      return entries.size
    },
    looks: () => looks,
  }
}

function isWatched({ phase, paused }: Alert): boolean {
  return (phase === 'armed' || phase === 'pending') && !paused
}

function isCalm(alert: Alert): boolean {
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

function isUnchanged({ alert, triggers }: Entry, at: number): boolean {
  if (alert.until !== null && at > alert.until) return false
  for (let i = 0; i < triggers.length; i++) {
    const side = alert.triggers[i]?.side
    const truth = triggers[i]?.()
    if (!((truth === MET && side === 'met') || (truth === UNMET && side === 'unmet'))) return false
  }
  return true
}

function isAnyOpen({ alert }: Entry, book: Book, at: number): boolean {
  return alert.symbols.some((symbol) => book.isOpen(symbol, at))
}

/** Whether any of its markets may have traded between two moments: it was open at the first, or changed since. */
function wasOpen({ alert }: Entry, book: Book, from: number, to: number): boolean {
  return alert.symbols.some((symbol) => book.isOpen(symbol, from) || book.sessionEnd(symbol, from) < to)
}

function sessionEnd({ alert }: Entry, book: Book, now: number): number {
  return Math.min(...alert.symbols.map((symbol) => book.sessionEnd(symbol, now)))
}

/** Whether a provider said of any of its quotes that it is of regular trading, like a closing price that came late. */
function hasRegularQuote({ alert }: Entry, book: Book): boolean {
  return alert.symbols.some((symbol) => book.held(symbol).quote?.session === 'regular')
}

/** The time of the newest quote that an alert rests on; undefined while it has none. */
function newestTime({ alert }: Entry, book: Book): number | undefined {
  let newest: number | undefined
  for (const symbol of alert.symbols) {
    const { quote } = book.held(symbol)
    if (quote) newest = Math.max(newest ?? 0, timeOf(quote))
  }
  return newest
}

/** Quotes by the time we had them, the oldest first. */
function byReceipt(quotes: readonly Quote[]): [number, Quote[]][] {
  const groups = new Map<number, Quote[]>()
  for (const quote of quotes) {
    const group = groups.get(quote.receivedAt)
    if (group) group.push(quote)
    else groups.set(quote.receivedAt, [quote])
  }
  return [...groups].sort(([one], [other]) => one - other)
}

/** When we had the newest quote that an alert rests on; undefined while it has none. */
function newestReceipt({ alert }: Entry, book: Book): number | undefined {
  const receipts = alert.symbols.flatMap((symbol) => book.held(symbol).quote?.receivedAt ?? [])
  return receipts.length > 0 ? Math.max(...receipts) : undefined
}

/**
 * Somebody else looked at it on newer quotes than ours. On ours it would be taken back to its old side, and its edge
 * would come a second time with the newer ones.
 */
function isBehind(entry: Entry, book: Book): boolean {
  return (newestTime(entry, book) ?? 0) < (entry.alert.seenAt ?? 0)
}

/** A look at a moment of which nobody saw anything. */
function unseen({ triggers }: Alert, at: number): Evaluation {
  const nothing = { triggers: [], evidence: [] }
  return { at, open: false, truths: triggers.map(() => 'unknown'), describe: () => nothing }
}

function withoutBlindness(alert: Alert): Alert {
  return alert.blindSince === null || alert.blindTold ? alert : { ...alert, blindSince: null }
}

function sightOf({ cell, quote }: Held): Sight {
  return { cell, source: quote?.source ?? '', at: quote ? timeOf(quote) : 0 }
}
