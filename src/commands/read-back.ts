import { contentOf } from '../alert/change.ts'
import type { Evaluation } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import type { During } from '../condition/ast.ts'
import { distance } from '../condition/distance.ts'
import { brief } from '../condition/format.ts'
import { tickerOf } from '../condition/name.ts'
import { keyOf, leavesOf, metricsIn } from '../condition/symbols.ts'
import { figure } from '../delivery/render.ts'
import type { Quote, Session, Unknown } from '../market/provider.ts'
import { type Button, compose, type Reply } from '../reply.ts'
import type { Context } from './command.ts'
import { confirmation } from './confirmation.ts'
import { gapLines } from './gap-lines.ts'
import { type Found, symbolLines } from './listing-words.ts'
import { byMaker } from './maker.ts'
import { promise } from './promise.ts'
import { type Seen, sightsOf } from './sights.ts'
import { paceLines } from './status.ts'
import { urgentLines } from './urgent-lines.ts'
import { moment, percent, priced } from './words.ts'
import { wouldHaveFired } from './would-have-fired.ts'

/**
 * What an alert was understood to be, the value now, how far it is, when and where it will speak. `fact` opens it; `found`:
 * what is known of the symbols, where they were just typed.
 */
export async function readBack(
  fact: string,
  alert: Alert,
  seen: Seen,
  evaluation: Evaluation,
  context: Context,
  found: readonly Found[] = [],
): Promise<Reply> {
  const isTrue = evaluation.truths.includes('met')
  const past = await wouldHaveFired(contentOf(alert), seen.quotes, context)
  const lines = [
    [alert.text, ...byMaker(context.message, alert.maker)].join(', '),
    ...symbolLines(found),
    nowLine(alert, seen, evaluation, context),
    ...unknownLines(alert, seen, evaluation),
    ...gapLines(alert.needs, seen, context),
    ...hoursLines(alert, context),
    ...(await paceLines(alert.symbols, context)),
    ...(past === undefined ? [] : [past]),
    ...zoneLines(alert, context),
    isTrue ? "It is already true. I'll wait until it next becomes true." : promise(alert, context),
    ...urgentLines(alert, context),
  ]
  const reply = compose([{ strong: fact }, `\n${lines.join('\n')}`], readBackButtons(alert, isTrue, context))
  return { ...reply, brief: briefOf(fact, alert, isTrue, seen, context, past) }
}

/** The same in one text message. */
function briefOf(
  fact: string,
  alert: Alert,
  isTrue: boolean,
  seen: Seen,
  context: Context,
  past: string | undefined,
): string {
  const { number, symbols } = alert
  const values = symbols.map((symbol) => shortValue(symbol, seen, symbols.length > 1))
  const [nearest] = distancesOf(alert, seen, context).sort((one, other) => one.percent - other.percent)
  const value = `Now ${[...values, ...(nearest && !isTrue ? [nearest.text] : [])].join(', ')}.`
  const wait = `Already true: I'll wait until it next becomes true. Reply TELL ${number} to hear it now.`
  return confirmation({
    ...{ fact, number, condition: brief(alert) },
    must: isTrue ? [wait, value] : [value, promise(alert, context)],
    may: [...urgentLines(alert, context), ...hoursLines(alert, context), ...(past === undefined ? [] : [past])],
  })
}

function shortValue(symbol: string, { quotes }: Seen, isOneOfSeveral: boolean): string {
  const quote = quotes.get(symbol)
  if (!isQuote(quote)) return `${tickerOf(symbol)} cannot be seen`
  return `${isOneOfSeveral ? `${tickerOf(symbol)} ` : ''}${quote.price} ${quote.currency}`
}

function readBackButtons(alert: Alert, isTrue: boolean, context: Context): Button[] {
  const { number, options } = alert
  return [
    ...(isTrue ? [{ label: 'Tell me now', command: `tell ${number}` }] : []),
    ...(options.mode === 'once' && !isTrue ? [{ label: 'Repeat', command: `repeat ${number}` }] : []),
    ...(isTrue ? [] : [{ label: 'Pause', command: `pause ${number}` }]),
    { label: 'Delete', command: `delete ${number}` },
    ...(zoneLines(alert, context).length > 0
      ? [{ label: `${context.zone} is right`, command: `timezone ${context.zone}` }]
      : []),
  ]
}

