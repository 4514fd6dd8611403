import TinyQueue from 'tinyqueue'
import { dueAt, LATE_QUOTES } from '../alert/due.ts'
import { graceOf } from '../alert/grace.ts'
import { lookAt, recall } from '../alert/look.ts'
import { type Evaluation, type Step, step } from '../alert/step.ts'
import type { Alert, Change } from '../alert/types.ts'
import { messageOf } from '../errors.ts'
import type { Past, Want } from '../market/history.ts'
import type { Quote } from '../market/provider.ts'
import type { Book, Held } from './book.ts'
import {
  createEntry,
  daysKnownAt,
  type Entry,
  hasRegularQuote,
  isAnyOpen,
  isBehind,
  isBlind,
  isCalm,
  isUnchanged,
  isWatched,
  missingDay,
  newClose,
  newestReceipt,
  newestTime,
  oldShares,
  sessionEnd,
  sightsOf,
  wasOpen,
} from './entry.ts'
import { forgetLine, isOfOtherShares, type Line, takePast } from './line.ts'
import { momentsOf } from './moments.ts'

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
  /** The candles that its alerts look at, wanted for the round at `now`. */
  wants(now: number): Want[]
  drop(id: string): void
  readonly size: number
  /** How many times an alert was evaluated since the set was made. */
  looks(): number
  /**
   * One round: the quotes that changed, the candles that are here and what became due up to `now`, in the order of their
   * times, so that each timer is looked at on the quotes of its own time. Candles that it has heard already are no news.
   * Gives the alerts that changed; each must be stored, or `put` again as it really is.
   */
  tick(quotes: readonly Quote[], now: number, pasts?: readonly Past[]): Change[]
}

/**
 * `grace`: how long (ms) an alert may be blind before it says so, one on crypto alone half as long. `apart`: how far apart
 * (ms) quotes that are compared with each other may have been received. `broken` hears of alerts that cannot be evaluated.
 */
export type SetOptions = { book: Book; grace: number; apart: number; broken: (alert: Alert, why: string) => void }

type Timer = { readonly at: number; readonly entry?: Entry; readonly held?: Held }

/** Who looks at a place: at each change of its quote, at each quote whatever it says, and at its finished days alone. */
type Watching = { readonly live: Set<Entry>; readonly timed: Set<Entry>; readonly closing: Set<Entry> }

const NEVER = Number.POSITIVE_INFINITY
/** A time in which nobody watched is longer than this: shorter is the usual pause between two rounds, ms. */
export const AWAY = 15_000

