import { remove as removed } from '../alert/change.ts'
import type { Deletion } from '../alert/types.ts'
import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import { changeAlert, deletedBy } from './change-alert.ts'
import { changeSeveral, othersLine, pick, tellSeveral } from './change-several.ts'
import type { Command, Context } from './command.ts'
import { briefIfLong } from './in-brief.ts'
import { messageKey } from './message-key.ts'
import { readWhich, shorten } from './readers.ts'
import { countOf } from './room.ts'

const UNDO = { label: 'Undo', command: 'undo' }

/** Deletes alerts. What they have fired already is still told. */
export const remove: Command = {
  name: 'delete',
  aliases: ['remove'],
  usage: 'delete 7',
  summary: 'Delete an alert',
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert, or: all', isRequired: true }],
  details: ['delete 3 4', 'delete all', 'undo brings back what was deleted last, for 10 minutes.'],
  async run(context, args) {
    const { value: which, rest } = readWhich(args, remove.usage)
    if (which === 'all' && rest.toLowerCase() !== 'yes') return await askWhetherAll(context, rest)
    const deletion = deletionOf(context)
    if (typeof which === 'number') {
      const alert = await changeAlert(context, which, (current) => removed(current, deletion))
      const [fact, back] = [`Alert ${which} is deleted`, 'undo brings it back for 10 minutes.']
      const lines = [`${fact}: ${alert.text}`, back]
      return { ...say(lines, [UNDO]), ...briefIfLong(lines, [`${fact}.`, back]), place: 'below' }
    }
    const already = await deletedBy(context)
    const picked = await pick(context, which, () => true)
    const several =
      already.length > 0
        ? { changed: already, refused: [] }
        : await changeSeveral(context, picked, (alert) => removed(alert, deletion))
    const back = `undo brings ${several.changed.length === 1 ? 'it' : 'them'} back for 10 minutes.`
    const more = [...(several.changed.length > 0 ? [back] : []), ...othersLine(picked.others)]
    return tellSeveral(several, { are: 'deleted', none: 'You have no alerts.', more }, [UNDO])
  },
}

/** All that one message deletes is brought back together. */
function deletionOf({ message, realNow }: Context): Deletion {
  return { at: realNow(), by: messageKey(message) }
}

/** It takes more than a slip to lose everything. A bare YES is not asked for: carriers take that word for themselves. */
async function askWhetherAll(context: Context, rest: string): Promise<Reply> {
  if (rest !== '')
    throw new UserError(`I do not know what "${shorten(rest)}" means here.`, { suggestion: 'delete all yes' })
  const { alerts, others } = await pick(context, 'all', () => true)
  if (alerts.length === 0) return say(['You have no alerts to delete.', ...othersLine(others)])
  const which = others > 0 ? `the ${countOf(alerts.length)} that you made here` : `all ${countOf(alerts.length)}`
  const text = [`Shall I delete ${which}? Type delete all yes.`, ...othersLine(others)]
  return {
    ...say(text, [
      { label: `Delete ${alerts.length}`, command: 'delete all yes' },
      { label: 'Never mind', command: 'never mind' },
    ]),
    place: 'instead',
  }
}
