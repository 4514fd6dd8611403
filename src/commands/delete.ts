import { remove as removed } from '../alert/change.ts'
import { say } from '../reply.ts'
import { changeAlert } from './change-alert.ts'
import type { Command } from './command.ts'
import { readNumber } from './readers.ts'

/** Deletes an alert. What it has fired already is still told. */
export const remove: Command = {
  name: 'delete',
  aliases: ['remove'],
  usage: 'delete 7',
  summary: 'Delete an alert',
  async run(context, args) {
    const { value: number } = readNumber(args, remove.usage)
    const alert = await changeAlert(context, number, removed)
    return say(`Alert ${number} is deleted: ${alert.text}`)
  },
}
