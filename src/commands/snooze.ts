import { snooze as snoozed } from '../alert/change.ts'
import { say } from '../reply.ts'
import { changeAlert } from './change-alert.ts'
import type { Command } from './command.ts'
import { readDuration, readNumber } from './readers.ts'
import { moment } from './words.ts'

/** Silences an alert for a while; what becomes true meanwhile is told at the end if it still is. */
export const snooze: Command = {
  name: 'snooze',
  usage: 'snooze 7 2h',
  summary: 'Silence an alert for a while',
  async run(context, args) {
    const { value: number, rest } = readNumber(args, snooze.usage)
    const { value: length } = readDuration(rest, `snooze ${number} 2h`)
    const now = context.now()
    const until = now + length
    await changeAlert(context, number, (alert) => snoozed(alert, until, now))
    const when = moment(until, context.zone, now)
    return say(
      `Alert ${number} is silent until ${when}. If it becomes true meanwhile and still is then, I'll tell you then.`,
      [{ label: 'Wake it now', command: `wake ${number}` }],
    )
  },
}
