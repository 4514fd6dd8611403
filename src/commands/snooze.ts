import { snooze as snoozed } from '../alert/change.ts'
import { isWatched } from '../alert/step.ts'
import { type Reply, say } from '../reply.ts'
import { ask } from './ask.ts'
import { changeAlert } from './change-alert.ts'
import { changeSeveral, othersLine, pick, tellSeveral } from './change-several.ts'
import type { Command, Context } from './command.ts'
import { briefIfLong } from './in-brief.ts'
import { readDuration, readNumber } from './readers.ts'
import { moment } from './words.ts'

const LENGTHS = ['1h', '4h', '1d']

/** Silences alerts for a while; what becomes true meanwhile is told at the end if it still is. */
export const snooze: Command = {
  name: 'snooze',
  usage: 'snooze 7 2h',
  summary: 'Silence an alert for a while',
  arguments: [
    { name: 'alert', kind: 'alert', summary: 'The number of the alert', isRequired: true },
    { name: 'length', kind: 'text', summary: 'For how long, as in: 30m, 2h, 1d' },
  ],
  details: ['snooze all 2h'],
  async run(context, args) {
    const all = /^all\b\s*/i.exec(args)
    const { value: which, rest } = all
      ? { value: 'all' as const, rest: args.slice(all[0].length) }
      : readNumber(args, snooze.usage)
    if (rest === '') return await askHowLong(which, context)
    const { value: length } = readDuration(rest, `snooze ${which} 2h`)
    const now = context.now()
    const until = now + length
    const when = moment(until, context.zone, now)
    if (which === 'all') return await snoozeAll(until, when, context)
    const alert = await changeAlert(context, which, (current) => snoozed(current, until, now))
    const fact = `Alert ${which} is silent until ${when}`
    const later = "If it becomes true meanwhile and still is then, I'll tell you then."
    const buttons = [{ label: 'Wake it now', command: `wake ${which}` }]
    const lines = [`${fact}: ${alert.text}`, later]
    return { ...say(lines, buttons), ...briefIfLong(lines, [`${fact}.`, later]), place: 'below' }
  },
}

async function askHowLong(which: number | 'all', context: Context): Promise<Reply> {
  const question = 'For how long?'
  const reply = say(
    `${question} Type it like 30m, 2h or 1d.`,
    LENGTHS.map((length) => ({ label: length, command: `snooze ${which} ${length}` })),
  )
  return await ask(context, { command: snooze.name, step: 'length', typed: String(which), question }, reply)
}

async function snoozeAll(until: number, when: string, context: Context): Promise<Reply> {
  const now = context.now()
  const picked = await pick(context, 'all', isWatched)
  const several = await changeSeveral(context, picked, (alert) => snoozed(alert, until, now))
  const words = {
    are: `silent until ${when}`,
    none: 'None of your alerts is on.',
    more: othersLine(picked.others),
  }
  return tellSeveral(several, words, [{ label: 'Wake all', command: 'wake all' }])
}
