import { edit as edited } from '../alert/change.ts'
import { graceOf } from '../alert/grace.ts'
import { type Evaluation, step } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import { type Reply, say } from '../reply.ts'
import { ask } from './ask.ts'
import { changeAlert, findAlert } from './change-alert.ts'
import type { Command, Context } from './command.ts'
import { requireMaker } from './maker.ts'
import { readBack } from './read-back.ts'
import { readNumber } from './readers.ts'
import { lookWith } from './sights.ts'
import { understand } from './understand.ts'

/** Gives an alert another condition or other options; number and history stay. */
export const edit: Command = {
  name: 'edit',
  usage: 'edit 7 AAPL > 510 repeat',
  summary: 'Change an alert; its number and history stay',
  arguments: [
    { name: 'alert', kind: 'alert', summary: 'The number of the alert', isRequired: true },
    {
      name: 'condition',
      kind: 'condition',
      summary: 'What to watch from now on, as in: AAPL > 510 repeat',
      isRequired: true,
    },
  ],
  async run(context, args) {
    const { value: number, rest } = readNumber(args, edit.usage)
    const before = await findAlert(context, number)
    requireMaker(context, before)
    if (rest === '') return await askWhat(before, context)
    const { content, seen, found } = await understand(rest, `edit ${number}`, context)
    const now = context.now()
    const alert = await changeAlert(context, number, (current) => {
      const changed = edited(current, content, now)
      const evaluation = lookWith(changed, seen, context)
      // Who watches has seen newer quotes by now: an older look would take back a side that has fired.
      return knowsBetter(changed, evaluation)
        ? changed
        : step(changed, evaluation, now, graceOf(changed, context.grace))
    })
    const evaluation = lookWith(alert, seen, context)
    return await readBack(`Alert ${number} is changed.`, alert, seen, evaluation, context, found)
  },
}

async function askWhat({ number, text }: Alert, context: Context): Promise<Reply> {
  const question = `What shall alert ${number} be?`
  const reply = say(`${question} Now it is: ${text}\nTry: edit ${number} ${text}`)
  return await ask(context, { command: edit.name, step: 'condition', typed: String(number), question }, reply)
}

function knowsBetter({ triggers, seenAt = 0 }: Alert, evaluation: Evaluation): boolean {
  return triggers.some(({ side }) => side !== null) && (evaluation.seenAt ?? 0) < seenAt
}
