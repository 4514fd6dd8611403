import type { Alert } from '../alert/types.ts'
import { UserError } from '../errors.ts'
import type { Changed } from '../store/alerts.ts'
import type { Context } from './command.ts'
import { requireMaker } from './maker.ts'
import { messageKey } from './message-key.ts'

/** How long (ms) what was deleted is remembered with the message that deleted it. */
export const DELETED_WITHIN = 10 * 60_000

/**
 * Changes the user's alert of that number by a pure function; gives it as it is then. Where this message has changed it
 * already, and whoever read it died before that was answered, nothing is changed. `known`: as it was found just now. Throws
 * `UserError` when there is none, and in a group where whoever wrote may not change it.
 */
export async function changeAlert(
  context: Context,
  number: number,
  apply: (alert: Alert) => Alert | Changed,
  known?: Alert,
): Promise<Alert> {
  const changedBy = messageKey(context.message)
  const once = (before: Alert): Changed => {
    if (isChangedBy(context, before)) return { alert: before, occurrences: [] }
    requireMaker(context, before)
    const result = apply(before)
    const { alert, occurrences } = 'occurrences' in result ? result : { alert: result, occurrences: [] }
    return { alert: alert === before ? before : { ...alert, changedBy }, occurrences }
  }
  const changed = await context.alerts.change(context.user.id, number, once, known)
  return changed ?? (await deletedBy(context)).find((alert) => alert.number === number) ?? unknownNumber(number)
}

/** Whether this message has changed an alert already, when it was read before. */
export function isChangedBy({ message }: Context, { changedBy }: Alert): boolean {
  return changedBy === messageKey(message)
}

/** What this message has deleted already, when it was read before; by number. */
export async function deletedBy({ alerts, user, message, realNow }: Context): Promise<Alert[]> {
  const deleted = await alerts.deletedOf(user.id, realNow() - DELETED_WITHIN)
  const its = deleted.filter((alert) => alert.deleted?.by === messageKey(message))
  return its.sort((one, other) => one.number - other.number)
}

/** The user's alert of that number. Throws `UserError` when there is none. */
export async function findAlert(context: Context, number: number): Promise<Alert> {
  return (await context.alerts.byNumber(context.user.id, number)) ?? unknownNumber(number)
}

function unknownNumber(number: number): never {
  throw new UserError(`You have no alert ${number}. Type list to see yours.`)
}
