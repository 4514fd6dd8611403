import { DateTime } from 'luxon'
import type { Evaluation } from '../alert/step.ts'
import type { Alert } from '../alert/types.ts'
import type { Options } from '../condition/ast.ts'
import { distance } from '../condition/distance.ts'
import { duration } from '../condition/format.ts'
import { tickerOf } from '../condition/name.ts'
import { figure } from '../delivery/render.ts'
import type { Quote, Unknown } from '../market/provider.ts'
import { type Button, compose, type Reply } from '../reply.ts'
import type { Context } from './command.ts'
import { sightsOf } from './sights.ts'
import { moment, percent, priced } from './words.ts'

type Quotes = ReadonlyMap<string, Quote | Unknown>

/** What an alert was understood to be, the value now, how far it is, when and where it will speak. `fact` opens it. */
export function readBack(fact: string, alert: Alert, quotes: Quotes, evaluation: Evaluation, context: Context): Reply {
  const isTrue = evaluation.truths.includes('met')
  const lines = [
    alert.text,
    nowLine(alert, quotes, evaluation, context),
    ...unknownLines(alert, quotes, evaluation),
    ...closedLines(alert, context),
    isTrue ? "It is already true. I'll wait until it next becomes true." : promise(alert, context),
  ]
  return compose([{ strong: fact }, `\n${lines.join('\n')}`], readBackButtons(alert, isTrue))
}

function readBackButtons({ number, options }: Alert, isTrue: boolean): Button[] {
  return [
    ...(isTrue ? [{ label: 'Tell me now', command: `tell ${number}` }] : []),
    ...(options.mode === 'once' && !isTrue ? [{ label: 'Repeat', command: `repeat ${number}` }] : []),
    ...(isTrue ? [] : [{ label: 'Pause', command: `pause ${number}` }]),
    { label: 'Delete', command: `delete ${number}` },
  ]
}

/** `Now 333.69 USD (12 s ago, yahoo), change 1.9 %: 49.8 % below 500, 11.2 % above 300.` */
function nowLine(alert: Alert, quotes: Quotes, evaluation: Evaluation, context: Context): string {
  const isOne = alert.symbols.length === 1
  const others = evaluation.describe().evidence.filter(({ metric }) => metric !== 'price')
  const values = alert.symbols.map((symbol) => {
    const quote = quotes.get(symbol)
    const name = isOne ? '' : `${tickerOf(symbol)} `
    if (!isQuote(quote)) return `${tickerOf(symbol)} cannot be seen: ${quote?.unknown ?? 'no quote yet'}`
    const figures = others.filter((one) => one.symbol === symbol).map(figure)
    return [`${name}${priced(quote, context.now())}`, ...figures].join(', ')
  })
  const distances = distancesOf(alert, quotes).map(({ text }) => text)
  return `Now ${values.join(', ')}${distances.length > 0 ? `: ${distances.join(', ')}` : ''}.`
}

/** How far an alert's levels are, the nearest first; `percent` of the price or level as documented at `distance`. */
export function distancesOf(alert: Alert, quotes: Quotes): { text: string; percent: number }[] {
  const sightOf = sightsOf(quotes)
  const cellOf = (written: string) => sightOf(alert.bindings[written] ?? '').cell
  return distance(alert.condition, cellOf).map(({ written, level, toward, percent: share }) => ({
    text: `${alert.symbols.length > 1 ? `${written} ` : ''}${percent(share)} ${toward === 'above' ? 'below' : 'above'} ${level}`,
    percent: share,
  }))
}

/** Where it cannot be told whether it is true: why, unless the line above says so, and that this is not the end of it. */
function unknownLines(alert: Alert, quotes: Quotes, { truths, why }: Evaluation): string[] {
  if (truths.some((truth) => truth !== 'unknown')) return []
  const isSeen = alert.symbols.every((symbol) => isQuote(quotes.get(symbol)))
  return [`${isSeen && why !== undefined ? `${why} ` : ''}I keep looking, and watch it as soon as I can see it.`]
}

function closedLines(alert: Alert, { sessionAt, now, zone }: Context): string[] {
  const sessions = alert.symbols.map((symbol) => ({ symbol, ...sessionAt(symbol, now()) }))
  const closed = sessions.filter(({ session }) => session !== 'regular')
  if (closed.length === 0) return []
  const names = closed.map(({ symbol }) => tickerOf(symbol)).join(', ')
  const opens = Math.min(...closed.map(({ symbol }) => opening(symbol, now(), sessionAt)))
  return [`Regular trading in ${names} opens ${moment(opens, zone, now())}.`]
}

function opening(symbol: string, from: number, sessionAt: Context['sessionAt']): number {
  let at = from
  for (let session = sessionAt(symbol, at); session.session !== 'regular'; session = sessionAt(symbol, at))
    at = session.until
  return at
}

/** A day alone means to its end. */
function untilWords(day: Options['until'], until: number | null, zone: string, now: number): string {
  if (until === null) return ''
  if (day?.time !== undefined) return `, until ${moment(until, zone, now)}`
  return `, until the end of ${DateTime.fromMillis(until - 1, { zone }).toFormat('ccc d LLL')}`
}

function promise({ options, until }: Alert, { zone, now }: Context): string {
  const how =
    options.mode === 'every'
      ? `every ${duration(options.every ?? 0)} while it is true`
      : options.mode === 'repeat'
        ? `each time it becomes true${options.cooldown === undefined ? '' : `, ${duration(options.cooldown)} apart at least`}`
        : 'once'
  const stays = options.for === undefined ? '' : ` when it has been true for ${duration(options.for)}`
  return `I'll tell you here${stays}, ${how}${untilWords(options.until, until, zone, now())}.`
}

function isQuote(quote: Quote | Unknown | undefined): quote is Quote {
  return quote !== undefined && !('unknown' in quote)
}
