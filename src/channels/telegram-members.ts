import type { Clock } from './channel.ts'
import type { TelegramApi } from './telegram-api.ts'
import type { Person, Place } from './telegram-updates.ts'

/** How long an answer is believed, ms: so long someone may still act who is no administrator any more. */
const BELIEVED_FOR = 60_000
/** How long Telegram may take to say it, ms; a command does not wait longer for it. */
const ANSWERS_WITHIN = 2_000
/** From so many answers on, what is not believed any more is forgotten. */
const MANY = 1_000

/** Whether somebody may change what others made in a chat. Where Telegram does not say, they may not. */
export type IsAdmin = (place: Place, person: Person) => Promise<boolean>

/** Asks Telegram who is an administrator of a group. In a chat of their own everybody is. */
export function createIsAdmin(call: TelegramApi, clock: Clock): IsAdmin {
  const known = new Map<string, { readonly isAdmin: boolean; readonly until: number }>()

  const ask = async (chat: string, person: string): Promise<boolean> => {
    const key = `${chat}/${person}`
    const now = clock.now()
    const before = known.get(key)
    if (before && now < before.until) return before.isAdmin
    const ids = { chat_id: Number(chat), user_id: Number(person) }
    const { status } = await call('getChatMember', ids, { timeout: ANSWERS_WITHIN })
    const isAdmin = status === 'creator' || status === 'administrator'
    if (known.size >= MANY) for (const [old, { until }] of known) if (until <= now) known.delete(old)
    known.set(key, { isAdmin, until: now + BELIEVED_FOR })
    return isAdmin
  }

  return async ({ chat, isGroup }, { id, isAnonymous }) => {
    if (!isGroup || isAnonymous) return true
    return await ask(chat, id).catch(() => false)
  }
}
