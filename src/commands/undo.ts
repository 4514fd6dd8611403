import { restore } from '../alert/change.ts'
import { isWatched } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import { DELETED_WITHIN, isChangedBy } from './change-alert.ts'
import { tellSeveral } from './change-several.ts'
import type { Command, Context } from './command.ts'
import { briefIfLong } from './in-brief.ts'
import { mayChange, whoMay } from './maker.ts'
import { messageKey } from './message-key.ts'
import { requireRoom } from './room.ts'
import { type Anew, lookAnew } from './watch-anew.ts'

/** Brings back what was deleted last, one alert or all of them. */
export const undo: Command = {
  name: 'undo',
  usage: 'undo',
  summary: 'Bring back what you deleted last',
  async run(context) {
    const already = (await context.alerts.ofUser(context.user.id)).filter((alert) => isChangedBy(context, alert))
    if (already.length > 0) return await tellBack(already, await lookAnew(already.filter(isWatched), context))
    const deleted = await lastDeleted(context)
    const watched = deleted.map(restore).filter(isWatched)
    await requireRoom(context, watched.length)
    const anew = await lookAnew(watched, context)
    const by = deleted[0]?.deleted?.by
    const ids = deleted.map(({ id }) => id)
    const back = await context.alerts.changeAll(context.user.id, ids, (alert) => {
      if (alert.deleted?.by !== by) return alert
      const restored = { ...restore(alert), changedBy: messageKey(context.message) }
      return isWatched(restored) ? anew.baseline(restored) : restored
    })
    return await tellBack(back, anew)
  },
}

/** All that the last deletion took, as far as whoever wrote may change it. Throws `UserError` where there is nothing. */
async function lastDeleted(context: Context): Promise<Alert[]> {
  const all = await context.alerts.deletedOf(context.user.id, context.realNow() - DELETED_WITHIN)
  const [last] = all
  if (!last) throw new UserError('There is nothing to bring back: I keep what was deleted for 10 minutes.')
  const together = all.filter(({ deleted }) => deleted?.by === last.deleted?.by)
  const theirs = together.filter((alert) => mayChange(context, alert))
  if (theirs.length === 0) throw new UserError(whoMay(last))
  return theirs
}

async function tellBack(back: readonly Alert[], anew: Anew): Promise<Reply> {
  const [only] = back
  if (!only) throw new UserError('That is back already.')
  if (back.length > 1) {
    const changed = [...back].sort((one, other) => one.number - other.number)
    return tellSeveral({ changed, refused: [] }, { are: 'back', none: '' }, [{ label: 'List', command: 'list' }])
  }
  const fact = `Alert ${only.number} is back.`
  if (isWatched(only)) return { ...(await anew.readBack(fact, only)), place: 'below' }
  const state = only.paused ? 'It is paused, as it was.' : `It is ${only.phase}, as it was.`
  const lines = [`${fact} ${state}`, only.text]
  return { ...say(lines), ...briefIfLong(lines, [fact, state, only.text]), place: 'below' }
}
