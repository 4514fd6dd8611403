import type { Tracked } from '../delivery/types.ts'
import { moment, times } from './words.ts'

/** What was not to be sent so soon after it was planned (ms) waits for its time. */
const AT_ONCE = 60_000

/**
 * What became of a notification: `sent at 15:04`, `due again at 15:06 after 2 tries (it is down)`. `zone`: IANA; `now`: real
 * clock, ms; `named`: with the id that the platform gave the message, to be found there by it.
 */
export function outcomeWords(
  { state, tries, reason, sentAt, dueAt, createdAt, deliveredAt, acknowledgedAt, held, receipt }: Tracked,
  zone: string,
  now: number,
  named = false,
): string {
  const at = (time: number) => moment(time, zone, now)
  const arrived = deliveredAt === undefined ? '' : `, arrived at ${at(deliveredAt)}`
  const seen = acknowledgedAt === undefined ? '' : `, acknowledged at ${at(acknowledgedAt)}`
  const id = named && receipt ? ` (id ${receipt})` : ''
  const why = reason === null ? '' : ` (${reason})`
  switch (state) {
    case 'sent':
      return `sent${sentAt === null ? '' : ` at ${at(sentAt)}`}${tries > 1 ? ` at try ${tries}` : ''}${id}${arrived}${seen}`
    case 'sending':
      return 'being sent'
    case 'due':
      if (held) return `waits for the end of quiet hours at ${at(dueAt)}`
      if (tries > 0) return `tried ${times(tries)}, due again at ${at(dueAt)}${why}`
      return dueAt - createdAt > AT_ONCE ? `waits until ${at(dueAt)}${why}` : 'about to be sent'
    case 'failed':
      return `could not be sent${why}`
    case 'dropped':
      return `not sent${why}`
  }
}

/** Where a notification goes, and whether that is only because another address did not take it, or was not listened to. */
export function placeWords({ channel, instead, unheard }: Pick<Tracked, 'channel' | 'instead' | 'unheard'>): string {
  if (instead) return `${channel} instead of ${instead.channel}`
  return unheard ? `${channel} too, as nobody answered on ${unheard.channel}` : channel
}
