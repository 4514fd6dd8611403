import { lastRegular } from '../market/trading-day.ts'
import type { Context } from './command.ts'
import { moment } from './words.ts'

/** Whether a symbol is in regular trading now, and if not, since when: `closed since Fri 20 Nov 16:00`; empty while it trades. */
export function sessionWords(symbol: string, { sessionAt, zone, now }: Context): string {
  const { session } = sessionAt(symbol, now())
  if (session === 'regular') return ''
  if (session === 'pre') return 'before regular trading'
  const { until } = lastRegular(symbol, now(), sessionAt)
  const since = `since ${moment(until, zone, now())}`
  return session === 'post' ? `after regular trading, ${since}` : `closed ${since}`
}
