import { UserError } from '../errors.ts'
import type { Context } from './command.ts'

/** Throws `UserError` where so many `more` alerts would be too many to be watched for one person. */
export async function requireRoom({ alerts, user, maxAlerts }: Context, more = 1): Promise<void> {
  const on = more === 0 ? 0 : await alerts.countLive(user.id)
  if (on + more <= maxAlerts) return
  if (on >= maxAlerts)
    throw new UserError(`You have ${countOf(on)} on, which is the most I keep for one person. Delete one first.`)
  throw new UserError(`You have ${countOf(on)} on and can have ${maxAlerts - on} more, not ${more}. Delete some first.`)
}

/** `1 alert`, `12 alerts`. */
export function countOf(count: number): string {
  return count === 1 ? '1 alert' : `${count} alerts`
}
