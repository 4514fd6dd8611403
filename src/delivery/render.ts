import { DateTime } from 'luxon'
import type { Evidence, Gap, Occurrence } from '../alert/types.ts'
import { classOf, tickerOf } from '../condition/name.ts'
import { type Button, compose, type Reply } from '../reply.ts'
import { directionOf } from './direction.ts'
import { latenessLines, type Prices, unheardWords } from './lateness.ts'
import { renderLost } from './lost-words.ts'
import { type Away, renderBlind, renderSighted } from './outage-words.ts'
import type { Bundle } from './together.ts'
import type { Subject, Tracked } from './types.ts'

const NO_PRICES: Prices = new Map()
const NEW_YORK = 'America/New_York'
/** From the opening of pre-market to the end of post-market, ms. */
const LONGEST_SESSION = 16 * 3_600_000

/**
 * What a person is told in one message of one notification, or of one outage. `away`: where prices were while nobody saw
 * them; `now`: real clock, ms; `prices`: those of now, for what comes late.
 */
export function renderBundle(bundle: Bundle, away: Away, now: number, prices: Prices = NO_PRICES): Reply {
  const [first] = bundle
  const { maker } = first.alert
  if (!first.outage) return { ...render(first, now, prices), ...(maker ? { whom: maker } : {}) }
  const words = {
    at: (time: number) => clockTime(time, first.zone, first.occurrence.at),
    late: latenessLines(first, now, NO_PRICES),
  }
  if (first.occurrence.kind === 'lost') return renderLost(bundle, words.late)
  return first.occurrence.kind === 'blind' ? renderBlind(bundle, words) : renderSighted(bundle, away, words)
}

/**
 * What a person is told of a notification, at `now` (real clock, ms): first the fact, then the evidence, then what one can
 * do. `prices`: those of now, for what comes late.
 */
export function render(notification: Tracked, now: number, prices: Prices = NO_PRICES): Reply {
  const { alert, occurrence, zone } = notification
  const late = latenessLines(notification, now, prices)
  const at = (time: number) => clockTime(time, zone, occurrence.at)
  switch (occurrence.kind) {
    case 'fired': {
      const fact = `${unheardWords(notification)}Alert ${alert.number}: ${occurrence.triggers.join(', and ')}`
      const lines = [...noteLines(alert), ...evidenceLines(occurrence, zone), ...gapLines(occurrence.gap, at), ...late]
      const direction = directionOf(occurrence.triggers)
      const reply = compose(
        [{ strong: fact }, `\n${lines.join('\n')}`],
        buttonsOfFiring(alert, occurrence.last === true, notification.urgent === true),
      )
      return { ...reply, ...(direction ? { direction } : {}) }
    }
    case 'expired': {
      const underWay = occurrence.reason === undefined ? '' : ` ${EXPIRED_WITH[occurrence.reason] ?? occurrence.reason}`
      const lines = [alert.text, `Its time was up at ${at(occurrence.at)}.${underWay}`, ...late]
      return compose(
        [{ strong: `Alert ${alert.number} has ended` }, `: ${lines.join('\n')}`],
        pressed(alert, 'why', 'delete'),
      )
    }
    case 'blind': {
      const lines = [alert.text, `${blindness(occurrence, at)} I will say when I can see again.`, ...late]
      return compose(
        [{ strong: `Alert ${alert.number} is blind` }, `: ${lines.join('\n')}`],
        pressed(alert, 'why', 'pause'),
      )
    }
    case 'sighted': {
      const lines = [alert.text, ...evidenceLines(occurrence, zone), ...blindLines(occurrence.gap, at), ...late]
      return compose([{ strong: `Alert ${alert.number} sees again` }, `: ${lines.join('\n')}`], pressed(alert, 'why'))
    }
    case 'split':
      return renderSplit(notification, late)
    case 'lost':
      return renderLost([notification], late)
  }
}

/** The fact, and the alert in new shares, which a button applies. */
function renderSplit({ alert, occurrence: { split } }: Tracked, late: readonly string[]): Reply {
  if (!split) throw new Error('a word of a split without the split')
  const fact = `${tickerOf(split.symbol)} was split ${split.numerator} for ${split.denominator}`
  const { line, isWhole } = split
  const lines = [
    ...(line === undefined && isWhole ? [`Alert ${alert.number} goes on: ${alert.text}`] : []),
    ...(line === undefined
      ? []
      : [`Alert ${alert.number} was set before that: ${alert.text}`, `In new shares: ${line}`]),
    ...(isWhole
      ? []
      : [`Look at alert ${alert.number} again: not all of it can be put into new shares. ${alert.text}`]),
    ...late,
  ]
  const use = line === undefined ? [] : [{ label: 'Use the new line', command: `edit ${alert.number} ${line}` }]
  return compose([{ strong: fact }, `.\n${lines.join('\n')}`], [...use, ...pressed(alert, 'why', 'delete')])
}

const EXPIRED_WITH: Readonly<Record<string, string>> = {
  pending: 'It was true at the end, but not yet for long enough.',
  held: 'One firing was held back by a cooldown or a snooze and is not told any more.',
}

