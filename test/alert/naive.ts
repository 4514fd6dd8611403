import type { Gap, Occurrence, Truth } from '../../src/alert/types.ts'
import type { Options } from '../../src/condition/ast.ts'

/**
 * The life of an alert told a second time, in another manner: it keeps no state. At each moment it reads the whole
 * history again, and what was said so far, and asks what that makes of the moment. Slow, and plain to read.
 */
export type Look = {
  readonly kind: 'look'
  readonly now: number
  readonly at: number
  readonly open: boolean
  readonly truths: readonly Truth[]
}
export type Command = {
  readonly kind: 'pause' | 'resume' | 'again' | 'wake' | 'snooze'
  readonly now: number
  /** Of a snooze. */
  readonly until: number
}
export type Moment = Look | Command

/** An alert as the person set it. Any unit of time will do. */
export type Wish = {
  readonly options: Options
  readonly until: number | null
  readonly triggers: number
  readonly grace: number
}

/** What was said at which moment of the history. */
export type Said = {
  readonly moment: number
  readonly kind: Occurrence['kind']
  readonly triggers: readonly number[]
  readonly gap?: Gap
  readonly reason?: string
  readonly last?: boolean
}

type Seen = Look & { readonly index: number }

/** All that is said in a history, which holds only commands that were not refused. */
export function retell(wish: Wish, history: readonly Moment[]): Said[] {
  if (history.length === 0) return []
  const before = retell(wish, history.slice(0, -1))
  return [...before, ...saidAtTheEnd(wish, history, before)]
}

function lastCommand(history: readonly Moment[], ...kinds: Moment['kind'][]): number {
  return history.findLastIndex(({ kind }) => kinds.includes(kind))
}

function saidAtTheEnd(wish: Wish, history: readonly Moment[], before: readonly Said[]): Said[] {
  const moment = history.length - 1
  const present = history[moment]!
  const reset = lastCommand(history, 'resume', 'again')
  const paused = lastCommand(history, 'pause') > reset
  const armed = lastCommand(history, 'again')
  const ended = before.some((said) => (said.last || said.kind === 'expired') && said.moment > armed)
  if (present.kind !== 'look' || paused || ended) return []

  const looks = history.flatMap((look, index) => (look.kind === 'look' && index > reset ? [{ ...look, index }] : []))
  const spoken = before.filter((said) => said.moment > reset)
  const triggers = Array.from({ length: wish.triggers }, (_, trigger) => trigger)
  if (wish.until !== null && present.at > wish.until) {
    const stories = triggers.map((trigger) => storyOf(trigger, wish, looks.slice(0, -1), spoken))
    const left = stories.some(({ pending }) => pending) ? 'pending' : stories.some(({ held }) => held) ? 'held' : null
    return [{ moment, kind: 'expired', triggers: [], ...(left && { reason: left }) }]
  }

  const silent = isSilent(wish, history, before)
  const fired = triggers.filter((trigger) => {
    const { held, running } = storyOf(trigger, wish, looks, spoken)
    return !silent && present.truths[trigger] === 'met' && (held || (running && present.open))
  })
  const gaps = fired.flatMap((trigger) => storyOf(trigger, wish, looks, spoken).gap ?? [])
  const gap = gaps.sort((a, b) => a.from - b.from)[0]
  const once = wish.options.mode === 'once'
  const firing: Said = { moment, kind: 'fired', triggers: fired, ...(gap && { gap }), ...(once && { last: true }) }
  const words = blindness(wish, looks, spoken)
  return fired.length > 0 ? [...words.filter(({ kind }) => kind !== 'sighted'), firing] : words
}

/** The alert's own clock ends at `until`, also where a quote from before it is heard later. */
function timeOf(wish: Wish, now: number): number {
  return Math.min(now, wish.until ?? now)
}

