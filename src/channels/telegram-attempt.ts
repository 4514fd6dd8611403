import { type Attempt, createAttempt, type Problem } from './attempt.ts'
import type { Clock } from './channel.ts'
import { Refusal } from './telegram-api.ts'

/** `state` hears what is the matter, and undefined when Telegram answers again. */
export type TelegramAttemptPorts = { readonly clock: Clock; state(problem: string | undefined): void }

/** Asks Telegram until it answers, or `ended`. What `ask` throws that is no `Refusal` comes out. */
export function createTelegramAttempt({ clock, state }: TelegramAttemptPorts, ended: AbortSignal): Attempt {
  const attempt = createAttempt({ clock, problemOf, state }, ended)
  return (ask) =>
    attempt(async () => {
      const answer = await ask()
      state(undefined)
      return answer
    })
}

/** The bot's token is not one that Telegram knows. */
export function isTokenRefused({ code }: Refusal): boolean {
  return code === 401 || code === 404
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof Refusal)) throw error
  const { code, message, retryAfter } = error
  if (code === 409) return { says: 'another program listens with the same token', retryAfter }
  return { says: isTokenRefused(error) ? 'it does not accept TELEGRAM_BOT_TOKEN' : message, retryAfter }
}
