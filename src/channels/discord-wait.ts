import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Reply, say } from '../reply.ts'
import { type Clock, within } from './channel.ts'
import type { Responder, State } from './discord-interaction.ts'
import type { Handle } from './discord-news.ts'

/** After so long an interaction is told that its answer takes longer, ms; Discord waits for three seconds. */
const DEFER_AFTER = 2_000
const BROKEN = say('Something broke on my side. Try again in a moment.')

/** A reply, and what was done about its interaction until it was there. */
export type Ready = { readonly reply: Reply; readonly state: State }

/** What waiting works with. */
export type WaitPorts = { readonly responder: Responder; readonly clock: Clock; readonly log: Log }

/** Waits for a reply, and asks Discord for time where it takes long. What the work throws becomes a reply. */
export async function waitFor(
  work: Promise<Reply>,
  handle: Handle,
  meanwhile: Exclude<State, 'open'>,
  { responder, clock, log }: WaitPorts,
): Promise<Ready> {
  const answered = work.catch((error: unknown) => {
    log.error({ why: messageOf(error) }, 'a message of Discord could not be answered')
    return { ...BROKEN, isPrivate: true as const }
  })
  const soon = await within(clock, DEFER_AFTER, answered)
  if (soon) return { reply: soon, state: 'open' }
  const state = await responder.defer(handle, meanwhile).then(
    () => meanwhile,
    (error: unknown): State => {
      log.info({ why: messageOf(error) }, 'Discord gave no time for an answer')
      return 'open'
    },
  )
  return { reply: await answered, state }
}
