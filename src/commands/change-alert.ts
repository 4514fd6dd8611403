import type { Alert } from '../alert/types.ts'
import { UserError } from '../errors.ts'
import type { Changed } from '../store/alerts.ts'
import type { Context } from './command.ts'
import { requireMaker } from './maker.ts'

/**
 * Changes the user's alert of that number by a pure function; gives it as it is then. Throws `UserError` when there is
 * none, and in a group where whoever wrote may not change it.
 */
export async function changeAlert(
  context: Context,
  number: number,
  apply: (alert: Alert) => Alert | Changed,
): Promise<Alert> {
  const changed = await context.alerts.change(context.user.id, number, (alert) => {
    requireMaker(context, alert)
    const result = apply(alert)
    return 'occurrences' in result ? result : { alert: result, occurrences: [] }
  })
  return changed ?? unknownNumber(number)
}

/** The user's alert of that number. Throws `UserError` when there is none. */
export async function findAlert(context: Context, number: number): Promise<Alert> {
  return (await context.alerts.byNumber(context.user.id, number)) ?? unknownNumber(number)
}

function unknownNumber(number: number): never {
  throw new UserError(`You have no alert ${number}. Type list to see yours.`)
}
