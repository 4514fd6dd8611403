import type { Occurrence } from '../alert/types.ts'
import { tickerOf } from '../condition/name.ts'
import { septets, shortenedTo, toGsm } from '../gsm.ts'
import { plain, type Reply } from '../reply.ts'
import { lateBy, unheardWords } from './lateness.ts'
import { symbolsOf } from './outage-words.ts'
import { clockTime, evidenceOf, sight } from './render.ts'
import { type Bundle, happenedAt } from './together.ts'
import type { Tracked } from './types.ts'

/** One text message, in septets of GSM-7. */
const MOST = 160
/** What is left for the words where a choice stands below them. */
const ABOVE_CHOICE = 120
/** The figures and the condition share what the rest leaves. */
const MOST_SEEN = 60
/** Where it is said first why it comes here. */
const MOST_SEEN_AFTER_WHY = 40
const MOST_NAMES = 60
/** Less of a note than this says nothing, septets. */
const LEAST_NOTE = 12

/**
 * What a person is told, with a short form of at most 160 septets of GSM-7; without one where the whole is as short and
 * says no less. `now`: ms, real clock.
 */
export function withBrief(bundle: Bundle, reply: Reply, now: number): Reply {
  const [first] = bundle
  const brief = briefOf(first.occurrence.kind, bundle, now)
  const isTold = first.occurrence.kind === 'fired' || first.occurrence.kind === 'split'
  const isShort = !isTold && septets(toGsm(plain(reply))) <= MOST
  return isShort ? reply : { ...reply, brief }
}

function briefOf(kind: Occurrence['kind'], bundle: Bundle, now: number): string {
  switch (kind) {
    case 'fired':
      return firing(bundle[0], now)
    case 'expired':
      return ending(bundle[0])
    case 'blind':
      return blindness(bundle)
    case 'sighted':
      return seeingAgain(bundle)
    case 'split':
      return split(bundle[0])
    case 'lost':
      return loss(bundle)
  }
}

/** `AAPL 501.12 USD > 500 at 15:04. Alert 1 is done. Reply AGAIN 1 or SNOOZE 1 1H` */
function firing(notification: Tracked, now: number): string {
  const { alert, occurrence, zone } = notification
  // Its times are on the clock of evaluation: there, now is as much later as the message is late.
  const time = clockTime(occurrence.at, zone, occurrence.at + (now - happenedAt(notification)))
  const { seen, condition } = factOf(occurrence)
  const why = unheardWords(notification)
  const start = `${why}${shortenedTo(toGsm(seen), why === '' ? MOST_SEEN : MOST_SEEN_AFTER_WHY)}`
  const late = why === '' ? lateBy(notification, now) : undefined
  const when = ` at ${time}${late === undefined ? '' : `, ${late}`}.`
  const state = stateOf(notification)
  const [whole, cut] = endsOf(notification)
  const around = septets(start + when + state + whole) + 1
  const fits = septets(toGsm(condition)) <= MOST - around
  const said = shortenedTo(toGsm(condition), MOST - around)
  const told = `${start} ${said}${when}${state}`
  const end = fits ? whole : cut
  return `${told}${noteWords(alert.note, MOST - septets(told + end))}${end}`
}

/** Of what is repeated it was told before. */
function stateOf({ alert: { number }, occurrence, unheard }: Tracked): string {
  return unheard ? '' : ` Alert ${number} ${occurrence.last ? 'is done' : 'stays on'}.`
}

/** What can be done about a firing: where all of it is said, and where it is cut. */
function endsOf({ alert: { number }, occurrence, urgent }: Tracked): readonly [whole: string, cut: string] {
  const first = urgent ? `ACK ${number}` : occurrence.last ? `AGAIN ${number}` : `PAUSE ${number}`
  return [` Reply ${first} or SNOOZE ${number} 1H`, ` Reply SHOW ${number} or ${first}`]
}

