import { makeRepeat } from '../alert/change.ts'
import { format } from '../condition/format.ts'
import { say } from '../reply.ts'
import { changeAlert } from './change-alert.ts'
import type { Command } from './command.ts'
import { briefIfLong } from './in-brief.ts'
import { readNumber } from './readers.ts'

/** Makes an alert that would fire once fire each time it becomes true. */
export const repeat: Command = {
  name: 'repeat',
  usage: 'repeat 7',
  summary: 'Make an alert fire each time it becomes true',
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert', isRequired: true }],
  async run(context, args) {
    const { value: number } = readNumber(args, repeat.usage)
    const alert = await changeAlert(context, number, (current) => {
      const text = format({ condition: current.condition, options: { ...current.options, mode: 'repeat' } })
      return makeRepeat(current, text, context.now())
    })
    const fact = `Alert ${number} now tells you each time`
    const line = `${fact}: ${alert.text}`
    const buttons = [
      { label: 'Pause', command: `pause ${number}` },
      { label: 'Delete', command: `delete ${number}` },
    ]
    return { ...say(line, buttons), ...briefIfLong([line], [`${fact}.`, alert.text]), place: 'below' }
  },
}
