import { pause as paused } from '../alert/change.ts'
import { isWatched } from '../alert/step.ts'
import { say } from '../reply.ts'
import { changeAlert } from './change-alert.ts'
import { changeSeveral, othersLine, pick, tellSeveral } from './change-several.ts'
import type { Command } from './command.ts'
import { briefIfLong } from './in-brief.ts'
import { readWhich } from './readers.ts'

/** Stops watching alerts until they are resumed. */
export const pause: Command = {
  name: 'pause',
  usage: 'pause 7',
  summary: 'Stop watching an alert until you resume it',
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert, or: all', isRequired: true }],
  details: ['pause 3 4', 'pause all'],
  async run(context, args) {
    const { value: which } = readWhich(args, pause.usage)
    if (typeof which === 'number') {
      const alert = await changeAlert(context, which, paused)
      const buttons = [
        { label: 'Resume', command: `resume ${which}` },
        { label: 'Delete', command: `delete ${which}` },
      ]
      const fact = `Alert ${which} is paused`
      const line = `${fact}: ${alert.text}`
      return {
        ...say(line, buttons),
        ...briefIfLong([line], [`${fact}.`, alert.text]),
        place: 'below',
      }
    }
    const picked = await pick(context, which, isWatched)
    const several = await changeSeveral(context, picked, paused)
    const words = { are: 'paused', none: 'None of your alerts is on.', more: othersLine(picked.others) }
    return tellSeveral(several, words, [{ label: 'Resume all', command: 'resume all' }])
  },
}
