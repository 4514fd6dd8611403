import { isActive } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import { brief } from '../condition/format.ts'
import { type Button, compose } from '../reply.ts'
import { alertLine } from './alert-line.ts'
import { findAlert } from './change-alert.ts'
import type { Command, Context } from './command.ts'
import { inBrief } from './in-brief.ts'
import { promise } from './promise.ts'
import { readNumber } from './readers.ts'
import { phaseWords, stateLines } from './state-lines.ts'
import { urgentLines } from './urgent-lines.ts'
import { times } from './words.ts'

/** Shows an alert as a whole: what it says, what it will do, where it is in its life, and how to set it again. */
export const show: Command = {
  name: 'show',
  usage: 'show 7',
  summary: 'All of one alert, and the line that sets it again',
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert', isRequired: true }],
  async run(context, args) {
    const { value: number } = readNumber(args, show.usage)
    const alert = await findAlert(context, number)
    const lines = [
      ...(alert.typed === alert.text ? [] : [`Typed: ${alert.typed}`]),
      ...(isActive(alert) ? [promise(alert, context)] : []),
      ...optionLines(alert, context),
      ...(alert.maker ? [`Made by ${alert.maker.name}.`] : []),
      ...stateLines(alert, context.zone, context.now()),
      `To change it: edit ${number} and what it shall be`,
      `To set it again: ${alertLine(alert)}`,
    ]
    const reply = compose([{ strong: `Alert ${number}` }, `: ${alert.text}\n${lines.join('\n')}`], buttonsOf(alert))
    return { ...reply, brief: briefOf(alert, context) }
  },
}

function briefOf(alert: Alert, context: Context): string {
  const condition = brief({ condition: alert.condition, options: { mode: 'once' } })
  return inBrief([
    `Alert ${alert.number}: ${condition}.`,
    `${phaseWords(alert)}, fired ${times(alert.firings)}.`,
    ...(isActive(alert) ? [promise(alert, context)] : []),
  ])
}

const HOURS = {
  regular: 'Looked at in regular trading hours.',
  extended: 'Looked at in extended hours too.',
  always: 'Looked at whether its market trades or not.',
} as const

/** What an alert's options mean, as far as the promise does not say it. */
function optionLines(alert: Alert, context: Context): string[] {
  const { during, atClose, note } = alert.options
  return [
    ...(atClose ? ["Looked at once a day, when the day's candle is finished."] : []),
    ...(during === undefined ? [] : [HOURS[during]]),
    ...urgentLines(alert, context),
    ...(note === undefined ? [] : [`Your note: ${note}`]),
  ]
}

function buttonsOf(alert: Alert): Button[] {
  const press = (label: string, name = label.toLowerCase()) => ({ label, command: `${name} ${alert.number}` })
  const change = isActive(alert) ? press(alert.paused ? 'Resume' : 'Pause') : press('Again')
  return [press('Why'), change, press('History'), press('Delete')]
}
