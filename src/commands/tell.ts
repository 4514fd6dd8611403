import { tellNow } from '../alert/change.ts'
import type { Alert } from '../alert/types.ts'
import { say } from '../reply.ts'
import { changeAlert, findAlert } from './change-alert.ts'
import type { Command } from './command.ts'
import { briefIfLong } from './in-brief.ts'
import { readNumber } from './readers.ts'
import { inHoursOf, lookWith, see } from './sights.ts'

/** Lets an alert that is already true fire now. */
export const tell: Command = {
  name: 'tell',
  usage: 'tell 7',
  summary: 'Let an alert that is already true fire now',
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert', isRequired: true }],
  async run(context, args) {
    const { value: number } = readNumber(args, tell.usage)
    const before = await findAlert(context, number)
    const seen = inHoursOf(before.options, await see(before, context))
    const now = context.now()
    const told = (current: Alert) => tellNow(current, lookWith(current, seen, context), now)
    const alert = await changeAlert(context, number, told, before)
    const fact = `Alert ${number} is on its way`
    const line = `${fact}: ${alert.text}`
    return { ...say(line), ...briefIfLong([line], [`${fact}.`]), place: 'below' }
  },
}
