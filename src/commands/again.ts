import { again as armedAgain } from '../alert/change.ts'
import type { Command } from './command.ts'
import { readNumber } from './readers.ts'
import { watchAnew } from './watch-anew.ts'

/** Arms an alert anew, one that is done among them. */
export const again: Command = {
  name: 'again',
  usage: 'again 7',
  summary: 'Arm an alert anew, also one that is done',
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert', isRequired: true }],
  run: (context, args) => watchAnew(context, readNumber(args, again.usage).value, armedAgain),
}
