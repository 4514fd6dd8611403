import { wake as awake } from '../alert/change.ts'
import { say } from '../reply.ts'
import { changeAlert } from './change-alert.ts'
import type { Command } from './command.ts'
import { readNumber } from './readers.ts'

/** Ends a snooze. */
export const wake: Command = {
  name: 'wake',
  usage: 'wake 7',
  summary: 'End the silence of a snoozed alert',
  async run(context, args) {
    const { value: number } = readNumber(args, wake.usage)
    const alert = await changeAlert(context, number, (current) => awake(current, context.now()))
    return say(`Alert ${number} speaks again: ${alert.text}`)
  },
}
