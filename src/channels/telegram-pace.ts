import { SendError } from '../errors.ts'
import type { Clock } from './channel.ts'
import { createTurns, type Limit } from './telegram-turns.ts'

/** What Telegram bears: in one chat, in one group beside that, and over all chats. */
export type Limits = { readonly chat: Limit; readonly group: Limit; readonly all: Limit }

/** As core.telegram.org/bots/faq has it: one message a second to a chat, 20 a minute to a group, 30 a second over all. */
export const LIMITS: Limits = {
  chat: { count: 1, per: 1_000 },
  group: { count: 20, per: 60_000 },
  all: { count: 30, per: 1_000 },
}

/** When a chat may be written to. */
export type Pace = {
  /**
   * Waits for the chat's turn and takes it. Where that would take longer than `patience` ms it takes none and throws a
   * transient `SendError` that says how long it would have been. Where it waits with others for its turn over all chats, what
   * `isAnswer` goes first: somebody waits for it.
   */
  turn(chat: string, patience: number, isAnswer?: boolean): Promise<void>
  /** Telegram asked for a pause in this chat, ms. */
  hold(chat: string, length: number): void
}

/** `times`: the turns taken, ms, the newest last. `from`: no turn before that. */
type Line = { times: number[]; from: number }

/** A clock that goes back by more than this was set, ms. */
const SET_BACK = 1_000
/** How often what is over is forgotten, ms. */
const TIDY_EVERY = 60_000

/** Keeps to the limits by a clock. Groups are the chats whose id is negative. */
export function createPace(clock: Clock, limits: Limits = LIMITS): Pace {
  const lines = new Map<string, Line>()
  const all = createTurns(clock, limits.all)
  let tidiedAt = clock.now()
  let lastAt = clock.now()

  const lineOf = (chat: string): Line => {
    const line = lines.get(chat) ?? { times: [], from: 0 }
    lines.set(chat, line)
    return line
  }
  const wait = async (at: number, now: number) => {
    if (at > now) await clock.sleep(at - now)
  }
  const tidy = (now: number) => {
    // A clock that was set back: turns that were taken in a time to come would keep everybody waiting until then.
    if (now < lastAt - SET_BACK) {
      lines.clear()
      all.reset()
      tidiedAt = now
    }
    lastAt = now
    if (now - tidiedAt < TIDY_EVERY) return
    tidiedAt = now
    for (const [chat, { times, from }] of lines)
      if (from < now && (times.at(-1) ?? 0) < now - TIDY_EVERY) lines.delete(chat)
  }

  return {
    async turn(chat, patience, isAnswer = false) {
      const now = clock.now()
      tidy(now)
      const line = lineOf(chat)
      const own = chat.startsWith('-') ? [limits.chat, limits.group] : [limits.chat]
      await wait(take(line, own, now, patience), now)
      const tooLong = await all.take(isAnswer, patience)
      if (tooLong !== undefined) throw tooMany(tooLong, { isChannelWide: true })
    },
    hold(chat, length) {
      const line = lineOf(chat)
      line.from = Math.max(line.from, clock.now() + length)
    },
  }
}

/** Takes the first moment at which none of the limits is passed, unless it is further off than `patience`. */
function take(line: Line, limits: readonly Limit[], now: number, patience: number): number {
  const { times, from } = line
  const free = limits.map(({ count, per }) => (times.at(-count) ?? Number.NEGATIVE_INFINITY) + per)
  const at = Math.max(now, from, times.at(-1) ?? 0, ...free)
  if (at - now > patience) throw tooMany(at - now)
  times.push(at)
  if (times.length > Math.max(...limits.map(({ count }) => count))) times.shift()
  return at
}

function tooMany(retryAfter: number, more: { readonly isChannelWide?: true } = {}): SendError {
  return new SendError('too many messages at once for Telegram', { permanent: false, retryAfter, ...more })
}
