import type { Update } from 'telegraf/types'
import type { Clock, Ownership } from './channel.ts'
import { startOwner } from './owner.ts'
import type { TelegramApi } from './telegram-api.ts'
import { createTelegramAttempt } from './telegram-attempt.ts'
import { KINDS } from './telegram-updates.ts'

/** How long one question stays open at Telegram when nothing is said, s; and how long until it is given up, ms. */
const OPEN_FOR = 30
const GIVEN_UP_AFTER = 45_000

/** What a poll works with. */
export type PollPorts = {
  readonly call: TelegramApi
  readonly owner: Ownership
  readonly clock: Clock
  /** Resolves with true when the updates are dealt with, or will be; false, after a while, where that cannot be promised. */
  hear(updates: readonly Update[]): Promise<boolean>
  /** What is the matter, or undefined where all is well. */
  state(problem: string | undefined, isOwner: boolean): void
}

/** Listens by long polls as long as this process is the owner, and otherwise tries to become it. Gives a stop. */
export function startPoll(ports: PollPorts): () => Promise<void> {
  const { owner, clock, state } = ports
  return startOwner({
    owner,
    clock,
    idle: (problem) => state(problem, false),
    listen: (ended, isOurs) => poll(ports, isOurs, ended),
  })
}

async function poll(ports: PollPorts, isOurs: () => boolean, ended: AbortSignal): Promise<void> {
  const { call, clock, hear, state } = ports
  const attempt = createTelegramAttempt({ clock, state: (problem) => state(problem, true) }, ended)
  await attempt(() => call('deleteWebhook', {}))
  let offset = 0
  while (!ended.aborted) {
    const question = { offset, timeout: OPEN_FOR, allowed_updates: KINDS }
    const updates = await attempt(() => call('getUpdates', question, { timeout: GIVEN_UP_AFTER, signal: ended }))
    if (!updates) break
    // Asleep past its time, this process leaves what it just heard to the new owner.
    if (!isOurs()) return
    // What is not taken is told with the next answer again.
    if (!(await hear(updates))) continue
    offset = Math.max(offset, ...updates.map(({ update_id }) => update_id + 1))
  }
  // Telegram takes as read what lies before the offset of a later question.
  if (offset > 0 && isOurs()) await call('getUpdates', { offset, limit: 1, timeout: 0 }).catch(() => {})
}
