import { type Content, create } from './alert/change.ts'
import { dueAt } from './alert/due.ts'
import { compileTriggers, lookAt, recall, type Sight } from './alert/look.ts'
import { type Evaluation, isActive, step } from './alert/step.ts'
import type { Alert, Evidence, Occurrence } from './alert/types.ts'
import { createScene, type Hours, type Moment, type Scene } from './backtest/scene.ts'
import { touchesOf } from './backtest/touches.ts'

/** From when to when (ms, both included) an alert is taken to have been on. */
export type Period = { readonly from: number; readonly to: number }

/** What a backtest must know of markets. `apart`: how far apart (ms) quotes that are compared may have been received. */
export type BacktestPorts = { readonly hours: Hours; readonly apart: number }

/** One time an alert would have fired. */
export type Firing = {
  /** Ms since 1970. */
  readonly at: number
  /** The triggers that became true, as canonical text. */
  readonly triggers: readonly string[]
  readonly evidence: readonly Evidence[]
  /** What each symbol of the alert cost then, by canonical name; decimal text. */
  readonly prices: Readonly<Record<string, string>>
}

/** What would have come of an alert. */
export type Outcome = {
  readonly firings: readonly Firing[]
  /** At how many moments it was looked at. */
  readonly looks: number
  /** At how many of them some trigger could not be seen. */
  readonly unseen: number
  /** Why, in words a person may read; of the last of them. */
  readonly why?: string
  /**
   * How many more times at most it became true between two looks, by the highs and lows of candles. Left out where these
   * cannot tell: for anything but prices against numbers, with `for`, at the close, and for quotes.
   */
  readonly touched?: number
}

/** Nobody is told of blindness here: it is counted. */
const GRACE = Number.POSITIVE_INFINITY
const NEVER = Number.POSITIVE_INFINITY

/**
 * Lives through the past with an alert, as it would have lived: the same looks, the same steps, its timers at their own
 * time. What was heard by `period.from` is its baseline. An alert that would be done after its first firing is lived on
 * with as one that repeats, as the question is how often it would have become true. Moments are in the order of time,
 * those before `from` among them. Yields after each, so that whoever runs it can let others have their turn.
 */
export function* backtest(
  content: Content,
  moments: Iterable<Moment>,
  period: Period,
  ports: BacktestPorts,
): Generator<void, Outcome> {
  const life = createLife(content, period.from, ports)
  for (const moment of moments) {
    if (moment.at > period.to || life.isOver()) break
    if (moment.at > period.from) life.begin()
    life.runTimers(moment.at)
    life.take(moment)
    yield
  }
  life.begin()
  life.runTimers(period.to)
  return life.outcome()
}

/** An alert that is being lived with. */
type Life = {
  /** From here on it is looked at; once begun, does nothing. */
  begin(): void
  /** What was due up to this time (ms), each at its own time. */
  runTimers(until: number): void
  take(moment: Moment): void
  isOver(): boolean
  outcome(): Outcome
}