/** A snooze or a cooldown is not over. */
function isSilent(wish: Wish, history: readonly Moment[], before: readonly Said[]): boolean {
  const time = timeOf(wish, history.at(-1)!.now)
  const snoozing = history[lastCommand(history, 'snooze', 'wake', 'again')]
  const rest = wish.options.mode === 'every' ? wish.options.every : wish.options.cooldown
  const armed = lastCommand(history, 'again')
  const fired = before.findLast((said) => said.kind === 'fired' && said.moment > armed)
  const cooling = rest !== undefined && fired !== undefined && history[fired.moment]!.now + rest > time
  return cooling || (snoozing?.kind === 'snooze' && snoozing.until > time)
}

/** What the looks so far make of one trigger: whether an edge waits to be said or for its `for`, or it runs. */
function storyOf(trigger: number, wish: Wish, looks: readonly Seen[], spoken: readonly Said[]) {
  const truth = (look: Look) => look.truths[trigger]!
  const lastUnmet = looks.findLastIndex((look) => look.open && truth(look) === 'unmet')
  const edge = lastUnmet < 0 ? undefined : looks.slice(lastUnmet).find((look) => look.open && truth(look) === 'met')
  const firings = spoken.filter((said) => said.kind === 'fired' && said.triggers.includes(trigger))
  const lastFiring = firings.at(-1)?.moment ?? -1
  const waits = edge !== undefined && lastFiring < edge.index

  const run = edge === undefined ? [] : looks.filter(({ index }) => index >= edge.index)
  const seenMet = (end: number) => {
    const lengths = run.slice(1, end + 1).map((next, k) => timeOf(wish, next.now) - timeOf(wish, run[k]!.now))
    return lengths.filter((_, k) => run[k]!.open && truth(run[k]!) === 'met').reduce((sum, length) => sum + length, 0)
  }
  const wanted = wish.options.for
  const complete = wanted === undefined || run.some((look, k) => truth(look) === 'met' && seenMet(k) >= wanted)

  const unmetSince = lastUnmet >= 0 && looks[lastUnmet]!.index > lastFiring
  const running = wish.options.mode === 'every' && lastFiring >= 0 && !unmetSince
  const gap = firstGap(looks, truth, waits ? edge.index : lastFiring + 1, wish.grace)
  return { held: waits && complete, pending: waits && !complete, running, gap }
}

/** The first long run of unknown that ends, with a known look, at a moment or after it. */
function firstGap(looks: readonly Seen[], truth: (look: Look) => Truth, since: number, grace: number): Gap | undefined {
  const gaps = looks.flatMap((look, k) => {
    const start = looks.slice(0, k).findLastIndex((earlier) => truth(earlier) !== 'unknown') + 1
    const gap = { from: looks[start]!.now, to: look.now }
    const ends = truth(look) !== 'unknown' && start < k && look.index >= since
    return ends && gap.to - gap.from > grace ? [gap] : []
  })
  return gaps[0]
}

function blindness(wish: Wish, looks: readonly Seen[], spoken: readonly Said[]): Said[] {
  const isBlind = (look: Look) => look.open && look.truths.some((truth) => truth === 'unknown')
  const present = looks.at(-1)!
  const blindSince = (moment: number) => {
    const until = looks.filter(({ index }) => index <= moment)
    return until[until.findLastIndex((look) => !isBlind(look)) + 1]!.now
  }
  const sees = (moment: number) => looks.some((look) => look.index === moment && look.open && !isBlind(look))
  const word = spoken.findLast(
    ({ kind, moment }) => kind === 'blind' || kind === 'sighted' || (kind === 'fired' && sees(moment)),
  )
  if (word?.kind === 'blind') {
    if (!present.open || isBlind(present)) return []
    const gap = { from: blindSince(word.moment), to: present.now }
    return [{ moment: present.index, kind: 'sighted', triggers: [], gap }]
  }
  if (!isBlind(present) || present.now - blindSince(present.index) < wish.grace) return []
  const gap = { from: blindSince(present.index), to: present.now }
  return [{ moment: present.index, kind: 'blind', triggers: [], gap }]
}
