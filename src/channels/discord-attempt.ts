import { type Attempt, createAttempt, type Problem } from './attempt.ts'
import type { Clock } from './channel.ts'
import { Refusal } from './discord-api.ts'

/** What is said of the connection while Discord refuses the token. */
export const NOT_ACCEPTED = 'Discord does not accept DISCORD_TOKEN'

/** Asks Discord until it answers, or `ended`; `state` hears what is the matter. What `ask` throws that is no `Refusal` comes out. */
export function createDiscordAttempt(
  { clock, state }: { readonly clock: Clock; state(problem: string): void },
  ended: AbortSignal,
): Attempt {
  return createAttempt({ clock, problemOf, state }, ended)
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof Refusal)) throw error
  const { status, message, retryAfter } = error
  return { says: status === 401 ? NOT_ACCEPTED : message, retryAfter }
}
