import type { Quote, Unknown } from './provider.ts'

/** A symbol that had prices and of which a provider now is sure that there is none. Times are ms. */
export type Loss = {
  readonly symbol: string
  /** What the provider said. */
  readonly said: string
  /** When that was first said, and last counted. */
  readonly since: number
  readonly countedAt: number
  readonly rounds: number
}

const HOUR = 3_600_000
/** What a provider is sure not to have it is asked for again after an hour: what it says before is what it said then. */
const COUNTED_EVERY = HOUR + 60_000
/** A provider may be out of order for a round or two. */
const ROUNDS = 3

/** A loss after an answer at `at` (ms); the same object where that says nothing new, undefined where there is a price. */
export function lossAfter(before: Loss | undefined, answer: Quote | Unknown, at: number): Loss | undefined {
  if (!('unknown' in answer)) return undefined
  const said = answer.gone ? answer.unknown : answer.sure
  if (said === undefined) return before
  const { symbol } = answer
  if (!before) return { symbol, said, since: at, countedAt: at, rounds: 1 }
  if (at - before.countedAt < COUNTED_EVERY) return before
  return { ...before, said, countedAt: at, rounds: before.rounds + 1 }
}

/** Whether it was said often enough to be believed. */
export function isLost({ rounds }: Loss): boolean {
  return rounds >= ROUNDS
}

/** Who says that it is not there any more, a clause: `Yahoo and Nasdaq do not know it any more`. */
export function whoMisses({ said }: Loss): string {
  // Each says of itself what it has not: `Yahoo has no symbol XYZ; Nasdaq has no symbol XYZ`.
  const names = [...new Set(said.split('; ').map((one) => one.split(' has ')[0]!))]
  const all = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return `${all} ${names.length > 1 ? 'do' : 'does'} not know it any more`
}

/** Why a symbol is not seen, for a person: one sentence without its full stop. */
export function lossText(loss: Loss): string {
  const said = loss.said.split('; ')[0]!
  if (isLost(loss)) return `${said} any more: it may be delisted or renamed`
  return said.replace(' has ', ' says that it has ')
}