function blindness({ reason, gap }: Occurrence, at: (time: number) => string): string {
  const since = gap ? ` since ${at(gap.from)}` : ''
  return `I cannot see it${since}${reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`}.`
}

const LABELS = { ack: 'Got it', again: 'Again', pause: 'Pause', why: 'Why', delete: 'Delete' } as const

/** Commands on an alert that need its number alone. */
function pressed({ number }: Pick<Subject, 'number'>, ...commands: readonly (keyof typeof LABELS)[]): Button[] {
  return commands.map((command) => ({ label: LABELS[command], command: `${command} ${number}` }))
}

/** What can be done about a firing; what is urgent can be acknowledged. `isDone`: its alert ended with it. */
export function buttonsOfFiring(alert: Pick<Subject, 'number'>, isDone: boolean, isUrgent: boolean): Button[] {
  const snooze = { label: 'Snooze 1 h', command: `snooze ${alert.number} 1h` }
  const seen = isUrgent ? pressed(alert, 'ack') : []
  return [...seen, ...pressed(alert, isDone ? 'again' : 'pause'), snooze, ...pressed(alert, 'why', 'delete')]
}

function noteLines({ note }: Subject): string[] {
  return note === undefined ? [] : [`Your note: ${note}`]
}

/**
 * A line for each symbol, with all that was seen of it at one time. The price of a market that is closed may be days older
 * than what fired: then it has its date.
 */
function evidenceLines({ evidence, at }: Occurrence, zone: string): string[] {
  return evidenceOf({ evidence }).map((seen) => {
    const { symbol, source, at: then, delay } = seen[0]!
    const time = clockTime(then, zone, at, 'HH:mm:ss')
    const local =
      classOf(symbol) === 'stock' && zone !== NEW_YORK ? ` (New York ${clockTime(then, NEW_YORK, then)})` : ''
    return `${sight(seen)} at ${time}${local}${dayWords(seen, at)}, ${source}${lateWords(delay)}.`
  })
}

/** `, up 1.9 % today`, or nothing where that is not known, seen already, or of another day than `now` (ms). */
function dayWords(seen: readonly Evidence[], now: number): string {
  const change = seen.find((one) => one.change !== undefined)?.change
  if (change === undefined || now - seen[0]!.at > LONGEST_SESSION || seen.some(({ metric }) => metric === 'change'))
    return ''
  const when = classOf(seen[0]!.symbol) === 'crypto' ? 'in 24 h' : 'today'
  return Number(change) === 0
    ? `, unchanged ${when}`
    : `, ${change.startsWith('-') ? 'down' : 'up'} ${change.replace('-', '')} % ${when}`
}

/** `, 15 min late`, or nothing where a source has it at once. `delay`: ms. */
export function lateWords(delay: number | undefined): string {
  if (delay === undefined || delay <= 0) return ''
  if (delay < 5_400_000) return `, ${Math.max(1, Math.round(delay / 60_000))} min late`
  return delay < 86_400_000 ? `, ${Math.round(delay / 3_600_000)} h late` : ', a rate of the day'
}

/** What made something fire, in groups: the figures of one symbol, source and time. */
export function evidenceOf({ evidence }: Pick<Occurrence, 'evidence'>): Evidence[][] {
  const groups = new Map<string, Evidence[]>()
  for (const one of evidence) {
    const key = `${one.symbol} ${one.source} ${one.at}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

/** Figures of one symbol, its name in front: `AAPL 501.12 USD, change 1.9 %`, `sma(AAPL, 50) 498.2 USD`. */
export function sight(seen: readonly (Figure & Pick<Evidence, 'symbol'>)[]): string {
  const own = seen.filter((one) => !namesSymbols(one))
  const name = own.length > 0 ? [`${tickerOf(seen[0]!.symbol)} ${own.map(figure).join(', ')}`] : []
  return [...name, ...seen.filter(namesSymbols).map(figure)].join(', ')
}

/** A figure's name for a person: a function or a sum says itself which symbols it is about. */
export function labelOf({ symbol, metric }: Pick<Evidence, 'symbol' | 'metric'>): string {
  return namesSymbols({ metric }) ? metric : `${tickerOf(symbol)} ${metric}`
}

function namesSymbols({ metric }: Pick<Evidence, 'metric'>): boolean {
  return /[(*/+]| - /.test(metric)
}

type Figure = Pick<Evidence, 'metric' | 'value' | 'currency'>

/** A figure as people read it: the metric unless it is the price, the value, its unit. */
export function figure({ metric, value, currency }: Figure): string {
  if (metric === 'price') return `${value} ${currency}`
  if (metric === 'change') return `change ${value} %`
  return `${metric} ${value} ${metric === 'volume' ? '' : currency}`.trim()
}

function gapLines(gap: Gap | undefined, at: (time: number) => string): string[] {
  return gap ? [`I could not see it from ${at(gap.from)} to ${at(gap.to)}: it may have become true earlier.`] : []
}

function blindLines(gap: Gap | undefined, at: (time: number) => string): string[] {
  return gap ? [`It was blind from ${at(gap.from)} to ${at(gap.to)}; what happened between was not seen.`] : []
}

/** A moment (ms) in a zone; with its date when that is not the day of `today` (ms). */
export function clockTime(time: number, zone: string, today: number, format = 'HH:mm'): string {
  const moment = DateTime.fromMillis(time, { zone })
  const isToday = moment.hasSame(DateTime.fromMillis(today, { zone }), 'day')
  return moment.toFormat(isToday ? format : `d LLL ${format}`)
}
