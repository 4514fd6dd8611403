import type { Subscription, User } from './types.ts'

/**
 * Whether its person has ever written from an address. Where it was only confirmed by a code, as e-mail addresses are,
 * nobody can be sure that the bot hears them there.
 */
export function hasWritten({ how }: Pick<Subscription, 'how'>): boolean {
  return how !== 'code'
}

/** The chat of a user that is meant by its id, or the first other one that they write from; undefined where none is on. */
export function chatOf({ subscriptions }: User, meant?: string): Subscription | undefined {
  const chats = subscriptions.filter((one) => !one.off && hasWritten(one))
  return chats.find(({ id }) => id === meant) ?? chats[0]
}
