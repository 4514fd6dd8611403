import { isActive, isWatched } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import { brief } from '../condition/format.ts'
import { type Reply, say } from '../reply.ts'
import { ask } from './ask.ts'
import type { Context } from './command.ts'
import { mayChange } from './maker.ts'
import { shorten } from './readers.ts'

const QUESTION = 'Which alert?'
/** So many are offered as buttons; the rest can be typed. */
const OFFERED = 8
const WIDEST = 30

/** Which alerts a command can be about, and what is said where there are none of these. `now`: clock of evaluation, ms. */
type Kind = { readonly fits: (alert: Alert, now: number) => boolean; readonly none: string }

const ANY: Kind = { fits: () => true, none: 'You have no alerts. Set one with: alert AAPL > 500 or < 300' }
const ON: Kind = { fits: isWatched, none: 'None of your alerts is on. Type list to see them.' }

/** What each command can be about; any alert where it is not named. */
const KINDS: Readonly<Record<string, Kind>> = {
  pause: ON,
  snooze: ON,
  tell: ON,
  resume: { fits: (alert) => isActive(alert) && alert.paused, none: 'None of your alerts is paused.' },
  wake: {
    fits: ({ snoozedUntil }, now) => snoozedUntil !== null && snoozedUntil > now,
    none: 'None of your alerts is snoozed.',
  },
  repeat: { fits: ({ options }) => options.mode === 'once', none: 'All of your alerts repeat already.' },
}

/** Commands that change nothing of an alert may be about everybody's. */
const LOOKS: ReadonlySet<string> = new Set(['why', 'show', 'history'])

/** Asks which alert a command is about; the buttons are the person's newest ones that it can be about. */
export async function askAlert(context: Context, command: string): Promise<Reply> {
  const all = await context.alerts.ofUser(context.user.id)
  if (all.length === 0) return say(ANY.none)
  const kind = KINDS[command] ?? ANY
  const now = context.now()
  const fitting = all.filter((alert) => kind.fits(alert, now) && (LOOKS.has(command) || mayChange(context, alert)))
  if (fitting.length === 0) return say(all.some((alert) => kind.fits(alert, now)) ? OTHERS : kind.none)
  const offered = fitting.slice(-OFFERED).reverse()
  const more = offered.length < fitting.length ? ` list shows all ${all.length}.` : ''
  const reply = say(
    `${QUESTION} Its number is enough.${more}`,
    offered.map((alert) => ({ label: labelOf(alert), command: `${command} ${alert.number}` })),
  )
  return await ask(context, { command, step: 'alert', typed: '', question: QUESTION }, reply)
}

const OTHERS = 'Others of this group made these alerts: only they, or an admin, can change them.'

function labelOf({ number, condition }: Alert): string {
  return `${number}: ${shorten(brief({ condition, options: { mode: 'once' } }), WIDEST)}`
}
