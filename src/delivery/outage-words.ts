import { Decimal } from 'decimal.js'
import type { Wait } from '../alert/waits.ts'
import { tickerOf } from '../condition/name.ts'
import { type Button, compose, type Piece, type Reply } from '../reply.ts'
import type { Bundle } from './together.ts'
import type { Tracked } from './types.ts'

/** The lowest and highest price of a symbol over a time; decimal text, in the unit it is quoted in. */
export type PriceRange = { readonly low: string; readonly high: string }

/** Where the prices of symbols went while they could not be seen; without an entry where nobody can say. */
export type Away = ReadonlyMap<string, PriceRange>

/** What the words of an outage need beside it: clock times as its person reads them, and what else is to be said. */
export type OutageWords = { at(time: number): string; readonly late: readonly string[] }

/** Digits enough for any price; what providers have beyond is noise of their arithmetic. */
const DIGITS = 8
const MOST_BUTTONS = 3
/** So many symbols or alerts are named in a row. */
const MOST_NAMES = 12

/** An outage has begun: what cannot be seen, since when and why, and which alerts that makes blind. */
export function renderBlind(bundle: Bundle, { at, late }: OutageWords): Reply {
  const groups = groupsOf(bundle, reasonOf)
  const pieces = [...groups].flatMap(([reason, members], index): Piece[] => {
    const symbols = symbolsOf(members)
    const since = Math.min(...members.map(({ occurrence }) => occurrence.gap?.from ?? occurrence.at))
    const fact = `I cannot see ${joined(symbols.map(tickerOf))} since ${at(since)}`
    const rest = `${reason === '' ? '' : ` (${reason})`}. ${alertsAre(members)} blind until ${symbols.length > 1 ? 'they are' : 'it is'} back.`
    return [...(index > 0 ? ['\n'] : []), { strong: fact }, rest]
  })
  return compose([...pieces, ...late.map((line) => `\n${line}`)], buttonsOf(bundle, ['why', 'pause']))
}

/** An outage is over: each symbol with its price now, where it was meanwhile, and which alerts may have missed that. */
export function renderSighted(bundle: Bundle, away: Away, { at, late }: OutageWords): Reply {
  const pieces = symbolsOf(bundle).flatMap((symbol, index): Piece[] => {
    const members = bundle.filter(({ outage }) => outage?.symbols.includes(symbol))
    const now = priceNow(symbol, members)
    const fact = `${tickerOf(symbol)} is back${now === undefined ? '' : `: ${now}`}`
    return [...(index > 0 ? ['\n'] : []), { strong: fact }, `. ${meanwhile(symbol, members, away.get(symbol), at)}`]
  })
  return compose([...pieces, ...late.map((line) => `\n${line}`)], buttonsOf(bundle, ['why']))
}

function meanwhile(
  symbol: string,
  members: readonly Tracked[],
  range: PriceRange | undefined,
  at: OutageWords['at'],
): string {
  const from = Math.min(...members.map(({ occurrence }) => occurrence.gap?.from ?? occurrence.at))
  const to = Math.max(...members.map(({ occurrence }) => occurrence.gap?.to ?? occurrence.at))
  if (!range) {
    const waiting = members.filter(({ outage }) => outage?.waits?.isWhole !== true || outage.waits.waits.length > 0)
    const unknown = `Where it was from ${at(from)} to ${at(to)} I could not find out`
    return waiting.length === 0 ? `${unknown}.` : `${unknown}: ${missed(waiting.map(numberOf))}`
  }
  const went = `While I was blind (${at(from)} to ${at(to)}) it was between ${shown(range.low)} and ${shown(range.high)}`
  const touched = members.flatMap((one) => {
    const waits = waitsFor(one, symbol).filter((wait) => isReached(wait, range))
    return waits.length > 0 ? [`${numberOf(one)} (${waits.map(({ text }) => text).join(', ')})`] : []
  })
  const open = members.filter(
    (one) => !one.outage?.waits?.isWhole && !waitsFor(one, symbol).some((wait) => isReached(wait, range)),
  )
  const sentences = [
    ...(touched.length > 0
      ? [`${went}: ${missed(touched)}`]
      : [open.length > 0 ? `${went}.` : `${went}: nothing was missed.`]),
    ...(open.length > 0 ? [`Whether that made ${alertNames(open.map(numberOf))} true I cannot say.`] : []),
  ]
  return sentences.join(' ')
}

/** `alert 1 (> 500) may have been missed; it is armed still.` */
function missed(names: readonly string[]): string {
  return `${alertNames(names)} may have been missed; ${names.length > 1 ? 'they are' : 'it is'} armed still.`
}

function isReached({ above, atLeast, below, atMost }: Wait, { low, high }: PriceRange): boolean {
  return (
    (above === undefined || new Decimal(high).gt(above)) &&
    (atLeast === undefined || new Decimal(high).gte(atLeast)) &&
    (below === undefined || new Decimal(low).lt(below)) &&
    (atMost === undefined || new Decimal(low).lte(atMost))
  )
}

function waitsFor({ outage }: Tracked, symbol: string): readonly Wait[] {
  return outage?.waits?.waits.filter((wait) => wait.symbol === symbol) ?? []
}

function priceNow(symbol: string, members: readonly Tracked[]): string | undefined {
  const evidence = members.flatMap(({ occurrence }) => occurrence.evidence)
  const price = evidence.find((one) => one.symbol === symbol && one.metric === 'price')
  return price && `${price.value} ${price.currency}`
}

function reasonOf({ outage, occurrence }: Tracked): string {
  return (outage?.why ?? occurrence.reason ?? '').replace(/\.$/, '')
}

/** Notifications in groups of one key, in their order. */
export function groupsOf(bundle: Bundle, keyOf: (one: Tracked) => string): Map<string, Tracked[]> {
  const groups = new Map<string, Tracked[]>()
  for (const one of bundle) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one])
  return groups
}

/** Canonical names, each once. */
export function symbolsOf(members: readonly Tracked[]): string[] {
  return [...new Set(members.flatMap(({ outage }) => outage?.symbols ?? []))]
}

function numberOf({ alert }: Tracked): string {
  return String(alert.number)
}

function alertsAre(members: readonly Tracked[]): string {
  return `${beginning(alertNames(members.map(numberOf)))} ${members.length > 1 ? 'are' : 'is'}`
}

/** Words as a sentence begins with them. */
export function beginning(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}

/** `alert 1`, `alerts 1, 3 and 4`; no more than fit. */
export function alertNames(names: readonly string[]): string {
  return `${names.length > 1 ? 'alerts' : 'alert'} ${joined(names)}`
}

function joined(names: readonly string[]): string {
  if (names.length > MOST_NAMES) return `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function shown(price: string): string {
  return new Decimal(price).toSignificantDigits(DIGITS).toFixed()
}

const LABELS = { why: 'Why', pause: 'Pause' } as const

/** Of several alerts each has its number on the button, and there are no more than fit. */
function buttonsOf(bundle: Bundle, commands: readonly (keyof typeof LABELS)[]): Button[] {
  const numbers = bundle.map(numberOf)
  const command = (name: keyof typeof LABELS, number: string) => `${name} ${number}`
  if (numbers.length === 1)
    return commands.map((name) => ({ label: LABELS[name], command: command(name, numbers[0]!) }))
  return numbers.slice(0, MOST_BUTTONS).map((number) => ({ label: `Why ${number}`, command: command('why', number) }))
}
