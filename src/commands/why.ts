import type { Alert } from '../alert/types.ts'
import { brief } from '../condition/format.ts'
import { tickerOf } from '../condition/name.ts'
import { labelOf, lateWords, sight } from '../delivery/render.ts'
import type { Tracked } from '../delivery/types.ts'
import type { HeldBack } from '../market/held-back.ts'
import { compose } from '../reply.ts'
import { findAlert } from './change-alert.ts'
import type { Command, Context } from './command.ts'
import { gapLines } from './gap-lines.ts'
import { inBrief } from './in-brief.ts'
import { lossLines } from './loss-lines.ts'
import { outcomeWords, placeWords } from './outcome-words.ts'
import { readNumber } from './readers.ts'
import { explainWith, inHoursOf, see, sightsOf } from './sights.ts'
import { phaseWords, stateLines } from './state-lines.ts'
import { age, moment, times } from './words.ts'

const LAST_NOTIFICATIONS = 5

/** Explains an alert: each part with its value, the data behind it, its timers, and what became of each message. */
export const why: Command = {
  name: 'why',
  usage: 'why 7',
  summary: 'What an alert sees, and what became of its messages',
  arguments: [{ name: 'alert', kind: 'alert', summary: 'The number of the alert', isRequired: true }],
  async run(context, args) {
    const { value: number } = readNumber(args, why.usage)
    const alert = await findAlert(context, number)
    const [parts, told, lastCheck, doubts, losses] = await Promise.all([
      partsOf(alert, context),
      toldOf(alert, context),
      context.lastCheck(),
      context.heldBack(alert.symbols),
      lossLines(alert.symbols, context),
    ])
    const now = context.now()
    const checked = lastCheck === null ? 'Not checked yet.' : `Last check ${age(now - lastCheck)} ago.`
    const lines = [
      ...parts,
      ...losses,
      ...doubts.map((doubt) => doubtLine(doubt, now)),
      ...stateLines(alert, context.zone, now),
      checked,
      ...told,
    ]
    const reply = compose(
      [{ strong: `Alert ${number}` }, `: ${alert.text}\n`, { block: lines.join('\n') }],
      [
        { label: 'Show', command: `show ${number}` },
        { label: 'History', command: `history ${number}` },
      ],
    )
    return { ...reply, brief: briefOf(alert, [...parts, ...losses, checked]) }
  },
}

function briefOf(alert: Alert, lines: readonly string[]): string {
  const condition = brief({ condition: alert.condition, options: { mode: 'once' } })
  return inBrief([
    `Alert ${alert.number}: ${condition}.`,
    `${phaseWords(alert)}, fired ${times(alert.firings)}.`,
    ...lines.map((line) => (line.endsWith('.') ? line : `${line}.`)),
  ])
}

async function partsOf(alert: Alert, context: Context): Promise<string[]> {
  const seen = inHoursOf(alert.options, await see(alert, context))
  const sightOf = sightsOf(seen, context.sessionAt)
  const said = explainWith(alert, seen, context).map(({ text, truth, operands, why: reason }) => {
    const values = operands.map(({ symbol, metric, value, currency }) => {
      const { source, at, delay } = sightOf(symbol)
      if (value === undefined) return `${labelOf({ symbol, metric })} not known`
      return `${sight([{ symbol, metric, value, currency }])} (${source}, ${age(context.now() - at)} ago${lateWords(delay)})`
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

const KINDS: Readonly<Partial<Record<Tracked['occurrence']['kind'], string>>> = {
  lost: 'word of a loss',
  sighted: 'seeing again',
  expired: 'ended',
}

async function toldOf(alert: Alert, { notifications, user, zone, now, realNow }: Context): Promise<string[]> {
  const last = await notifications.ofAlert(user.id, alert.id, LAST_NOTIFICATIONS)
  return last.map((notification) => {
    const { occurrence } = notification
    const when = moment(occurrence.at, zone, now())
    return `${when} ${KINDS[occurrence.kind] ?? occurrence.kind} by ${placeWords(notification)}: ${outcomeWords(notification, zone, realNow(), true)}`
  })
}
