import { step } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import type { Reply } from '../reply.ts'
import { changeAlert, findAlert } from './change-alert.ts'
import type { Context } from './command.ts'
import { readBack } from './read-back.ts'
import { inHoursOf, lookWith, see } from './sights.ts'

/**
 * Changes the user's alert of that number by `change` so that it is watched anew: what the market shows now is its
 * baseline, and is read back. Throws `UserError` when there is no such alert, and what `change` throws.
 */
export async function watchAnew(
  context: Context,
  number: number,
  change: (alert: Alert, now: number) => Alert,
): Promise<Reply> {
  const before = await findAlert(context, number)
  const seen = inHoursOf(before.options, await see(before, context))
  const now = context.now()
  const alert = await changeAlert(context, number, (current) => {
    const anew = change(current, now)
    return step(anew, lookWith(anew, seen, context), now, context.grace)
  })
  return await readBack(`Alert ${number} is on again.`, alert, seen, lookWith(alert, seen, context), context)
}
