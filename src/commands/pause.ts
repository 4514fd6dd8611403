import { pause as paused } from '../alert/change.ts'
import { say } from '../reply.ts'
import { changeAlert } from './change-alert.ts'
import type { Command } from './command.ts'
import { readNumber } from './readers.ts'

/** Stops watching an alert until it is resumed. */
export const pause: Command = {
  name: 'pause',
  usage: 'pause 7',
  summary: 'Stop watching an alert until you resume it',
  async run(context, args) {
    const { value: number } = readNumber(args, pause.usage)
    const alert = await changeAlert(context, number, paused)
    return say(`Alert ${number} is paused: ${alert.text}`, [
      { label: 'Resume', command: `resume ${number}` },
      { label: 'Delete', command: `delete ${number}` },
    ])
  },
}
