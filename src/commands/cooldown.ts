import { contentOf, edit } from '../alert/change.ts'
import type { Alert } from '../alert/types.ts'
import type { Options } from '../condition/ast.ts'
import { format } from '../condition/format.ts'
import { UserError } from '../errors.ts'
import { say } from '../reply.ts'
import { changeAlert } from './change-alert.ts'
import type { Command } from './command.ts'
import { briefIfLong } from './in-brief.ts'
import { readDuration, readNumber } from './readers.ts'

/** Makes an alert that fires again and again do so less often. */
export const cooldown: Command = {
  name: 'cooldown',
  usage: 'cooldown 7 1h',
  summary: 'Make an alert fire less often',
  arguments: [
    { name: 'alert', kind: 'alert', summary: 'The number of the alert', isRequired: true },
    {
      name: 'length',
      kind: 'text',
      summary: 'The least time between two firings, as in: 30m, 2h, 1d',
      isRequired: true,
    },
  ],
  async run(context, args) {
    const { value: number, rest } = readNumber(args, cooldown.usage)
    const { value: length } = readDuration(rest, `cooldown ${number} 1h`)
    const alert = await changeAlert(context, number, (current) => cooled(current, length, context.now()))
    const fact = `Alert ${number} fires less often now`
    const line = `${fact}: ${alert.text}`
    return { ...say(line), ...briefIfLong([line], [`${fact}.`, alert.text]), place: 'below' }
  },
}

function cooled(alert: Alert, length: number, now: number): Alert {
  const options = withCooldown(alert, length)
  const text = format({ condition: alert.condition, options })
  return edit(alert, { ...contentOf(alert), text, options }, now)
}

/** `every` says itself how far apart firings are. */
function withCooldown({ number, options }: Alert, length: number): Options {
  if (options.mode === 'once')
    throw new UserError(`Alert ${number} fires only once.`, { suggestion: `repeat ${number}` })
  return options.mode === 'every' ? { ...options, every: length } : { ...options, cooldown: length }
}