/** `Now 333.69 USD (12 s ago, yahoo), change 1.9 %: 49.8 % below 500, 11.2 % above 300.` */
function nowLine(alert: Alert, seen: Seen, evaluation: Evaluation, context: Context): string {
  const { quotes } = seen
  const isOne = alert.symbols.length === 1
  const others = evaluation.describe().evidence.filter(({ metric }) => metric !== 'price')
  const values = alert.symbols.map((symbol) => {
    const quote = quotes.get(symbol)
    const name = isOne ? '' : `${tickerOf(symbol)} `
    if (!isQuote(quote)) return `${tickerOf(symbol)} cannot be seen: ${quote?.unknown ?? 'no quote yet'}`
    const figures = others.filter((one) => one.symbol === symbol).map(figure)
    return [`${name}${priced(quote, context.now())}`, ...figures].join(', ')
  })
  const distances = distancesOf(alert, seen, context).map(({ text }) => text)
  return `Now ${values.join(', ')}${distances.length > 0 ? `: ${distances.join(', ')}` : ''}.`
}

/** How far an alert's levels are, the nearest first; `percent` of the price or level as documented at `distance`. */
export function distancesOf(alert: Alert, seen: Seen, context: Context): { text: string; percent: number }[] {
  const sightOf = sightsOf(seen, context.sessionAt)
  const cellOf = (written: string) => sightOf(alert.bindings[written] ?? '').cell
  return distance(alert.condition, cellOf).map(({ written, level, toward, percent: share }) => ({
    text: `${alert.symbols.length > 1 ? `${written} ` : ''}${percent(share)} ${toward === 'above' ? 'below' : 'above'} ${level}`,
    percent: share,
  }))
}

/** Where it cannot be told whether it is true: why, unless the line above says so, and that this is not the end of it. */
function unknownLines(alert: Alert, { quotes }: Seen, { truths, why }: Evaluation): string[] {
  if (truths.some((truth) => truth !== 'unknown')) return []
  const isSeen = alert.symbols.every((symbol) => isQuote(quotes.get(symbol)))
  return [`${isSeen && why !== undefined ? `${why} ` : ''}I keep looking, and watch it as soon as I can see it.`]
}

const SESSIONS: Readonly<Record<During, readonly Session[]>> = {
  regular: ['regular'],
  extended: ['pre', 'regular', 'post'],
  always: ['pre', 'regular', 'post', 'closed'],
}

/** When it is looked at, where that is not now or not all the time. */
function hoursLines(alert: Alert, { sessionAt, now, zone }: Context): string[] {
  const { during = 'regular', atClose } = alert.options
  if (atClose) return ["I look at it once a day, when the day's candle is finished."]
  const isOpen = (session: Session) => SESSIONS[during].includes(session)
  const closed = alert.symbols.filter((symbol) => !isOpen(sessionAt(symbol, now()).session))
  if (closed.length === 0) return []
  const opens = Math.min(...closed.map((symbol) => opening(symbol, now(), sessionAt, isOpen)))
  const names = closed.map(tickerOf).join(', ')
  const trading = during === 'regular' ? `Regular trading in ${names}` : `Trading in ${names}, extended hours included,`
  const meanwhile = closed.length < alert.symbols.length ? '; until then its last price counts' : ''
  return [`${trading} opens ${moment(opens, zone, now())}${meanwhile}.`]
}

function opening(
  symbol: string,
  from: number,
  sessionAt: Context['sessionAt'],
  isOpen: (session: Session) => boolean,
): number {
  let at = from
  for (let { session, until } = sessionAt(symbol, at); !isOpen(session); { session, until } = sessionAt(symbol, at))
    at = until
  return at
}

/** Whoever has not told their time zone is asked when it matters. */
function zoneLines(alert: Alert, { user, zone }: Context): string[] {
  if (user.zone !== null || !dependsOnZone(alert)) return []
  return [
    `I take your time zone to be ${zone}. If it is another, type it, like timezone Asia/Tokyo, and set this again.`,
  ]
}

/** `until` speaks of a day or a time, and the day of a coin begins at the person's midnight. */
function dependsOnZone({ options, condition, bindings }: Alert): boolean {
  if (options.until !== undefined) return true
  return leavesOf(condition).some(
    (leaf) =>
      leaf.type === 'move' &&
      leaf.since.type === 'today' &&
      metricsIn(leaf.value).some(({ symbol }) => bindings[keyOf(symbol)]?.startsWith('crypto:')),
  )
}

function isQuote(quote: Quote | Unknown | undefined): quote is Quote {
  return quote !== undefined && !('unknown' in quote)
}