/** What was seen, and what of the condition is not said with it: its subject need not be named twice. */
function factOf({ triggers, evidence }: Occurrence): { seen: string; condition: string } {
  const seen = evidenceOf({ evidence }).map(sight).join(', ')
  const condition = triggers.join(', and ')
  const [only] = evidence
  const rest = /^\S+ price (.*)$/s.exec(condition)?.[1]
  if (evidence.length === 1 && only?.metric === 'price' && triggers.length === 1 && rest !== undefined)
    return { seen, condition: rest }
  return seen === '' ? { seen: condition, condition: '' } : { seen: `${seen}:`, condition }
}

function noteWords(note: string | undefined, room: number): string {
  if (note === undefined || room < LEAST_NOTE) return ''
  return ` (${shortenedTo(toGsm(note).replace(/\s+/g, ' '), room - 3)})`
}

/** `AAPL was split 4 for 1. Alert 7 in new shares: AAPL > 125` */
function split({ alert, occurrence }: Tracked): string {
  const { symbol, numerator, denominator, line } = occurrence.split!
  const fact = `${tickerOf(symbol)} was split ${numerator} for ${denominator}.`
  if (line === undefined) return fitted(`${fact} Look at alert ${alert.number}: `, alert.text, MOST)
  return fitted(`${fact} Alert ${alert.number} in new shares: `, line, ABOVE_CHOICE)
}

function ending({ alert, occurrence, zone }: Tracked): string {
  const time = clockTime(occurrence.at, zone, occurrence.at)
  return fitted(`Alert ${alert.number} has ended, its time was up at ${time}: `, alert.text, MOST)
}

function blindness(bundle: Bundle): string {
  const { occurrence, zone } = bundle[0]
  const since = clockTime(occurrence.gap?.from ?? occurrence.at, zone, occurrence.at)
  const said = `I cannot see ${unseen(bundle)} since ${since}. ${alertsOf(bundle)} blind; I say when that is over.`
  return shortenedTo(toGsm(said), MOST)
}

function seeingAgain(bundle: Bundle): string {
  const { occurrence, zone, alert } = bundle[0]
  const { from, to } = occurrence.gap ?? { from: occurrence.at, to: occurrence.at }
  const [since, until] = [from, to].map((at) => clockTime(at, zone, occurrence.at))
  const end = ` From ${since} to ${until} something may have been missed. Reply WHY ${alert.number}`
  const said = `I see ${unseen(bundle)} again. ${alertsOf(bundle)} armed still.`
  return `${shortenedTo(toGsm(said), MOST - septets(end))}${end}`
}

/** `DEAD may be delisted or renamed. Alerts 1, 3 watch it. Reply DELETE 1 or WHY 1` */
function loss(bundle: Bundle): string {
  const { number } = bundle[0].alert
  const them = symbolsOf(bundle).length > 1 ? 'them' : 'it'
  const said = `${unseen(bundle)} may be delisted or renamed. ${alertsOf(bundle, ['watches', 'watch'])} ${them}.`
  const end = ` Reply DELETE ${number} or WHY ${number}`
  return `${shortenedTo(toGsm(said), MOST - septets(end))}${end}`
}

function unseen(bundle: Bundle): string {
  const symbols = symbolsOf(bundle).map(tickerOf)
  return shortenedTo(toGsm(symbols.length === 0 ? bundle[0].alert.text : symbols.join(', ')), MOST_NAMES)
}

/** `Alerts 1, 3 are`. */
function alertsOf(bundle: Bundle, [one, several]: readonly [string, string] = ['is', 'are']): string {
  const numbers = [...new Set(bundle.map(({ alert }) => alert.number))]
  return numbers.length === 1
    ? `Alert ${numbers[0]} ${one}`
    : `Alerts ${shortenedTo(numbers.join(', '), 24)} ${several}`
}

/** A text with as much of its end as fits. */
function fitted(start: string, end: string, most: number): string {
  return shortenedTo(toGsm(`${start}${end}`), most)
}