function createLife(content: Content, from: number, { hours, apart }: BacktestPorts): Life {
  const scene = createScene(content, hours)
  const touches = touchesOf(content)
  const firings: Firing[] = []
  let alert = newborn(content, from)
  const watchers = compileTriggers(alert, (symbol) => scene.sightOf(symbol).cell, apart)
  const isAtClose = content.options.atClose === true
  const next = () => Math.min(timer, scene.nextStale(), scene.nextEnd())
  let isBegun = false
  let timer = NEVER
  let seen: Seen = { looks: 0, unseen: 0 }

  /** `at`: the time of what is looked at, and of the look. */
  const look = (at: number, open: boolean) => {
    const evaluation = lookAt(alert, watchers, scene.sightOf, { at, open, apart })
    const { alert: next, occurrences } = step(alert, evaluation, at, GRACE)
    if (next !== alert) recall(watchers, next)
    alert = next
    const fired = occurrences.filter(({ kind }) => kind === 'fired')
    firings.push(...fired.map((one) => firingOf(one, content, scene.sightOf)))
    timer = nextTimer(alert, at, scene)
    // With a firing a peak begins anew, so that what fired is not met any more: the very next quote can fire it again.
    if (fired.length > 0 && remembers(alert) && isActive(alert)) look(at, open)
    // The closing price comes at the close: it counts, but no clock runs on from it.
    if (open && alert.clock !== null && alert.clock.since !== null && !scene.isOpen(at)) look(at, false)
    return evaluation
  }

  const lookAndCount = (moment: Moment) => {
    const before = alert.triggers.map(({ side }) => side)
    const evaluation = look(moment.at, true)
    seen = counted(seen, evaluation, touches?.(moment, before, evaluation.truths))
  }

  const pass = (at: number) => {
    scene.expire(at)
    return scene.finish(at)
  }

  /** Each change that is due at this time is looked at by itself, the alert's own timer on what was known before. */
  const reach = (at: number) => {
    if (timer <= at) look(at, !isAtClose && scene.isOpen(at))
    if (isAtClose) return void (pass(at) && lookAndCount({ at, quotes: [] }))
    for (const [due, change] of [
      [scene.nextStale, scene.expire],
      [scene.nextEnd, scene.finish],
    ] as const) {
      if (due() > at) continue
      change(at)
      look(at, scene.isOpen(at))
    }
  }

  return {
    begin() {
      if (isBegun) return
      isBegun = true
      pass(from)
      look(from, true)
    },
    runTimers(until) {
      for (let at = next(); isBegun && at <= until && isActive(alert); at = next()) reach(at)
    },
    take(moment) {
      const isNews = scene.hear(moment)
      // Recorded quotes make a day, which is looked at when it is over.
      if (isBegun && isNews && !(isAtClose && moment.sheets === undefined)) lookAndCount(moment)
    },
    isOver: () => !isActive(alert),
    outcome: () => ({ firings, ...seen }),
  }
}

type Seen = Omit<Outcome, 'firings'>

/** What was seen by a look more. `touched`: what may have happened on the way to it; undefined where nobody can tell. */
function counted(seen: Seen, { truths, why }: Evaluation, touched: number | undefined): Seen {
  const isUnseen = truths.includes('unknown')
  return {
    ...seen,
    looks: seen.looks + 1,
    unseen: seen.unseen + (isUnseen ? 1 : 0),
    ...(isUnseen && why !== undefined ? { why } : {}),
    ...(touched === undefined ? {} : { touched: (seen.touched ?? 0) + touched }),
  }
}

/** The alert as it would have been set at `from` (ms). */
function newborn(content: Content, from: number): Alert {
  const mode = content.options.mode === 'once' ? 'repeat' : content.options.mode
  const options = { ...content.options, mode }
  const origin = { id: 'backtest', user: '', subscription: '', createdAt: from }
  return { ...create({ ...content, ...origin, options }), number: 0, revision: 0, unsent: [] }
}

/** Some trigger remembers something from look to look. */
function remembers({ triggers }: Alert): boolean {
  return triggers.some(({ memory }) => memory !== undefined)
}

/** When to look although nothing is heard; what was due at `now` and is not settled waits for the next quote. */
function nextTimer(alert: Alert, now: number, scene: Scene): number {
  // A clock of `for` stops at the close, and goes on at the open.
  const due = Math.min(dueAt(alert, GRACE) ?? NEVER, alert.clock === null ? NEVER : scene.sessionEnd(now))
  return due > now ? due : NEVER
}

function firingOf(
  { at, triggers, evidence }: Occurrence,
  { symbols }: Content,
  sightOf: (symbol: string) => Sight,
): Firing {
  const prices = symbols.flatMap((symbol) => {
    const { price } = sightOf(symbol).cell.text
    return price === undefined ? [] : [[symbol, price] as const]
  })
  return { at, triggers, evidence, prices: Object.fromEntries(prices) }
}
