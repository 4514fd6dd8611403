import type { Alert } from '../alert/types.ts'
import { tickerOf } from '../condition/name.ts'
import { labelOf, sight } from '../delivery/render.ts'
import type { Tracked } from '../delivery/types.ts'
import type { HeldBack } from '../market/held-back.ts'
import { compose } from '../reply.ts'
import { findAlert } from './change-alert.ts'
import type { Command, Context } from './command.ts'
import { gapLines } from './gap-lines.ts'
import { readNumber } from './readers.ts'
import { explainWith, inHoursOf, see, sightsOf } from './sights.ts'
import { age, moment, times } from './words.ts'

const LAST_NOTIFICATIONS = 5

/** Explains an alert: each part with its value, the data behind it, its timers, and what became of each message. */
export const why: Command = {
  name: 'why',
  usage: 'why 7',
  summary: 'What an alert sees, and what became of its messages',
  async run(context, args) {
    const { value: number } = readNumber(args, why.usage)
    const alert = await findAlert(context, number)
    const [parts, told, lastCheck] = await Promise.all([
      partsOf(alert, context),
      toldOf(alert, context),
      context.lastCheck(),
    ])
    const doubts = await context.heldBack(alert.symbols)
    const now = context.now()
    const lines = [
      ...parts,
      ...doubts.map((doubt) => doubtLine(doubt, now)),
      ...stateLines(alert, context.zone, now),
      lastCheck === null ? 'Not checked yet.' : `Last check ${age(now - lastCheck)} ago.`,
      ...told,
    ]
    return compose([{ strong: `Alert ${number}` }, `: ${alert.text}\n`, { block: lines.join('\n') }])
  },
}

async function partsOf(alert: Alert, context: Context): Promise<string[]> {
  const seen = inHoursOf(alert.options, await see(alert, context))
  const sightOf = sightsOf(seen, context.sessionAt)
  const said = explainWith(alert, seen, context).map(({ text, truth, operands, why: reason }) => {
    const values = operands.map(({ symbol, metric, value, currency }) => {
      const { source, at } = sightOf(symbol)
      if (value === undefined) return `${labelOf({ symbol, metric })} not known`
      return `${sight([{ symbol, metric, value, currency }])} (${source}, ${age(context.now() - at)} ago)`
    })
    return `${text}: ${SAID[truth]}. ${values.join(', ')}${reason ? `: ${reason}` : ''}`
  })
  return [...said, ...gapLines(alert.needs, seen, context)]
}

/** What was not believed, by which rule, and what would change that. */
function doubtLine({ symbol, price, source, rule, why: what, isWaiting, at }: HeldBack, now: number): string {
  const said = `A price of ${price} for ${tickerOf(symbol)} (${source}, ${age(now - at)} ago) was not believed`
  return `${said}: ${what} (${rule})${isWaiting ? `; I wait for ${AWAITED[rule] ?? 'a second source'}` : ''}.`
}

const AWAITED: Readonly<Partial<Record<HeldBack['rule'], string>>> = { split: 'word of a split' }

const SAID = { met: 'true', unmet: 'not true', unknown: 'not known' } as const

function stateLines(alert: Alert, zone: string, now: number): string[] {
  const at = (time: number) => moment(time, zone, now)
  const ahead = (time: number | null): time is number => time !== null && time > now
  return [
    `${PHASES[alert.phase]}${alert.paused ? ', paused' : ''}; set ${at(alert.createdAt)}, fired ${times(alert.firings)}${
      alert.firedAt === null ? '' : `, last ${at(alert.firedAt)}`
    }.`,
    ...(ahead(alert.snoozedUntil) ? [`Silent until ${at(alert.snoozedUntil)}.`] : []),
    ...(ahead(alert.cooldownUntil) ? [`Not again before ${at(alert.cooldownUntil)}.`] : []),
    ...(alert.triggers.some(({ held }) => held)
      ? ['Something became true meanwhile and is held back until then.']
      : []),
    ...(alert.blindSince === null ? [] : [`Blind since ${at(alert.blindSince)}.`]),
    ...(alert.until === null ? [] : [`Ends ${at(alert.until)}.`]),
  ]
}

const PHASES = {
  armed: 'On',
  pending: 'True, waiting for its time',
  done: 'Done',
  expired: 'Ended',
  deleted: 'Deleted',
} as const

async function toldOf(alert: Alert, { notifications, user, zone, now }: Context): Promise<string[]> {
  const last = await notifications.ofAlert(user.id, alert.id, LAST_NOTIFICATIONS)
  return last.map((notification) => {
    const { occurrence, channel } = notification
    return `${moment(occurrence.at, zone, now())} ${occurrence.kind} by ${channel}: ${outcome(notification)}`
  })
}

function outcome({ state, tries, reason }: Tracked): string {
  const why = reason === null ? '' : ` (${reason})`
  if (state === 'sent') return tries > 1 ? `sent at try ${tries}` : 'sent'
  if (state === 'sending') return 'being sent'
  if (state === 'due') return tries === 0 ? 'about to be sent' : `tried ${times(tries)}, will be tried again${why}`
  return `${state === 'failed' ? 'could not be sent' : 'not sent'}${why}`
}