/** An empty working set. */
export function createWorkingSet({ book, grace, apart, broken }: SetOptions): WorkingSet {
  const entries = new Map<string, Entry>()
  const byHeld = new Map<Held, Watching>()
  const lines = new Set<Line>()
  const timers = new TinyQueue<Timer>([], (a, b) => a.at - b.at)
  const stalenessTimed = new Set<Held>()
  const fresh = new Set<Entry>()
  /** Fresh ones that somebody looked at on newer quotes than ours: they wait until we have heard those. */
  const behind = new Set<Entry>()
  const unfilled = new Set<Held>()
  /** What nobody watches since the last round; until the next one its quotes and candles are still known. */
  const left = new Set<Held>()
  let looks = 0
  let lookedUntil = 0

  const drop = (id: string) => {
    const entry = entries.get(id)
    if (!entry) return
    entries.delete(id)
    fresh.delete(entry)
    behind.delete(entry)
    entry.timer = NEVER
    for (const line of entry.lines) line.users -= 1
    for (const held of entry.helds) {
      const watching = byHeld.get(held)
      if (watching) for (const some of Object.values(watching)) some.delete(entry)
      left.add(held)
    }
  }

  const watchPlace = (held: Held, entry: Entry) => {
    const known = byHeld.get(held)
    const watching = known ?? { live: new Set(), timed: new Set(), closing: new Set() }
    if (!known) {
      byHeld.set(held, watching)
      unfilled.add(held)
    }
    if (entry.atClose) watching.closing.add(entry)
    else watching.live.add(entry)
    if (entry.isTimed && !entry.atClose) watching.timed.add(entry)
  }

  const put = (alert: Alert, awaySince?: number) => {
    drop(alert.id)
    if (!isWatched(alert)) return
    try {
      const entry = createEntry(alert, book, apart, awaySince)
      entries.set(alert.id, entry)
      for (const held of entry.helds) watchPlace(held, entry)
      for (const line of entry.lines) {
        line.users += 1
        lines.add(line)
      }
      fresh.add(entry)
    } catch (error) {
      broken(alert, messageOf(error))
    }
  }

  const forgetLeft = () => {
    for (const held of left) {
      for (const line of held.lines.filter(({ users }) => users === 0)) {
        forgetLine(held, line)
        lines.delete(line)
      }
      const watching = byHeld.get(held)
      if (watching && watching.live.size + watching.closing.size === 0) {
        byHeld.delete(held)
        book.forget(held)
      }
    }
    left.clear()
  }

  const arm = (entry: Entry, now: number) => {
    const { alert } = entry
    entry.calm = isCalm(alert)
    // A clock of `for` stops at the close, and goes on at the open.
    const due = Math.min(
      dueAt(alert, graceOf(alert, grace)) ?? NEVER,
      alert.clock === null ? NEVER : sessionEnd(entry, book, now),
    )
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
      if (entry.remembers) recall(entry.watchers, entry.alert)
    }
    arm(entry, now)
  }

  const evaluate = (entry: Entry, at: number, open: boolean, missing: string | undefined): Evaluation => {
    if (entry.isUnseen) return unseen(entry.alert, at)
    if (missing !== undefined) return { ...unseen(entry.alert, at), open, why: missing }
    const { seenAt, ...seen } = lookAt(entry.alert, entry.watchers, sightsOf(entry, book), { at, open, apart })
    // What is due between two closes is no look at the days that are here by then: one of another symbol may be to come.
    return seenAt === undefined || (entry.atClose && !open) ? seen : { ...seen, seenAt }
  }

  /** `at`: the time of what is looked at; `now`: the time of the look. */
  const look = (entry: Entry, changes: Map<string, Change>, at: number, now: number, open: boolean) => {
    looks++
    const old = oldShares(entry)
    const missing = old ?? (entry.atClose ? missingDay(entry) : undefined)
    if (missing === undefined && entry.calm && isUnchanged(entry, at)) return
    // The next close may be a day away: until then nothing is wrong.
    const isOpen = open && !(entry.atClose && old !== undefined)
    const stepped = step(entry.alert, evaluate(entry, at, isOpen, missing), now, graceOf(entry.alert, grace))
    apply(entry, changes, stepped, now)
    // With a firing a peak begins anew, so that what fired is not met any more: the very next quote can fire it again.
    if (entry.remembers && entries.has(entry.alert.id) && stepped.occurrences.some(({ kind }) => kind === 'fired'))
      look(entry, changes, at, now, open)
    // The closing price comes after the close: it counts, but no clock runs on from it.
    const { clock } = entry.alert
    if (open && clock !== null && clock.since !== null && !isAnyOpen(entry, book, now))
      look(entry, changes, at, now, false)
  }

  /** A bug met in one alert takes down that alert alone. */
  const takeDown = (entry: Entry, error: unknown) => {
    drop(entry.alert.id)
    broken(entry.alert, messageOf(error))
  }

  const safely = (entry: Entry, work: () => void) => {
    try {
      work()
    } catch (error) {
      takeDown(entry, error)
    }
  }

  // As `safely` does, but written out: it is the hot path, and makes no function for each look.
  const tryLook: typeof look = (entry, changes, at, now, open) => {
    try {
      look(entry, changes, at, now, open)
    } catch (error) {
      takeDown(entry, error)
    }
  }

  const lookOnTime = (entry: Entry, changes: Map<string, Change>, at: number) => {
    // At close something may have waited for this moment since a close.
    const close = entry.atClose ? newClose(entry, at) : undefined
    if (close !== undefined) tryLook(entry, changes, close, at, true)
    if (entries.get(entry.alert.id) === entry) tryLook(entry, changes, at, at, isAnyOpen(entry, book, at))
  }

  const runTimers = (changes: Map<string, Change>, now: number) => {
    for (let timer = timers.peek(); timer && timer.at <= now; timer = timers.peek()) {
      timers.pop()
      const { at, entry, held } = timer
      if (entry && entry.timer === at) {
        entry.timer = NEVER
        lookOnTime(entry, changes, at)
      }
      if (!held) continue
      stalenessTimed.delete(held)
      if (held.staleAt > at) timeStaleness(held)
      else if (book.expire(held, at)) {
        for (const watching of byHeld.get(held)?.live ?? [])
          if (!behind.has(watching)) tryLook(watching, changes, at, at, isAnyOpen(watching, book, at))
      }
    }
  }

  const timeStaleness = (held: Held) => {
    if (held.staleAt === NEVER || stalenessTimed.has(held)) return
    stalenessTimed.add(held)
    timers.push({ at: held.staleAt, held })
  }

  const hear = (held: Held, quote: Quote) => {
    const hearing = book.hear(held, quote)
    timeStaleness(held)
    return hearing
  }

  /** The last quotes of what is watched only since the last round. */
  const fill = (quotes: readonly Quote[]) => {
    if (unfilled.size === 0) return
    for (const quote of quotes)
      for (const held of book.placesOf(quote.symbol)) if (unfilled.has(held)) hear(held, quote)
    unfilled.clear()
  }

  const missStretch = (entry: Entry, changes: Map<string, Change>, since: number) =>
    safely(entry, () =>
      apply(entry, changes, step(entry.alert, unseen(entry.alert, since), since, graceOf(entry.alert, grace)), since),
    )

  /** Where nobody was there at what is heard last, nothing is seen from there on either, until something new is heard. */
  const missRest = (entry: Entry, changes: Map<string, Change>, since: number) => {
    if (entries.get(entry.alert.id) !== entry) return
    missStretch(entry, changes, since)
    entry.isUnseen = true
  }

  /**
   * An alert that came in since the last round, or whose candles did, is seen as it was when the newest quote came that
   * we have by now (at close, when its days could be known), or at `earliest`; what it has lived through already is not
   * lived again.
   */
  const catchUp = (entry: Entry, changes: Map<string, Change>, now: number, earliest = 0) => {
    const { awaySince = 0 } = entry
    entry.awaySince = undefined
    entry.isUnseen = false
    const { until, seenAt = Number.NEGATIVE_INFINITY, lookedAt = 0 } = entry.alert
    const known = entry.atClose ? daysKnownAt(entry) : newestReceipt(entry)
    const then = Math.min(Math.max(known ?? now, awaySince, lookedAt, earliest), now)
    if (entry.atClose) return lookAtClose(entry, changes, then)
    const isAway = awaySince > 0 && wasOpen(entry, book, awaySince, now)
    if (isAway) missStretch(entry, changes, awaySince)
    const isOver = until !== null && then >= until + LATE_QUOTES
    const at = isOver ? then : Math.min(newestTime(entry) ?? then, then)
    // A price of trading hours counts once, also after the close.
    const isNews = at > seenAt && (isAnyOpen(entry, book, at) || hasRegularQuote(entry))
    tryLook(entry, changes, at, then, isNews || isAnyOpen(entry, book, then))
    if (isAway && now - then > AWAY) missRest(entry, changes, then)
  }

  /** Each finished day counts once, whenever it came; without a new one only what is due is looked at. */
  const lookAtClose = (entry: Entry, changes: Map<string, Change>, now: number) => {
    const at = newClose(entry, now)
    const isDue = (dueAt(entry.alert, graceOf(entry.alert, grace)) ?? NEVER) <= now
    if (at !== undefined) tryLook(entry, changes, at, now, true)
    else if (isDue || entry.alert.blindSince !== null) tryLook(entry, changes, now, now, false)
    else safely(entry, () => arm(entry, now))
  }

  /** From here on what cannot be seen is not our absence any more. */
  const endCatchingUp = (changes: Map<string, Change>, now: number) => {
    for (const entry of fresh) {
      const { isUnseen } = entry
      entry.isCatchingUp = false
      entry.isUnseen = false
      if (!entry.atClose && (isUnseen || isBlind(entry)))
        tryLook(entry, changes, newestTime(entry) ?? now, now, isAnyOpen(entry, book, now))
    }
    fresh.clear()
  }

  /** Takes quotes into the book, and gives the alerts that they touch. */
  const takeQuotes = (quotes: readonly Quote[]): Set<Entry> => {
    const touched = new Set<Entry>()
    for (const quote of quotes) {
      for (const held of book.placesOf(quote.symbol)) {
        const watching = byHeld.get(held)
        const hearing = watching ? hear(held, quote) : 'ignored'
        if (!watching || hearing === 'ignored') continue
        for (const entry of hearing === 'news' ? watching.live : watching.timed)
          if (!behind.has(entry)) touched.add(entry)
      }
    }
    return touched
  }

  /** What is here of other shares is as good as not here. */
  const isWaitedFor = (line: Line, past: Past) => !line.isHere || isOfOtherShares(line, past)

  /** Takes candles into the lines that are (not) here yet, and gives the alerts that look at those. */
  const takePasts = (pasts: readonly Past[], isHere: boolean): Set<Entry> => {
    const touched = new Set<Entry>()
    for (const past of pasts) {
      for (const held of book.placesOf(past.symbol)) {
        const line = held.lines.find(({ interval }) => interval === past.interval)
        const watching = byHeld.get(held)
        if (!line || !watching || isWaitedFor(line, past) === isHere || !takePast(line, past, held.quote)) continue
        for (const some of [watching.live, watching.closing])
          for (const entry of some) if (entry.lines.includes(line) && !behind.has(entry)) touched.add(entry)
      }
    }
    return touched
  }

  const isUnheard = (past: Past) =>
    book
      .placesOf(past.symbol)
      .some(({ lines }) => lines.some((line) => line.interval === past.interval && line.past !== past))

  const lookOnCandles = (entry: Entry, changes: Map<string, Change>, now: number) => {
    if (entry.atClose) lookAtClose(entry, changes, now)
    else tryLook(entry, changes, newestTime(entry) ?? now, now, isAnyOpen(entry, book, now))
  }

  const lookOnQuotes = (entry: Entry, changes: Map<string, Change>, then: number) =>
    tryLook(entry, changes, newestTime(entry) ?? then, then, true)

  /** A look at what came at `then`; where nobody was there, that is all that is seen up to `now` or to what comes next. */
  const seeAgain = (
    entry: Entry,
    changes: Map<string, Change>,
    then: number,
    now: number,
    lookThen: typeof lookOnQuotes,
  ) => {
    const { isUnseen } = entry
    entry.isUnseen = false
    lookThen(entry, changes, then)
    if (isUnseen && now - then > AWAY) missRest(entry, changes, then)
  }

  const tick = (quotes: readonly Quote[], now: number, candles: readonly Past[] = []) => {
    const changes = new Map<string, Change>()
    const pasts = candles.filter(isUnheard)
    forgetLeft()
    fill(quotes)
    const completed = takePasts(pasts, false)
    for (const entry of fresh) if (isBehind(entry)) behind.add(entry)
    for (const entry of fresh) if (!behind.has(entry)) catchUp(entry, changes, now)
    for (const moment of momentsOf(quotes, pasts)) {
      const then = Math.min(Math.max(moment.at, lookedUntil), now)
      runTimers(changes, then)
      for (const entry of takePasts(moment.pasts, true)) seeAgain(entry, changes, then, now, lookOnCandles)
      const touched = takeQuotes(moment.quotes)
      // Some candles wait for the first quote of their symbol.
      for (const entry of takePasts(pasts, false)) completed.add(entry)
      for (const entry of touched) seeAgain(entry, changes, then, now, lookOnQuotes)
    }
    for (const entry of behind) catchUp(entry, changes, now)
    for (const entry of completed) if (!fresh.has(entry)) catchUp(entry, changes, now, now)
    behind.clear()
    runTimers(changes, now)
    endCatchingUp(changes, now)
    lookedUntil = now
    return [...changes.values()]
  }

  const wants = (now: number): Want[] => {
    const wanted: Want[] = []
    for (const line of lines) {
      if (line.users === 0) continue
      line.since ??= now
      const { symbol, interval, count, since } = line
      wanted.push({ symbol, interval, count, since })
    }
    return wanted
  }

  return {
    put,
    drop,
    wants,
    tick,
    revision: (id) => entries.get(id)?.alert.revision,
    ids: () => entries.keys(),
    newSymbols: () => [...new Set([...unfilled].map(({ symbol }) => symbol))],
    get size() {
      return entries.size
    },
    looks: () => looks,
  }
}

/** A look at a moment of which nobody saw anything. */
function unseen({ triggers }: Alert, at: number): Evaluation {
  const nothing = { triggers: [], evidence: [] }
  return { at, open: false, truths: triggers.map(() => 'unknown'), describe: () => nothing }
}

function withoutBlindness(alert: Alert): Alert {
  return alert.blindSince === null || alert.blindTold ? alert : { ...alert, blindSince: null }
}
