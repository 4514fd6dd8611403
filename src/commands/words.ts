import { DateTime } from 'luxon'
import { inMinor } from '../condition/cell.ts'
import { lateWords } from '../delivery/render.ts'
import type { Quote } from '../market/provider.ts'

/** How long ago, in the largest unit that fits: `12 s`, `5 min`, `3 h`, `2 d`. Takes ms. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 90) return `${seconds} s`
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`
  if (seconds < 129_600) return `${Math.round(seconds / 3_600)} h`
  return `${Math.round(seconds / 86_400)} d`
}

/** A moment (ms) in a zone: the time, with the date when it is not the day of `now`, and the year when it is another. */
export function moment(at: number, zone: string, now: number): string {
  const time = DateTime.fromMillis(at, { zone })
  const today = DateTime.fromMillis(now, { zone })
  if (time.hasSame(today, 'day')) return time.toFormat('HH:mm')
  return time.toFormat(time.hasSame(today, 'year') ? 'ccc d LLL HH:mm' : 'ccc d LLL yyyy HH:mm')
}

/** How often: `once`, `2 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

/** A price with its currency and how old it is: `333.69 USD (12 s ago, yahoo)`; pence and pounds where it trades in pence. */
export function priced(quote: Quote, now: number): string {
  return `${amount(quote)} (${toldWords(quote, now)})`
}

/** A price with its currency: `333.69 USD`; pence and pounds where it trades in pence. */
export function amount({ price, currency, minor }: Quote): string {
  return minor ? `${inMinor(price, minor)} ${minor.name} = ${price} ${currency}` : `${price} ${currency}`
}

/** A price in the unit that it is read in: pence where it trades in pence. */
export function inUnit(price: string, { minor }: Pick<Quote, 'minor'>): string {
  return minor ? inMinor(price, minor) : price
}

/** How old a price is and who told it: `12 s ago, yahoo, 15 min late`. */
export function toldWords(quote: Quote, now: number): string {
  return `${age(now - (quote.asOf ?? quote.receivedAt))} ago, ${quote.source}${lateWords(quote.delay)}`
}

/** Names in a row: `A`, `A or B`, `A, B and C`. */
export function listOf(names: readonly string[], link: 'and' | 'or'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${link} ${names.at(-1)}`
}

/** A share in per cent with one decimal: `49.8 %`. */
export function percent(value: number): string {
  return `${value.toFixed(1)} %`
}
