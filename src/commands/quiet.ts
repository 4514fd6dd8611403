import { UserError } from '../errors.ts'
import { type Reply, say } from '../reply.ts'
import type { Quiet } from '../users/types.ts'
import type { Command, Context } from './command.ts'
import { shorten } from './readers.ts'

/** Minutes. What is held must find a time at which it can be told. */
const LEAST_AWAKE = 60
const DAY = 1_440
const USAGE = 'quiet 22:00-07:00'
const OFF = /^(off|none|never|no|end|stop)$/i
const TIME = '(\\d{1,2})(?:[:.h]?([0-5]\\d))?\\s*(am|pm)?'
const RANGE = new RegExp(`^(?:from\\s+)?${TIME}\\s*(?:-|–|—|to|until|till)\\s*${TIME}$`, 'i')

/** Shows or sets the hours in which only what is urgent is told; the rest comes together when they are over. */
export const quiet: Command = {
  name: 'quiet',
  usage: USAGE,
  summary: 'Hours in which only urgent alerts speak',
  arguments: [{ name: 'hours', kind: 'text', summary: 'From when to when, as in: 22:00-07:00; or: off' }],
  details: [
    'quiet: what they are now',
    'quiet off: tell me at any time',
    'What fires meanwhile comes as one message when they end. An alert with the option urgent does not wait.',
  ],
  async run(context, args) {
    const { user, users, notifications } = context
    if (args === '') return shownQuiet(context)
    if (OFF.test(args)) {
      await users.setQuiet(user.id, null)
      await notifications.releaseHeld(user.id)
      return say('You have no quiet hours now: I speak at any time. What was held comes now.')
    }
    const hours = readQuiet(args)
    await users.setQuiet(user.id, hours)
    await notifications.releaseHeld(user.id)
    return say(setLines(hours, context), [{ label: 'Quiet off', command: 'quiet off' }])
  },
}

function shownQuiet({ user }: Context): Reply {
  if (!user.quiet) return say(`You have no quiet hours: I speak at any time. Set them like this: ${USAGE}`)
  return say(
    `Your quiet hours are ${rangeWords(user.quiet)}. What fires meanwhile comes when they end, unless its alert is urgent.`,
    [{ label: 'Quiet off', command: 'quiet off' }],
  )
}

function setLines(hours: Quiet, { user, zone }: Context): string[] {
  const where =
    user.zone === null ? [`I take your time zone to be ${zone}; if that is wrong: timezone Europe/Berlin`] : []
  const [from, to] = [clockWords(hours.from), clockWords(hours.to)]
  return [
    `From ${from} to ${to} I am quiet. What fires meanwhile comes at ${to}, in one message, unless its alert says urgent.`,
    ...where,
  ]
}

/** Reads `22:00-07:00`, `22-7`, `10pm to 7am`. Throws `UserError` where it is none, or no time lies between. */
export function readQuiet(text: string): Quiet {
  const match = RANGE.exec(text.trim())
  const [from, to] = match ? [minuteOf(match.slice(1, 4)), minuteOf(match.slice(4, 7))] : []
  if (from === undefined || to === undefined)
    throw new UserError(`"${shorten(text)}" are no hours. Type from when to when, as in ${USAGE}.`, {
      suggestion: USAGE,
    })
  if (from === to)
    throw new UserError('That would be always or never. Type two different times.', { suggestion: USAGE })
  if ((to - from + DAY) % DAY > DAY - LEAST_AWAKE)
    throw new UserError('That leaves me less than an hour of the day to tell you anything.', { suggestion: USAGE })
  return { from, to }
}

/** Minutes after midnight; undefined where there is no such time. 24:00 is midnight. */
function minuteOf([hourText, minuteText = '0', half]: readonly (string | undefined)[]): number | undefined {
  const [hour, minute] = [Number(hourText), Number(minuteText)]
  if (half === undefined) return hour < 24 || (hour === 24 && minute === 0) ? (hour % 24) * 60 + minute : undefined
  if (hour < 1 || hour > 12) return undefined
  return ((hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)) * 60 + minute
}

function rangeWords({ from, to }: Quiet): string {
  return `${clockWords(from)} to ${clockWords(to)}`
}

function clockWords(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
}
