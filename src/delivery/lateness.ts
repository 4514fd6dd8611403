import { tickerOf } from '../condition/name.ts'
import { lengthWords } from './length-words.ts'
import { happenedAt } from './together.ts'
import type { Tracked } from './types.ts'

/** The prices of symbols now, as far as they are known and fresh: decimal text in the unit they are quoted in. */
export type Prices = ReadonlyMap<string, { readonly price: string; readonly currency: string }>

/** From when on a message says that it is late, ms. */
export const LATE = 120_000

const NAMES: Readonly<Record<string, string>> = {
  telegram: 'Telegram',
  discord: 'Discord',
  sms: 'SMS',
  email: 'E-mail',
  console: 'The terminal',
}

/** A channel as people write it. */
export function channelName(channel: string): string {
  return NAMES[channel] ?? channel
}

/** `47 min late`, of what is repeated `47 min ago`; undefined of a message that comes in time. `now`: ms, real clock. */
export function lateBy(notification: Tracked, now: number): string | undefined {
  const late = now - happenedAt(notification)
  if (late < LATE) return undefined
  // What was told elsewhere in time is not late.
  return notification.unheard ? `${lengthWords(late)} ago` : `${lengthWords(late)} late`
}

/** Lines that say how late a message comes, why, and what the price is now; and why it comes here. `now`: ms, real clock. */
export function latenessLines(notification: Tracked, now: number, prices: Prices): string[] {
  const late = lateBy(notification, now)
  const price = priceWords(notification, prices)
  return [
    ...(late === undefined ? [] : [`${late}${becauseOf(notification)}${price === '' ? '' : `; ${price}`}.`]),
    ...insteadLines(notification),
  ]
}

/** `Not acknowledged on Telegram for 5 min: `, where something urgent comes for that; else nothing. */
export function unheardWords({ unheard }: Pick<Tracked, 'unheard'>): string {
  if (!unheard) return ''
  const what = unheard.isUntold ? 'Not delivered' : 'Not acknowledged'
  return `${what} ${placeWords(unheard.channel)} for ${lengthWords(unheard.after)}: `
}

const PLACES: Readonly<Record<string, string>> = { sms: 'by SMS', email: 'by e-mail', console: 'in the terminal' }

function placeWords(channel: string): string {
  return PLACES[channel] ?? `on ${channelName(channel)}`
}

/** `now 489.20 USD`, with names where it is about several symbols; empty where nothing is known. */
export function priceWords({ occurrence }: Pick<Tracked, 'occurrence'>, prices: Prices): string {
  const symbols = [...new Set(occurrence.evidence.map(({ symbol }) => symbol))]
  const known = symbols.flatMap((symbol) => {
    const { price, currency } = prices.get(symbol) ?? {}
    if (price === undefined) return []
    return [`${symbols.length > 1 ? `${tickerOf(symbol)} ` : ''}${price} ${currency}`]
  })
  return known.length === 0 ? '' : `now ${known.join(', ')}`
}

/** Why something could not be sent, where that was no fault of its channel. */
export const NO_MEMORY = 'I could not reach my memory'

/** What a channel says of itself stands as it is, and so does what was our fault; else it was the channel that was down. */
function becauseOf({ reason, tries, channel, instead, unheard }: Tracked): string {
  if (reason === null || instead || unheard) return ''
  const name = channelName(channel)
  const isTheirs = tries > 1 && !reason.includes(name) && reason !== NO_MEMORY
  return isTheirs ? `, ${name} was down (${reason})` : `, ${reason}`
}

function insteadLines({ instead }: Tracked): string[] {
  return instead ? [`This comes here because ${channelName(instead.channel)} did not take it: ${instead.reason}.`] : []
}
