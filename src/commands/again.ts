import { again as armedAgain } from '../alert/change.ts'
import { step } from '../alert/step.ts'
import { changeAlert, findAlert } from './change-alert.ts'
import type { Command } from './command.ts'
import { readBack } from './read-back.ts'
import { readNumber } from './readers.ts'
import { lookWith } from './sights.ts'

/** Arms an alert anew, one that is done among them. */
export const again: Command = {
  name: 'again',
  usage: 'again 7',
  summary: 'Arm an alert anew, also one that is done',
  async run(context, args) {
    const { value: number } = readNumber(args, again.usage)
    const before = await findAlert(context, number)
    const quotes = await context.desk.lookFor(before)
    const now = context.now()
    const alert = await changeAlert(context, number, (current) =>
      step(armedAgain(current, now), lookWith(current, quotes, now), now, context.grace),
    )
    return readBack(`Alert ${number} is on again.`, alert, quotes, lookWith(alert, quotes, now), context)
  },
}
