import { resume as resumed } from '../alert/change.ts'
import { isActive } from '../alert/step.ts'
import { changeSeveral, othersLine, pick, tellSeveral } from './change-several.ts'
import type { Command } from './command.ts'
import { readWhich } from './readers.ts'
import { requireRoom } from './room.ts'
import { lookAnew, watchAnew } from './watch-anew.ts'

/** Watches paused alerts again. */
export const resume: Command = {
  name: 'resume',
  usage: 'resume 7',
  summary: 'Watch a paused alert again',
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert, or: all', isRequired: true }],
  details: ['resume 3 4', 'resume all'],
  async run(context, args) {
    const { value: which } = readWhich(args, resume.usage)
    if (typeof which === 'number') return await watchAnew(context, which, resumed)
    const picked = await pick(context, which, (alert) => isActive(alert) && alert.paused)
    await requireRoom(context, picked.alerts.filter(({ paused }) => paused).length)
    const anew = await lookAnew(picked.alerts, context)
    const now = context.now()
    const several = await changeSeveral(context, picked, (alert) => anew.baseline(resumed(alert, now)))
    const words = { are: 'on again', none: 'None of your alerts is paused.', more: othersLine(picked.others) }
    return tellSeveral(several, words, [{ label: 'List', command: 'list' }])
  },
}
