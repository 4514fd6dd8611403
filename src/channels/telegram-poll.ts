import type { Update } from 'telegraf/types'
import { type Clock, OWNED_FOR, type Ownership, within } from './channel.ts'
import type { TelegramApi } from './telegram-api.ts'
import { createAttempt } from './telegram-attempt.ts'
import { KINDS } from './telegram-updates.ts'

/** How long one question stays open at Telegram when nothing is said, s; and how long until it is given up, ms. */
const OPEN_FOR = 30
const GIVEN_UP_AFTER = 45_000
/** How often the owner renews, and how often others try, ms: another takes over `OWNED_FOR` and this later at most. */
const RENEW_EVERY = 3_000
const TRY_EVERY = 3_000
/** How long it may take to hear who is the owner, ms. */
const TOLD_WITHIN = 2_000
const UNTOLD = 'the database does not say which process listens'

/** What a poll works with. */
export type PollPorts = {
  readonly call: TelegramApi
  readonly owner: Ownership
  readonly clock: Clock
  /** Resolves when the updates are dealt with, or will be. */
  hear(updates: readonly Update[]): Promise<void>
  /** What is the matter, or undefined where all is well. */
  state(problem: string | undefined, isOwner: boolean): void
}

/** Listens by long polls as long as this process is the owner, and otherwise tries to become it. Gives a stop. */
export function startPoll(ports: PollPorts): () => Promise<void> {
  const stopping = new AbortController()
  const running = run(ports, stopping.signal)
  return async () => {
    stopping.abort()
    await running
  }
}

async function run(ports: PollPorts, stopping: AbortSignal): Promise<void> {
  const { owner, clock, state } = ports
  const hold = createHold(owner, clock)
  while (!stopping.aborted) {
    if (await hold.renew()) await listen(ports, hold, stopping)
    else {
      state(hold.problem(), false)
      await clock.sleep(TRY_EVERY, stopping)
    }
  }
  await within(clock, TOLD_WITHIN, owner.release()).catch(() => {})
}

/**
 * `isOurs` is false from the moment on at which another may have it, whether or not this process has noticed. While
 * nobody says who has it, what was ours stays so until its time is over.
 */
type Hold = { renew(): Promise<boolean>; isOurs(): boolean; problem(): string | undefined }

function createHold(owner: Ownership, clock: Clock): Hold {
  let until = 0
  let problem: string | undefined
  const isOurs = () => clock.now() < until
  return {
    isOurs,
    problem: () => problem,
    async renew() {
      const asked = clock.now()
      try {
        const isOwner = await within(clock, TOLD_WITHIN, owner.acquire())
        if (isOwner !== undefined) until = isOwner ? asked + OWNED_FOR : 0
        problem = isOwner === undefined ? UNTOLD : undefined
      } catch {
        problem = UNTOLD
      }
      return isOurs()
    },
  }
}

async function listen(ports: PollPorts, hold: Hold, stopping: AbortSignal): Promise<void> {
  const lost = new AbortController()
  const ended = AbortSignal.any([stopping, lost.signal])
  const renewing = keep(hold, ports.clock, lost, ended)
  try {
    await poll(ports, hold, ended)
  } finally {
    lost.abort()
    await renewing
  }
}

async function keep(hold: Hold, clock: Clock, lost: AbortController, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await clock.sleep(RENEW_EVERY, ended)
    if (!ended.aborted && !(await hold.renew())) lost.abort()
  }
}

async function poll(ports: PollPorts, hold: Hold, ended: AbortSignal): Promise<void> {
  const { call, clock, hear, state } = ports
  const attempt = createAttempt({ clock, state: (problem) => state(problem, true) }, ended)
  await attempt(() => call('deleteWebhook', {}))
  let offset = 0
  while (!ended.aborted) {
    const question = { offset, timeout: OPEN_FOR, allowed_updates: KINDS }
    const updates = await attempt(() => call('getUpdates', question, { timeout: GIVEN_UP_AFTER, signal: ended }))
    if (!updates) break
    // Asleep past its time, this process leaves what it just heard to the new owner.
    if (!hold.isOurs()) return
    await hear(updates)
    offset = Math.max(offset, ...updates.map(({ update_id }) => update_id + 1))
  }
  // Telegram takes as read what lies before the offset of a later question.
  if (offset > 0 && hold.isOurs()) await call('getUpdates', { offset, limit: 1, timeout: 0 }).catch(() => {})
}
