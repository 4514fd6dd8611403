import { wake as awake } from '../alert/change.ts'
import { say } from '../reply.ts'
import { changeAlert } from './change-alert.ts'
import { changeSeveral, othersLine, pick, tellSeveral } from './change-several.ts'
import type { Command } from './command.ts'
import { briefIfLong } from './in-brief.ts'
import { readWhich } from './readers.ts'

/** Ends snoozes. */
export const wake: Command = {
  name: 'wake',
  usage: 'wake 7',
  summary: 'End the silence of a snoozed alert',
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert', isRequired: true }],
  details: ['wake all'],
  async run(context, args) {
    const { value: which } = readWhich(args, wake.usage)
    const now = context.now()
    if (typeof which === 'number') {
      const alert = await changeAlert(context, which, (current) => awake(current, now))
      const fact = `Alert ${which} speaks again`
      const line = `${fact}: ${alert.text}`
      return { ...say(line), ...briefIfLong([line], [`${fact}.`, alert.text]), place: 'below' }
    }
    const picked = await pick(context, which, ({ snoozedUntil }) => snoozedUntil !== null && snoozedUntil > now)
    const several = await changeSeveral(context, picked, (alert) => awake(alert, now))
    const words = { are: 'to be heard again', none: 'None of your alerts is snoozed.', more: othersLine(picked.others) }
    return tellSeveral(several, words)
  },
}
