import { graceOf } from '../alert/grace.ts'
import { isWatched, step } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import type { Reply } from '../reply.ts'
import { changeAlert, findAlert, isChangedBy } from './change-alert.ts'
import type { Context } from './command.ts'
import { readBack } from './read-back.ts'
import { requireRoom } from './room.ts'
import { lookWith, see, seenBy } from './sights.ts'

/** One look at all that several alerts look at. */
export type Anew = {
  /** The alert with what was seen as its baseline. */
  baseline(alert: Alert): Alert
  readBack(fact: string, alert: Alert): Promise<Reply>
}

/** Looks at the market once for all of these alerts. */
export async function lookAnew(alerts: readonly Alert[], context: Context): Promise<Anew> {
  const seen = await see(
    {
      symbols: [...new Set(alerts.flatMap(({ symbols }) => symbols))],
      daySymbols: [...new Set(alerts.flatMap(({ daySymbols }) => daySymbols))],
      needs: alerts.flatMap(({ needs }) => needs),
    },
    context,
  )
  const now = context.now()
  return {
    baseline: (alert) => {
      const evaluation = lookWith(alert, seenBy(alert, seen), context)
      return step(alert, evaluation, now, graceOf(alert, context.grace)).alert
    },
    readBack: (fact, alert) => {
      const own = seenBy(alert, seen)
      return readBack(fact, alert, own, lookWith(alert, own, context), context)
    },
  }
}

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
  if (!isChangedBy(context, before)) {
    // What `change` refuses is refused before anything is asked for.
    change(before, context.now())
    await requireRoom(context, isWatched(before) ? 0 : 1)
  }
  const anew = await lookAnew([before], context)
  const anewly = (current: Alert) => anew.baseline(change(current, context.now()))
  const alert = await changeAlert(context, number, anewly, before)
  return { ...(await anew.readBack(`Alert ${number} is on again.`, alert)), place: 'below' }
}
