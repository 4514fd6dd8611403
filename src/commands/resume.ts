import { resume as resumed } from '../alert/change.ts'
import { step } from '../alert/step.ts'
import { changeAlert, findAlert } from './change-alert.ts'
import type { Command } from './command.ts'
import { readBack } from './read-back.ts'
import { readNumber } from './readers.ts'
import { lookWith } from './sights.ts'

/** Watches a paused alert again. */
export const resume: Command = {
  name: 'resume',
  usage: 'resume 7',
  summary: 'Watch a paused alert again',
  async run(context, args) {
    const { value: number } = readNumber(args, resume.usage)
    const before = await findAlert(context, number)
    const quotes = await context.desk.lookFor(before)
    const now = context.now()
    const alert = await changeAlert(context, number, (current) =>
      step(resumed(current, now), lookWith(current, quotes, now), now, context.grace),
    )
    return readBack(`Alert ${number} is on again.`, alert, quotes, lookWith(alert, quotes, now), context)
  },
}
