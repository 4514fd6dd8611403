import { edit as edited } from '../alert/change.ts'
import { type Evaluation, step } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import { UserError } from '../errors.ts'
import { changeAlert, findAlert } from './change-alert.ts'
import type { Command } from './command.ts'
import { readBack } from './read-back.ts'
import { readNumber } from './readers.ts'
import { lookWith } from './sights.ts'
import { understand } from './understand.ts'

/** Gives an alert another condition or other options; number and history stay. */
export const edit: Command = {
  name: 'edit',
  usage: 'edit 7 AAPL > 510 repeat',
  summary: 'Change an alert; its number and history stay',
  async run(context, args) {
    const { value: number, rest } = readNumber(args, edit.usage)
    const { text } = await findAlert(context, number)
    if (rest === '')
      throw new UserError(`What shall alert ${number} be? Now it is: ${text}`, { suggestion: `edit ${number} ${text}` })
    const { content, seen, found } = await understand(rest, `edit ${number}`, context)
    const now = context.now()
    const alert = await changeAlert(context, number, (current) => {
      const changed = edited(current, content, now)
      const evaluation = lookWith(changed, seen, context)
      // Who watches has seen newer quotes by now: an older look would take back a side that has fired.
      return knowsBetter(changed, evaluation) ? changed : step(changed, evaluation, now, context.grace)
    })
    const evaluation = lookWith(alert, seen, context)
    return await readBack(`Alert ${number} is changed.`, alert, seen, evaluation, context, found)
  },
}

function knowsBetter({ triggers, seenAt = 0 }: Alert, evaluation: Evaluation): boolean {
  return triggers.some(({ side }) => side !== null) && (evaluation.seenAt ?? 0) < seenAt
}
