import type { Subscription } from './types.ts'

/**
 * Whether its person has ever written from an address. Where it was only confirmed by a code, as e-mail addresses are,
 * nobody can be sure that the bot hears them there.
 */
export function hasWritten({ how }: Pick<Subscription, 'how'>): boolean {
  return how !== 'code'
}
