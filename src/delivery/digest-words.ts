import { tickerOf } from '../condition/name.ts'
import { type Button, compose, type Piece, type Reply } from '../reply.ts'
import { type Prices, priceWords } from './lateness.ts'
import { lossFact } from './lost-words.ts'
import { clockTime, evidenceOf, sight } from './render.ts'
import { type Bundle, happenedAt } from './together.ts'
import type { Tracked } from './types.ts'

/** So many lines are told in one message; of the rest only how many there are. */
const MOST_LINES = 40
/** Characters of a short form. */
const BRIEF = 160
const HISTORY: Button = { label: 'History', command: 'history' }
const LIST: Button = { label: 'List', command: 'list' }

/** What waited for the end of quiet hours: each with the values of its time and the price now. */
export function renderDigest(bundle: Bundle, prices: Prices): Reply {
  return listed(`In your quiet hours: ${countWords(bundle)}`, bundle, prices, [HISTORY, LIST])
}

/** Firings that came close together. `gathers`: the numbers of alerts of which what comes next is gathered. */
export function renderFlood(bundle: Bundle, prices: Prices, gathers: readonly number[]): Reply {
  const numbers = new Set(bundle.map(({ alert }) => alert.number))
  const [first] = bundle
  const title =
    numbers.size === 1 ? `Alert ${first.alert.number}: ${countWords(bundle)}` : `${countWords(bundle)} at once`
  const why = numbers.size === 1 ? [{ label: 'Why', command: `why ${first.alert.number}` }] : [LIST]
  return listed(title, bundle, prices, [...gathers.slice(0, 3).map(cooldownButton), HISTORY, ...why], gathers)
}

/** What is so old that only its outline is of use. */
export function renderSummary(bundle: Bundle): Reply {
  const times = bundle.map(happenedAt)
  const [from, to] = [Math.min(...times), Math.max(...times)].map((at) => clockTime(at, bundle[0].zone, 0)) as [
    string,
    string,
  ]
  const when = from === to ? `at ${from}` : `between ${from} and ${to}`
  const alerts = [...new Map(bundle.map(({ alert }) => [alert.number, alert.text]))]
  const lines = alerts.slice(0, MOST_LINES).map(([number, text]) => {
    const count = bundle.filter(({ alert }) => alert.number === number).length
    return `alert ${number}, ${count === 1 ? 'once' : `${count} times`}: ${text}`
  })
  const more = alerts.length > MOST_LINES ? [`and ${alerts.length - MOST_LINES} more alerts`] : []
  const fact = `You missed ${countWords(bundle)} ${when}`
  return compose(
    [{ strong: fact }, `:\n${[...lines, ...more].join('\n')}\nThat is too long ago for more; history has it all.`],
    [HISTORY],
  )
}

/** That an alert fires so often that what comes next is gathered. */
export function gatherLine(number: number): string {
  return `Alert ${number} fires often: what it fires within 10 min of these I gather into one message.`
}

/** Makes an alert fire less often. */
export function cooldownButton(number: number): Button {
  return { label: 'Cooldown 1 h', command: `cooldown ${number} 1h` }
}

/** `15:04 alert 7: AAPL price > 500. AAPL 501.12 USD; now 489.20 USD.` Times are told with their date if it is not that of `today` (ms). */
export function lineOf(notification: Tracked, prices: Prices, today: number): string {
  const { alert, occurrence, zone } = notification
  const at = clockTime(occurrence.at, zone, today)
  const price = priceWords(notification, prices)
  switch (occurrence.kind) {
    case 'fired': {
      const seen = evidenceOf(occurrence).map(sight).join('; ')
      const note = alert.note === undefined ? '' : ` Your note: ${alert.note}`
      const figures = [seen, price].filter((part) => part !== '').join('; ')
      return `${at} alert ${alert.number}: ${occurrence.triggers.join(', and ')}.${figures === '' ? '' : ` ${figures}.`}${note}`
    }
    case 'expired':
      return `${at} alert ${alert.number} has ended: ${alert.text}`
    case 'blind':
      return `${at} alert ${alert.number} became blind${unseenWords(notification)}.`
    case 'sighted':
      return `${at} alert ${alert.number} sees again${price === '' ? '' : `; ${price}`}.`
    case 'split': {
      const { symbol, numerator, denominator, line } = occurrence.split ?? {}
      const what = symbol === undefined ? 'a split' : `${tickerOf(symbol)} was split ${numerator} for ${denominator}`
      const next = line === undefined ? `why ${alert.number} shows it` : `in new shares: edit ${alert.number} ${line}`
      return `${at} alert ${alert.number}: ${what}; ${next}`
    }
    case 'lost': {
      const what = occurrence.loss === undefined ? 'its symbol is lost' : lossFact(occurrence.loss.symbol)
      return `${at} alert ${alert.number}: ${what}; delete ${alert.number}, or set it anew with the new name`
    }
  }
}

function unseenWords({ outage }: Tracked): string {
  return outage ? `: I could not see ${outage.symbols.map(tickerOf).join(', ')}` : ''
}

function listed(
  title: string,
  bundle: Bundle,
  prices: Prices,
  buttons: readonly Button[],
  gathers: readonly number[] = [],
): Reply {
  const today = bundle.at(-1)!.occurrence.at
  const lines = bundle.slice(0, MOST_LINES).map((one) => lineOf(one, prices, today))
  const rest = bundle.length - MOST_LINES
  const more = rest > 0 ? [`and ${rest} more: history shows them.`] : []
  const pieces: Piece[] = [{ strong: title }, `:\n${[...lines, ...more, ...gathers.map(gatherLine)].join('\n')}`]
  return { ...compose(pieces, buttons), brief: briefOf(title, bundle) }
}

/** As many as fit, the first ones first: `In your quiet hours: 3 firings. 7: AAPL 501.12 USD 03:12; … Reply HISTORY` */
function briefOf(title: string, bundle: Bundle): string {
  const end = 'Reply HISTORY'
  let text = `${title}.`
  for (const { alert, occurrence, zone } of bundle) {
    const seen = evidenceOf(occurrence).map(sight)[0] ?? occurrence.kind
    const item = ` ${alert.number}: ${seen} ${clockTime(occurrence.at, zone, occurrence.at)};`
    if (text.length + item.length + end.length + 1 > BRIEF) break
    text += item
  }
  return `${text} ${end}`
}

/** `3 firings`, `1 firing and 2 other words`. */
function countWords(bundle: Bundle): string {
  const fired = bundle.filter(({ occurrence }) => occurrence.kind === 'fired').length
  const others = bundle.length - fired
  const firings = fired === 1 ? '1 firing' : `${fired} firings`
  if (others === 0) return firings
  const words = others === 1 ? '1 other word' : `${others} other words`
  return fired === 0 ? words.replace(' other', '') : `${firings} and ${words}`
}
