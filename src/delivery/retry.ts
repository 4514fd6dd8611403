import type { SendError } from '../errors.ts'
import { lengthWords } from './length-words.ts'
import type { Outcome, Tracked } from './types.ts'

/** The longest wait between two tries is so many times the first. */
const LONGEST = 300

/** How long (ms) the first wait after a failed try is, doubled each time up to 300 times that, and for how long it is tried. */
export type Patience = { readonly first: number; readonly whole: number }

/** `now` in ms, real clock; `random` in [0, 1). */
export type Failing = { readonly patience: Patience; readonly now: number; readonly random: number }

/**
 * What becomes of a notification whose last try failed: owed to another address when this one will never take it, or when
 * it has been tried here for long enough (an address that is to be asked again some time stays on); else tried again after a doubled wait. Up to a quarter of it comes on top, so that
 * many do not come back at the same moment. Where the platform asked for a pause, that is the wait, and it was no try.
 */
export function afterFailure(notification: Tracked, error: SendError, { patience, now, random }: Failing): Outcome {
  const { message: reason, permanent, retryAfter } = error
  if (permanent) return { state: 'failed', reason, onward: retryAfter === undefined ? 'switch off' : 'keep on' }
  const doubled = patience.first * 2 ** Math.min(Math.max(0, notification.tries - 1), 20)
  const wait = retryAfter ?? Math.min(doubled, patience.first * LONGEST)
  const dueAt = now + Math.round(wait * (1 + random / 4))
  const begunAt = notification.firstTriedAt ?? notification.createdAt
  if (dueAt - begunAt > patience.whole)
    return { state: 'failed', reason: `given up after ${lengthWords(patience.whole)}: ${reason}`, onward: 'keep on' }
  return { state: 'due', dueAt, reason, ...(retryAfter === undefined ? {} : { isTry: false }) }
}
